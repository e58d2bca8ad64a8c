//! What takes the place of a program that has no answer.

use walkfolio_core::{Note, Result, SolveReport, SolveStatus, View, Weights};
use walkfolio_optimize::{Choice, Error as SolveError, Optimizer, Precision, Settings};

use super::allocation::Allocation;
use super::problem::Problem;
use crate::Fallback;

impl Allocation {
    /// What a fallback gives: weights, a report and what was done as notes; none if it does not apply.
    pub(super) fn fall_back(
        &self,
        fallback: Fallback,
        failure: &SolveError,
        problem: &Problem,
        (all, assets): (usize, &[usize]),
        view: View<'_>,
    ) -> Result<Option<(Weights, SolveReport, Vec<Note>)>> {
        let mandate = &problem.mandate;
        let done = |what: &str| vec![Note::fallback(format!("{failure}; {what}"))];
        match fallback {
            Fallback::Relax => Ok(match self.relaxed(failure, problem) {
                None => None,
                Some((weights, report, what, more)) => {
                    let mut notes = done(&what);
                    notes.extend(more);
                    let weights = problem.scaled(weights, &mut notes);
                    Some((Weights::scatter(all, assets, &weights)?, report, notes))
                }
            }),
            Fallback::Previous => {
                let holdings = view.holdings()?;
                if holdings.holdings() == 0 {
                    return Ok(None);
                }
                let report = failed_report(failure);
                Ok(Some((holdings.clone(), report, done("what is held is kept"))))
            }
            Fallback::EqualWeight => {
                let budget = mandate.constraints().budget();
                let weights = vec![budget / assets.len() as f64; assets.len()];
                let what = format!("equal weights in {} assets", assets.len());
                let mut notes = done(&what);
                let weights = problem.scaled(weights, &mut notes);
                let weights = Weights::scatter(all, assets, &weights)?;
                Ok(Some((weights, failed_report(failure), notes)))
            }
        }
    }

    /// The solution of the closest problem that has one, what was changed, and further notes.
    fn relaxed(
        &self,
        failure: &SolveError,
        problem: &Problem,
    ) -> Option<(Vec<f64>, SolveReport, String, Vec<Note>)> {
        let mandate = &problem.mandate;
        let (relaxed, precision, what) = match failure {
            SolveError::Infeasible(conflict) => {
                let change = conflict.first_relaxation()?;
                let constraints = mandate.constraints().widened(change.part, change.limits);
                let relaxed = mandate.clone().with_constraints(constraints).ok()?;
                (relaxed, Precision::Full, format!("relaxed: {}", change.advice))
            }
            SolveError::Stopped { .. } => {
                let what = "solved to a tolerance of 1e-6".to_owned();
                (mandate.clone(), Precision::Reduced, what)
            }
            failure => {
                let (relaxed, what) = problem.nearest(failure)?;
                (relaxed, Precision::Full, what)
            }
        };
        let full = precision == Precision::Full;
        let choice = if full { self.solver.choice } else { Choice::Clarabel };
        let settings = Settings { choice, ..self.solver.clone() };
        let solution = Optimizer::new(settings).solve(&relaxed, precision).ok()?;
        let mut notes: Vec<Note> = solution.note.map(Note::warning).into_iter().collect();
        let weights = self.without_small(&relaxed, solution.weights, &mut notes);
        Some((weights, solution.report, what, notes))
    }
}

fn failed_report(failure: &SolveError) -> SolveReport {
    let status = match failure {
        SolveError::Infeasible(_)
        | SolveError::OffFrontier { .. }
        | SolveError::Excluded { .. } => SolveStatus::Infeasible,
        SolveError::Unbounded => SolveStatus::Unbounded,
        SolveError::Stopped { status, .. } => *status,
        _ => SolveStatus::Failed,
    };
    SolveReport { status, ..SolveReport::not_solved() }
}
