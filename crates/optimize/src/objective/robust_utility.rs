//! Expected return less risk.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::form::{Form, Kernel, at_least_zero, same_assets};
use crate::Result;
use crate::cone::program::Program;

/// Maximize `rho'w - lambda sqrt(w' Sigma w)`.
///
/// `lambda` depends on the unit of the moments: the same number weighs `sqrt(periods)` times as
/// much in daily units as in annual ones.
///
/// # Shape and units
/// `rho` has `N` expected returns as fractions, `Sigma` is `N x N`; both refer to the same unit of
/// time, and so does the value.
/// # Source
/// Goldfarb & Iyengar (2003), Robust portfolio selection problems: the worst case over an ellipsoid
/// of expected returns.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::Objective;
///
/// let covariance = Covariance::dense(Matrix::from_rows(1, 1, vec![0.04]))?;
/// let objective = Objective::robust_utility(vec![0.1], covariance, 0.25)?;
/// // 0.1 - 0.25 * 0.2
/// assert!((objective.value(&[1.0]) - 0.05).abs() < 1e-16);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RobustUtility {
    expected_returns: Vec<f64>,
    covariance: Covariance,
    lambda: f64,
}

impl RobustUtility {
    /// From moments and an aversion to risk, at least 0.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) unless sizes agree and values are finite.
    pub fn new(expected_returns: Vec<f64>, covariance: Covariance, lambda: f64) -> Result<Self> {
        same_assets(&covariance, &expected_returns)?;
        at_least_zero("lambda", lambda)?;
        Ok(Self { expected_returns, covariance, lambda })
    }

    /// `rho`.
    pub fn expected_returns(&self) -> &[f64] {
        &self.expected_returns
    }

    /// `Sigma`.
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// The risk aversion.
    pub fn lambda(&self) -> f64 {
        self.lambda
    }
}

impl Form for RobustUtility {
    fn assets(&self) -> usize {
        self.expected_returns.len()
    }

    fn is_minimized(&self) -> bool {
        false
    }

    fn value(&self, w: &[f64]) -> f64 {
        dot(&self.expected_returns, w) - self.lambda * self.covariance.variance(w).sqrt()
    }

    fn kernel(&self) -> Option<Kernel<'_>> {
        Some(Kernel::Utility {
            expected_returns: &self.expected_returns,
            covariance: &self.covariance,
            lambda: self.lambda,
            aversion: 0.0,
        })
    }

    fn cone(&self, program: &mut Program, l2: f64) -> Result<()> {
        program.linear.iter_mut().zip(&self.expected_returns).for_each(|(q, rho)| *q = -rho);
        program.scale = -1.0;
        program.squares(&vec![l2; self.assets()]);
        if self.lambda > 0.0 {
            program.risk(&self.covariance, self.lambda)?;
        }
        Ok(())
    }
}
