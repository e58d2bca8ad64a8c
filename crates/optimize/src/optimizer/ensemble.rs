//! The mean of several objectives' portfolios, each by a solver of its own.

use std::time::Instant;

use walkfolio_core::{SolveReport, SolveStatus};

use super::Optimizer;
use crate::Result;
use crate::mandate::Mandate;
use crate::solution::{Precision, Solution};

impl Optimizer {
    /// The mean of the members' portfolios, each from what its own solver remembers.
    pub(super) fn ensemble(
        &mut self,
        mandate: &Mandate,
        members: &[(Mandate, f64)],
        precision: Precision,
    ) -> Result<Solution> {
        let started = Instant::now();
        self.members.resize_with(members.len(), Self::default);
        let mut weights = vec![0.0; mandate.constraints().assets()];
        let mut report = SolveReport {
            solver: "ensemble",
            status: SolveStatus::Optimal,
            ..SolveReport::not_solved()
        };
        let mut notes: Vec<String> = Vec::new();
        for (own, (member, share)) in self.members.iter_mut().zip(members) {
            own.settings.clone_from(&self.settings);
            let solution = own.solve(member, precision)?;
            weights.iter_mut().zip(&solution.weights).for_each(|(sum, w)| *sum += share * w);
            if report.status == SolveStatus::Optimal {
                report.status = solution.report.status;
            }
            report.iterations += solution.report.iterations;
            report.pivots += solution.report.pivots;
            report.nodes += solution.report.nodes;
            notes.extend(solution.note);
        }
        report.micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let note = (!notes.is_empty()).then(|| notes.join("; "));
        Ok(Solution { weights, report, note }.valued(mandate))
    }
}
