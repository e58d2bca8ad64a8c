//! Which estimator is best in which period, and how many of these can be told from others.

use serde::Serialize;
use walkfolio_record::{Comparison, SelectionBias, Winner};

/// How many of the best estimators by period can be told from the next, and from the study's own.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::best::BestByPeriod;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let found = BestByPeriod::of(grid.selection_bias.as_ref().unwrap()).unwrap();
/// assert_eq!((found.with_runner_up, found.told_from_runner_up), (1, 0));
/// assert_eq!((found.with_own, found.told_from_own), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BestByPeriod {
    /// Best estimators with a runner-up.
    pub with_runner_up: usize,
    /// Those of them that can be told from it.
    pub told_from_runner_up: usize,
    /// Best estimators that are not the study's own, where it is among the swept.
    pub with_own: usize,
    /// Those of them that can be told from it.
    pub told_from_own: usize,
}

impl BestByPeriod {
    /// Counts the best estimators of a grid; `None` where no estimator is swept.
    pub fn of(bias: &SelectionBias) -> Option<Self> {
        let told = |of: fn(&Winner) -> Option<Comparison>| {
            let compared = || bias.winners.iter().filter_map(of);
            (compared().count(), compared().filter(|found| found.distinguishable).count())
        };
        let (with_runner_up, told_from_runner_up) = told(|best| best.runner_up);
        let (with_own, told_from_own) = told(|best| best.own);
        (!bias.winners.is_empty()).then_some(Self {
            with_runner_up,
            told_from_runner_up,
            with_own,
            told_from_own,
        })
    }
}
