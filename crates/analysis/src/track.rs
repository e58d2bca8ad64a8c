//! What a series of returns shows by itself and against its benchmark: its worst drawdowns, trailing
//! returns, best and worst periods, months, capture and episodes of stress.
//!
//! Nothing here needs a study: the same figures are taken from a backtest and from any series of returns.

mod capture;
mod drawdowns;
mod episodes;
mod months;
mod periodic;
mod series;
#[cfg(test)]
mod tests;
mod trailing;

use serde::Serialize;

pub use capture::Capture;
pub use drawdowns::Drawdown;
pub use episodes::EpisodeReturn;
pub use months::Months;
pub use periodic::{Extreme, Periodic};
pub use series::Series;
pub use trailing::Trailing;

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
