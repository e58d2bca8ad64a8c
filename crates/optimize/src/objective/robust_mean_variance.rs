//! Expected return in the worst case of an ellipsoid, less risk.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::form::{Form, Kernel, at_least_zero, same_assets};
use crate::Result;
use crate::cone::program::Program;
use crate::quadratic::{Linear, Quadratic};

/// Maximize `mu'w - lambda sqrt(w' Sigma w) - risk_aversion / 2 w' Sigma w`.
///
/// The worst case of `mean'w` over all means in the ellipsoid `(mean - mu)' Omega^-1 (mean - mu) <= kappa^2` is
/// `mu'w - kappa sqrt(w' Omega w)`. With `Omega = Sigma / T`, the covariance of a mean of `T` returns in the unit of
/// `Sigma`, `lambda` is `kappa / sqrt(T)`; where `mu` and `Sigma` are annual, `Omega = Sigma periods / T` and `lambda` is
/// `kappa sqrt(periods / T)`.
///
/// # Shape and units
/// `mu` has `N` expected returns as fractions, `Sigma` is `N x N`; both refer to the same unit of time, and so does the
/// value.
/// # Source
/// Goldfarb & Iyengar (2003), Robust portfolio selection problems; Ben-Tal & Nemirovski (1999), Robust solutions of
/// uncertain linear programs.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, RobustMeanVariance};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.04]))?;
/// let objective = RobustMeanVariance::new(vec![0.1, 0.1], covariance, 0.5, 5.0)?;
/// let mandate = Mandate::long_only(objective, 1.0)?;
/// // 0.1 - 0.5 * 0.2 - 2.5 * 0.04
/// assert!((mandate.value(&[1.0, 0.0]) + 0.1).abs() < 1e-15);
/// assert!((mandate.solve()?.weights[0] - 0.5).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RobustMeanVariance {
    expected_returns: Vec<f64>,
    covariance: Covariance,
    lambda: f64,
    risk_aversion: f64,
}

impl RobustMeanVariance {
    /// From moments, the price of their uncertainty and an aversion to risk, both at least 0.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) unless sizes agree and values are finite.
    pub fn new(
        expected_returns: Vec<f64>,
        covariance: Covariance,
        lambda: f64,
        risk_aversion: f64,
    ) -> Result<Self> {
        same_assets(&covariance, &expected_returns)?;
        at_least_zero("lambda", lambda)?;
        at_least_zero("risk_aversion", risk_aversion)?;
        Ok(Self { expected_returns, covariance, lambda, risk_aversion })
    }
}

impl Form for RobustMeanVariance {
    fn assets(&self) -> usize {
        self.expected_returns.len()
    }

    fn is_minimized(&self) -> bool {
        false
    }

    fn value(&self, w: &[f64]) -> f64 {
        let variance = self.covariance.variance(w);
        let risk = self.lambda * variance.sqrt() + 0.5 * self.risk_aversion * variance;
        dot(&self.expected_returns, w) - risk
    }

    fn kernel(&self) -> Option<Kernel<'_>> {
        Some(Kernel::Utility {
            expected_returns: &self.expected_returns,
            covariance: &self.covariance,
            lambda: self.lambda,
            aversion: self.risk_aversion,
        })
    }

    fn cone(&self, program: &mut Program, l2: f64) -> Result<()> {
        program.minimize(&Quadratic {
            covariance: &self.covariance,
            factor: 0.5 * self.risk_aversion,
            l2,
            linear: Linear { values: &self.expected_returns, times: 0.5 },
            constant: 0.0,
        })?;
        let unit = program.scale;
        program.scale = -unit;
        if self.lambda > 0.0 {
            program.risk(&self.covariance, self.lambda / unit)?;
        }
        Ok(())
    }
}
