//! The backtest of a grid that tracks best, next to all others.

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, brief, percent};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::selection::tracking_sentence;
use walkfolio_record::{Estimate, TrackingChoice};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("best_tracking.html");
/// The section.
pub(crate) const CHART: GridChart = Chart {
    id: "best_tracking",
    title: "Best backtest",
    script: include_str!("best_tracking.js"),
    draw,
};

/// Rows of the table: the smallest errors.
const ROWS: usize = 20;

/// What the chart is drawn from, by cell.
#[derive(Serialize)]
struct Charts {
    best: usize,
    errors: Vec<Option<Line>>,
    alike: Vec<bool>,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    name: String,
    error: String,
    interval: String,
    difference: String,
    outcome: &'static str,
}

/// The choice of a grid that tracks.
pub(crate) fn chosen<'a>(summary: &'a GridSummary<'_>) -> Option<&'a TrackingChoice> {
    summary.grid.selection_bias.as_ref()?.tracking.as_ref()
}

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(chosen(summary), |found| {
        let ends = |found: &Estimate| vec![brief(found.value), brief(found.low), brief(found.high)];
        let charts = Charts {
            best: found.best,
            errors: found.tracking_errors.iter().map(|one| one.as_ref().map(ends)).collect(),
            alike: found
                .differences
                .iter()
                .map(|one| one.is_none_or(|one| one.low <= 0.0))
                .collect(),
        };
        Drawn::section(section(summary, found)?).with("best_tracking", &charts)
    })
}

fn section(summary: &GridSummary<'_>, found: &TrackingChoice) -> Result<String> {
    let known = found.tracking_errors.iter().enumerate();
    let mut all: Vec<(usize, &Estimate)> =
        known.filter_map(|(cell, error)| Some((cell, error.as_ref()?))).collect();
    all.sort_by(|a, b| a.1.value.total_cmp(&b.1.value));
    let rows: Vec<Row> = all.iter().take(ROWS).map(|one| row(summary, found, *one)).collect();
    let values = serde_json::json!({
        "benchmark": summary.grid.manifest.benchmark,
        "sentence": tracking_sentence(found, &summary.axes.cell(found.best)),
        "rows": rows,
        "left_out": all.len().saturating_sub(ROWS),
        "sessions": summary.grid.selection_bias.as_ref().map(|bias| (bias.first.to_string(), bias.last.to_string())),
    });
    part(TEMPLATE, values)
}

fn row(
    summary: &GridSummary<'_>,
    found: &TrackingChoice,
    (cell, error): (usize, &Estimate),
) -> Row {
    let ends = |found: &Estimate| format!("{} to {}", percent(found.low), percent(found.high));
    let apart = found.differences[cell].as_ref();
    let outcome = match apart {
        _ if cell == found.best => "the smallest",
        Some(apart) if apart.low > 0.0 => "larger",
        Some(_) => "not significant",
        None => "the same",
    };
    Row {
        number: cell + 1,
        name: summary.axes.cell(cell),
        error: percent(error.value),
        interval: ends(error),
        difference: apart.map_or_else(
            || UNDEFINED.to_owned(),
            |apart| format!("{} ({})", percent(apart.value), ends(apart)),
        ),
        outcome,
    }
}
