//! The portfolio nearest to a given one.

use walkfolio_core::{Covariance, Matrix};

use super::form::{Form, same_assets};
use crate::Result;
use crate::quadratic::{Linear, Quadratic};

/// Minimize `sum (w - p)^2`: of the portfolios that the constraints allow the one nearest to `p`.
///
/// # Shape and units
/// `p` has `N` weights, fractions of equity; the value is a sum of their squares.
/// # Source
/// Euclidean projection: Boyd & Vandenberghe (2004), Convex optimization, section 8.1.
/// # Examples
/// ```
/// use walkfolio_optimize::{Mandate, Nearest};
///
/// // 70 % are too much: the other two share what is left over.
/// let solution = Mandate::long_only(Nearest::new(vec![0.7, 0.2, 0.1])?, 0.5)?.solve()?;
/// assert!((solution.weights[1] - 0.3).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    portfolio: Vec<f64>,
    /// The identity, as a factor model without factors.
    identity: Covariance,
}

impl Nearest {
    /// To a portfolio.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) without assets, or for a weight that is not finite.
    pub fn new(portfolio: Vec<f64>) -> Result<Self> {
        let n = portfolio.len();
        let no_factor = (Matrix::zeros(n, 1), Matrix::from_rows(1, 1, vec![1.0]));
        let identity = Covariance::factor(no_factor.0, no_factor.1, vec![1.0; n])?;
        same_assets(&identity, &portfolio)?;
        Ok(Self { portfolio, identity })
    }
}

impl Form for Nearest {
    fn assets(&self) -> usize {
        self.portfolio.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        w.iter().zip(&self.portfolio).map(|(w, to)| (w - to).powi(2)).sum()
    }

    fn quadratic(&self) -> Option<Quadratic<'_>> {
        Some(Quadratic {
            covariance: &self.identity,
            factor: 1.0,
            l2: 0.0,
            linear: Linear { values: &self.portfolio, times: 1.0 },
            constant: self.portfolio.iter().map(|w| w * w).sum(),
        })
    }
}
