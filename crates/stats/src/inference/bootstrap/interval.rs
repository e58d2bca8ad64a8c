//! The percentile interval.

use super::block_length::mean_block_length;
use super::resampler::Twice;
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
    intervals(series, &[&statistic], settings).pop().flatten()
}

/// A figure of resampled series.
pub type Statistic<'a> = &'a (dyn Fn(&[&[f64]]) -> Option<f64> + Sync);

/// The [`interval`]s of several figures of the same series, which are resampled once for all of them.
///
/// # Shape and units
/// As of [`interval`], one for each statistic.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, interval, intervals};
///
/// let x: Vec<f64> = (0..200).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let first = |series: &[&[f64]]| series[0].first().copied();
/// let sum = |series: &[&[f64]]| Some(series[0].iter().sum::<f64>());
/// let found = intervals(&[&x], &[&first, &sum], &Bootstrap::default());
/// assert_eq!(found[1], interval(&[&x], sum, &Bootstrap::default()));
/// ```
pub fn intervals(
    series: &[&[f64]],
    statistics: &[Statistic<'_>],
    settings: &Bootstrap,
) -> Vec<Option<Interval>> {
    let none = || vec![None; statistics.len()];
    let longest = || series.iter().map(|s| mean_block_length(s)).fold(1.0, f64::max);
    let rows = series.first().map_or(0, |series| series.len());
    if !are_complete(series, 2) {
        return none();
    }
    let Some(resampler) = settings.resampler(rows, longest) else { return none() };
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let estimates: Vec<Option<f64>> =
        statistics.iter().map(|statistic| finite(statistic(series))).collect();
    if estimates.iter().all(Option::is_none) {
        return none();
    }
    let twice: Vec<Twice<f64>> = series.iter().map(|series| Twice::new(series)).collect();
    let figures = |copies: &mut Vec<Vec<f64>>, index| {
        resampler.resample(resampler.blocks(index), &twice, copies);
        let copies: Vec<&[f64]> = copies.iter().map(|copy| &copy[..rows]).collect();
        statistics.iter().map(|statistic| finite(statistic(&copies))).collect()
    };
    let resampled: Vec<Vec<Option<f64>>> =
        settings.each(|| vec![Vec::new(); series.len()], figures);
    let of = |(place, estimate): (usize, &Option<f64>)| {
        let own: Vec<f64> = resampled.iter().filter_map(|figures| figures[place]).collect();
        Interval::percentile((*estimate)?, &own, settings, resampler.mean_block())
    };
    estimates.iter().enumerate().map(of).collect()
}
