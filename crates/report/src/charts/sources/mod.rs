//! Which assets and decisions returns and risk came from.

use std::fmt::Write;

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, brief, decimals, percent};
use walkfolio_analysis::sources::{OfGroup, OfPeriod, Sources, Style, Total};
use walkfolio_record::{ContributionRow, Effect, Part};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("sources.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "sources", title: "Sources", script: include_str!("sources.js"), draw };

/// Assets in the table and the chart; of more, those that added or cost most.
const ROWS: usize = 40;

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.sources.as_ref(), |found| {
        let html = section(found, summary.run.manifest.benchmark.as_deref())?;
        Drawn::section(html).with("sources", &charts(found))
    })
}

/// Bars of the full sample.
#[derive(Debug, Serialize)]
struct Charts {
    names: Vec<String>,
    own: Vec<Option<f64>>,
    active: Vec<Option<f64>>,
}

/// One line of a table.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    values: Vec<String>,
}

fn section(found: &Sources, benchmark: Option<&str>) -> Result<String> {
    let Some(full) = found.periods.first() else { return Ok(String::new()) };
    let effects: Vec<Effect> = full.effects.iter().map(|one| one.effect).collect();
    let values = serde_json::json!({
        "benchmark": benchmark,
        "rows": rows(full).iter().map(|row| contribution(row)).collect::<Vec<_>>(),
        "left_out": full.contributions.len().saturating_sub(ROWS),
        "total": total(full),
        "books": full.books.iter().map(contribution).collect::<Vec<_>>(),
        "effects": effects.iter().map(|effect| effect.as_str()).collect::<Vec<_>>(),
        "by_period": found.periods.iter().filter_map(|one| by_period(one, &effects)).collect::<Vec<_>>(),
        "groups": full.groups.iter().take(ROWS).map(group).collect::<Vec<_>>(),
        "styles": full.styles.iter().map(style).collect::<Vec<_>>(),
        "sentence": sentence(full, benchmark),
    });
    part(TEMPLATE, values)
}

/// The full sample for a text: the parts, and the effects with their sum.
pub(crate) fn text(found: &Sources, benchmark: Option<&str>) -> serde_json::Value {
    let Some(full) = found.periods.first() else { return serde_json::Value::Null };
    let line = |row: &&ContributionRow| {
        let figures = [
            row.weight,
            row.return_annual,
            row.volatility,
            row.active_return_annual,
            row.tracking_error,
        ];
        Line { name: name(row), values: figures.map(shown).to_vec() }
    };
    let effect = |one: &Total| Line {
        name: one.effect.as_str().to_owned(),
        values: vec![percent(one.annual), shown(one.linked)],
    };
    let sum = full.active_annual.map(|active| Line {
        name: "active return".to_owned(),
        values: vec![percent(active), shown(full.active_linked)],
    });
    let all = rows(full);
    serde_json::json!({
        "sentence": sentence(full, benchmark),
        "rows": all.iter().copied().chain(&full.books).map(|row| line(&row)).collect::<Vec<_>>(),
        "effects": full.effects.iter().map(effect).chain(sum).collect::<Vec<_>>(),
    })
}

/// The largest contributions to return, and everything that is not an asset.
fn rows(full: &OfPeriod) -> Vec<&ContributionRow> {
    let mut rows = full.by_return();
    if rows.len() > ROWS {
        let size = |row: &&ContributionRow| {
            let figures = [row.return_annual, row.active_return_annual];
            figures.into_iter().flatten().map(f64::abs).fold(0.0, f64::max)
        };
        let mut sizes: Vec<f64> = rows.iter().map(size).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let least = sizes[ROWS - 1];
        rows.retain(|row| row.part != Part::Asset || size(row) >= least);
    }
    rows
}

/// What the whole earned, and what the largest parts of it were, in a sentence.
fn sentence(full: &OfPeriod, benchmark: Option<&str>) -> String {
    let whole = full.whole.as_ref().and_then(|whole| whole.return_annual);
    let rows = full.by_return();
    let assets: Vec<&&ContributionRow> =
        rows.iter().filter(|row| row.part == Part::Asset).collect();
    let one = |row: &ContributionRow| {
        let name = row.asset.clone().unwrap_or_default();
        format!("{name} {}", percent(row.return_annual.unwrap_or(0.0)))
    };
    let mut text = match (whole, assets.first(), assets.last()) {
        (Some(whole), Some(first), Some(last)) => format!(
            "Of a mean return of {} a year, the most came from {}, the least from {}.",
            percent(whole),
            one(first),
            one(last)
        ),
        _ => String::new(),
    };
    if let (Some(active), Some(benchmark)) = (full.active_annual, benchmark) {
        let parts = full
            .effects
            .iter()
            .map(|one| format!("{} {}", one.effect.as_str(), percent(one.annual)));
        let parts: Vec<String> = parts.collect();
        let (active, parts) = (percent(active), parts.join(", "));
        let _ = write!(text, " The difference to {benchmark}, {active} a year, is {parts}.");
    }
    text
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), percent)
}

/// The name of a part.
fn name(row: &ContributionRow) -> String {
    match row.part {
        Part::Asset => row.asset.clone().unwrap_or_default(),
        Part::Benchmark => format!("{} (benchmark)", row.asset.clone().unwrap_or_default()),
        Part::Cost => "Trading costs".to_owned(),
        Part::Other => "Other".to_owned(),
        Part::LongBook => "Long book, above cash".to_owned(),
        Part::ShortBook => "Short book, above cash".to_owned(),
        Part::Financing => "Financing: cash on the net position".to_owned(),
    }
}

fn contribution(row: &ContributionRow) -> Line {
    let figures = [
        row.weight,
        row.return_annual,
        row.return_total,
        row.volatility,
        row.expected_volatility,
        row.active_weight,
        row.active_return_annual,
        row.tracking_error,
        row.expected_tracking_error,
    ];
    Line { name: name(row), values: figures.map(shown).to_vec() }
}

fn total(full: &OfPeriod) -> Option<Line> {
    let whole = full.whole.as_ref()?;
    let figures = [
        None,
        whole.return_annual,
        whole.return_total,
        whole.volatility,
        whole.expected_volatility,
        None,
        whole.active_return_annual,
        whole.tracking_error,
        whole.expected_tracking_error,
    ];
    Some(Line { name: "Sum".to_owned(), values: figures.map(shown).to_vec() })
}

/// The effects of a period a year, then their sum, and the compounded difference.
fn by_period(one: &OfPeriod, effects: &[Effect]) -> Option<Line> {
    let of = |effect: &Effect| one.effects.iter().find(|total| total.effect == *effect);
    let annual = |total: Option<&Total>| shown(total.map(|total| total.annual));
    let mut values: Vec<String> = effects.iter().map(|effect| annual(of(effect))).collect();
    values.extend([shown(Some(one.active_annual?)), shown(one.active_linked)]);
    let name = if one.name == "full" { "Full sample".to_owned() } else { one.name.clone() };
    Some(Line { name, values })
}

fn group(one: &OfGroup) -> Line {
    let figures = [
        one.portfolio_weight,
        one.reference_weight,
        one.allocation,
        one.timing,
        one.selection,
        one.interaction,
        one.drift,
        one.total,
    ];
    Line { name: one.name.clone(), values: figures.map(percent).to_vec() }
}

fn style(one: &Style) -> Line {
    let mut weights: Vec<&(String, f64)> = one.weights.iter().filter(|one| one.1 > 5e-5).collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    let weights: Vec<String> = weights
        .iter()
        .take(12)
        .map(|(name, weight)| format!("{name} {}", percent(*weight)))
        .collect();
    let values = vec![
        weights.join(", "),
        one.r_squared.map_or_else(|| UNDEFINED.to_owned(), |r| decimals(r, 3)),
        percent(one.tracking_error),
        percent(one.selection),
    ];
    Line { name: one.series.clone(), values }
}

fn charts(found: &Sources) -> Charts {
    let rows = found.periods.first().map(rows).unwrap_or_default();
    let figure = |pick: fn(&ContributionRow) -> Option<f64>| {
        rows.iter().map(|row| pick(row).and_then(brief)).collect()
    };
    Charts {
        names: rows.iter().map(|row| name(row)).collect(),
        own: figure(|row| row.return_annual),
        active: figure(|row| row.active_return_annual),
    }
}
