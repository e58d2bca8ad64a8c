//! Measures and weights of runs side by side.

use std::collections::BTreeSet;

use serde::Serialize;
use walkfolio::measures::definitions;
use walkfolio::{Date, DecisionRow, Run};

use super::Side;
use crate::format::{measure, percent, short};
use crate::series::Line;

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
pub(super) fn table(sides: &[Side<'_>]) -> Table {
    let value = |side: &Side<'_>, key: &str| side.run.measures.full.get(key);
    let a_year = common_year(sides);
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
            formula: a_year
                .map_or_else(|| definition.formula.to_owned(), |n| definition.formula_for(n)),
            source: definition.source,
            values: sides.iter().enumerate().map(cell).collect(),
        }
    });
    Table { rows: rows.collect() }
}

/// The periods per year of all runs; `None` where they differ.
fn common_year(sides: &[Side<'_>]) -> Option<f64> {
    let mut all = sides.iter().map(|side| side.run.manifest.resolved["periods_per_year"].as_f64());
    let first = all.next()??;
    all.all(|other| other == Some(first)).then_some(first)
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

/// Assets of the table and the chart.
const ASSETS: usize = 40;

impl Held {
    /// The mean weights of the assets that differ most; `None` where the runs share no asset.
    pub(super) fn of(sides: &[Side<'_>]) -> Option<Self> {
        let names: BTreeSet<&str> = sides
            .iter()
            .flat_map(|side| side.run.manifest.assets.iter().map(String::as_str))
            .collect();
        let mean = |side: &Side<'_>, asset: &str| -> f64 {
            let rows = side.run.decisions.iter().filter(|row| row.asset == asset);
            let total: f64 = rows.map(|row| row.weight).sum();
            total / side.run.manifest.decisions.max(1) as f64
        };
        let mut all: Vec<(&str, Vec<f64>)> = names
            .into_iter()
            .map(|asset| (asset, sides.iter().map(|side| mean(side, asset)).collect()))
            .collect();
        let spread = |means: &[f64]| {
            let most = means.iter().copied().fold(f64::MIN, f64::max);
            most - means.iter().copied().fold(f64::MAX, f64::min)
        };
        all.sort_by(|a, b| spread(&b.1).total_cmp(&spread(&a.1)).then(a.0.cmp(b.0)));
        all.truncate(ASSETS);
        let row = |(asset, means): &(&str, Vec<f64>)| Mean {
            asset: (*asset).to_owned(),
            values: means.iter().map(|mean| percent(*mean)).collect(),
        };
        let line = |side: usize| all.iter().map(|(_, means)| short(means[side])).collect();
        (!all.is_empty()).then(|| Self {
            assets: all.iter().map(|(asset, _)| (*asset).to_owned()).collect(),
            means: (0..sides.len()).map(line).collect(),
            rows: all.iter().map(row).collect(),
        })
    }
}

/// How far apart two runs' weights are over time: `0.5 sum |w_1 - w_2|`.
#[derive(Debug, Serialize)]
pub(super) struct Distance {
    dates: Vec<String>,
    values: Line,
}

impl Distance {
    /// At every decision of either, the weights that each has then; from when both have some.
    pub(super) fn of(first: &Run, other: &Run) -> Self {
        let dates: BTreeSet<Date> =
            first.decisions.iter().chain(&other.decisions).map(|row| row.date).collect();
        let mut found = Self { dates: Vec::new(), values: Vec::new() };
        let (mine, theirs) = (by_date(first), by_date(other));
        for date in dates {
            if let (Some(a), Some(b)) = (at(&mine, date), at(&theirs, date)) {
                found.dates.push(date.to_string());
                found.values.push(short(distance(a, b)));
            }
        }
        found
    }

    /// Whether they never hold anything at the same time.
    pub(super) fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }
}

fn by_date(run: &Run) -> Vec<&[DecisionRow]> {
    run.decisions.chunk_by(|a, b| a.date == b.date).collect()
}

/// The decision in force on a date.
fn at<'a>(decisions: &[&'a [DecisionRow]], date: Date) -> Option<&'a [DecisionRow]> {
    let end = decisions.partition_point(|rows| rows[0].date <= date);
    decisions.get(end.checked_sub(1)?).copied()
}

fn distance(a: &[DecisionRow], b: &[DecisionRow]) -> f64 {
    let weight = |rows: &[DecisionRow], asset: &str| {
        rows.iter().find(|row| row.asset == asset).map_or(0.0, |row| row.weight)
    };
    let names: BTreeSet<&str> = a.iter().chain(b).map(|row| row.asset.as_str()).collect();
    0.5 * names.into_iter().map(|name| (weight(a, name) - weight(b, name)).abs()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(asset: &str, weight: f64) -> DecisionRow {
        DecisionRow {
            date: "2020-01-02".parse().unwrap(),
            asset: asset.to_owned(),
            weight,
            drifted: 0.0,
            selected: None,
            probability: None,
        }
    }

    #[test]
    fn the_distance_of_weights_counts_each_asset_once() {
        let a = [row("A", 0.6), row("B", 0.4)];
        let b = [row("B", 0.1), row("C", 0.9)];
        assert!((distance(&a, &b) - 0.9).abs() < 1e-15);
        assert_eq!(distance(&a, &a), 0.0);
    }
}
