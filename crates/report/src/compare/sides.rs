//! Measures and weights of runs side by side.

use serde::Serialize;
use walkfolio_analysis::comparison::{self, MeanWeights};
use walkfolio_analysis::definitions;
use walkfolio_analysis::format::{measure, percent, short};
use walkfolio_analysis::line::Line;

use super::side::Side;

/// Measures side by side, and how far the others are from the first.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: &'static str,
    formula: String,
    source: &'static str,
    values: Vec<Value>,
}

#[derive(Debug, Serialize)]
struct Value {
    text: String,
    difference: Option<String>,
}

/// The full samples' measures that any of the runs has.
pub(super) fn table(sides: &[Side<'_>], periods_per_year: Option<f64>) -> Table {
    let value = |side: &Side<'_>, key: &str| side.run.measures.full.get(key);
    let known = definitions().iter().filter(|d| sides.iter().any(|s| value(s, d.key).is_some()));
    let rows = known.map(|definition| {
        let first = sides.first().and_then(|side| value(side, definition.key));
        let cell = |(place, side): (usize, &Side<'_>)| {
            let own = value(side, definition.key);
            let far = own.zip(first).filter(|_| place > 0).map(|(own, first)| own - first);
            let text = far.map(|far| measure(definition.unit, Some(far)));
            Value {
                text: measure(definition.unit, own),
                difference: text.map(|t| if far > Some(0.0) { format!("+{t}") } else { t }),
            }
        };
        Row {
            label: definition.label,
            formula: periods_per_year
                .map_or_else(|| definition.formula.to_owned(), |n| definition.formula_for(n)),
            source: definition.source,
            values: sides.iter().enumerate().map(cell).collect(),
        }
    });
    Table { rows: rows.collect() }
}

/// Mean weights by asset.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Held {
    assets: Vec<String>,
    /// By run and asset.
    means: Vec<Line>,
    rows: Vec<Mean>,
}

#[derive(Debug, Clone, Serialize)]
struct Mean {
    asset: String,
    values: Vec<String>,
}

impl Held {
    /// The mean weights in words and as drawn.
    pub(super) fn of(found: &MeanWeights) -> Self {
        let row = |(at, asset): (usize, &String)| Mean {
            asset: asset.clone(),
            values: found.means.iter().map(|means| percent(means[at])).collect(),
        };
        let line = |means: &Vec<f64>| means.iter().map(|mean| short(*mean)).collect();
        Self {
            assets: found.assets.clone(),
            means: found.means.iter().map(line).collect(),
            rows: found.assets.iter().enumerate().map(row).collect(),
        }
    }
}

/// How far apart two runs' weights are over time, as drawn.
#[derive(Debug, Serialize)]
pub(super) struct Distance {
    dates: Vec<String>,
    values: Line,
}

impl Distance {
    /// The line to draw.
    pub(super) fn of(found: &comparison::Distance) -> Self {
        Self {
            dates: found.dates.iter().map(ToString::to_string).collect(),
            values: found.values.iter().map(|value| short(*value)).collect(),
        }
    }

    /// Whether they never hold anything at the same time.
    pub(super) fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }
}
