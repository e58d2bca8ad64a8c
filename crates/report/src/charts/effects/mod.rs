//! What each swept key changes: measures by its values, and pairs of backtests that differ in it
//! alone.

use serde::Serialize;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::effects::{ByValue, Change, Effect, Effects, Spread};
use walkfolio_analysis::format::{UNDEFINED, count, counted, decimals, ends, inside, measure};
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::{Definition, Unit};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("effects.html");

/// The section.
pub(crate) const CHART: GridChart = Chart { id: "effects", title: "Effects", script: "", draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    let found = summary.found.effects.as_ref();
    Drawn::of(found, |found| Ok(Drawn::section(section(found, &summary.axes)?)))
}

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

/// Writes the section.
fn section(found: &Effects, axes: &Axes<'_>) -> Result<String> {
    let chosen: Vec<&Definition> =
        found.measures.iter().filter_map(|key| definition(key)).collect();
    let block = |effect: &Effect| Block {
        key: axes.keys[effect.axis].key.to_owned(),
        name: axes.keys[effect.axis].name.clone(),
        sentence: sentence(effect, &axes.keys[effect.axis].values, &chosen),
        rows: rows(effect, &axes.keys[effect.axis].values, &chosen),
    };
    let blocks: Vec<Block> = found.keys.iter().map(block).collect();
    let columns: Vec<&str> = chosen.iter().map(|definition| definition.label).collect();
    part(TEMPLATE, serde_json::json!({ "columns": columns, "blocks": blocks }))
}

fn rows(effect: &Effect, values: &[String], chosen: &[&Definition]) -> Vec<Row> {
    let row = |(value, found): (&String, &ByValue)| Row {
        value: value.clone(),
        backtests: count(found.backtests as f64),
        fields: chosen.iter().zip(&found.measures).map(|(d, s)| field(d.unit, *s)).collect(),
    };
    values.iter().zip(&effect.values).map(row).collect()
}

fn field(unit: Unit, found: Option<Spread>) -> Field {
    let Some(found) = found else {
        return Field { mean: UNDEFINED.to_owned(), range: String::new() };
    };
    Field { mean: measure(unit, Some(found.mean)), range: ends(unit, found.min, found.max) }
}

/// The difference between the two values of a key, backtest by backtest, in a sentence.
fn sentence(effect: &Effect, values: &[String], chosen: &[&Definition]) -> Option<String> {
    let paired = effect.paired.as_ref()?;
    let part = |(definition, found): (&&Definition, &Option<Change>)| {
        let Change { spread, better, of } = (*found)?;
        Some(format!(
            "{} {} on average ({}), better in {} of {}",
            inside(definition.label),
            change(definition.unit, spread.mean),
            changes(definition.unit, spread.min, spread.max),
            count(better as f64),
            count(of as f64)
        ))
    };
    let parts: Vec<String> = chosen.iter().zip(&paired.changes).filter_map(part).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "What {} changes against {}, in {} of backtests that differ in nothing else: {}.",
            values[paired.after],
            values[paired.before],
            counted(paired.pairs, "pair"),
            parts.join("; ")
        )
    })
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
