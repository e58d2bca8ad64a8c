//! Runs compared: their measures and weights, and whether their differences are more than chance.

mod difference;
mod weights;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::Run;

use crate::growth::Wealth;
use difference::{Pair, differences};

pub use difference::{Difference, Outcome};
pub use weights::{Distance, MeanWeights};

/// Two or more runs, the others compared with the first.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::{Comparison, comparison::Outcome};
/// use walkfolio_record::Run;
///
/// // A run and the same run without its last session.
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let mut other = run.clone();
/// other.returns.pop();
/// let found = Comparison::of(&[&run, &other]).unwrap();
/// assert_eq!((found.benchmark.as_deref(), found.growth[1].dates.len()), (Some("M"), 127));
/// let pair = &found.pairs[0];
/// assert_eq!((pair.sessions, &pair.distance.values[..]), (127, &[0.0, 0.0][..]));
/// assert_eq!(pair.differences[0].key, "mean_return_annual");
/// assert_eq!(pair.differences[0].outcome, Some(Outcome::Indistinguishable));
/// // Mean weights of 0.55 and 0.45.
/// assert!((found.weights.unwrap().means[0][0] - 0.55).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The benchmark that all have, if they have one in common.
    pub benchmark: Option<String>,
    /// The periods per year of all runs; `None` where they differ.
    pub periods_per_year: Option<f64>,
    /// By run, its growth from its own first session.
    pub growth: Vec<Walk>,
    /// The growth of the common benchmark over the sessions of the first run.
    pub benchmark_growth: Option<Walk>,
    /// Every other run against the first.
    pub pairs: Vec<Compared>,
    /// The mean weights of the assets that differ most.
    pub weights: Option<MeanWeights>,
}

/// A run against the first.
///
/// # Examples
/// See [`Comparison`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Sessions that both have.
    pub sessions: usize,
    /// Differences of their figures; none where they share too few sessions.
    pub differences: Vec<Difference>,
    /// Growth relative to the first, `prod((1 + r) / (1 + r_first))`, over the common sessions.
    pub relative: Walk,
    /// How far apart their weights are.
    pub distance: Distance,
}

/// Growth of $100 by date.
///
/// # Examples
/// See [`Comparison`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Walk {
    /// The sessions.
    pub dates: Vec<Date>,
    /// What became of $100.
    pub wealth: Wealth,
}

impl Walk {
    fn of(rows: impl Iterator<Item = (Date, Option<f64>)>) -> Self {
        let (dates, returns): (Vec<Date>, Vec<Option<f64>>) = rows.unzip();
        Self { dates, wealth: Wealth::of(returns.into_iter()) }
    }
}

impl Comparison {
    /// Compares runs with the first of them; `None` of no run.
    pub fn of(runs: &[&Run]) -> Option<Self> {
        let (first, others) = runs.split_first()?;
        let benchmark = common(runs, |run| run.manifest.benchmark.clone());
        let known = benchmark.is_some() && first.returns.iter().any(|row| row.benchmark.is_some());
        Some(Self {
            growth: runs.iter().map(|run| walk(run)).collect(),
            benchmark_growth: known
                .then(|| Walk::of(first.returns.iter().map(|row| (row.date, row.benchmark)))),
            pairs: others.iter().map(|other| compared(first, other)).collect(),
            weights: MeanWeights::of(runs),
            periods_per_year: common(runs, |run| run.manifest.resolved.periods_per_year.number()),
            benchmark,
        })
    }
}

fn compared(first: &Run, other: &Run) -> Compared {
    let pair = Pair::of(first, other);
    Compared {
        sessions: pair.sessions(),
        differences: differences(&pair),
        relative: Walk::of(pair.relative()),
        distance: Distance::of(first, other),
    }
}

/// What all runs have alike, if they do.
fn common<T: PartialEq>(runs: &[&Run], of: impl Fn(&Run) -> Option<T>) -> Option<T> {
    let first = of(runs.first()?)?;
    runs.iter().all(|run| of(run).as_ref() == Some(&first)).then_some(first)
}

fn walk(run: &Run) -> Walk {
    Walk::of(run.returns.iter().map(|row| (row.date, Some(row.portfolio))))
}
