//! The percentile interval.

use rayon::prelude::*;

use super::block_length::mean_block_length;
use super::settings::Bootstrap;
use crate::inference::complete::are_complete;
use crate::inference::order::{quantile, sorted};

/// A figure and where its true value may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The figure of the series itself.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The share of cases that the interval should cover.
    pub level: f64,
    /// How many resamples the ends were taken from: those in which the figure was defined.
    pub resamples: usize,
    /// The mean length of a block in rows.
    pub mean_block: f64,
}

impl Interval {
    /// Between the `(1 - level) / 2` and `(1 + level) / 2` quantiles of the resampled figures;
    /// `None` if fewer than half of the resamples have one.
    pub(super) fn percentile(
        estimate: f64,
        resampled: &[f64],
        settings: &Bootstrap,
        mean_block: f64,
    ) -> Option<Self> {
        if 2 * resampled.len() < settings.resamples {
            return None;
        }
        let ordered = sorted(resampled);
        let tail = (1.0 - settings.level) / 2.0;
        let (low, high) = (quantile(&ordered, tail)?, quantile(&ordered, 1.0 - tail)?);
        let (level, resamples) = (settings.level, resampled.len());
        Some(Self { estimate, low, high, level, resamples, mean_block })
    }
}

/// The percentile interval of any figure of series that are resampled together.
///
/// The automatic mean block is the longest of the series'. The resamples run in parallel; their
/// result does not depend on the threads.
///
/// # Shape and units
/// One or more series of `T` values, same dates; the `statistic` gets as many of the same length
/// and order, and its value has its own unit. `None` if `T < 2`, lengths differ, a value is not
/// finite, a setting is outside its range, or the statistic has no finite value for the series or
/// for half of the resamples.
/// # Source
/// Politis & Romano (1994); the percentile interval: Efron & Tibshirani (1993), An Introduction to
/// the Bootstrap, ch. 13.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, interval};
/// use walkfolio_stats::measures::relative::least_squares;
///
/// // Rows stay together: y = 2 x has the slope 2 in every resample.
/// let (x, y) = ([0.0, 0.01, -0.02, 0.03], [0.0, 0.02, -0.04, 0.06]);
/// let beta = |series: &[&[f64]]| Some(least_squares(series[0], series[1])?.slope);
/// let interval = interval(&[&x, &y], beta, &Bootstrap::default()).unwrap();
/// assert!((interval.low - 2.0).abs() < 1e-12 && (interval.high - 2.0).abs() < 1e-12);
/// ```
pub fn interval<S>(series: &[&[f64]], statistic: S, settings: &Bootstrap) -> Option<Interval>
where
    S: Fn(&[&[f64]]) -> Option<f64> + Sync,
{
    if !are_complete(series, 2) {
        return None;
    }
    let longest = || series.iter().map(|s| mean_block_length(s)).fold(1.0, f64::max);
    let resampler = settings.resampler(series[0].len(), longest)?;
    let estimate = statistic(series).filter(|value| value.is_finite())?;
    let figure = |copies: &mut Vec<Vec<f64>>, index| {
        if settings.interrupt.is_raised() {
            return None;
        }
        resampler.resample(index, series, copies);
        let copies: Vec<&[f64]> = copies.iter().map(Vec::as_slice).collect();
        statistic(&copies).filter(|value| value.is_finite())
    };
    let resampled: Vec<Option<f64>> = (0..settings.resamples)
        .into_par_iter()
        .map_init(|| vec![Vec::new(); series.len()], figure)
        .collect();
    let resampled: Vec<f64> = resampled.into_iter().flatten().collect();
    Interval::percentile(estimate, &resampled, settings, resampler.mean_block())
}
