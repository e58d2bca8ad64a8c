//! Risk less expected return.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::form::{Form, at_least_zero, same_assets};
use crate::Result;
use crate::quadratic::{Linear, Quadratic};

/// Minimize `risk_aversion / 2 w' Sigma w - mu'w`.
///
/// # Shape and units
/// `mu` has `N` expected returns as fractions, `Sigma` is `N x N`; both refer to the same unit of
/// time, a year or a period, and so does the value.
/// # Source
/// Markowitz (1952), Portfolio selection.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::Objective;
///
/// let covariance = Covariance::dense(Matrix::from_rows(1, 1, vec![0.04]))?;
/// let objective = Objective::mean_variance(vec![0.1], covariance, 2.0)?;
/// // 2 / 2 * 0.04 - 0.1
/// assert!((objective.value(&[1.0]) + 0.06).abs() < 1e-16);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MeanVariance {
    expected_returns: Vec<f64>,
    covariance: Covariance,
    risk_aversion: f64,
}

impl MeanVariance {
    /// From moments and an aversion to risk, at least 0: without it the problem is a linear one.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) unless sizes agree and values are finite.
    pub fn new(
        expected_returns: Vec<f64>,
        covariance: Covariance,
        risk_aversion: f64,
    ) -> Result<Self> {
        same_assets(&covariance, &expected_returns)?;
        at_least_zero("risk_aversion", risk_aversion)?;
        Ok(Self { expected_returns, covariance, risk_aversion })
    }

    /// `mu`.
    pub fn expected_returns(&self) -> &[f64] {
        &self.expected_returns
    }

    /// `Sigma`.
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// The risk aversion.
    pub fn risk_aversion(&self) -> f64 {
        self.risk_aversion
    }
}

impl Form for MeanVariance {
    fn assets(&self) -> usize {
        self.expected_returns.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        0.5 * self.risk_aversion * self.covariance.variance(w) - dot(&self.expected_returns, w)
    }

    fn quadratic(&self) -> Option<Quadratic<'_>> {
        Some(Quadratic {
            covariance: &self.covariance,
            factor: 0.5 * self.risk_aversion,
            l2: 0.0,
            linear: Linear { values: &self.expected_returns, times: 0.5 },
            constant: 0.0,
        })
    }
}
