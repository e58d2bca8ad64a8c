//! The portfolio of the last decision.

use serde::Serialize;
use walkfolio_analysis::current::{Bound, CurrentPortfolio, End, Limit, Position};
use walkfolio_analysis::format::{UNDEFINED, brief, counted, decimals, percent};
use walkfolio_analysis::line::Line;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("current.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "current", title: "Current portfolio", script: include_str!("current.js"), draw };

/// Rows of the table, and bars of the chart.
const ROWS: usize = 40;

#[derive(Serialize)]
struct Row {
    asset: String,
    weight: String,
    change: String,
    contribution: String,
    share: String,
    bound: String,
}

/// What the chart is drawn from.
#[derive(Serialize)]
struct Bars<'a> {
    assets: Vec<&'a str>,
    weights: Line,
    previous: Option<Line>,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.current.as_ref(), |found| {
        let benchmark = summary.run.manifest.benchmark.as_deref();
        let shown = largest(&found.positions);
        let html = section(found, &shown, benchmark)?;
        Drawn::section(html).with("current", &bars(&shown))
    })
}

/// The positions that are shown: of many, those with the largest weights on either side.
fn largest(all: &[Position]) -> Vec<&Position> {
    let mut by_size: Vec<&Position> = all.iter().collect();
    let size = |one: &Position| one.weight.abs().max(one.previous.unwrap_or(0.0).abs());
    by_size.sort_by(|a, b| size(b).total_cmp(&size(a)));
    by_size.truncate(ROWS);
    by_size.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    by_size
}

fn section(
    found: &CurrentPortfolio,
    shown: &[&Position],
    benchmark: Option<&str>,
) -> Result<String> {
    let listed: f64 = found.positions.iter().filter_map(|one| one.contribution).sum();
    let apart = found.expected_tracking_error.map(|all| all - listed);
    let values = serde_json::json!({
        "sentence": sentence(found),
        "limits": found.limits.iter().map(limit).collect::<Vec<_>>(),
        "previous": found.previous.map(|date| date.to_string()),
        "bounds": shown.iter().any(|one| one.bound.is_some()),
        "changes": found.previous.is_some(),
        "risk": found.expected_tracking_error.is_some(),
        "benchmark": benchmark,
        "benchmark_part": apart.filter(|part| part.abs() > 1e-9).map(percent),
        "rows": shown.iter().map(|one| row(one)).collect::<Vec<_>>(),
        "left_out": found.positions.len() - shown.len(),
        "net": percent(found.net),
        "expected": found.expected_tracking_error.map(percent),
    });
    part(TEMPLATE, values)
}

fn bars<'a>(shown: &[&'a Position]) -> Bars<'a> {
    let previous: Option<Vec<f64>> = shown.iter().map(|one| one.previous).collect();
    Bars {
        assets: shown.iter().map(|one| one.asset.as_str()).collect(),
        weights: shown.iter().map(|one| brief(one.weight)).collect(),
        previous: previous.map(|all| all.into_iter().map(brief).collect()),
    }
}

fn row(found: &Position) -> Row {
    let shown = |value: Option<f64>| value.map_or_else(|| UNDEFINED.to_owned(), percent);
    Row {
        asset: found.asset.clone(),
        weight: percent(found.weight),
        change: found.change.map_or_else(|| UNDEFINED.to_owned(), signed),
        contribution: shown(found.contribution),
        share: shown(found.share),
        bound: found.bound.map_or_else(String::new, bound),
    }
}

/// A change with its sign.
fn signed(value: f64) -> String {
    let text = percent(value);
    let is_zero = text.bytes().filter(u8::is_ascii_digit).all(|digit| digit == b'0');
    if value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

fn end(end: End) -> &'static str {
    match end {
        End::Min => "min",
        End::Max => "max",
    }
}

fn bound(found: Bound) -> String {
    format!("{} {}", end(found.end), percent(found.value))
}

fn limit(found: &Limit) -> serde_json::Value {
    let places = if found.value.fract() == 0.0 { 0 } else { 4 };
    serde_json::json!({
        "key": found.key, "end": end(found.end), "value": decimals(found.value, places),
    })
}

/// What was decided, in a sentence.
fn sentence(found: &CurrentPortfolio) -> String {
    let begin = format!(
        "Decided for {} from the sessions before it: {}, {} of equity gross, {} net",
        found.date,
        counted(found.holdings, "holding"),
        percent(found.gross),
        percent(found.net)
    );
    let changed = found.changed.zip(found.previous).map(|(changed, previous)| {
        format!("; {} of equity has moved since the decision of {previous}", percent(changed))
    });
    let at_bounds = found.positions.iter().filter(|one| one.bound.is_some()).count();
    let bounds = match at_bounds {
        0 => String::new(),
        1 => "; 1 weight is at a bound".to_owned(),
        many => format!("; {many} weights are at a bound"),
    };
    format!("{begin}{}{bounds}.", changed.unwrap_or_default())
}
