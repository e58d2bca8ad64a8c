//! What each swept key changes: measures by its values, and pairs of backtests that differ in it
//! alone.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_record::GridRun;
use walkfolio_stats::measures::{Better, Definition};

use crate::axes::Axes;
use crate::measure::definition;
use crate::stated;

/// What is looked at.
const KEYS: [&str; 4] = ["sharpe_ratio", "volatility", "max_drawdown", "turnover_annual"];
/// What is looked at where a study tracks a benchmark.
const TRACKING: [&str; 4] =
    ["tracking_error", "information_ratio", "max_drawdown", "turnover_annual"];
/// Values of a key beyond these make a table that nobody reads.
const VALUES: usize = 40;

/// What the swept keys of a grid change, full sample, after costs.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::{axes::Axes, effects::Effects};
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let found = Effects::of(&grid, &Axes::of(&grid)).unwrap();
/// // Two holdings in place of one: tracking error 6 % to 4 % and 5 % to 3 %.
/// let paired = found.keys[1].paired.as_ref().unwrap();
/// let change = paired.changes[0].unwrap();
/// assert_eq!((found.measures[0], paired.pairs), ("tracking_error", 2));
/// assert!((change.spread.mean + 0.02).abs() < 1e-15);
/// assert_eq!((change.better, change.of), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effects {
    /// The keys of the measures.
    pub measures: Vec<&'static str>,
    /// One for each swept key with 2 to 40 values.
    pub keys: Vec<Effect>,
}

/// What one key changes.
///
/// # Examples
/// See [`Effects`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// The index of the key among the swept ones.
    pub axis: usize,
    /// By value of the key, in order of appearance.
    pub values: Vec<ByValue>,
    /// The change between its two values, where it has two.
    pub paired: Option<Paired>,
}

/// The backtests of one value of a key.
///
/// # Examples
/// See [`Effects`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByValue {
    /// How many were measured.
    pub backtests: usize,
    /// By measure, their mean and range.
    pub measures: Vec<Option<Spread>>,
}

/// Mean and range of a figure, in its unit.
///
/// # Examples
/// See [`Effects`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The minimum.
    pub min: f64,
    /// The maximum.
    pub max: f64,
}

/// Pairs of backtests that differ in nothing but one key.
///
/// # Examples
/// See [`Effects`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paired {
    /// The index of the value that the other is compared with.
    pub before: usize,
    /// The index of the other value: what the study itself states, where it states either.
    pub after: usize,
    /// Number of pairs.
    pub pairs: usize,
    /// By measure, what changes.
    pub changes: Vec<Option<Change>>,
}

/// The change of a measure over pairs of backtests.
///
/// # Examples
/// See [`Effects`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// Mean and range of the change.
    pub spread: Spread,
    /// Pairs in which it is for the better.
    pub better: usize,
    /// Pairs in which both have a value.
    pub of: usize,
}

impl Effects {
    /// The effects of a grid; `None` where fewer than two keys have two values or nothing was
    /// measured: the list of backtests says it all then.
    pub fn of(grid: &GridRun, axes: &Axes<'_>) -> Option<Self> {
        let keys = if stated::tracks(&grid.manifest) { TRACKING } else { KEYS };
        let chosen: Vec<&Definition> = keys.iter().filter_map(|key| definition(key)).collect();
        let several = axes.keys.iter().filter(|axis| axis.values.len() > 1).count() > 1;
        if !several || grid.cells.iter().all(|cell| cell.measures.is_none()) {
            return None;
        }
        let swept = |at: &usize| (2..=VALUES).contains(&axes.keys[*at].values.len());
        let effect = |axis: usize| Effect {
            axis,
            values: by_value(grid, axes, axis, &chosen),
            paired: paired(grid, axes, axis, &chosen),
        };
        Some(Self {
            measures: chosen.iter().map(|definition| definition.key).collect(),
            keys: (0..axes.keys.len()).filter(swept).map(effect).collect(),
        })
    }
}

fn by_value(grid: &GridRun, axes: &Axes<'_>, at: usize, chosen: &[&Definition]) -> Vec<ByValue> {
    let of_value = |place: usize| {
        let cells = || grid.cells.iter().zip(&axes.cells).filter(move |(_, on)| on[at] == place);
        let spread_of = |definition: &&Definition| {
            let found: Vec<f64> = cells().filter_map(|(c, _)| c.measure(definition.key)).collect();
            spread(&found)
        };
        ByValue {
            backtests: cells().filter(|(cell, _)| cell.measures.is_some()).count(),
            measures: chosen.iter().map(spread_of).collect(),
        }
    };
    (0..axes.keys[at].values.len()).map(of_value).collect()
}

fn spread(found: &[f64]) -> Option<Spread> {
    let min = found.iter().copied().min_by(f64::total_cmp)?;
    let max = found.iter().copied().max_by(f64::total_cmp)?;
    Some(Spread { mean: found.iter().sum::<f64>() / found.len() as f64, min, max })
}

/// The difference between the two values of a key, backtest by backtest.
fn paired(grid: &GridRun, axes: &Axes<'_>, at: usize, chosen: &[&Definition]) -> Option<Paired> {
    if axes.keys[at].values.len() != 2 {
        return None;
    }
    // What the study itself states is what changes something.
    let before = usize::from(axes.own(at) == Some(0));
    let mut pairs: BTreeMap<Vec<usize>, [Option<usize>; 2]> = BTreeMap::new();
    for (cell, places) in axes.cells.iter().enumerate() {
        let mut rest = places.clone();
        rest.remove(at);
        pairs.entry(rest).or_default()[places[at]] = Some(cell);
    }
    let pairs: Vec<(usize, usize)> =
        pairs.into_values().filter_map(|pair| pair[before].zip(pair[1 - before])).collect();
    let change = |definition: &&Definition| {
        let value = |cell: usize| grid.cells[cell].measure(definition.key);
        let found: Vec<f64> =
            pairs.iter().filter_map(|&(from, to)| Some(value(to)? - value(from)?)).collect();
        let sign = if definition.better == Better::Lower { -1.0 } else { 1.0 };
        let better = found.iter().filter(|change| sign * **change > 0.0).count();
        Some(Change { spread: spread(&found)?, better, of: found.len() })
    };
    let changes = chosen.iter().map(change).collect();
    Some(Paired { before, after: 1 - before, pairs: pairs.len(), changes })
}
