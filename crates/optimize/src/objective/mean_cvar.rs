//! Expected return less the mean of the worst losses.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use super::form::{Form, Tailed, at_least_zero};
use super::tail::{Loss, Tail};
use crate::cone::program::Program;
use crate::{Error, Result};

/// Maximize `mu'w - risk_aversion CVaR(w)`, with the conditional value-at-risk of [`MinimumCvar`](super::MinimumCvar).
///
/// # Shape and units
/// `mu` has `N` expected returns as fractions, of any period; the loss is one of a row of `R`, the `T x N` simple
/// returns, and `risk_aversion` says what a unit of it is worth in the unit of `mu`.
/// # Source
/// Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk; Krokhmal, Palmquist & Uryasev (2002),
/// Portfolio optimization with conditional value-at-risk objective and constraints.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{MeanCvar, Objective};
///
/// let returns = Matrix::from_rows(2, 1, vec![-0.02, 0.04]);
/// let objective = Objective::from(MeanCvar::new(vec![0.01], returns, 0.5, 0.25)?);
/// // 1 % less a quarter of the 2 % that the worse half loses.
/// assert!((objective.value(&[1.0]) - 0.005).abs() < 1e-16);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MeanCvar {
    expected_returns: Vec<f64>,
    tail: Tail,
    risk_aversion: f64,
}

impl MeanCvar {
    /// From expected returns, a window of returns, a confidence level and an aversion to risk, at least 0.
    ///
    /// # Errors
    /// As [`MinimumCvar::new`](super::MinimumCvar::new), and [`Error::Invalid`] unless there is a finite expected
    /// return for each asset.
    pub fn new(
        expected_returns: Vec<f64>,
        returns: Matrix,
        confidence: f64,
        risk_aversion: f64,
    ) -> Result<Self> {
        let tail = Tail::new(returns, confidence, Loss::Return)?;
        let (a, b) = (expected_returns.len(), tail.assets());
        if a != b {
            return Err(Error::Invalid(format!("expected returns of {a} assets, returns of {b}")));
        }
        if expected_returns.iter().any(|value| !value.is_finite()) {
            return Err(Error::Invalid("an expected return is not finite".to_owned()));
        }
        at_least_zero("risk_aversion", risk_aversion)?;
        Ok(Self { expected_returns, tail, risk_aversion })
    }

    /// The conditional value-at-risk of a portfolio, a fraction per row.
    ///
    /// # Panics
    /// If there is not one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::MeanCvar;
    ///
    /// let returns = Matrix::from_rows(2, 1, vec![-0.02, 0.04]);
    /// assert_eq!(MeanCvar::new(vec![0.01], returns, 0.5, 1.0)?.cvar(&[0.5]), 0.01);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn cvar(&self, w: &[f64]) -> f64 {
        assert_eq!(w.len(), self.assets(), "one weight for each asset");
        self.tail.of(w)
    }
}

impl Form for MeanCvar {
    fn assets(&self) -> usize {
        self.expected_returns.len()
    }

    fn is_minimized(&self) -> bool {
        false
    }

    fn value(&self, w: &[f64]) -> f64 {
        dot(&self.expected_returns, w) - self.risk_aversion * self.tail.of(w)
    }

    fn tail(&self) -> Option<Tailed<'_>> {
        Some(Tailed {
            tail: &self.tail,
            aversion: self.risk_aversion,
            gain: Some(&self.expected_returns),
        })
    }

    fn cone(&self, program: &mut Program, l2: f64) -> Result<()> {
        let unit = self.tail.size();
        program.scale = -unit;
        let gains = program.linear.iter_mut().zip(&self.expected_returns);
        gains.for_each(|(q, mu)| *q = -mu / unit);
        program.squares(&vec![l2 / unit; self.assets()]);
        self.tail.cone(program, self.risk_aversion);
        Ok(())
    }
}
