//! What each swept key changes: measures by its values, and pairs of backtests that differ in it
//! alone.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio::GridRun;
use walkfolio::measures::{Better, Definition, Unit};

use crate::Result;
use crate::axes::{Axes, Axis};
use crate::format::{UNDEFINED, count, counted, decimals, ends, measure};
use crate::measures::definition;
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/effects.html");
/// What is looked at.
const KEYS: [&str; 4] = ["sharpe_ratio", "volatility", "max_drawdown", "turnover_annual"];
/// What is looked at where a study tracks a benchmark.
const TRACKING: [&str; 4] =
    ["tracking_error", "information_ratio", "max_drawdown", "turnover_annual"];
/// Measures that are named after people keep their capital.
const NAMES: [&str; 3] = ["Sharpe", "Sortino", "Calmar"];
/// Values of a key beyond these make a table that nobody reads; the map shows them.
const VALUES: usize = 40;

#[derive(Serialize)]
struct Block {
    key: String,
    name: String,
    sentence: Option<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    value: String,
    backtests: String,
    fields: Vec<Field>,
}

/// The mean over the backtests and their range.
#[derive(Serialize)]
struct Field {
    mean: String,
    range: String,
}

/// Writes the section; empty where no key has two values, or only one key is swept: the table of
/// backtests says it all then.
pub(crate) fn section(grid: &GridRun, axes: &Axes<'_>, tracks: bool) -> Result<String> {
    let keys = if tracks { TRACKING } else { KEYS };
    let chosen: Vec<&Definition> = keys.iter().filter_map(|key| definition(key)).collect();
    let swept = |axis: &Axis<'_>| (2..=VALUES).contains(&axis.values.len());
    let several = axes.keys.iter().filter(|axis| axis.values.len() > 1).count() > 1;
    if !several || grid.cells.iter().all(|cell| cell.measures.is_none()) {
        return Ok(String::new());
    }
    let places = (0..axes.keys.len()).filter(|&at| swept(&axes.keys[at]));
    let blocks: Vec<Block> = places
        .map(|at| Block {
            key: axes.keys[at].key.to_owned(),
            name: axes.keys[at].name.clone(),
            sentence: paired(grid, axes, at, &chosen),
            rows: rows(grid, axes, at, &chosen),
        })
        .collect();
    let columns: Vec<&str> = chosen.iter().map(|definition| definition.label).collect();
    part(TEMPLATE, serde_json::json!({ "columns": columns, "blocks": blocks }))
}

fn rows(grid: &GridRun, axes: &Axes<'_>, at: usize, chosen: &[&Definition]) -> Vec<Row> {
    let values = axes.keys[at].values.iter().enumerate();
    let row = |(place, value): (usize, &String)| {
        let cells = || grid.cells.iter().zip(&axes.cells).filter(move |(_, on)| on[at] == place);
        let field = |definition: &&Definition| {
            let found: Vec<f64> = cells().filter_map(|(c, _)| c.measure(definition.key)).collect();
            summary(definition.unit, &found)
        };
        let measured = cells().filter(|(cell, _)| cell.measures.is_some()).count();
        Row {
            value: value.clone(),
            backtests: count(measured as f64),
            fields: chosen.iter().map(field).collect(),
        }
    };
    values.map(row).collect()
}

fn summary(unit: Unit, found: &[f64]) -> Field {
    let Some((mean, low, high)) = spread(found) else {
        return Field { mean: UNDEFINED.to_owned(), range: String::new() };
    };
    Field { mean: measure(unit, Some(mean)), range: ends(unit, low, high) }
}

/// Mean, least and most.
fn spread(found: &[f64]) -> Option<(f64, f64, f64)> {
    let low = found.iter().copied().min_by(f64::total_cmp)?;
    let high = found.iter().copied().max_by(f64::total_cmp)?;
    Some((found.iter().sum::<f64>() / found.len() as f64, low, high))
}

/// The difference between the two values of a key, backtest by backtest, in a sentence.
fn paired(grid: &GridRun, axes: &Axes<'_>, at: usize, chosen: &[&Definition]) -> Option<String> {
    let [first, second] = axes.keys[at].values.as_slice() else { return None };
    // What the study itself states is what changes something.
    let turned = axes.own(at) == Some(0);
    let [before, after] = if turned { [second, first] } else { [first, second] };
    let mut pairs: BTreeMap<Vec<usize>, [Option<usize>; 2]> = BTreeMap::new();
    for (cell, places) in axes.cells.iter().enumerate() {
        let mut rest = places.clone();
        rest.remove(at);
        pairs.entry(rest).or_default()[places[at]] = Some(cell);
    }
    let pairs: Vec<(usize, usize)> =
        pairs.into_values().filter_map(|[first, second]| first.zip(second)).collect();
    let pairs: Vec<(usize, usize)> =
        pairs.into_iter().map(|(a, b)| if turned { (b, a) } else { (a, b) }).collect();
    let part = |definition: &&Definition| {
        let value = |cell: usize| grid.cells[cell].measure(definition.key);
        let found: Vec<f64> = pairs
            .iter()
            .filter_map(|&(before, after)| Some(value(after)? - value(before)?))
            .collect();
        let (mean, low, high) = spread(&found)?;
        let sign = if definition.better == Better::Lower { -1.0 } else { 1.0 };
        let better = found.iter().filter(|change| sign * **change > 0.0).count();
        Some(format!(
            "{} {} on average ({}), better in {} of {}",
            lower_case(definition.label),
            change(definition.unit, mean),
            changes(definition.unit, low, high),
            count(better as f64),
            count(found.len() as f64)
        ))
    };
    let parts: Vec<String> = chosen.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "What {after} changes against {before}, in {} of backtests that differ in nothing else: {}.",
            counted(pairs.len(), "pair"),
            parts.join("; ")
        )
    })
}

fn lower_case(label: &str) -> String {
    if NAMES.iter().any(|name| label.starts_with(name)) {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// A change with its sign; of percentages in points.
fn change(unit: Unit, value: f64) -> String {
    let text = match unit {
        Unit::Percent => format!("{} points", decimals(100.0 * value, 2)),
        Unit::Ratio | Unit::Number | Unit::Count => measure(unit, Some(value)),
    };
    if value > 0.0 { format!("+{text}") } else { text }
}

fn changes(unit: Unit, low: f64, high: f64) -> String {
    let scale = if unit == Unit::Percent { 100.0 } else { 1.0 };
    format!("{} to {}", decimals(scale * low, 2), decimals(scale * high, 2))
}
