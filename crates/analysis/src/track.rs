//! What a series of returns shows by itself and against its benchmark: its worst drawdowns, trailing
//! returns, best and worst periods, months, capture and episodes of stress.
//!
//! Nothing here needs a study: the same figures are taken from a backtest and from any series of returns.

mod capture;
mod drawdowns;
mod episodes;
mod months;
mod periodic;
mod trailing;

use std::ops::Range;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::ReturnRow;
use walkfolio_stats::measures::performance::final_wealth;

pub use capture::Capture;
pub use drawdowns::Drawdown;
pub use episodes::EpisodeReturn;
pub use months::Months;
pub use periodic::{Extreme, Periodic};
pub use trailing::Trailing;

/// Returns of a portfolio and, where it has one, of its benchmark.
///
/// # Shape and units
/// As many dates as returns; simple returns after costs as fractions. `benchmark` is empty where there is
/// none, else one entry a date, none where it has no return.
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, track::Series};
///
/// let series = Series {
///     dates: vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)],
///     own: vec![0.1, 0.1],
///     benchmark: Vec::new(),
/// };
/// assert!((series.earned(0..2) - 0.21).abs() < 1e-15);
/// assert_eq!(series.benchmark_earned(0..2), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The date at whose end each return is earned.
    pub dates: Vec<Date>,
    /// The portfolio's returns.
    pub own: Vec<f64>,
    /// The benchmark's.
    pub benchmark: Vec<Option<f64>>,
}

impl Series {
    /// The returns of a backtest.
    pub fn of(rows: &[ReturnRow]) -> Self {
        let compared = rows.iter().any(|row| row.benchmark.is_some());
        let benchmark = rows.iter().filter(|_| compared).map(|row| row.benchmark);
        Self {
            dates: rows.iter().map(|row| row.date).collect(),
            own: rows.iter().map(|row| row.portfolio).collect(),
            benchmark: benchmark.collect(),
        }
    }

    /// The portfolio's compounded return over some rows.
    pub fn earned(&self, rows: Range<usize>) -> f64 {
        final_wealth(&self.own[rows]) - 1.0
    }

    /// The benchmark's over the same rows; none where it lacks one of them.
    pub fn benchmark_earned(&self, rows: Range<usize>) -> Option<f64> {
        Some(final_wealth(&self.of_benchmark(rows)?) - 1.0)
    }

    /// The benchmark's returns of some rows, where it has them all.
    fn of_benchmark(&self, rows: Range<usize>) -> Option<Vec<f64>> {
        let returns = self.benchmark.get(rows)?;
        returns.iter().copied().collect::<Option<_>>().filter(|found: &Vec<f64>| !found.is_empty())
    }

    /// The rows of each group of neighbours that have the same key, in order.
    fn groups<K: PartialEq>(&self, key: impl Fn(Date) -> K) -> Vec<Range<usize>> {
        let mut start = 0;
        let groups = self.dates.chunk_by(|a, b| key(*a) == key(*b)).map(|group| {
            let rows = start..start + group.len();
            start = rows.end;
            rows
        });
        groups.collect()
    }
}

/// The figures of a series of returns.
///
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, track::{Series, Track}};
///
/// let day = |day| Date::constant(2024, 1, day);
/// let series = Series {
///     dates: vec![day(2), day(3), day(4)],
///     own: vec![0.10, -0.50, 1.20],
///     benchmark: Vec::new(),
/// };
/// let found = Track::of(&series, 252.0);
/// // Half is lost on the third of January, and regained the day after.
/// let worst = &found.drawdowns[0];
/// assert_eq!((worst.depth, worst.trough), (-0.5, day(3)));
/// assert_eq!((worst.peak, worst.recovery), (Some(day(2)), Some(day(4))));
/// // No year, quarter or month ends before this series begins.
/// assert_eq!(found.trailing.len(), 1);
/// assert!((found.trailing[0].own - 0.21).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Track {
    /// The ten worst drawdowns, the worst first.
    pub drawdowns: Vec<Drawdown>,
    /// Returns up to the last date: of its month, quarter and year, of 1, 3, 5 and 10 years, and of all.
    pub trailing: Vec<Trailing>,
    /// By the length of the period: how often it gained, and the best and the worst.
    pub periodic: Vec<Periodic>,
    /// The distribution of monthly returns, where there are twelve.
    pub months: Option<Months>,
    /// How much of the benchmark's ups and downs the portfolio had, where there are months of both.
    pub capture: Option<Capture>,
    /// Returns in known episodes of stress that the series covers from beginning to end.
    pub episodes: Vec<EpisodeReturn>,
}

impl Track {
    /// Takes every figure from a series.
    pub fn of(series: &Series, periods_per_year: f64) -> Self {
        Self {
            drawdowns: drawdowns::worst(series),
            trailing: trailing::all(series, periods_per_year),
            periodic: periodic::all(series),
            months: Months::of(series),
            capture: Capture::of(series),
            episodes: episodes::covered(series, periods_per_year),
        }
    }
}
