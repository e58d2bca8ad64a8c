//! Where active risk comes from.

use walkfolio_core::{Covariance, Matrix, Past};

use crate::{Result, sample_covariance};

/// Active risk and what each asset adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveRisk {
    /// `TE = sqrt(a' Sigma a)`.
    pub tracking_error: f64,
    /// Marginal contributions `(Sigma a)_i / TE`: what a further unit of each active weight adds.
    pub marginal: Vec<f64>,
    /// Contributions `a_i (Sigma a)_i / TE`; they add up to `TE`, and some may be negative.
    pub contribution: Vec<f64>,
}

/// Decomposes the active risk of active weights `a = w - w_b`.
///
/// `None` where the tracking error is 0, for then no asset contributes a defined share, or where
/// the numbers of weights and assets differ.
///
/// # Shape and units
/// `active` has one weight for each asset of the covariance, as fractions; risks are in the units
/// of the covariance's root: a fraction a year for an annual covariance.
/// # Source
/// Litterman (1996), Hot spots and hedges; Grinold & Kahn (2000), Active Portfolio Management, ch. 3.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_estimate::active_risk;
///
/// let sigma = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.09]))?;
/// // Sigma a = (0.015, -0.04), a' Sigma a = 0.0275.
/// let risk = active_risk(&sigma, &[0.5, -0.5]).unwrap();
/// assert!((risk.tracking_error - 0.0275f64.sqrt()).abs() < 1e-15);
/// assert!((risk.contribution[1] - 0.02 / 0.0275f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn active_risk(covariance: &Covariance, active: &[f64]) -> Option<ActiveRisk> {
    if covariance.assets() != active.len() {
        return None;
    }
    let tracking_error = covariance.variance(active).sqrt();
    if tracking_error.is_nan() || tracking_error <= 0.0 {
        return None;
    }
    let mut marginal = covariance.times(active);
    for value in &mut marginal {
        *value /= tracking_error;
    }
    let contribution = marginal.iter().zip(active).map(|(marginal, a)| marginal * a).collect();
    Some(ActiveRisk { tracking_error, marginal, contribution })
}

/// The sample covariance (`ddof = 1`) of some assets and, as last column, the benchmark.
///
/// With `a = (w, -1)` it decomposes the tracking error against a benchmark that is no asset.
///
/// # Shape and units
/// `assets.len() + 1` columns, estimated from the last `rows` rows, times `periods_per_year`.
/// # Errors
/// Those of [`Past::returns`] and [`Past::benchmark`]; [`Error::TooFewRows`](crate::Error::TooFewRows)
/// below two rows.
pub fn joint_covariance(
    past: &Past<'_>,
    assets: &[usize],
    rows: usize,
    periods_per_year: f64,
) -> Result<Covariance> {
    let returns = past.returns(assets, rows)?;
    let benchmark = past.benchmark(rows)?;
    let columns = assets.len() + 1;
    let mut joint = Vec::with_capacity(rows * columns);
    for (row, benchmark) in returns.iter_rows().zip(benchmark) {
        joint.extend_from_slice(row);
        joint.push(*benchmark);
    }
    sample_covariance(&Matrix::from_rows(rows, columns, joint), periods_per_year)
}
