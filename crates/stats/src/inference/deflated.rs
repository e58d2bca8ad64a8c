//! Whether the best of many trials is better than chance would make it.
//!
//! Among trials without any skill the best still has a positive Sharpe ratio, the higher the more
//! of them were tried and the more they differ. The deflated Sharpe ratio is the probability that
//! the true ratio of the best one exceeds that expected maximum, given how long, skewed and
//! fat-tailed its returns are.
//!
//! Trials on the same assets are correlated: 450 of them are fewer than 450 independent ones, and
//! their count makes the expected maximum too high, which is the careful side.
//! [`effective_trials`] estimates how many independent ones they are worth, for [`deflated_given`].
//!
//! Sharpe ratios here are per session, not annual: the formulas hold for the period of the returns.

use std::f64::consts::E;

use super::complete::{are_complete, are_finite};
use super::normal;
use crate::measures::moments::{NEGLIGIBLE, mean, standard_deviation};
use crate::measures::performance::sharpe_ratio;
use crate::measures::shape::{excess_kurtosis, skewness};

/// Euler's constant.
const GAMMA: f64 = 0.577_215_664_901_532_9;

/// What the precision of a Sharpe ratio depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharpeSample {
    /// The ratio per session, the deviation with `n - 1`.
    pub sharpe_ratio: f64,
    /// Population skewness.
    pub skewness: f64,
    /// Population kurtosis, 3 for a normal distribution: not in excess.
    pub kurtosis: f64,
    /// How many returns.
    pub observations: usize,
}

impl SharpeSample {
    /// From excess returns.
    ///
    /// # Shape and units
    /// `T` excess returns as fractions. `None` if `T < 2`, they do not vary or one is not
    /// finite.
    /// # Source
    /// Bailey & Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2).
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::deflated::SharpeSample;
    ///
    /// // Deviations -1, -1, 2 of a mean of 1: std sqrt(3), m_2 = 2, m_3 = 2, m_4 = 6.
    /// let sample = SharpeSample::of(&[0.0, 0.0, 3.0]).unwrap();
    /// assert!((sample.sharpe_ratio - 1.0 / 3.0_f64.sqrt()).abs() < 1e-15);
    /// assert!((sample.kurtosis - 1.5).abs() < 1e-15);
    /// ```
    pub fn of(excess: &[f64]) -> Option<Self> {
        if !are_finite(excess) {
            return None;
        }
        Some(Self {
            sharpe_ratio: sharpe_ratio(excess, 1.0)?,
            skewness: skewness(excess)?,
            kurtosis: excess_kurtosis(excess)? + 3.0,
            observations: excess.len(),
        })
    }

    /// Probabilistic Sharpe ratio: the probability that the true ratio exceeds a threshold,
    /// `Phi((SR - SR_0) sqrt(T - 1) / sqrt(1 - g_3 SR + (g_4 - 1) / 4 SR^2))`.
    ///
    /// # Shape and units
    /// A ratio per session; a probability. `None` if the sample's ratio has no variance.
    /// # Source
    /// Bailey & Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2).
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::deflated::{SharpeSample, expected_maximum};
    ///
    /// // Bailey & Lopez de Prado (2014): 2.5 a year, five years of 250 days, the best of 100.
    /// let best = SharpeSample {
    ///     sharpe_ratio: 2.5 / 250_f64.sqrt(),
    ///     skewness: -3.0,
    ///     kurtosis: 10.0,
    ///     observations: 1250,
    /// };
    /// let by_chance = expected_maximum(100.0, 0.5 / 250.0).unwrap();
    /// assert!((best.probability_above(by_chance).unwrap() - 0.9004).abs() < 5e-5);
    /// ```
    pub fn probability_above(&self, threshold: f64) -> Option<f64> {
        let ratio = self.sharpe_ratio;
        let variance = 1.0 - self.skewness * ratio + (self.kurtosis - 1.0) / 4.0 * ratio * ratio;
        let rows = self.observations.checked_sub(1)? as f64;
        let z = (ratio - threshold) * (rows / variance).sqrt();
        (variance > 0.0 && z.is_finite()).then(|| normal::cdf(z))
    }
}

/// The Sharpe ratio that the best of so many trials without skill is expected to have,
/// `sqrt(V) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e)))`, `g` Euler's constant.
///
/// An approximation for many trials. Below two it would turn negative, where it is 0 here: the
/// only trial is not selected.
///
/// # Shape and units
/// The number of trials, which an effective number need not make whole, and the variance of their
/// Sharpe ratios; a Sharpe ratio of the same period. `None` if `N < 1`, `V < 0` or one is not
/// finite.
/// # Source
/// Bailey & Lopez de Prado (2014), The Deflated Sharpe Ratio, Journal of Portfolio Management
/// 40(5).
/// # Examples
/// ```
/// use walkfolio_stats::inference::deflated::expected_maximum;
///
/// // Their example: 100 trials, variance 1/2 a year, per day of 250 a year.
/// assert!((expected_maximum(100.0, 0.5 / 250.0).unwrap() - 0.1132).abs() < 1e-4);
/// assert_eq!(expected_maximum(1.0, 0.5), Some(0.0));
/// ```
pub fn expected_maximum(trials: f64, variance: f64) -> Option<f64> {
    let valid = trials >= 1.0 && trials.is_finite() && variance >= 0.0 && variance.is_finite();
    if !valid {
        return None;
    }
    // The upper quantile of a small probability, which 1 - 1/N would round.
    let upper = |p: f64| normal::quantile(p).map(|z| -z);
    let Some(rare) = upper(1.0 / trials) else { return Some(0.0) };
    let rarer = upper(1.0 / (trials * E))?;
    Some(variance.sqrt() * ((1.0 - GAMMA) * rare + GAMMA * rarer).max(0.0))
}

/// The best of many trials, beside the best of as many without skill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deflated {
    /// The Sharpe ratio of the best per session.
    pub sharpe_ratio: f64,
    /// How many trials count.
    pub trials: f64,
    /// The variance of their Sharpe ratios per session, with `n - 1`.
    pub variance_of_trials: f64,
    /// The Sharpe ratio per session that the best of as many without skill would have.
    pub expected_maximum: f64,
    /// The deflated Sharpe ratio: the probability that the true ratio is higher than that.
    pub probability: f64,
}

/// Deflated Sharpe ratio of the best of trials, all counted as independent.
///
/// # Shape and units
/// The `T` excess returns of the best trial and the Sharpe ratios per session of all `N`
/// trials, the best among them. `None` if `N < 2`, `T < 2`, the returns do not vary or a value is
/// not finite.
/// # Source
/// Bailey & Lopez de Prado (2014), The Deflated Sharpe Ratio, Journal of Portfolio Management
/// 40(5).
/// # Examples
/// ```
/// use walkfolio_stats::inference::deflated::deflated;
///
/// // Mean 0.001 and deviation 0.01: a ratio near 0.1, 3.2 standard errors of 1,000 rows above 0.
/// let best: Vec<f64> = (0..1000).map(|t| if t % 2 == 0 { 0.011 } else { -0.009 }).collect();
/// let found = deflated(&best, &[0.1, 0.0, -0.1]).unwrap();
/// // Of three trials with deviation 0.1 the best has 0.1 (0.4228 * 0.4307 + 0.5772 * 1.1620).
/// assert!((found.expected_maximum - 0.0853).abs() < 1e-4);
/// assert!((found.probability - 0.68).abs() < 0.01);
/// ```
pub fn deflated(best: &[f64], sharpe_ratios: &[f64]) -> Option<Deflated> {
    if !are_finite(sharpe_ratios) {
        return None;
    }
    let deviation = standard_deviation(sharpe_ratios)?;
    deflated_given(best, sharpe_ratios.len() as f64, deviation * deviation)
}

/// Deflated Sharpe ratio, given how many trials count and the variance of their Sharpe ratios.
///
/// # Shape and units
/// The `T` excess returns of the best trial, a number of trials of at least 1 and a variance
/// per session. `None` if one of these is outside its range, `T < 2`, the returns do not vary or a
/// value is not finite.
/// # Source
/// As for [`deflated`].
/// # Examples
/// ```
/// use walkfolio_stats::inference::deflated::{deflated, deflated_given};
///
/// let best: Vec<f64> = (0..1000).map(|t| if t % 2 == 0 { 0.011 } else { -0.009 }).collect();
/// // Ratios of 0.1, 0 and -0.1: three trials with a variance of 0.01.
/// let given = deflated_given(&best, 3.0, 0.01).unwrap();
/// let taken = deflated(&best, &[0.1, 0.0, -0.1]).unwrap();
/// assert!((given.probability - taken.probability).abs() < 1e-12);
/// ```
pub fn deflated_given(best: &[f64], trials: f64, variance_of_trials: f64) -> Option<Deflated> {
    let sample = SharpeSample::of(best)?;
    let expected_maximum = expected_maximum(trials, variance_of_trials)?;
    Some(Deflated {
        sharpe_ratio: sample.sharpe_ratio,
        trials,
        variance_of_trials,
        expected_maximum,
        probability: sample.probability_above(expected_maximum)?,
    })
}

/// The number of independent trials that correlated ones are worth, `rho + (1 - rho) N`.
///
/// # Shape and units
/// The returns of `N` trials, `T` each, same dates; from 1 to `N`. `None` as for
/// [`average_correlation`].
/// # Source
/// Bailey & Lopez de Prado (2014), appendix, where `rho` is the average correlation.
/// # Examples
/// ```
/// use walkfolio_stats::inference::deflated::effective_trials;
///
/// // One trial and its double are one, one and an uncorrelated one are two.
/// let (a, twice, other) = ([1.0, -1.0, 1.0, -1.0], [2.0, -2.0, 2.0, -2.0], [1.0, 1.0, -1.0, -1.0]);
/// assert!((effective_trials(&[&a, &twice]).unwrap() - 1.0).abs() < 1e-12);
/// assert!((effective_trials(&[&a, &other]).unwrap() - 2.0).abs() < 1e-12);
/// ```
pub fn effective_trials(returns: &[&[f64]]) -> Option<f64> {
    let (rho, count) = (average_correlation(returns)?, returns.len() as f64);
    Some((rho + (1.0 - rho) * count).clamp(1.0, count))
}

/// The average correlation between different trials.
///
/// From the variance of the sum of their standardized returns, `N + N (N - 1) rho`, so that no pair
/// is looked at.
///
/// # Shape and units
/// The returns of `N` trials, `T` each, same dates; a pure number of at most 1. `None` if `N < 2`,
/// `T < 2`, lengths differ, a trial does not vary or a value is not finite.
/// # Source
/// Bailey & Lopez de Prado (2014), appendix.
/// # Examples
/// ```
/// use walkfolio_stats::inference::deflated::average_correlation;
///
/// let (a, other) = ([1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0]);
/// assert!((average_correlation(&[&a, &a]).unwrap() - 1.0).abs() < 1e-12);
/// assert!(average_correlation(&[&a, &other]).unwrap().abs() < 1e-12);
/// ```
pub fn average_correlation(returns: &[&[f64]]) -> Option<f64> {
    if returns.len() < 2 || !are_complete(returns, 2) {
        return None;
    }
    let mut total = vec![0.0; returns[0].len()];
    for trial in returns {
        let mean = mean(trial)?;
        let deviation = standard_deviation(trial).filter(|sd| *sd > NEGLIGIBLE)?;
        for (sum, value) in total.iter_mut().zip(*trial) {
            *sum += (value - mean) / deviation;
        }
    }
    let count = returns.len() as f64;
    let deviation = standard_deviation(&total)?;
    Some(((deviation * deviation / count - 1.0) / (count - 1.0)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best() -> Vec<f64> {
        (0..500).map(|t| f64::from(t * 7919 % 101 - 46) * 2e-4).collect()
    }

    #[test]
    fn more_trials_leave_less() {
        let counts = [1.0, 1.5, 2.0, 3.0, 10.0, 100.0, 1e4, 1e8];
        let left: Vec<Deflated> =
            counts.iter().map(|n| deflated_given(&best(), *n, 0.002).unwrap()).collect();
        assert_eq!(left[0].expected_maximum, 0.0);
        assert!(left.windows(2).skip(1).all(|pair| pair[1].probability < pair[0].probability));
        assert!(left.iter().all(|d| (0.0..=1.0).contains(&d.probability)));
    }

    #[test]
    fn a_sample_at_the_threshold_is_even() {
        let sample = SharpeSample::of(&best()).unwrap();
        assert_eq!(sample.probability_above(sample.sharpe_ratio), Some(0.5));
        assert!(sample.probability_above(0.0).unwrap() > 0.5);
    }

    #[test]
    fn the_average_correlation_is_that_of_all_pairs() {
        // Correlations 1/2, -1/2 and 1/2 by hand: their mean is 1/6.
        let (a, b, c) = ([1.0, -1.0, 0.0], [1.0, 0.0, -1.0], [0.0, 1.0, -1.0]);
        let rho = average_correlation(&[&a, &b, &c]).unwrap();
        assert!((rho - 1.0 / 6.0).abs() < 1e-15);
        // Opposite trials are not more than two.
        let opposite = a.map(|x| -x);
        assert_eq!(effective_trials(&[&a, &opposite]), Some(2.0));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(deflated(&best(), &[0.1]), None);
        assert_eq!(deflated(&best(), &[0.1, f64::NAN]), None);
        assert_eq!(deflated(&[0.01; 50], &[0.1, 0.2]), None);
        assert_eq!(deflated(&[0.01], &[0.1, 0.2]), None);
        assert_eq!(deflated_given(&best(), 0.5, 0.1), None);
        assert_eq!(deflated_given(&best(), 10.0, -0.1), None);
        assert_eq!(expected_maximum(f64::INFINITY, 0.1), None);
        assert_eq!(effective_trials(&[&[0.1, 0.2]]), None);
        assert_eq!(effective_trials(&[&[0.1, 0.2], &[0.1, 0.1]]), None);
        let none = SharpeSample { observations: 0, ..SharpeSample::of(&best()).unwrap() };
        assert_eq!(none.probability_above(0.0), None);
    }
}
