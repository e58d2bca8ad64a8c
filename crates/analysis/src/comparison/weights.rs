//! The weights of runs compared.

use std::collections::BTreeSet;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{DecisionRow, Run};

/// Assets that are compared.
const ASSETS: usize = 40;

/// Mean weights over each run's decisions, the assets that differ most first.
///
/// # Examples
/// See [`Comparison`](super::Comparison).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeanWeights {
    /// At most 40 assets.
    pub assets: Vec<String>,
    /// By run and asset, a fraction of equity.
    pub means: Vec<Vec<f64>>,
}

impl MeanWeights {
    /// The mean weights of the assets that differ most; `None` where the runs have no asset.
    pub(super) fn of(runs: &[&Run]) -> Option<Self> {
        let names: BTreeSet<&str> =
            runs.iter().flat_map(|run| run.manifest.assets.iter().map(String::as_str)).collect();
        let mean = |run: &&Run, asset: &str| -> f64 {
            let rows = run.decisions.iter().filter(|row| row.asset == asset);
            let total: f64 = rows.map(|row| row.weight).sum();
            total / run.manifest.decisions.max(1) as f64
        };
        let mut all: Vec<(&str, Vec<f64>)> = names
            .into_iter()
            .map(|asset| (asset, runs.iter().map(|run| mean(run, asset)).collect()))
            .collect();
        let spread = |means: &[f64]| {
            let most = means.iter().copied().fold(f64::MIN, f64::max);
            most - means.iter().copied().fold(f64::MAX, f64::min)
        };
        all.sort_by(|a, b| spread(&b.1).total_cmp(&spread(&a.1)).then(a.0.cmp(b.0)));
        all.truncate(ASSETS);
        (!all.is_empty()).then(|| Self {
            assets: all.iter().map(|(asset, _)| (*asset).to_owned()).collect(),
            means: (0..runs.len())
                .map(|run| all.iter().map(|(_, means)| means[run]).collect())
                .collect(),
        })
    }
}

/// How far apart two runs' weights are over time: `0.5 sum |w_1 - w_2|`.
///
/// # Examples
/// See [`Comparison`](super::Comparison).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distance {
    /// Every decision of either from when both hold something.
    pub dates: Vec<Date>,
    /// 0 where the weights are the same, 1 where long-only runs share nothing.
    pub values: Vec<f64>,
}

impl Distance {
    /// At every decision of either, the weights that each has then.
    pub(super) fn of(first: &Run, other: &Run) -> Self {
        let dates: BTreeSet<Date> =
            first.decisions.iter().chain(&other.decisions).map(|row| row.traded).collect();
        let mut found = Self { dates: Vec::new(), values: Vec::new() };
        let (mine, theirs) = (by_date(first), by_date(other));
        for date in dates {
            if let (Some(a), Some(b)) = (at(&mine, date), at(&theirs, date)) {
                found.dates.push(date);
                found.values.push(distance(a, b));
            }
        }
        found
    }
}

fn by_date(run: &Run) -> Vec<&[DecisionRow]> {
    run.decisions.chunk_by(|a, b| a.date == b.date).collect()
}

/// The decision that was traded last on a date.
fn at<'a>(decisions: &[&'a [DecisionRow]], date: Date) -> Option<&'a [DecisionRow]> {
    let end = decisions.partition_point(|rows| rows[0].traded <= date);
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
            traded: "2020-01-02".parse().unwrap(),
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
