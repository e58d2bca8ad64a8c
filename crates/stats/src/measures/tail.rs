//! Tail losses at 95 %, per session.

use super::definition::{Better, Definition, Unit};
use super::moments::{mean, standard_deviation};
use super::needs::Needs;
use super::shape::{excess_kurtosis, skewness};

/// The 5 % quantile of the standard normal distribution.
const NORMAL_QUANTILE: f64 = -1.644_853_626_951_472_2;

/// 5 % is one part in so many: whole numbers keep the quantile's position exact.
const PARTS: usize = 20;

/// How many standard deviations the expansion must stay increasing for.
const REACH: f64 = 3.0;

/// The 5 % quantile by linear interpolation between order statistics.
fn quantile(returns: &[f64]) -> Option<f64> {
    if returns.len() < 2 {
        return None;
    }
    let mut sorted = returns.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len() - 1;
    let (low, rest) = (last / PARTS, last % PARTS);
    let high = (low + 1).min(last);
    let fraction = rest as f64 / PARTS as f64;
    Some(sorted[low] + (sorted[high] - sorted[low]) * fraction)
}

/// Historical value at risk at 95 %: minus the 5 % quantile, linearly interpolated.
///
/// # Shape and units
/// `T` simple returns as fractions; a loss per session as a positive fraction. `None` if `T < 2`.
/// # Source
/// Jorion (2006), Value at Risk, ch. 5; quantile of type 7 in Hyndman & Fan (1996).
/// # Examples
/// ```
/// use walkfolio_stats::measures::tail::value_at_risk;
///
/// // Between the worst and the second worst of three, a tenth of the way up.
/// assert!((value_at_risk(&[0.05, -0.10, 0.00]).unwrap() - 0.09).abs() < 1e-15);
/// ```
pub fn value_at_risk(returns: &[f64]) -> Option<f64> {
    Some(-quantile(returns)?)
}

pub(super) const VAR_95: Definition = Definition {
    key: "var_95",
    label: "Value at risk (95 %, daily)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "-(5 % quantile of r), linear interpolation",
    source: "Jorion (2006)",
    take: |p| value_at_risk(p.portfolio),
};

/// Conditional value at risk at 95 %: minus the mean of the returns at or below the 5 % quantile.
///
/// # Shape and units
/// `T` simple returns as fractions; a loss per session as a positive fraction. `None` if `T < 2`.
/// # Source
/// Rockafellar & Uryasev (2000), Optimization of Conditional Value-at-Risk, Journal of Risk 2(3).
/// # Examples
/// ```
/// use walkfolio_stats::measures::tail::conditional_value_at_risk;
///
/// // Only -0.10 lies below the quantile of -0.09.
/// let loss = conditional_value_at_risk(&[0.05, -0.10, 0.00]).unwrap();
/// assert!((loss - 0.10).abs() < 1e-15);
/// ```
pub fn conditional_value_at_risk(returns: &[f64]) -> Option<f64> {
    let quantile = quantile(returns)?;
    let tail: Vec<f64> = returns.iter().copied().filter(|r| *r <= quantile).collect();
    Some(-mean(&tail)?)
}

pub(super) const CVAR_95: Definition = Definition {
    key: "cvar_95",
    label: "Conditional value at risk (95 %, daily)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "-mean(r where r <= 5 % quantile)",
    source: "Rockafellar & Uryasev (2000)",
    take: |p| conditional_value_at_risk(p.portfolio),
};

/// Modified value at risk at 95 %: `-(mu + z_cf * sd)`, `sd` with `n - 1`, [`CornishFisher`]'s
/// `z_cf`.
///
/// # Shape and units
/// `T` simple returns as fractions; a loss per session as a positive fraction. `None` if `T < 2` or
/// they do not vary. Meaningless where [`CornishFisher::is_valid`] says so.
/// # Source
/// Favre & Galeano (2002), Mean-Modified Value-at-Risk Optimization with Hedge Funds, Journal of
/// Alternative Investments 5(2).
/// # Examples
/// ```
/// use walkfolio_stats::measures::tail::modified_value_at_risk;
///
/// // Mean 0, S = 0, K = -2 and sd = sqrt(2) % for two opposite returns:
/// // z_cf = -1.6448536 + (-4.4502530 + 4.9345609) * (-2 / 24) = -1.6852126.
/// let loss = modified_value_at_risk(&[-0.01, 0.01]).unwrap();
/// assert!((loss - 0.0238325).abs() < 1e-7);
/// ```
pub fn modified_value_at_risk(returns: &[f64]) -> Option<f64> {
    let z = CornishFisher::of(returns)?.quantile();
    Some(-(mean(returns)? + z * standard_deviation(returns)?))
}

pub(super) const MODIFIED_VAR_95: Definition = Definition {
    key: "modified_var_95",
    label: "Modified value at risk (95 %, daily)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "-(mean + z_cf * std), z_cf = z + (z^2-1) S/6 + (z^3-3z) K/24 - (2z^3-5z) S^2/36",
    source: "Favre & Galeano (2002)",
    // Outside the domain of the expansion the figure means nothing: a note says why it is left out.
    take: |p| {
        let valid = CornishFisher::of(p.portfolio)?.is_valid();
        modified_value_at_risk(p.portfolio).filter(|_| valid)
    },
};

/// The expansion of a quantile by skewness and kurtosis.
///
/// # Source
/// Cornish & Fisher (1938); its domain: Maillard (2012), A User's Guide to the Cornish Fisher
/// Expansion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CornishFisher {
    /// Population skewness `S`.
    pub skewness: f64,
    /// Population kurtosis `K` in excess of the normal distribution's 3.
    pub excess_kurtosis: f64,
}

impl CornishFisher {
    /// From a sample; `None` where its shape is not defined.
    /// # Shape and units
    /// `T` returns; `None` if `T < 2` or they do not vary.
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::tail::CornishFisher;
    ///
    /// let shape = CornishFisher::of(&[-1.0, 1.0]).unwrap();
    /// assert_eq!((shape.skewness, shape.excess_kurtosis), (0.0, -2.0));
    /// ```
    pub fn of(returns: &[f64]) -> Option<Self> {
        Some(Self { skewness: skewness(returns)?, excess_kurtosis: excess_kurtosis(returns)? })
    }

    /// `z + (z^2 - 1) S / 6 + (z^3 - 3z) K / 24 - (2z^3 - 5z) S^2 / 36` at the 5 % quantile `z`.
    /// # Shape and units
    /// In standard deviations from the mean.
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::tail::CornishFisher;
    ///
    /// let normal = CornishFisher { skewness: 0.0, excess_kurtosis: 0.0 };
    /// assert!((normal.quantile() + 1.6448536).abs() < 1e-7);
    /// ```
    pub fn quantile(&self) -> f64 {
        let (s, k, z) = (self.skewness, self.excess_kurtosis, NORMAL_QUANTILE);
        let cube = z * z * z;
        z + (z * z - 1.0) * s / 6.0 + (cube - 3.0 * z) * k / 24.0
            - (2.0 * cube - 5.0 * z) * s * s / 36.0
    }

    /// Whether the expansion is a quantile function: increasing for `|z| <= 3`.
    ///
    /// Its slope is `(K/8 - S^2/6) z^2 + (S/3) z + 1 - K/8 + 5 S^2/36`. Maillard asks that it be
    /// nowhere negative; that fails for the mildest negative kurtosis, far out where no return
    /// falls, so the axis is cut at three standard deviations.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::tail::CornishFisher;
    ///
    /// assert!(CornishFisher { skewness: -0.3, excess_kurtosis: 1.0 }.is_valid());
    /// // At z = 0 the slope is 1 - 30/8.
    /// assert!(!CornishFisher { skewness: 0.0, excess_kurtosis: 30.0 }.is_valid());
    /// ```
    pub fn is_valid(&self) -> bool {
        let (s, k) = (self.skewness, self.excess_kurtosis);
        let (square, linear) = (k / 8.0 - s * s / 6.0, s / 3.0);
        let slope = |z: f64| square * z * z + linear * z + 1.0 - k / 8.0 + 5.0 * s * s / 36.0;
        let vertex = if square > 0.0 { -linear / (2.0 * square) } else { 0.0 };
        [-REACH, vertex.clamp(-REACH, REACH), REACH].into_iter().all(|z| slope(z) >= 0.0)
    }
}

/// The mean of the worst losses as an objective measures it: of `T` returns the `(1 - confidence) T` worst, the last of them
/// in part. It is not [`conditional_value_at_risk`], which takes all returns at or below a quantile.
///
/// # Shape and units
/// `T` returns as fractions; a loss is positive. `None` without returns.
/// # Source
/// Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk.
/// # Examples
/// ```
/// use walkfolio_stats::measures::tail::mean_of_worst;
///
/// // One and a half of three: all of the 4 % and half of the 1 %.
/// let found = mean_of_worst(&[0.02, -0.04, -0.01], 0.5).unwrap();
/// assert!((found - (0.04 + 0.5 * 0.01) / 1.5).abs() < 1e-15);
/// ```
pub fn mean_of_worst(returns: &[f64], confidence: f64) -> Option<f64> {
    let count = (1.0 - confidence) * returns.len() as f64;
    let mut sorted = returns.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (mut left, mut sum) = (count, 0.0);
    for value in sorted {
        let share = left.clamp(0.0, 1.0);
        sum -= share * value;
        left -= share;
    }
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_falls_on_an_observation_where_it_can() {
        // 21 values: position 0.05 * 20 = 1, the second smallest.
        let returns: Vec<f64> = (0..21).rev().map(f64::from).collect();
        assert_eq!(quantile(&returns), Some(1.0));
        // The mean of 0 and 1.
        assert_eq!(conditional_value_at_risk(&returns), Some(-0.5));
    }

    #[test]
    fn without_skewness_and_kurtosis_the_quantile_is_normal() {
        let normal = CornishFisher { skewness: 0.0, excess_kurtosis: 0.0 };
        assert!((normal.quantile() - NORMAL_QUANTILE).abs() < 1e-15);
        assert!(normal.is_valid());
        assert!(CornishFisher { skewness: 0.0, excess_kurtosis: -0.1 }.is_valid());
        assert!(!CornishFisher { skewness: 2.0, excess_kurtosis: 6.0 }.is_valid());
    }

    #[test]
    fn too_short_or_constant() {
        assert_eq!(value_at_risk(&[0.1]), None);
        assert_eq!(modified_value_at_risk(&[0.1; 5]), None);
    }
}
