//! The mean of the worst losses.

use walkfolio_core::Matrix;

use super::form::{Form, Tailed};
use super::tail::{Loss, Tail};
use crate::Result;
use crate::cone::program::Program;

/// Minimize the conditional value-at-risk, the mean of the worst `1 - confidence` of the losses `-R w`.
///
/// With `k = (1 - confidence) T` it is the sum of the `floor(k)` largest losses and of the part `k - floor(k)` of the
/// next one, divided by `k`; losses are neither demeaned nor annualized. It is not the reported measure `cvar_95`,
/// which is the mean of the returns at or below an interpolated quantile.
///
/// # Shape and units
/// `R` is a window of `T x N` simple returns as fractions, each row as likely as any other; the value is a fraction
/// per row, positive where the tail loses.
/// # Source
/// Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Mandate, MinimumCvar};
///
/// // Each asset loses 2 % where the other one gains 4 %; the worst half of two rows is one of them.
/// let returns = Matrix::from_rows(2, 2, vec![-0.02, 0.04, 0.04, -0.02]);
/// let mandate = Mandate::long_only(MinimumCvar::new(returns, 0.5)?, 1.0)?;
/// assert!((mandate.value(&[1.0, 0.0]) - 0.02).abs() < 1e-16);
/// let solution = mandate.solve()?;
/// assert!((solution.weights[0] - 0.5).abs() < 1e-6);
/// assert!((mandate.value(&solution.weights) + 0.01).abs() < 1e-8); // half of 4 % less half of 2 %
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MinimumCvar {
    tail: Tail,
}

impl MinimumCvar {
    /// From a window of returns and a confidence level, such as 0.95.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) without returns, for one that is not finite, and for a confidence
    /// that is not between 0 and 1.
    pub fn new(returns: Matrix, confidence: f64) -> Result<Self> {
        Ok(Self { tail: Tail::new(returns, confidence, Loss::Return)? })
    }
}

impl Form for MinimumCvar {
    fn assets(&self) -> usize {
        self.tail.assets()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.tail.of(w)
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
