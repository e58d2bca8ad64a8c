//! Expected excess return for each unit of risk.

use walkfolio_core::Covariance;

use super::form::{Form, NO_PENALTIES, PerRisk, same_assets};
use crate::Result;
use crate::cone::program::Program;

/// Maximize `(mu - r_f)'w / sqrt(w' Sigma w)` over fully invested portfolios.
///
/// The kernel finds it as the point of the efficient frontier's path with the largest ratio. A mandate that it does
/// not take is a cone program in `y = k w`: `min y' Sigma y` with `(mu - r_f)'y = 1`, `sum y = k` and every
/// constraint times `k`. Where no portfolio of the mandate has a positive excess return there is no maximum.
///
/// # Shape and units
/// `mu - r_f` has `N` expected returns above the risk-free rate as fractions, `Sigma` is `N x N`; both refer to
/// the same unit of time, and so does the ratio.
/// # Source
/// Sharpe (1966), Mutual fund performance; Cornuejols & Tutuncu (2006), Optimization Methods in Finance,
/// sec. 8.2; Charnes & Cooper (1962), Programming with linear fractional functionals.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MaximumSharpe};
///
/// // Uncorrelated: weights in proportion to excess return / variance, 2 : 3.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let sharpe = MaximumSharpe::new(vec![0.08, 0.03], covariance)?;
/// let solution = Mandate::long_only(sharpe, 1.0)?.solve()?;
/// assert!((solution.weights[0] - 0.4).abs() < 1e-9);
/// // 0.4^2 + 0.3^2 = 0.5^2
/// assert!((solution.report.objective.unwrap() - 0.5).abs() < 1e-9);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MaximumSharpe {
    excess: Vec<f64>,
    covariance: Covariance,
}

impl MaximumSharpe {
    /// From expected returns above the risk-free rate and a covariance.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) unless sizes agree and values are finite.
    pub fn new(excess_returns: Vec<f64>, covariance: Covariance) -> Result<Self> {
        same_assets(&covariance, &excess_returns)?;
        Ok(Self { excess: excess_returns, covariance })
    }

    fn ratio(&self) -> PerRisk<'_> {
        let called = "expected return above the risk-free rate";
        PerRisk { gain: &self.excess, covariance: &self.covariance, called }
    }
}

impl Form for MaximumSharpe {
    fn assets(&self) -> usize {
        self.excess.len()
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
