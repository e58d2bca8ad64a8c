//! Weights over time.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{DecisionRow, Run};

use crate::grouped::Grouped;

/// Weights above this are not short: solvers leave dust on either side of zero.
const DUST: f64 = -1e-9;

/// The weights of a run by decision, the smallest assets taken together where there are many.
///
/// # Timing
/// Weights after the trade, which earn from the date of their decision on.
/// # Units
/// Fractions of equity.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::weights::WeightsOverTime;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = WeightsOverTime::of(&run);
/// assert_eq!((found.dates.len(), found.long_only), (2, true));
/// assert_eq!(found.assets.names, ["A", "B"]);
/// assert_eq!(found.assets.lines[0], [0.6, 0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightsOverTime {
    /// The decisions.
    pub dates: Vec<Date>,
    /// By asset of the study that has a row in `decisions.parquet`, its weights; 0 at a decision in
    /// which it has none.
    pub assets: Grouped,
    /// Whether no weight is short.
    pub long_only: bool,
}

impl WeightsOverTime {
    /// The weights of a run.
    pub fn of(run: &Run) -> Self {
        let mut dates: Vec<Date> = run.decisions.iter().map(|row| row.date).collect();
        dates.sort_unstable();
        dates.dedup();
        let mut table = lines(&run.decisions, &dates);
        let names = run.manifest.assets.iter();
        let all = names.filter_map(|name| Some((name.clone(), table.remove(name.as_str())?)));
        Self {
            assets: Grouped::of(all.collect()),
            long_only: run.decisions.iter().all(|row| row.weight >= DUST),
            dates,
        }
    }
}

fn lines<'a>(rows: &'a [DecisionRow], dates: &[Date]) -> BTreeMap<&'a str, Vec<f64>> {
    let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut place = 0;
    for row in rows {
        if dates.get(place) != Some(&row.date) {
            place = dates.partition_point(|other| *other < row.date);
        }
        let line = table.entry(&row.asset).or_insert_with(|| vec![0.0; dates.len()]);
        if let Some(weight) = line.get_mut(place) {
            *weight = row.weight;
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_without_a_row_has_no_weight() {
        let row = |date: &str, asset: &str, weight: f64| DecisionRow {
            date: date.parse().unwrap(),
            traded: date.parse().unwrap(),
            asset: asset.to_owned(),
            weight,
            drifted: 0.0,
            selected: None,
            probability: None,
        };
        let rows = [row("2024-01-02", "A", 1.0), row("2024-02-01", "B", 1.0)];
        let dates: Vec<Date> = rows.iter().map(|row| row.date).collect();
        let table = lines(&rows, &dates);
        assert_eq!((&table["A"], &table["B"]), (&vec![1.0, 0.0], &vec![0.0, 1.0]));
    }
}
