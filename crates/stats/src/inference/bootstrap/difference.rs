//! Whether one strategy's Sharpe ratio is better than another's.

use super::block_length::mean_block_length;
use super::interval::Interval;
use super::prefix::{Prefix, plus};
use super::resampler::{Blocks, Resampler};
use super::settings::Bootstrap;
use crate::inference::complete::{ROUNDING, are_complete};
use crate::inference::order::sorted;
use crate::measures::moments::{NEGLIGIBLE, mean};
use crate::measures::performance::{risk_free_excess, sharpe_ratio};

/// The difference of two Sharpe ratios and what chance has to do with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference and its symmetric studentized interval.
    pub interval: Interval,
    /// The standard error of the difference under dependence.
    pub standard_error: f64,
    /// Two-sided: how often chance alone gives a studentized difference at least as large.
    pub p_value: f64,
    /// Whether the interval excludes zero, which is `p_value <= 1 - level`.
    pub distinguishable: bool,
}

/// Compares the Sharpe ratios of two strategies by a studentized block bootstrap.
///
/// With `d` the difference, `d*` that of a resample and `s`, `s*` their standard errors, the
/// p value is `(1 + #{|d* - d| / s* >= |d| / s}) / (M + 1)` over the `M` resamples, and the interval
/// `d -+ c s` with `c` the `ceil(level (M + 1))`-th smallest of `|d* - d| / s*`. Studentizing makes
/// the interval keep its level in samples where percentiles are too narrow.
///
/// Standard errors are those of the mean of the influence values `u_t` of `d`, a linear function of
/// both returns and their squares. In a resample `s*^2 = sum (block sum of u*)^2 / T^2` over its
/// independent blocks. For the series `s^2 = (R(0) + 2 sum q^k R(k)) / T`, `R` the autocovariances
/// of `u`, `q = 1 - 1 / mean_block`, which is what the former is on average. The automatic block
/// length is that of `u`.
///
/// # Shape and units
/// Two series of `T` simple returns as fractions and the risk-free rate of the same dates, without
/// which it is 0; pure numbers per year. `None` if `T < 2`, lengths differ, a value is not finite,
/// a series does not vary, the two differ by a constant factor, a setting is outside its range, or
/// the resamples are too few for the level: `level (M + 1) > M`.
/// # Source
/// Ledoit & Wolf (2008), Robust Performance Hypothesis Testing with the Sharpe Ratio, Journal of
/// Empirical Finance 15(5), section 3.2; there with circular blocks of one length and another
/// kernel for `s`.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, sharpe_difference};
///
/// let noise = |t: i32, k: i32| f64::from(t * k % 101 - 50) * 1e-4;
/// let a: Vec<f64> = (0..1000).map(|t| 0.002 + noise(t, 7919)).collect();
/// let b: Vec<f64> = (0..1000).map(|t| noise(t, 6007)).collect();
/// let better = sharpe_difference(&a, &b, None, 252.0, &Bootstrap::default()).unwrap();
/// assert!(better.distinguishable && better.interval.low > 0.0);
/// // No strategy is better than itself.
/// assert_eq!(sharpe_difference(&a, &a, None, 252.0, &Bootstrap::default()), None);
/// ```
pub fn sharpe_difference(
    a: &[f64],
    b: &[f64],
    cash: Option<&[f64]>,
    periods_per_year: f64,
    settings: &Bootstrap,
) -> Option<Difference> {
    if !are_complete(&[a, b, cash.unwrap_or(a)], 2) {
        return None;
    }
    let (a, b) = (risk_free_excess(a, cash), risk_free_excess(b, cash));
    let estimate = sharpe_ratio(&a, periods_per_year)? - sharpe_ratio(&b, periods_per_year)?;
    let pair = Pair::new(&a, &b)?;
    let influence = pair.influence()?;
    let resampler = settings.resampler(a.len(), || mean_block_length(&influence))?;
    let error = standard_error(&influence, resampler.mean_block());
    let distances = pair.studentized_distances(&resampler, settings)?;
    // The ratios of the sample divide by `T`, those of the measures by `T - 1`.
    let rows = a.len() as f64;
    let scale = (periods_per_year * (rows - 1.0) / rows).sqrt();
    judge(estimate, error * scale, &distances, settings, resampler.mean_block())
}

/// The interval and the p value from `|d* - d| / s*`, in ascending order.
fn judge(
    estimate: f64,
    standard_error: f64,
    distances: &[f64],
    settings: &Bootstrap,
    mean_block: f64,
) -> Option<Difference> {
    if !(standard_error > NEGLIGIBLE && estimate.is_finite() && standard_error.is_finite()) {
        return None;
    }
    let (level, resamples) = (settings.level, distances.len());
    let rank = critical_rank(level, resamples)?;
    let half = distances[rank] * standard_error;
    let below = distances.partition_point(|distance| *distance < estimate.abs() / standard_error);
    let interval = Interval {
        estimate,
        low: estimate - half,
        high: estimate + half,
        level,
        resamples,
        mean_block,
    };
    Some(Difference {
        interval,
        standard_error,
        p_value: (1 + resamples - below) as f64 / (resamples + 1) as f64,
        // The distances up to the critical one are smaller than that of the estimate.
        distinguishable: below > rank,
    })
}

/// The position of the `ceil(level (M + 1))`-th smallest of `M`; `None` if there is no such one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 0..=M
fn critical_rank(level: f64, resamples: usize) -> Option<usize> {
    // A level of 0.95 is a little more than 95 %: 950 of 1,000 must not become 951.
    let rank = (level * (resamples + 1) as f64 - 1e-9).ceil() as usize;
    (rank <= resamples).then(|| rank.saturating_sub(1))
}

/// `sqrt((R(0) + 2 sum q^k R(k)) / T)`, the sum by a recursion instead of over all lags.
fn standard_error(influence: &[f64], mean_block: f64) -> f64 {
    let q = 1.0 - 1.0 / mean_block;
    let (mut sum, mut earlier) = (0.0, 0.0);
    for u in influence {
        sum += u * (u + 2.0 * earlier);
        earlier = q * (earlier + u);
    }
    let rows = influence.len() as f64;
    (sum.max(0.0) / rows).sqrt() / rows.sqrt()
}

/// Two series, ready to be resampled together.
struct Pair {
    means: [f64; 2],
    /// Of both deviations from the mean and of their squares.
    columns: Vec<[f64; 4]>,
    prefix: Prefix<4>,
}

/// A function of the four means of [`Pair`]'s columns, linear near them.
struct Linear {
    value: f64,
    gradient: [f64; 4],
    /// The gradient times the means.
    centre: f64,
}

impl Linear {
    /// The influence of `count` rows with these sums.
    #[inline]
    fn influence(&self, sums: &[f64; 4], count: f64) -> f64 {
        dot(&self.gradient, sums) - count * self.centre
    }
}

#[inline]
fn dot(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    (a[0] * b[0] + a[1] * b[1]) + (a[2] * b[2] + a[3] * b[3])
}

impl Pair {
    fn new(a: &[f64], b: &[f64]) -> Option<Self> {
        let means = [mean(a)?, mean(b)?];
        let columns = a.iter().zip(b).map(|(a, b)| {
            let (x, y) = (a - means[0], b - means[1]);
            [x, y, x * x, y * y]
        });
        let columns: Vec<[f64; 4]> = columns.collect();
        let prefix = Prefix::new(columns.iter().copied());
        Some(Self { means, columns, prefix })
    }

    /// The difference of the per-session ratios `mean / sqrt(variance)`, with divisor `T`.
    fn difference(&self, totals: [f64; 4]) -> Option<Linear> {
        let at = totals.map(|total| total / self.columns.len() as f64);
        let [a, b] = [0, 1].map(|side| Ratio::new(self.means[side], at[side], at[side + 2]));
        let (a, b) = (a?, b?);
        let gradient = [a.by_mean, -b.by_mean, a.by_square, -b.by_square];
        Some(Linear { value: a.value - b.value, gradient, centre: dot(&gradient, &at) })
    }

    /// The influence values of the difference, row by row.
    fn influence(&self) -> Option<Vec<f64>> {
        let difference = self.difference(self.prefix.total())?;
        Some(self.columns.iter().map(|row| difference.influence(row, 1.0)).collect())
    }

    /// `|d* - d| / s*` of the resamples in ascending order; `None` if half of them have none.
    fn studentized_distances(
        &self,
        resampler: &Resampler,
        settings: &Bootstrap,
    ) -> Option<Vec<f64>> {
        let estimate = self.difference(self.prefix.total())?.value;
        let resample = |sums: &mut Vec<_>, index| self.studentized(resampler.blocks(index), sums);
        let found = settings.each(Vec::new, resample).into_iter().flatten();
        let distances: Vec<f64> = found
            .map(|(difference, error)| (difference - estimate).abs() / error)
            .filter(|distance| distance.is_finite())
            .collect();
        (2 * distances.len() >= settings.resamples).then(|| sorted(&distances))
    }

    /// `d*` and `s*` of the resample of these blocks.
    fn studentized(
        &self,
        blocks: Blocks<'_>,
        sums: &mut Vec<([f64; 4], f64)>,
    ) -> Option<(f64, f64)> {
        sums.clear();
        sums.extend(blocks.map(|block| (self.prefix.over(block), block.length as f64)));
        let totals = sums.iter().fold([0.0; 4], |total, (sum, _)| plus(total, *sum));
        let difference = self.difference(totals)?;
        let influences = sums.iter().map(|(sum, count)| difference.influence(sum, *count));
        let squares: f64 = influences.map(|u| u * u).sum();
        Some((difference.value, squares.sqrt() / self.columns.len() as f64))
    }
}

/// A Sharpe ratio per session and its derivatives.
struct Ratio {
    value: f64,
    by_mean: f64,
    by_square: f64,
}

impl Ratio {
    /// From the mean deviation from `centre` and the mean square of it.
    fn new(centre: f64, deviation: f64, square: f64) -> Option<Self> {
        let variance = square - deviation * deviation;
        let least = (ROUNDING * square).max(NEGLIGIBLE * NEGLIGIBLE);
        if variance <= least {
            return None;
        }
        let (mean, sd) = (centre + deviation, variance.sqrt());
        let by_square = -0.5 * mean / (variance * sd);
        Some(Self { value: mean / sd, by_mean: 1.0 / sd - 2.0 * by_square * deviation, by_square })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, rows: usize) -> Vec<f64> {
        let mut generator = walkfolio_core::random::SplitMix64::stream(seed, 0);
        (0..rows).map(|_| 0.02 * (generator.unit() - 0.48)).collect()
    }

    #[test]
    fn derivatives_are_finite_differences() {
        let (centre, deviation, square, h) = (0.3, 0.1, 0.5, 1e-6);
        let ratio = Ratio::new(centre, deviation, square).unwrap();
        let value = |d: f64, s: f64| Ratio::new(centre, d, s).unwrap().value;
        let by_mean = (value(deviation + h, square) - value(deviation - h, square)) / (2.0 * h);
        let by_square = (value(deviation, square + h) - value(deviation, square - h)) / (2.0 * h);
        assert!((ratio.by_mean - by_mean).abs() < 1e-8);
        assert!((ratio.by_square - by_square).abs() < 1e-8);
    }

    #[test]
    fn the_recursion_is_the_sum_over_lags() {
        // q = 1/2, u = 1, 2, -3: R(0) = 14/3, R(1) = -4/3, R(2) = -1.
        // 14/3 + 2 (-4/6 - 1/4) = 17/6, over 3 rows.
        let error = standard_error(&[1.0, 2.0, -3.0], 2.0);
        assert!((error * error - 17.0 / 18.0).abs() < 1e-15);
    }

    #[test]
    fn the_critical_value_is_that_of_the_p_value() {
        assert_eq!(critical_rank(0.95, 999), Some(949));
        assert_eq!(critical_rank(0.9, 9), Some(8));
        assert_eq!(critical_rank(0.95, 9), None);
    }

    #[test]
    fn independent_rows_have_the_error_of_lo() {
        // Lo (2002): with independent normal-like rows and small ratios, sqrt((1 + 1) / T) for two
        // independent strategies.
        let (a, b) = (noise(1, 5000), noise(2, 5000));
        let settings = Bootstrap { mean_block: Some(1.0), ..Bootstrap::default() };
        let found = sharpe_difference(&a, &b, None, 1.0, &settings).unwrap();
        assert!((found.standard_error / (2.0_f64 / 5000.0).sqrt() - 1.0).abs() < 0.05);
    }

    #[test]
    fn the_interval_and_the_p_value_agree() {
        for seed in 0..40 {
            let (a, b) = (noise(seed, 200), noise(seed + 1000, 200));
            let a: Vec<f64> = a.iter().map(|r| r + 0.0006).collect();
            let settings = Bootstrap { resamples: 199, level: 0.9, seed, ..Bootstrap::default() };
            let found = sharpe_difference(&a, &b, None, 252.0, &settings).unwrap();
            let excludes = found.interval.low > 0.0 || found.interval.high < 0.0;
            assert_eq!(found.distinguishable, excludes, "{found:?}");
            assert_eq!(found.distinguishable, found.p_value <= 0.1 + 1e-12, "{found:?}");
        }
    }

    #[test]
    fn cash_is_taken_off_both() {
        let (a, b) = (noise(1, 300), noise(2, 300));
        let cash: Vec<f64> = (0..300).map(|t| f64::from(t % 5) * 1e-4).collect();
        let settings = Bootstrap { mean_block: Some(4.0), ..Bootstrap::default() };
        let [x, y] = [&a, &b].map(|r| risk_free_excess(r, Some(&cash)));
        let with = sharpe_difference(&a, &b, Some(&cash), 252.0, &settings);
        assert!(with.is_some());
        assert_eq!(with, sharpe_difference(&x, &y, None, 252.0, &settings));
    }

    #[test]
    fn nothing_to_compare() {
        let (a, settings) = (noise(1, 100), Bootstrap::default());
        let twice: Vec<f64> = a.iter().map(|r| 2.0 * r).collect();
        let flat = [0.001; 100];
        let few = Bootstrap { resamples: 10, ..settings.clone() };
        assert_eq!(sharpe_difference(&a, &flat, None, 252.0, &settings), None);
        assert_eq!(sharpe_difference(&a, &twice, None, 252.0, &settings), None);
        assert_eq!(sharpe_difference(&a, &a[1..], None, 252.0, &settings), None);
        assert_eq!(sharpe_difference(&a, &noise(2, 100), Some(&a[1..]), 252.0, &settings), None);
        assert_eq!(sharpe_difference(&a, &noise(2, 100), None, 252.0, &few), None);
        assert_eq!(sharpe_difference(&[], &[], None, 252.0, &settings), None);
    }
}
