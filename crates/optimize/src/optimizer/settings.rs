//! How mandates are solved.

use crate::interruption::Interruption;
use crate::kernel::subset::SearchLimits;

/// The largest mandate that `Auto` gives to the kernel: beyond it the dense matrix costs more than
/// a sparse factorization.
pub(crate) const LARGEST: usize = 1000;

/// Which solver to use.
/// # Examples
/// See [`Settings`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// The kernel where it fits, Clarabel for the rest.
    #[default]
    Auto,
    /// The kernel; a mandate that it does not fit is an error.
    Kernel,
    /// Clarabel; a mandate that is no cone program is an error.
    Clarabel,
}

/// How mandates are solved.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Choice, Mandate, MinimumVariance, Optimizer, Precision, Settings};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let settings = Settings { choice: Choice::Clarabel, ..Settings::default() };
/// let solution = Optimizer::new(settings).solve(&mandate, Precision::Full)?;
/// assert_eq!(solution.report.solver, "clarabel");
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Which solver.
    pub choice: Choice,
    /// When a search over holdings stops without proof.
    pub limits: SearchLimits,
    /// How far the bound of an information ratio may be from its value.
    pub ratio_tolerance: f64,
    /// What ends a solve in the middle, and what it leaves then.
    pub interruption: Interruption,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            choice: Choice::Auto,
            limits: SearchLimits::default(),
            ratio_tolerance: 1e-6,
            interruption: Interruption::default(),
        }
    }
}
