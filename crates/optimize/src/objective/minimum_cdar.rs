//! The mean of the worst drawdowns.

use walkfolio_core::Matrix;

use super::form::{Form, Tailed};
use super::tail::{Loss, Tail};
use crate::Result;
use crate::cone::program::Program;

/// Minimize the conditional drawdown-at-risk, the mean of the worst `1 - confidence` of the drawdowns of a window.
///
/// The drawdown of a row is how far the sum of the returns `R w` up to it is below its highest value so far, or below
/// the 0 that it begins with: weights are constant and returns are not compounded, which makes it convex. The tail is
/// that of [`MinimumCvar`](super::MinimumCvar), of drawdowns in place of losses.
///
/// # Shape and units
/// `R` is a window of `T x N` simple returns as fractions, oldest first; the value is a fraction, at least 0.
/// # Source
/// Chekhlov, Uryasev & Zabarankin (2005), Drawdown measure in portfolio optimization.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{MinimumCdar, Objective};
///
/// // -2 %, then another -1 %, then +4 %: drawdowns of 2 %, 3 % and 0; the worst two thirds are the first two.
/// let returns = Matrix::from_rows(3, 1, vec![-0.02, -0.01, 0.04]);
/// let objective = Objective::from(MinimumCdar::new(returns, 1.0 / 3.0)?);
/// assert!((objective.value(&[1.0]) - 0.025).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MinimumCdar {
    tail: Tail,
}

impl MinimumCdar {
    /// From a window of returns and a confidence level, such as 0.95.
    ///
    /// # Errors
    /// As [`MinimumCvar::new`](super::MinimumCvar::new).
    pub fn new(returns: Matrix, confidence: f64) -> Result<Self> {
        Ok(Self { tail: Tail::new(returns, confidence, Loss::Drawdown)? })
    }
}

impl Form for MinimumCdar {
    fn assets(&self) -> usize {
        self.tail.assets()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.tail.of(w)
    }

    fn is_never_negative(&self) -> bool {
        true
    }

    fn tail(&self) -> Option<Tailed<'_>> {
        Some(Tailed { tail: &self.tail, aversion: 1.0, gain: None })
    }

    fn cone(&self, program: &mut Program, l2: f64) -> Result<()> {
        program.scale = self.tail.size();
        program.squares(&vec![l2 / program.scale; self.assets()]);
        self.tail.cone(program, 1.0);
        Ok(())
    }
}
