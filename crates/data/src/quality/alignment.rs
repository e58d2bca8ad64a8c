//! Series that move a day before or after the others.

use std::ops::Range;

use super::finding::{Finding, Kind, Severity, period};
use super::moves::Path;
use super::panel::Panel;
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
pub(crate) fn find(panel: &Panel, paths: &[Path]) -> Vec<Finding> {
    let returns: Vec<Vec<Option<f64>>> =
        paths.iter().map(|path| bounded(path, panel.dates.len())).collect();
    let judged = match returns.len() {
        0 | 1 => return Vec::new(),
        2 => 1..2,
        n => 0..n,
    };
    let others = Others::new(&returns, panel.dates.len());
    judged.flat_map(|asset| judge(panel, asset, &returns, &others)).collect()
}

fn judge(
    panel: &Panel,
    asset: usize,
    returns: &[Vec<Option<f64>>],
    others: &Others,
) -> Vec<Finding> {
    let reference = match returns {
        [first, _] => first.clone(),
        _ => others.without(&returns[asset]),
    };
    let rows = panel.dates.len();
    let mut runs: Vec<(i8, usize, usize)> = Vec::new();
    for first in (0..rows).step_by(WINDOW) {
        let last = (first + WINDOW).min(rows);
        let Some(lag) = lag(&returns[asset], &reference, first..last) else { continue };
        match runs.last_mut() {
            Some(run) if run.0 == lag && run.2 == first => run.2 = last,
            _ => runs.push((lag, first, last)),
        }
    }
    let ticker = &panel.columns[asset].ticker;
    let finding = |(lag, first, last): (i8, usize, usize)| {
        let span = (panel.dates[first], panel.dates[last - 1]);
        let way = if lag > 0 { "late" } else { "early" };
        let message =
            format!("{ticker} moves a row {way} against the others {}", period(span.0, span.1));
        let finding = Finding::new(Kind::Misaligned, Severity::Error, span, message);
        finding.of(ticker).sized(f64::from(lag))
    };
    runs.into_iter().map(finding).collect()
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

/// An asset's returns by row, cut at four deviations.
fn bounded(path: &Path, rows: usize) -> Vec<Option<f64>> {
    let mut returns = vec![None; rows];
    for (place, step) in path.moves.iter().enumerate().skip(1) {
        // A return over a gap belongs to no day.
        if step.rows == 1 && step.scale.is_finite() {
            let limit = LARGEST_RETURN * step.scale;
            returns[path.rows[place]] = Some(step.log.clamp(-limit, limit));
        }
    }
    returns
}

/// The sorted returns of each row, from which the median of all but one is read.
struct Others {
    rows: Vec<Vec<f64>>,
}

impl Others {
    fn new(returns: &[Vec<Option<f64>>], rows: usize) -> Self {
        let sorted = |row: usize| {
            let mut day: Vec<f64> = returns.iter().filter_map(|asset| asset[row]).collect();
            day.sort_unstable_by(f64::total_cmp);
            day
        };
        Self { rows: (0..rows).map(sorted).collect() }
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
        self.rows.iter().zip(own).map(middle).collect()
    }
}
