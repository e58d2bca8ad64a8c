//! What a solve is asked for and gives.

use walkfolio_core::SolveReport;

use crate::bound::gap;
use crate::mandate::Mandate;

/// How exactly a cone program is solved.
/// # Examples
/// See [`Solution`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Precision {
    /// Tolerances of 1e-10 on feasibility and gap.
    #[default]
    Full,
    /// Tolerances of 1e-6: for what cannot be solved more exactly.
    Reduced,
}

/// Weights and how they were found.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix, SolveStatus};
/// use walkfolio_optimize::{Mandate, MinimumVariance, Precision, solve};
///
/// // Weights 1/5 and 4/5: the variance is 0.04 / 25 + 0.01 * 16 / 25.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let solution = solve(&mandate, Precision::Full)?;
/// assert_eq!(solution.report.status, SolveStatus::Optimal);
/// assert!((solution.report.objective.unwrap() - 0.008).abs() < 1e-8);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// One weight per asset of the mandate, fractions of equity.
    pub weights: Vec<f64>,
    /// Status, objective, bound and gap.
    pub report: SolveReport,
    /// What the reader of the ledger must know.
    pub note: Option<String>,
}

impl Solution {
    /// With the objective of its weights, and its gap from the bound.
    pub(crate) fn valued(mut self, mandate: &Mandate) -> Self {
        let objective = mandate.value(&self.weights);
        self.report.objective = Some(objective);
        self.report.gap = self.report.bound.map(|bound| gap(objective, bound));
        self
    }
}
