//! Weights in proportion to one over risk.

use walkfolio_core::Covariance;

use super::form::{same_assets, with_risk};
use super::given::Given;
use super::one_portfolio::OnePortfolio;
use crate::Result;

/// `w_i` in proportion to `1 / sigma_i`, or to `1 / sigma_i^2`, whatever the correlations are.
///
/// With volatilities it is risk parity where all correlations are the same; with variances it is the
/// portfolio of the least variance where they are 0. One portfolio, as
/// [`EqualWeight`](crate::EqualWeight) is.
///
/// # Shape and units
/// Of a covariance only the `N` variances count, in any unit of time.
/// # Source
/// Leote de Carvalho, Lu & Moulin (2012), Demystifying equity risk-based strategies.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{InverseVolatility, Mandate};
///
/// // Volatilities of 20 % and 10 %: 1 to 2, and 1 to 4 of variances.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.01]))?;
/// let of_volatility = Mandate::long_only(InverseVolatility::new(&covariance)?, 1.0)?.solve()?;
/// assert!((of_volatility.weights[0] - 1.0 / 3.0).abs() < 1e-15);
/// let of_variance = InverseVolatility::of_variance(&covariance)?;
/// let of_variance = Mandate::long_only(of_variance, 1.0)?.solve()?;
/// assert!((of_variance.weights[0] - 0.2).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct InverseVolatility(Given);

impl InverseVolatility {
    /// In proportion to `1 / sigma_i`.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if an asset has no variance.
    pub fn new(covariance: &Covariance) -> Result<Self> {
        Self::of(covariance, "weights in proportion to 1 / volatility", |v| 1.0 / v.sqrt())
    }

    /// In proportion to `1 / sigma_i^2`.
    ///
    /// # Errors
    /// As [`InverseVolatility::new`].
    pub fn of_variance(covariance: &Covariance) -> Result<Self> {
        Self::of(covariance, "weights in proportion to 1 / variance", |v| 1.0 / v)
    }

    fn of(covariance: &Covariance, called: &'static str, share: fn(f64) -> f64) -> Result<Self> {
        let variances = covariance.diagonal();
        same_assets(covariance, &variances)?;
        with_risk(&variances)?;
        let shares: Vec<f64> = variances.into_iter().map(share).collect();
        Ok(Self(Given::in_proportion(called, &shares)))
    }
}

impl OnePortfolio for InverseVolatility {
    fn portfolio(&self) -> &Given {
        &self.0
    }
}
