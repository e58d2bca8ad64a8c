//! Sample moments.

use walkfolio_core::{Covariance, Matrix};

use crate::means::column_means;
use crate::{Error, Result};

/// Arithmetic mean return, times `periods_per_year`.
///
/// # Shape and units
/// `returns` is `L x N`; the result has `N` values.
/// # Errors
/// [`Error::TooFewRows`] for an empty window.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// let returns = Matrix::from_rows(2, 1, vec![0.01, 0.03]);
/// assert_eq!(walkfolio_estimate::sample_mean(&returns, 1.0)?, [0.02]);
/// # Ok::<(), walkfolio_estimate::Error>(())
/// ```
pub fn sample_mean(returns: &Matrix, periods_per_year: f64) -> Result<Vec<f64>> {
    let rows = returns.rows();
    if rows == 0 {
        return Err(Error::TooFewRows { what: "a mean return", rows, least: 1 });
    }
    let mut mean = column_means(returns);
    for value in &mut mean {
        *value *= periods_per_year;
    }
    Ok(mean)
}

/// Sample covariance (`ddof = 1`), times `periods_per_year`.
///
/// Kept as the centred window itself: with fewer rows than assets that is the sparser form.
///
/// # Shape and units
/// `returns` is `L x N`; the result is `N x N`.
/// # Errors
/// [`Error::TooFewRows`] below two rows.
pub fn sample_covariance(returns: &Matrix, periods_per_year: f64) -> Result<Covariance> {
    let rows = returns.rows();
    if rows < 2 {
        return Err(Error::TooFewRows { what: "a sample covariance", rows, least: 2 });
    }
    let scale = (periods_per_year / (rows - 1) as f64).sqrt();
    let mean = column_means(returns);
    let mut centred = returns.clone();
    for t in 0..rows {
        for (value, mean) in centred.row_mut(t).iter_mut().zip(&mean) {
            *value = (*value - mean) * scale;
        }
    }
    if rows > returns.cols() {
        return Ok(Covariance::gram(&centred)?);
    }
    Ok(Covariance::window(centred)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covariance_of_two_assets_by_hand() {
        let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, 0.02, 0.00, 0.03, 0.04]);
        let covariance = sample_covariance(&returns, 252.0).unwrap().to_dense();
        // var(a) = 1e-4, cov(a, b) = (-0.01 * 0 + 0.01 * 0.02) / 2 = 1e-4, var(b) = 4e-4.
        for (value, expected) in covariance.values().iter().zip([1e-4, 1e-4, 1e-4, 4e-4]) {
            assert!((value - 252.0 * expected).abs() < 1e-15, "{value}");
        }
    }

    #[test]
    fn the_window_form_is_the_same_covariance() {
        let wide = Matrix::from_rows(2, 3, vec![0.01, 0.02, -0.01, 0.03, 0.00, 0.01]);
        let covariance = sample_covariance(&wide, 1.0).unwrap();
        assert!(covariance.as_dense().is_none());
        let dense = covariance.to_dense();
        assert!((dense[(0, 1)] - -2e-4).abs() < 1e-18);
        assert!((dense[(2, 2)] - 2e-4).abs() < 1e-18);
    }
}
