//! Weighted volatility for each unit of risk.

use walkfolio_core::Covariance;

use super::form::{Form, NO_PENALTIES, PerRisk, same_assets};
use crate::Result;
use crate::cone::program::Program;

/// Maximize the diversification ratio, `sigma'w / sqrt(w' Sigma w)` with the volatilities `sigma`.
///
/// It is 1 for a single asset, and its square counts independent sources of risk. Solved as
/// [`MaximumSharpe`](crate::MaximumSharpe) is.
///
/// # Shape and units
/// `Sigma` is `N x N` in any unit of time; the ratio has no unit.
/// # Source
/// Choueifaty & Coignard (2008), Toward maximum diversification.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MaximumDiversification};
///
/// // Uncorrelated: equal risks, so that weights are in proportion to 1 / volatility.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let solution = Mandate::long_only(MaximumDiversification::new(covariance)?, 1.0)?.solve()?;
/// assert!((solution.weights[0] - 1.0 / 3.0).abs() < 1e-9);
/// assert!((solution.report.objective.unwrap() - 2f64.sqrt()).abs() < 1e-9);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MaximumDiversification {
    volatilities: Vec<f64>,
    covariance: Covariance,
}

impl MaximumDiversification {
    /// From a covariance.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) without assets.
    pub fn new(covariance: Covariance) -> Result<Self> {
        let volatilities: Vec<f64> = covariance.diagonal().iter().map(|v| v.sqrt()).collect();
        same_assets(&covariance, &volatilities)?;
        Ok(Self { volatilities, covariance })
    }

    fn ratio(&self) -> PerRisk<'_> {
        let called = "weighted volatility above 0";
        PerRisk { gain: &self.volatilities, covariance: &self.covariance, called }
    }
}

impl Form for MaximumDiversification {
    fn assets(&self) -> usize {
        self.volatilities.len()
    }

    fn is_minimized(&self) -> bool {
        false
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.ratio().of(w)
    }

    fn per_risk(&self) -> Option<PerRisk<'_>> {
        Some(self.ratio())
    }

    fn cone(&self, program: &mut Program, _: f64) -> Result<()> {
        self.ratio().cone(program)
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(NO_PENALTIES)
    }
}
