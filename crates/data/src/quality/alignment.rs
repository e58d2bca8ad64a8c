//! Series that move a day before or after the others.

use std::ops::Range;

use walkfolio_core::Ticker;

use super::finding::{Finding, Kind, Severity, period};
use super::moves::Habit;
use super::panel::{Column, Panel};
use super::stats::{correlation, median};

/// Rows that are compared at once.
const WINDOW: usize = 250;
/// Returns without which half a window says nothing.
const LEAST_PAIRS: usize = 50;
/// A shifted series follows the others at least so closely on the other day ..
const LEAST_CORRELATION: f64 = 0.35;
/// .. and by so much more than on the same day: five standard errors of a window.
const LEAST_GAIN: f64 = 0.3;
/// Either half of a window shows it to so large a part: a wild month is no alignment.
const HALF: f64 = 0.5;
/// Returns count up to so many deviations: one wild day is no alignment.
const LARGEST_RETURN: f64 = 4.0;

/// Assets, or the benchmark, whose returns follow the others' a day early or late.
///
/// In windows of 250 rows, the correlation of an asset's returns with the median return of the
/// others, at lags -1, 0 and 1. A shift shows as 0.35 or more at a lag that exceeds lag 0 by 0.3,
/// and in either half of the window by half as much.
/// Neighbouring windows are one finding, an error; the value is the lag in rows, positive where
/// the asset is late. What hardly follows the others (gold, a Treasury fund) cannot be judged.
/// With two series, the second is judged by the first.
pub(crate) fn find(panel: &Panel, habits: &[Habit]) -> Vec<Finding> {
    let judged = match panel.columns.len() {
        0 | 1 => return Vec::new(),
        2 => 1..2,
        n => 0..n,
    };
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); panel.columns.len()];
    for first in (0..panel.dates.len()).step_by(WINDOW) {
        let last = (first + WINDOW).min(panel.dates.len());
        let window = Window::new(panel, habits, first..last);
        for asset in judged.clone() {
            let Some(lag) = window.lag(asset) else { continue };
            match runs[asset].last_mut() {
                Some(run) if run.lag == lag && run.last == first => run.last = last,
                _ => runs[asset].push(Run { lag, first, last }),
            }
        }
    }
    let asset = |(column, runs): (&Column, Vec<Run>)| {
        let ticker = &column.ticker;
        runs.into_iter().map(|run| run.finding(panel, ticker)).collect::<Vec<_>>()
    };
    panel.columns.iter().zip(runs).flat_map(asset).collect()
}

/// Neighbouring windows in which an asset has the same lag.
#[derive(Clone)]
struct Run {
    lag: i8,
    first: usize,
    last: usize,
}

impl Run {
    fn finding(&self, panel: &Panel, ticker: &Ticker) -> Finding {
        let span = (panel.dates[self.first], panel.dates[self.last - 1]);
        let way = if self.lag > 0 { "late" } else { "early" };
        let message =
            format!("{ticker} moves a row {way} against the others {}", period(span.0, span.1));
        let finding = Finding::new(Kind::Misaligned, Severity::Error, span, message);
        finding.of(ticker).sized(f64::from(self.lag))
    }
}

/// The returns of some rows, with the row before and the row after.
struct Window {
    /// Counted from the first row that is there.
    rows: Range<usize>,
    /// By asset.
    returns: Vec<Vec<Option<f64>>>,
    /// The sorted returns of each row, from which the median of all but one is read.
    sorted: Vec<Vec<f64>>,
}

impl Window {
    fn new(panel: &Panel, habits: &[Habit], rows: Range<usize>) -> Self {
        let from = rows.start.saturating_sub(1);
        let near = from..(rows.end + 1).min(panel.dates.len());
        let asset = |(column, habit): (&Column, &Habit)| {
            habit.bounded(column, near.clone(), LARGEST_RETURN)
        };
        let returns: Vec<Vec<Option<f64>>> = panel.columns.iter().zip(habits).map(asset).collect();
        let sorted = |row: usize| {
            let mut day: Vec<f64> = returns.iter().filter_map(|asset| asset[row]).collect();
            day.sort_unstable_by(f64::total_cmp);
            day
        };
        let sorted = (0..near.len()).map(sorted).collect();
        Self { rows: rows.start - from..rows.end - from, returns, sorted }
    }

    /// The lag at which an asset follows the others.
    fn lag(&self, asset: usize) -> Option<i8> {
        let own = &self.returns[asset];
        match &self.returns[..] {
            [first, _] => lag(own, first, self.rows.clone()),
            _ => lag(own, &self.without(own), self.rows.clone()),
        }
    }

    /// The median of each row without one asset's return.
    fn without(&self, own: &[Option<f64>]) -> Vec<Option<f64>> {
        let middle = |(day, own): (&Vec<f64>, &Option<f64>)| {
            let Some(own) = own else { return (!day.is_empty()).then(|| median(day.clone())) };
            let left = day.len().checked_sub(1).filter(|left| *left > 0)?;
            let at = (left - 1) / 2;
            let place = day.partition_point(|value| value < own);
            day.get(at + usize::from(place <= at)).copied()
        };
        self.sorted.iter().zip(own).map(middle).collect()
    }
}

/// The lag at which a series follows its reference, if it is not 0.
fn lag(own: &[Option<f64>], reference: &[Option<f64>], rows: Range<usize>) -> Option<i8> {
    let middle = usize::midpoint(rows.start, rows.end);
    let halves = [rows.start..middle, middle..rows.end];
    [1, -1].into_iter().find(|&lag| {
        let follows = |rows: &Range<usize>, part: f64| {
            let (there, same) = (at(own, reference, rows, lag), at(own, reference, rows, 0));
            let (Some(there), Some(same)) = (there, same) else { return false };
            there >= part * LEAST_CORRELATION && there - same >= part * LEAST_GAIN
        };
        follows(&rows, 1.0) && halves.iter().all(|half| follows(half, HALF))
    })
}

/// The correlation of returns with those of the reference, so many rows earlier.
fn at(own: &[Option<f64>], reference: &[Option<f64>], rows: &Range<usize>, lag: i8) -> Option<f64> {
    let pair = |row: usize| {
        let other = row.checked_add_signed(-isize::from(lag))?;
        Some((own[row]?, (*reference.get(other)?)?))
    };
    let pairs: Vec<(f64, f64)> = rows.clone().filter_map(pair).collect();
    (pairs.len() >= LEAST_PAIRS).then(|| correlation(&pairs))
}
