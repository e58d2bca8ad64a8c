//! What the kernel found, and its report.

use std::time::Instant;

use walkfolio_core::{SolveReport, SolveStatus};

use crate::bound::gap;
use crate::mandate::Mandate;
use crate::solution::Solution;

/// What the kernel found: weights, a proven bound in the objective's own sense but for an l1 penalty
/// that does not act, and its work.
pub(super) struct Found {
    pub weights: Vec<f64>,
    pub bound: f64,
    pub pivots: u32,
    pub nodes: u64,
    pub proven: bool,
    /// What the reader of the ledger must know.
    pub note: Option<String>,
}

impl Found {
    pub fn solution(self, mandate: &Mandate, started: Instant) -> Solution {
        let objective = mandate.value(&self.weights);
        let bound = mandate.with_constant(self.bound);
        let report = SolveReport {
            solver: "kernel",
            status: if self.proven { SolveStatus::Optimal } else { SolveStatus::Limit },
            objective: Some(objective),
            bound: Some(bound),
            gap: Some(gap(objective, bound)),
            pivots: self.pivots,
            nodes: self.nodes,
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            iterations: 0,
        };
        Solution { weights: self.weights, report, note: self.note }
    }
}
