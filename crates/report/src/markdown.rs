//! The executive report: the first screen as text that any mail carries.

use serde::Serialize;
use serde_json::{Value, json};
use walkfolio_analysis::GridFindings;
use walkfolio_analysis::alerts::Alerts;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::curves::ranked;
use walkfolio_analysis::format::measure;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::part;
use walkfolio_analysis::period::Period;
use walkfolio_record::GridRun;

use crate::Result;
use crate::charts::{account, efficient, regimes, risk, robustness, sources, validation};
use crate::columns::columns;
use crate::grid;
use crate::head::{facts, size};
use crate::summary::Summary;
use crate::template::text;

const RUN: &str = include_str!("../templates/report.md");
const GRID: &str = include_str!("../templates/grid.md");
/// Rows of the table of a grid, the best first; fewer where the report would be longer than a screen or two.
const ROWS: usize = 25;
/// Messages of the ledger in it.
const ALERTS: usize = 4;
/// Lines of the report of a grid.
const LINES: usize = 60;
/// Measures of the table of periods.
const KEYS: [&str; 10] = [
    "annual_return",
    "benchmark_annual_return",
    "volatility",
    "sharpe_ratio",
    "tracking_error",
    "information_ratio",
    "max_drawdown",
    "beta",
    "turnover_annual",
    "cost_annual",
];

#[derive(Serialize)]
struct Row {
    label: &'static str,
    values: Vec<String>,
}

/// The report of a backtest.
pub(crate) fn of_run(summary: &Summary<'_>) -> Result<String> {
    let manifest = &summary.run.manifest;
    let alerts = Alerts::of(summary.run.ledger.iter().map(|row| (None, row)));
    let (first, findings) = summary.found.assessment.sentences();
    let goals = summary.found.targets.iter().map(|target| {
        json!({
            "label": target.label,
            "wanted": target.range(),
            "reached": measure(target.unit, target.value),
            "outcome": target.word(),
        })
    });
    let periods = &summary.found.periods;
    let rows = KEYS.iter().filter_map(|key| {
        let definition = definition(key)?;
        let values: Vec<Option<f64>> = periods.iter().map(|period| period.own.get(key)).collect();
        let shown = |value: &Option<f64>| measure(definition.unit, *value);
        let known = values.iter().any(Option::is_some);
        known.then(|| Row { label: definition.label, values: values.iter().map(shown).collect() })
    });
    let parts = periods.iter().flat_map(|period| {
        let sentences = part::sentences(&period.own, |key| KEYS.contains(&key)).into_iter();
        sentences.map(|sentence| format!("{}, {sentence}", period.name()))
    });
    let values = json!({
        "parts": parts.collect::<Vec<_>>(),
        "study": manifest.study,
        "simulated": manifest.simulated(),
        "label": summary.found.assessment.label,
        "first": first.text,
        "findings": findings,
        "facts": facts(manifest, size(manifest)),
        "survivors": manifest.survivors.is_some(),
        "cards": summary.cards,
        "targets": goals.collect::<Vec<Value>>(),
        "alerts": alerts.as_ref().map(Alerts::shown),
        "left_out": alerts.as_ref().map_or(0, Alerts::left_out),
        "holdings": summary.found.benchmark_holdings.as_ref().map(risk::against_holdings),
        "account": summary.found.account.as_ref().map(account::text),
        "frontier": summary.found.efficient_frontier.as_ref().map(|found| json!({
            "date": found.date.to_string(),
            "sentence": efficient::sentence(found),
            "rows": efficient::rows(found),
        })),
        "regimes": summary.found.regimes.as_ref().map(|found| json!({
            "columns": regimes::COLUMNS,
            "all": regimes::rows(found),
            "agreement": regimes::agreement(found),
        })),
        "sources": summary.found.sources.as_ref().map(|found| sources::text(found, manifest.benchmark.as_deref())),
        "robustness": summary.found.robustness.as_ref().map(|found| robustness::text(found, manifest.benchmark.as_deref())),
        "columns": periods.iter().map(Period::name).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<Row>>(),
    });
    text(RUN, values)
}

/// The report of a grid.
pub(crate) fn of_grid(found: &GridRun, figures: &GridFindings) -> Result<String> {
    let whole = of_cells(found, figures, ROWS)?;
    let over = whole.lines().count().saturating_sub(LINES);
    if over == 0 { Ok(whole) } else { of_cells(found, figures, ROWS.saturating_sub(over)) }
}

/// The report of a grid with at most so many of its cells.
fn of_cells(found: &GridRun, figures: &GridFindings, most: usize) -> Result<String> {
    let manifest = &found.manifest;
    let axes = Axes::of(found);
    let alerts = Alerts::of(found.ledger.iter().map(|(cell, row)| (*cell, row)));
    let chosen = columns(manifest);
    let row = |index: usize| {
        let cell = &found.cells[index];
        let settings = axes.cells[index].iter().enumerate();
        let values = chosen.iter().map(|d| measure(d.unit, cell.measure(d.key)));
        json!({
            "settings": settings.map(|(at, place)| &axes.keys[at].values[*place]).collect::<Vec<_>>(),
            "status": cell.status.as_str().replace('_', " "),
            "values": values.collect::<Vec<String>>(),
        })
    };
    let ranked: Vec<usize> = ranked(found).into_iter().map(|(cell, _)| cell).collect();
    let others = (0..found.cells.len()).filter(|cell| !ranked.contains(cell));
    let cells = ranked.iter().copied().chain(others).take(most);
    let told = alerts.as_ref().map_or(&[][..], Alerts::shown);
    let (first, findings) = figures.assessment.sentences();
    let values = json!({
        "study": manifest.study,
        "simulated": manifest.simulated(),
        "label": figures.assessment.label,
        "first": first.text,
        "findings": findings,
        "facts": facts(manifest, grid::size(found)),
        "alerts": &told[..told.len().min(ALERTS)],
        "left_out": alerts.as_ref().map_or(0, Alerts::left_out) + told.len().saturating_sub(ALERTS),
        "keys": found.keys,
        "validation": figures.cross_validation.as_ref().map(validation::text),
        "columns": chosen.iter().map(|definition| definition.label).collect::<Vec<_>>(),
        "rows": cells.map(row).collect::<Vec<Value>>(),
        "shown": found.cells.len().min(most),
        "cells": found.cells.len(),
    });
    text(GRID, values)
}
