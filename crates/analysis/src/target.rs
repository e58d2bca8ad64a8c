//! What a study set out to reach, beside what it reached.

use serde::Serialize;
use walkfolio_stats::measures::{Unit, definitions};

use walkfolio_record::{GridRun, Manifest, MeasureTable};
use walkfolio_study::TargetSpec;

/// A figure that a study set out to reach, and whether it did.
///
/// # Examples
/// See [`targets`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetResult {
    /// The key of the measure.
    pub measure: String,
    /// The measure's name for people.
    pub label: String,
    /// How to show its values.
    #[serde(skip)]
    pub unit: Unit,
    /// It should be at least this.
    pub min: Option<f64>,
    /// It should be at most this.
    pub max: Option<f64>,
    /// What it is; `None` if it is not defined for the sample.
    pub value: Option<f64>,
    /// Whether it is in the range, bounds included; `None` if it is not defined.
    pub met: Option<bool>,
    /// What a reader must know of it.
    pub remark: Option<String>,
}

impl TargetResult {
    /// The range to reach, as people read it: `at most 4 %`, `15 to 25`.
    pub fn range(&self) -> String {
        let show = |bound: f64| match self.unit {
            Unit::Percent => format!("{} %", tidy(100.0 * bound)),
            Unit::Ratio | Unit::Count | Unit::Number => tidy(bound).to_string(),
        };
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{} to {}", show(min), show(max)),
            (Some(min), None) => format!("at least {}", show(min)),
            (None, Some(max)) => format!("at most {}", show(max)),
            (None, None) => "any".to_owned(),
        }
    }

    /// How it ended, in a word.
    pub fn word(&self) -> &'static str {
        match self.met {
            Some(true) => "met",
            Some(false) => "missed",
            None => "not defined",
        }
    }
}

/// Drops what a binary fraction adds to a decimal one: 7 for 7.000000000000001.
fn tidy(value: f64) -> f64 {
    (value * 1e8).round() / 1e8
}

/// The `[[target]]` tables of the study that was run, in its order, each with what was reached over
/// the full sample.
///
/// A measure that this version does not know is left out.
///
/// # Shape and units
/// Bounds and values in the measure's own unit: fractions for percentages.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::targets;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = &targets(&run.manifest, &run.measures.full)[0];
/// assert_eq!((found.range().as_str(), found.value, found.met), ("at most 4 %", Some(0.05), Some(false)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn targets(manifest: &Manifest, full: &MeasureTable) -> Vec<TargetResult> {
    manifest.resolved.target.iter().filter_map(|target| result(target, full)).collect()
}

/// A target over the backtests of a grid.
///
/// # Examples
/// See [`grid_targets`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridTarget {
    /// The target, with what the first backtest reached.
    pub target: TargetResult,
    /// Backtests that were measured.
    pub backtests: usize,
    /// Those of them that met it.
    pub met: usize,
    /// The minimum that was reached, where any has a value.
    pub reached_min: Option<f64>,
    /// The maximum that was reached.
    pub reached_max: Option<f64>,
}

/// The targets of a grid over its backtests.
///
/// # Examples
/// See [`grid_targets`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridTargets {
    /// Backtests that were measured.
    pub backtests: usize,
    /// Those of them that met every target.
    pub met_all: usize,
    /// By target, in the study's order.
    pub targets: Vec<GridTarget>,
}

/// What the backtests of a grid reached; `None` where its study names no target or nothing was
/// measured.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::grid_targets;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// // Of 6, 4, 5 and 3 % two are at most 4 %.
/// let found = grid_targets(&grid).unwrap();
/// assert_eq!((found.backtests, found.met_all, found.targets[0].met), (4, 2, 2));
/// assert_eq!(found.targets[0].reached_min, Some(0.03));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grid_targets(grid: &GridRun) -> Option<GridTargets> {
    let measured = grid.cells.iter().filter_map(|cell| cell.measures.as_ref());
    let cells: Vec<Vec<TargetResult>> =
        measured.map(|set| targets(&grid.manifest, &set.full)).collect();
    let all = |cell: &&Vec<TargetResult>| cell.iter().all(|one| one.met == Some(true));
    let first = cells.first().filter(|targets| !targets.is_empty())?;
    let over_cells = |(place, target): (usize, &TargetResult)| {
        let results = || cells.iter().filter_map(|cell| cell.get(place));
        let values = || results().filter_map(|one| one.value);
        GridTarget {
            target: target.clone(),
            backtests: cells.len(),
            met: results().filter(|one| one.met == Some(true)).count(),
            reached_min: values().min_by(f64::total_cmp),
            reached_max: values().max_by(f64::total_cmp),
        }
    };
    Some(GridTargets {
        backtests: cells.len(),
        met_all: cells.iter().filter(all).count(),
        targets: first.iter().enumerate().map(over_cells).collect(),
    })
}

fn result(target: &TargetSpec, full: &MeasureTable) -> Option<TargetResult> {
    let TargetSpec { measure, min, max, remark } = target.clone();
    let definition = definitions().iter().find(|definition| definition.key == measure)?;
    let value = full.get(&measure);
    let inside = |value| min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max);
    Some(TargetResult {
        measure,
        label: definition.label.to_owned(),
        unit: definition.unit,
        min,
        max,
        value,
        met: value.map(inside),
        remark,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn one(target: &Value, measures: &Value) -> Option<TargetResult> {
        let target: TargetSpec = serde_json::from_value(target.clone()).unwrap();
        result(&target, &serde_json::from_value(measures.clone()).unwrap())
    }

    #[test]
    fn bounds_belong_to_the_range() {
        let met = |target: Value, value: f64| {
            one(&target, &json!({ "holdings_mean": value })).unwrap().met.unwrap()
        };
        let between = || json!({ "measure": "holdings_mean", "min": 15, "max": 25.0 });
        assert!(met(between(), 15.0) && met(between(), 25.0));
        assert!(!met(between(), 14.9) && !met(between(), 25.1));
        assert!(met(json!({ "measure": "holdings_mean", "min": 15 }), 99.0));
        assert!(met(json!({ "measure": "holdings_mean", "max": 15 }), 1.0));
    }

    #[test]
    fn an_undefined_measure_is_neither_met_nor_missed() {
        let target = json!({ "measure": "sharpe_ratio", "min": 1, "remark": "why" });
        let found = one(&target, &json!({})).unwrap();
        assert_eq!((found.value, found.met), (None, None));
        assert_eq!((found.label.as_str(), found.remark.as_deref()), ("Sharpe ratio", Some("why")));
        assert_eq!(one(&json!({ "measure": "no_such" }), &json!({})), None);
    }

    #[test]
    fn ranges_read_in_the_unit_of_the_measure() {
        let range = |target: Value| one(&target, &json!({})).unwrap().range();
        assert_eq!(range(json!({ "measure": "tracking_error", "max": 0.07 })), "at most 7 %");
        assert_eq!(range(json!({ "measure": "information_ratio", "min": 0.5 })), "at least 0.5");
        assert_eq!(range(json!({ "measure": "holdings_mean", "min": 15, "max": 25 })), "15 to 25");
    }

    #[test]
    fn files_hold_what_was_found() {
        let target = json!({ "measure": "beta", "max": 1 });
        let found = one(&target, &json!({ "beta": 1.5 })).unwrap();
        assert_eq!(
            serde_json::to_value(found).unwrap(),
            json!({
                "measure": "beta", "label": "Beta against the benchmark", "min": null, "max": 1.0,
                "value": 1.5, "met": false, "remark": null,
            })
        );
    }
}
