//! What became of $100 in the best and in the median backtest of a grid.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::GridRun;

use crate::growth::Wealth;
use crate::line::{Line, evenly};
use crate::stated;

/// Sessions of a line that are drawn.
const POINTS: usize = 1000;

/// Growth of the best and of the median backtest, by the measure that the study is for.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::curves::Curves;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let found = Curves::of(&grid).unwrap();
/// assert_eq!(found.measure, "tracking_error");
/// let error = |cell: usize| grid.cells[cell].measure("tracking_error").unwrap();
/// assert!(error(found.best.cell) <= error(found.median.as_ref().unwrap().cell));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curves {
    /// The key of the measure: the tracking error of a study that tracks, else the Sharpe ratio.
    pub measure: &'static str,
    /// The best.
    pub best: Curve,
    /// The median, of an even number the better of the two; none of a grid with one measured backtest.
    pub median: Option<Curve>,
}

/// One backtest over time.
///
/// # Units
/// `value` is what $100 became by the end of the session, after costs.
/// # Examples
/// See [`Curves`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The number of its cell, from 0 on.
    pub cell: usize,
    /// Its measure.
    pub figure: f64,
    /// The sessions: at most 1,000, evenly spread back from the last.
    pub dates: Vec<Date>,
    /// The values there.
    pub value: Line,
}

/// The key that a grid is judged by, and whether lower is better.
pub(crate) fn judged_by(grid: &GridRun) -> (&'static str, bool) {
    if stated::tracks(&grid.manifest) { ("tracking_error", true) } else { ("sharpe_ratio", false) }
}

/// The cells that have the measure of a grid, the best first; of equals the first.
pub fn ranked(grid: &GridRun) -> Vec<(usize, f64)> {
    let (key, lower) = judged_by(grid);
    let known = grid.cells.iter().enumerate();
    let mut all: Vec<(usize, f64)> =
        known.filter_map(|(cell, own)| Some((cell, own.measure(key)?))).collect();
    all.sort_by(|a, b| if lower { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
    all
}

impl Curves {
    /// The curves of a grid; none where no backtest has the measure.
    pub fn of(grid: &GridRun) -> Option<Self> {
        let all = ranked(grid);
        let curve = |&(cell, figure): &(usize, f64)| {
            let own = &grid.cells[cell];
            let value = Wealth::of(own.returns.iter().map(|earned| Some(*earned))).value;
            let shown = evenly(own.sessions.len().min(value.len()), POINTS);
            Curve {
                cell,
                figure,
                dates: shown.iter().map(|&at| own.sessions[at]).collect(),
                value: shown.iter().map(|&at| value[at]).collect(),
            }
        };
        Some(Self {
            measure: judged_by(grid).0,
            best: curve(all.first()?),
            median: (all.len() > 1).then(|| curve(&all[(all.len() - 1) / 2])),
        })
    }
}
