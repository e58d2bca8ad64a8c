//! Least risk, whatever the expected returns.

use walkfolio_core::Covariance;

use super::form::{Form, same_assets};
use crate::Result;
use crate::quadratic::{Linear, Quadratic};

/// Minimize `w' Sigma w`.
///
/// # Shape and units
/// `Sigma` is `N x N`; the value is a variance in its unit of time.
/// # Source
/// Markowitz (1952), Portfolio selection; Clarke, de Silva & Thorley (2006), Minimum-variance
/// portfolios in the U.S. equity market.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MinimumVariance};
///
/// // Uncorrelated: weights in proportion to 1 / variance, 4 : 1.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.01, 0.0, 0.0, 0.04]))?;
/// let solution = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?.solve()?;
/// assert!((solution.weights[0] - 0.8).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MinimumVariance {
    covariance: Covariance,
    /// No expected returns.
    zeros: Vec<f64>,
}

impl MinimumVariance {
    /// From a covariance.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) without assets.
    pub fn new(covariance: Covariance) -> Result<Self> {
        let zeros = vec![0.0; covariance.assets()];
        same_assets(&covariance, &zeros)?;
        Ok(Self { covariance, zeros })
    }
}

impl Form for MinimumVariance {
    fn assets(&self) -> usize {
        self.zeros.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.covariance.variance(w)
    }

    fn quadratic(&self) -> Option<Quadratic<'_>> {
        Some(Quadratic {
            covariance: &self.covariance,
            factor: 1.0,
            l2: 0.0,
            linear: Linear { values: &self.zeros, times: 1.0 },
            constant: 0.0,
        })
    }

    fn is_never_negative(&self) -> bool {
        true
    }
}
