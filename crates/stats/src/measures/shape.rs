//! The shape of the distribution of returns.

use super::definition::{Better, Definition, Unit};
use super::moments::{NEGLIGIBLE, mean};
use super::needs::Needs;

/// Skewness `m_3 / m_2^(3/2)`, `m_k = mean((r - mean)^k)`: population moments.
///
/// # Shape and units
/// `T` returns; a pure number. `None` if `T < 2` or they do not vary.
/// # Source
/// Pearson (1895); the estimator `g_1` of Joanes & Gill (1998), The Statistician 47(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::shape::skewness;
///
/// // Deviations -1, -1, 2: m_2 = 2, m_3 = 2, 2 / 2^1.5 = 1 / sqrt(2).
/// assert!((skewness(&[0.0, 0.0, 3.0]).unwrap() - 0.5_f64.sqrt()).abs() < 1e-15);
/// ```
pub fn skewness(returns: &[f64]) -> Option<f64> {
    let (mean, m2) = location_and_variance(returns)?;
    let m3 = central(returns, mean, |d| d * d * d);
    Some(m3 / (m2 * m2.sqrt()))
}

pub(super) const SKEWNESS: Definition = Definition {
    key: "skewness",
    label: "Skewness",
    unit: Unit::Number,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "m_3 / m_2^1.5, m_k = mean((r - mean)^k)",
    source: "Joanes & Gill (1998)",
    take: |p| skewness(p.portfolio),
};

/// Excess kurtosis `m_4 / m_2^2 - 3`, `m_k = mean((r - mean)^k)`: population moments.
///
/// # Shape and units
/// `T` returns; a pure number, 0 for a normal distribution. `None` if `T < 2` or they do not vary.
/// # Source
/// Pearson (1905); the estimator `g_2` of Joanes & Gill (1998), The Statistician 47(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::shape::excess_kurtosis;
///
/// // Deviations -1, -1, 2: m_2 = 2, m_4 = 6, 6 / 4 - 3.
/// assert!((excess_kurtosis(&[0.0, 0.0, 3.0]).unwrap() + 1.5).abs() < 1e-15);
/// ```
pub fn excess_kurtosis(returns: &[f64]) -> Option<f64> {
    let (mean, m2) = location_and_variance(returns)?;
    let m4 = central(returns, mean, |d| d * d * d * d);
    Some(m4 / (m2 * m2) - 3.0)
}

pub(super) const EXCESS_KURTOSIS: Definition = Definition {
    key: "excess_kurtosis",
    label: "Excess kurtosis",
    unit: Unit::Number,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "m_4 / m_2^2 - 3, m_k = mean((r - mean)^k)",
    source: "Joanes & Gill (1998)",
    take: |p| excess_kurtosis(p.portfolio),
};

fn location_and_variance(returns: &[f64]) -> Option<(f64, f64)> {
    if returns.len() < 2 {
        return None;
    }
    let mean = mean(returns)?;
    let m2 = central(returns, mean, |d| d * d);
    (m2 > NEGLIGIBLE * NEGLIGIBLE).then_some((mean, m2))
}

fn central(returns: &[f64], mean: f64, power: impl Fn(f64) -> f64) -> f64 {
    returns.iter().map(|r| power(r - mean)).sum::<f64>() / returns.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_has_no_shape() {
        assert_eq!(skewness(&[0.01; 10]), None);
        assert_eq!(excess_kurtosis(&[0.01; 10]), None);
        assert_eq!(skewness(&[0.01]), None);
    }
}
