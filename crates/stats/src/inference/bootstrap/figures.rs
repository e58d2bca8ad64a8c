//! Fast intervals for the figures of one series that need only its mean and its variance.

use super::block_length::mean_block_length;
use super::interval::Interval;
use super::prefix::{Prefix, plus};
use super::resampler::{Block, Blocks};
use super::settings::Bootstrap;
use crate::inference::complete::{ROUNDING, are_complete};
use crate::measures::moments::{NEGLIGIBLE, mean, standard_deviation};
use crate::measures::performance;

/// Interval of the arithmetic annual return, see [`performance::mean_return_annual`].
///
/// # Shape and units
/// `T` simple returns as fractions; fractions per year. `None` if `T < 2`, a value is not finite or
/// a setting outside its range.
/// # Source
/// Politis & Romano (1994); Efron & Tibshirani (1993), ch. 13, for the percentile interval.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, mean_return_annual};
///
/// let returns: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let found = mean_return_annual(&returns, 252.0, &Bootstrap::default()).unwrap();
/// assert!(found.low < found.estimate && found.estimate < found.high);
/// ```
pub fn mean_return_annual(
    returns: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Interval> {
    let sample = Sample::new(returns)?;
    let estimate = performance::mean_return_annual(returns, periods_per_year)?;
    sample.interval(estimate, |x| x, |m| Some(m.mean * periods_per_year), settings)
}

/// Interval of the annual volatility, see [`performance::volatility`].
///
/// The automatic block length is that of the squared deviations, whose mean the variance is.
///
/// # Shape and units
/// `T` simple returns as fractions; fractions per year. `None` as for [`mean_return_annual`].
/// # Source
/// Politis & Romano (1994); Efron & Tibshirani (1993), ch. 13, for the percentile interval.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, volatility};
///
/// let returns: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let found = volatility(&returns, 252.0, &Bootstrap::default()).unwrap();
/// assert!(found.low < found.estimate && found.estimate < found.high);
/// ```
pub fn volatility(
    returns: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Interval> {
    let sample = Sample::new(returns)?;
    let root = periods_per_year.sqrt();
    let estimate = performance::volatility(returns, periods_per_year)?;
    sample.interval(estimate, |x| x * x, |m| Some(m.deviation * root), settings)
}

/// Interval of the Sharpe ratio, see [`performance::sharpe_ratio`].
///
/// The automatic block length is that of the ratio's influence values
/// `z_t - SR (z_t^2 - 1) / 2`, `z_t` the standardized returns: to first order the ratio is their
/// mean, and the rule is made for means.
///
/// # Shape and units
/// `T` excess returns as fractions; pure numbers per year. `None` as for
/// [`mean_return_annual`], or if they do not vary.
/// # Source
/// Lo (2002), The Statistics of Sharpe Ratios, Financial Analysts Journal 58(4), for the influence
/// values.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, sharpe_ratio};
///
/// let excess: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let interval = sharpe_ratio(&excess, 252.0, &Bootstrap::default()).unwrap();
/// assert!(interval.low < interval.estimate && interval.estimate < interval.high);
/// ```
pub fn sharpe_ratio(
    excess: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Interval> {
    let sample = Sample::new(excess)?;
    let root = periods_per_year.sqrt();
    let estimate = performance::sharpe_ratio(excess, periods_per_year)?;
    let deviation = standard_deviation(excess)?;
    let ratio = sample.mean / deviation;
    let influence = |x: f64| {
        let z = x / deviation;
        z - ratio * (z * z - 1.0) / 2.0
    };
    let statistic = |m: Moments| (m.deviation > NEGLIGIBLE).then(|| m.mean * root / m.deviation);
    sample.interval(estimate, influence, statistic, settings)
}

/// Interval of the tracking error, the [`volatility`] of active returns.
///
/// # Shape and units
/// `T` active returns as fractions; fractions per year. `None` as for [`mean_return_annual`].
/// # Source
/// As for [`volatility`].
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, tracking_error};
///
/// let active: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let found = tracking_error(&active, 252.0, &Bootstrap::default()).unwrap();
/// assert!(found.low < found.estimate && found.estimate < found.high);
/// ```
pub fn tracking_error(
    active: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Interval> {
    volatility(active, periods_per_year, settings)
}

/// Interval of the information ratio, the [`sharpe_ratio`] of active returns.
///
/// # Shape and units
/// `T` active returns as fractions; pure numbers per year. `None` as for [`mean_return_annual`], or
/// if they do not vary.
/// # Source
/// As for [`sharpe_ratio`].
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, information_ratio};
///
/// let active: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let found = information_ratio(&active, 252.0, &Bootstrap::default()).unwrap();
/// assert!(found.low < found.estimate && found.estimate < found.high);
/// ```
pub fn information_ratio(
    active: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Interval> {
    sharpe_ratio(active, periods_per_year, settings)
}

/// The first two moments of a resample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    mean: f64,
    /// With `n - 1`.
    pub(super) deviation: f64,
}

/// A series, ready to be resampled.
pub(super) struct Sample {
    mean: f64,
    deviations: Vec<f64>,
    /// Of the deviations from the mean and their squares.
    prefix: Prefix<2>,
}

impl Sample {
    pub(super) fn new(series: &[f64]) -> Option<Self> {
        if !are_complete(&[series], 2) {
            return None;
        }
        let mean = mean(series)?;
        let deviations: Vec<f64> = series.iter().map(|value| value - mean).collect();
        let prefix = Prefix::new(deviations.iter().map(|x| [*x, x * x]));
        Some(Self { mean, deviations, prefix })
    }

    /// The percentile interval of a function of the moments whose influence values are a function
    /// of the deviations from the mean.
    fn interval(
        &self,
        estimate: f64,
        influence: impl Fn(f64) -> f64,
        statistic: impl Fn(Moments) -> Option<f64> + Sync,
        settings: &Bootstrap,
    ) -> Option<Interval> {
        let automatic = || {
            let values: Vec<f64> = self.deviations.iter().map(|x| influence(*x)).collect();
            mean_block_length(&values)
        };
        let resampler = settings.resampler(self.deviations.len(), automatic)?;
        let figure = |(): &mut (), index| statistic(self.moments(resampler.blocks(index)));
        let resampled = settings.each(|| (), figure);
        let resampled: Vec<f64> =
            resampled.into_iter().flatten().filter(|value| value.is_finite()).collect();
        let estimate = Some(estimate).filter(|value| value.is_finite())?;
        Interval::percentile(estimate, &resampled, settings, resampler.mean_block())
    }

    fn moments(&self, blocks: Blocks<'_>) -> Moments {
        self.moments_of(blocks.fold([0.0; 2], |sums, block| plus(sums, self.over(block))))
    }

    /// The sums of the deviations and of their squares over a block.
    #[inline]
    pub(super) fn over(&self, block: Block) -> [f64; 2] {
        self.prefix.over(block)
    }

    /// The moments of as many rows as the sample has, with these sums.
    pub(super) fn moments_of(&self, sums: [f64; 2]) -> Moments {
        let rows = self.deviations.len() as f64;
        let squares = sums[1] - sums[0] * sums[0] / rows;
        let variance = if squares > ROUNDING * sums[1] { squares / (rows - 1.0) } else { 0.0 };
        Moments { mean: self.mean + sums[0] / rows, deviation: variance.sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::bootstrap::interval;
    use crate::measures::performance::risk_free_excess;

    fn series() -> Vec<f64> {
        (0..300).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect()
    }

    #[test]
    fn sums_over_blocks_are_sums_over_rows() {
        let returns = series();
        let settings = Bootstrap { mean_block: Some(6.0), seed: 5, ..Bootstrap::default() };
        let fast = [
            mean_return_annual(&returns, 252.0, &settings),
            volatility(&returns, 252.0, &settings),
            sharpe_ratio(&risk_free_excess(&returns, None), 252.0, &settings),
        ];
        let slow = [
            interval(&[&returns], |s| performance::mean_return_annual(s[0], 252.0), &settings),
            interval(&[&returns], |s| performance::volatility(s[0], 252.0), &settings),
            interval(&[&returns], |s| performance::sharpe_ratio(s[0], 252.0), &settings),
        ];
        for (fast, slow) in fast.iter().zip(&slow) {
            let (fast, slow) = (fast.unwrap(), slow.unwrap());
            assert_eq!(fast.estimate.to_bits(), slow.estimate.to_bits());
            assert!((fast.low - slow.low).abs() < 1e-12, "{fast:?} {slow:?}");
            assert!((fast.high - slow.high).abs() < 1e-12, "{fast:?} {slow:?}");
        }
    }

    #[test]
    fn a_constant_has_a_mean_and_no_ratio() {
        let settings = Bootstrap::default();
        let mean = mean_return_annual(&[0.01; 50], 252.0, &settings).unwrap();
        assert!((mean.low - 2.52).abs() < 1e-12 && (mean.high - 2.52).abs() < 1e-12);
        assert_eq!(sharpe_ratio(&[0.01; 50], 252.0, &settings), None);
        assert_eq!(information_ratio(&[0.0; 50], 252.0, &settings), None);
        assert!(tracking_error(&[0.0; 50], 252.0, &settings).unwrap().high.abs() < 1e-300);
    }

    #[test]
    fn nothing_without_rows_or_with_wrong_settings() {
        let settings = Bootstrap::default();
        assert_eq!(volatility(&[0.01], 252.0, &settings), None);
        for wrong in [
            Bootstrap { resamples: 0, ..settings.clone() },
            Bootstrap { level: 1.0, ..settings.clone() },
            Bootstrap { level: f64::NAN, ..settings.clone() },
            Bootstrap { mean_block: Some(0.0), ..settings.clone() },
            Bootstrap { mean_block: Some(f64::INFINITY), ..settings.clone() },
        ] {
            assert_eq!(volatility(&series(), 252.0, &wrong), None, "{wrong:?}");
        }
    }
}
