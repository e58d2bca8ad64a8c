//! The distribution of returns versus the normal distribution fitted to it.

use super::complete::are_finite;
use super::normal;
use super::order::{quantile, sorted};
use crate::measures::moments::{NEGLIGIBLE, mean, standard_deviation};
use crate::measures::shape::{excess_kurtosis, skewness};

/// The most bins: an outlier a thousand widths away must not fill the memory.
const MOST_BINS: usize = 1000;

/// How many bins a histogram has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bins {
    /// As many as bins of the width `2 IQR / T^(1/3)` fill the range (Freedman & Diaconis 1981), of
    /// Scott's `3.49 s / T^(1/3)` (1979) if half of the returns are the same; at most 1,000.
    Automatic,
    /// So many, from 1 to 1,000.
    Count(usize),
}

/// How often values fall into bins of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The lower end of the first bin: the smallest value.
    pub low: f64,
    /// The width of a bin. The last one ends at the largest value, which is in it.
    pub width: f64,
    /// How many values each bin holds.
    pub counts: Vec<usize>,
}

impl Histogram {
    /// The lower and upper end of a bin.
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::normal_fit::Histogram;
    ///
    /// let histogram = Histogram { low: -1.0, width: 0.5, counts: vec![1, 0, 2] };
    /// assert_eq!(histogram.edges(2), (0.0, 0.5));
    /// ```
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        (self.low + self.width * bin as f64, self.low + self.width * (bin + 1) as f64)
    }
}

/// A point of the quantile-quantile plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantilePair {
    /// What the fitted normal distribution has at the point's share.
    pub normal: f64,
    /// What the returns have.
    pub observed: f64,
}

/// Returns, and the normal distribution with their mean and standard deviation.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalFit {
    /// How many returns.
    pub observations: usize,
    /// The mean of both.
    pub mean: f64,
    /// The standard deviation of both, with `n - 1`.
    pub standard_deviation: f64,
    /// Population skewness.
    pub skewness: f64,
    /// Population kurtosis in excess of 3.
    pub excess_kurtosis: f64,
    /// `T / 6 (S^2 + K^2 / 4)`: 0 where the shape is normal.
    pub jarque_bera: f64,
    /// How often normal returns have a statistic as large, `exp(-JB / 2)`: chi-squared with two
    /// degrees of freedom, which is exact for many returns only.
    pub p_value: f64,
    /// The histogram of the returns.
    pub histogram: Histogram,
    /// One point a return in ascending order, at the shares `(i - 1/2) / T`.
    pub quantiles: Vec<QuantilePair>,
}

impl NormalFit {
    /// How many returns the normal distribution expects in each bin of the histogram.
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::normal_fit::{Bins, normal_fit};
    ///
    /// // Two opposite returns: the bins meet at the mean, and each expects as many.
    /// let fit = normal_fit(&[-0.01, 0.01], Bins::Count(2)).unwrap();
    /// let expected = fit.expected_counts();
    /// assert!((expected[0] - expected[1]).abs() < 1e-12);
    /// ```
    pub fn expected_counts(&self) -> Vec<f64> {
        let below = |value: f64| normal::cdf((value - self.mean) / self.standard_deviation);
        let share = |bin| {
            let (low, high) = self.histogram.edges(bin);
            below(high) - below(low)
        };
        let bins = 0..self.histogram.counts.len();
        bins.map(|bin| self.observations as f64 * share(bin)).collect()
    }
}

/// Fits a normal distribution to returns and says how far they are from it.
///
/// # Shape and units
/// `T` returns as fractions, in any order; so are mean, deviation, bins and points. `None` if
/// `T < 2`, they do not vary, a value is not finite, or the bins are outside their range.
/// # Source
/// Jarque & Bera (1987), A Test for Normality of Observations and Regression Residuals,
/// International Statistical Review 55(2); plotting positions of Hazen (1914).
/// # Examples
/// ```
/// use walkfolio_stats::inference::normal_fit::{Bins, normal_fit};
///
/// let fit = normal_fit(&[0.0, 0.0, 3.0], Bins::Count(3)).unwrap();
/// assert_eq!(fit.histogram.counts, [2, 0, 1]);
/// // S^2 = 1/2 and K = -3/2: 3/6 (1/2 + 9/16) = 17/32.
/// assert!((fit.jarque_bera - 17.0 / 32.0).abs() < 1e-14);
/// // The middle one of three points is the median.
/// assert_eq!((fit.quantiles[1].normal, fit.quantiles[1].observed), (1.0, 0.0));
/// ```
pub fn normal_fit(returns: &[f64], bins: Bins) -> Option<NormalFit> {
    if !are_finite(returns) {
        return None;
    }
    let standard_deviation = standard_deviation(returns).filter(|sd| *sd > NEGLIGIBLE)?;
    let (mean, ordered) = (mean(returns)?, sorted(returns));
    let (skewness, excess_kurtosis) = (skewness(returns)?, excess_kurtosis(returns)?);
    let shape = skewness * skewness + excess_kurtosis * excess_kurtosis / 4.0;
    let jarque_bera = returns.len() as f64 / 6.0 * shape;
    Some(NormalFit {
        observations: returns.len(),
        mean,
        standard_deviation,
        skewness,
        excess_kurtosis,
        jarque_bera,
        p_value: libm::exp(-jarque_bera / 2.0),
        histogram: histogram(&ordered, bin_count(&ordered, standard_deviation, bins)?)?,
        quantiles: quantile_pairs(&ordered, mean, standard_deviation)?,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 1..=MOST_BINS
fn bin_count(ordered: &[f64], deviation: f64, bins: Bins) -> Option<usize> {
    match bins {
        Bins::Count(count) => (1..=MOST_BINS).contains(&count).then_some(count),
        Bins::Automatic => {
            let spread = quantile(ordered, 0.75)? - quantile(ordered, 0.25)?;
            let scale = if spread > NEGLIGIBLE { 2.0 * spread } else { 3.49 * deviation };
            let range = ordered[ordered.len() - 1] - ordered[0];
            let count = range * libm::cbrt(ordered.len() as f64) / scale;
            Some(count.ceil().clamp(1.0, MOST_BINS as f64) as usize)
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 0..bins
fn histogram(ordered: &[f64], bins: usize) -> Option<Histogram> {
    let (low, high) = (*ordered.first()?, *ordered.last()?);
    let range = high - low;
    let mut counts = vec![0; bins];
    for value in ordered {
        let bin = ((value - low) / range * bins as f64) as usize;
        counts[bin.min(bins - 1)] += 1;
    }
    Some(Histogram { low, width: range / bins as f64, counts })
}

fn quantile_pairs(ordered: &[f64], mean: f64, deviation: f64) -> Option<Vec<QuantilePair>> {
    let pair = |(index, observed): (usize, &f64)| {
        let z = normal::quantile((index as f64 + 0.5) / ordered.len() as f64)?;
        Some(QuantilePair { normal: mean + deviation * z, observed: *observed })
    };
    ordered.iter().enumerate().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_return_is_in_a_bin() {
        let returns: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
        let fit = normal_fit(&returns, Bins::Automatic).unwrap();
        assert_eq!(fit.histogram.counts.iter().sum::<usize>(), 500);
        let last = fit.histogram.edges(fit.histogram.counts.len() - 1).1;
        assert!((last - 0.0104).abs() < 1e-15);
        let expected: f64 = fit.expected_counts().iter().sum();
        assert!(expected > 400.0 && expected < 500.0);
    }

    #[test]
    fn normal_quantiles_look_normal() {
        let quantile = |t: i32| normal::quantile((f64::from(t) + 0.5) / 2000.0).unwrap();
        let returns: Vec<f64> = (0..2000).map(|t| 0.001 + 0.01 * quantile(t)).collect();
        let fit = normal_fit(&returns, Bins::Automatic).unwrap();
        assert!(fit.p_value > 0.9 && fit.skewness.abs() < 1e-12);
        assert!(fit.quantiles.iter().all(|q| (q.normal - q.observed).abs() < 1e-4));
        for (count, expected) in fit.histogram.counts.iter().zip(fit.expected_counts()) {
            assert!((*count as f64 - expected).abs() < 2.0);
        }
    }

    #[test]
    fn half_the_same_returns_and_a_far_outlier() {
        let mut returns = vec![0.0; 90];
        returns.extend((0..10).map(|t| f64::from(t) * 0.01));
        assert!(normal_fit(&returns, Bins::Automatic).is_some());
        let mut far: Vec<f64> = (0..100).map(|t| f64::from(t) * 1e-6).collect();
        far.push(1.0);
        let fit = normal_fit(&far, Bins::Automatic).unwrap();
        assert_eq!(fit.histogram.counts.len(), MOST_BINS);
    }

    #[test]
    fn nothing_to_fit() {
        assert_eq!(normal_fit(&[0.01; 20], Bins::Automatic), None);
        assert_eq!(normal_fit(&[0.01], Bins::Automatic), None);
        assert_eq!(normal_fit(&[0.01, f64::INFINITY], Bins::Automatic), None);
        assert_eq!(normal_fit(&[0.01, 0.02], Bins::Count(0)), None);
        assert_eq!(normal_fit(&[0.01, 0.02], Bins::Count(1001)), None);
    }
}
