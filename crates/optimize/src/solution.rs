//! What a solve is asked for and gives.

use walkfolio_core::SolveReport;

/// How exactly a cone program is solved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Precision {
    /// Tolerances of 1e-10 on feasibility and gap.
    #[default]
    Full,
    /// Tolerances of 1e-6: for what cannot be solved more exactly.
    Reduced,
}

/// Weights and how they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// One weight per asset of the mandate, fractions of equity.
    pub weights: Vec<f64>,
    /// Status, objective, bound and gap.
    pub report: SolveReport,
    /// What the reader of the ledger must know.
    pub note: Option<String>,
}
