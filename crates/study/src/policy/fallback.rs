//! What takes the place of a program that has no answer.

use walkfolio_core::{Result, SolveReport, SolveStatus, View, Weights};
use walkfolio_optimize::{Choice, Error as SolveError, Mandate, Optimizer, Precision, Settings};

use super::allocation::Allocation;
use crate::Fallback;

impl Allocation {
    /// What a fallback gives: weights, a report and what was done; none if it does not apply.
    pub(super) fn fall_back(
        &self,
        fallback: Fallback,
        failure: &SolveError,
        mandate: &Mandate,
        (all, assets): (usize, &[usize]),
        view: View<'_>,
    ) -> Result<Option<(Weights, SolveReport, String)>> {
        match fallback {
            Fallback::Relax => Ok(match self.relaxed(failure, mandate) {
                None => None,
                Some((weights, report, what)) => {
                    Some((Weights::scatter(all, assets, &weights)?, report, what))
                }
            }),
            Fallback::Previous => {
                let holdings = view.holdings()?;
                if holdings.holdings() == 0 {
                    return Ok(None);
                }
                let report = failed_report(failure);
                Ok(Some((holdings.clone(), report, "what is held is kept".to_owned())))
            }
            Fallback::EqualWeight => {
                let weights = vec![1.0 / assets.len() as f64; assets.len()];
                let what = format!("equal weights in {} assets", assets.len());
                let weights = Weights::scatter(all, assets, &weights)?;
                Ok(Some((weights, failed_report(failure), what)))
            }
        }
    }

    /// The answer of the closest program that has one.
    fn relaxed(
        &self,
        failure: &SolveError,
        mandate: &Mandate,
    ) -> Option<(Vec<f64>, SolveReport, String)> {
        let (constraints, precision, what) = match failure {
            SolveError::Infeasible(conflict) => {
                let change = conflict.first_relaxation()?;
                let constraints = mandate.constraints().widened(change.part, change.limits);
                (constraints, Precision::Full, format!("relaxed: {}", change.advice))
            }
            SolveError::Stopped { .. } => {
                let what = "solved to a tolerance of 1e-6".to_owned();
                (mandate.constraints().clone(), Precision::Reduced, what)
            }
            _ => return None,
        };
        let relaxed = mandate.clone().with_constraints(constraints).ok()?;
        let full = precision == Precision::Full;
        let choice = if full { self.solver.choice } else { Choice::Clarabel };
        let settings = Settings { choice, ..self.solver };
        let solution = Optimizer::new(settings).solve(&relaxed, precision).ok()?;
        let mut notes = Vec::new();
        let weights = self.tidy(&solution.weights, relaxed.constraints(), &mut notes);
        Some((weights, solution.report, what))
    }
}

fn failed_report(failure: &SolveError) -> SolveReport {
    let status = match failure {
        SolveError::Infeasible(_) => SolveStatus::Infeasible,
        SolveError::Unbounded => SolveStatus::Unbounded,
        SolveError::Stopped { status, .. } => *status,
        _ => SolveStatus::Failed,
    };
    SolveReport { status, ..SolveReport::not_solved() }
}
