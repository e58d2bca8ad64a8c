//! Which backtests of a grid no other beats in two measures at once.

use serde::Serialize;
use walkfolio_record::GridRun;
use walkfolio_stats::measures::{Better, Definition};

use crate::line::Line;
use crate::measure::definition;
use crate::stated;

/// What may be on either axis.
const KEYS: [&str; 9] = [
    "tracking_error",
    "turnover_annual",
    "holdings_mean",
    "information_ratio",
    "annual_return",
    "volatility",
    "sharpe_ratio",
    "max_drawdown",
    "gross_exposure",
];
/// The efficient backtests of a grid, full sample, after costs.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::pareto::Pareto;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let found = Pareto::of(&grid).unwrap();
/// assert_eq!((found.measures[found.up], found.measures[found.across]), ("tracking_error", "turnover_annual"));
/// // Each lower tracking error costs more turnover: none of the four is beaten.
/// assert_eq!(found.efficient[found.up][found.across], [0, 2, 1, 3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pareto {
    /// The keys of the measures that vary.
    pub measures: Vec<&'static str>,
    /// By measure, whether less of it is better; of what is neither, less is asked.
    pub lower_is_better: Vec<bool>,
    /// By measure and cell, in the unit of the measure.
    pub values: Vec<Line>,
    /// By the measure upwards and the one across: the cells that no other beats, from left to right.
    pub efficient: Vec<Vec<Vec<usize>>>,
    /// The measure that is shown upwards first.
    pub up: usize,
    /// The measure that is shown across first.
    pub across: usize,
}

impl Pareto {
    /// The views of a grid; `None` where fewer than three backtests or two measures can be compared.
    pub fn of(grid: &GridRun) -> Option<Self> {
        let measured = grid.cells.iter().filter(|cell| cell.measures.is_some()).count();
        let line = |key: &&'static str| {
            let definition = definition(key)?;
            let values: Line =
                grid.cells.iter().map(|cell| cell.measure(key).filter(|v| v.is_finite())).collect();
            let mut known = values.iter().flatten();
            let first = known.next()?;
            // A measure that does not vary chooses nothing.
            known.any(|value| value != first).then_some((definition, values))
        };
        let lines: Vec<(&Definition, Line)> = KEYS.iter().filter_map(line).collect();
        if measured < 3 || lines.len() < 2 {
            return None;
        }
        let place = |key: &str| lines.iter().position(|(definition, _)| definition.key == key);
        let wanted = if stated::tracks(&grid.manifest) {
            (place("tracking_error"), place("turnover_annual").or(place("holdings_mean")))
        } else {
            (place("annual_return"), place("volatility"))
        };
        let (up, across) = (wanted.0.unwrap_or(0), wanted.1.unwrap_or(1));
        let efficient = |(above, up): &(&Definition, Line)| {
            let beside = lines.iter();
            let pair = |(under, across): &(&Definition, Line)| {
                efficient((across, sign(under)), (up, sign(above)))
            };
            beside.map(pair).collect()
        };
        Some(Self {
            efficient: lines.iter().map(efficient).collect(),
            measures: lines.iter().map(|(definition, _)| definition.key).collect(),
            lower_is_better: lines.iter().map(|(definition, _)| sign(definition) > 0.0).collect(),
            values: lines.into_iter().map(|(_, values)| values).collect(),
            up,
            across: if across == up { usize::from(up == 0) } else { across },
        })
    }
}

/// 1 where less is better, -1 where more is; of what is neither, less is asked.
fn sign(definition: &Definition) -> f64 {
    if definition.better == Better::Higher { -1.0 } else { 1.0 }
}

/// The cells that no other beats: none is at least as good in both and better in one.
fn efficient((across, less_across): (&Line, f64), (up, less_up): (&Line, f64)) -> Vec<usize> {
    let mut known: Vec<(f64, f64, usize)> = across
        .iter()
        .zip(up)
        .enumerate()
        .filter_map(|(cell, (x, y))| Some((less_across * (*x)?, less_up * (*y)?, cell)))
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut best = f64::INFINITY;
    let mut last = None;
    let mut found = Vec::new();
    for (x, y, cell) in known {
        // Equal in both is beaten by neither.
        if y < best || last == Some((x, y)) {
            found.push(cell);
            (best, last) = (y, Some((x, y)));
        }
    }
    if less_across < 0.0 {
        found.reverse();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By definition, pair by pair.
    fn beaten(x: &[f64], y: &[f64], cell: usize) -> bool {
        (0..x.len()).any(|other| {
            x[other] <= x[cell] && y[other] <= y[cell] && (x[other] < x[cell] || y[other] < y[cell])
        })
    }

    #[test]
    fn what_is_efficient_is_beaten_by_none() {
        let x = [3.0, 1.0, 2.0, 2.0, 4.0, 1.0, 2.0];
        let y = [1.0, 5.0, 2.0, 2.0, 1.0, 6.0, 3.0];
        let line = |values: &[f64], sign: f64| -> Line {
            values.iter().map(|value| Some(sign * value)).collect()
        };
        for signs in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            let (across, up) = (line(&x, signs.0), line(&y, signs.1));
            let mut found = efficient((&across, signs.0), (&up, signs.1));
            found.sort_unstable();
            let wanted: Vec<usize> = (0..x.len()).filter(|&cell| !beaten(&x, &y, cell)).collect();
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn a_cell_without_a_value_is_not_compared() {
        let (across, up) =
            (vec![Some(1.0), None, Some(2.0)], vec![Some(2.0), Some(0.0), Some(3.0)]);
        assert_eq!(efficient((&across, 1.0), (&up, 1.0)), [0]);
    }
}
