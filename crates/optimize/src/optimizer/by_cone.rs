//! Mandates by way of their cone program.

use std::time::Instant;

use walkfolio_core::{Interrupt, SolveReport, SolveStatus};

use crate::bound::{Region, Tangent, gap, least_linear};
use crate::cone::clarabel::{NAME, run_until};
use crate::cone::lower::{Lowered, Multipliers};
use crate::cone::program::Answer;
use crate::conflict::search;
use crate::mandate::Mandate;
use crate::solution::{Precision, Solution};
use crate::{Error, Result};

/// Finds the portfolio that a mandate asks for with Clarabel.
///
/// # Errors
/// [`Error::Infeasible`] with the conflict, [`Error::Unbounded`], [`Error::Stopped`] if the solver
/// gave up, [`Error::Invalid`] for a mandate that is no cone program.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Mandate, Objective, Precision, solve};
///
/// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
/// let objective = Objective::tracking_error(&returns, &returns.times(&[0.6, 0.4]))?;
/// let solution = solve(&Mandate::long_only(objective, 1.0)?, Precision::Full)?;
/// assert!((solution.weights[0] - 0.6).abs() < 1e-6);
/// assert_eq!(solution.report.solver, "clarabel");
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
pub fn solve(mandate: &Mandate, precision: Precision) -> Result<Solution> {
    solve_until(mandate, precision, &Interrupt::default())
}

/// As [`solve`], with a flag that is looked at once an iteration.
///
/// # Errors
/// As [`solve`], and [`Error::Interrupted`].
pub(super) fn solve_until(
    mandate: &Mandate,
    precision: Precision,
    interrupt: &Interrupt,
) -> Result<Solution> {
    let started = Instant::now();
    mandate.check_combination()?;
    let constraints = mandate.constraints();
    if constraints.holdings().any() {
        let what = "rules about holdings are no cone program; they require the kernel solver";
        return Err(Error::Invalid(what.to_owned()));
    }
    let lowered = Lowered::of(mandate)?;
    let answer = run_until(&lowered.program, precision, interrupt)?;
    match answer.status {
        SolveStatus::Optimal | SolveStatus::AlmostOptimal => {
            Ok(solution(mandate, &lowered, &answer, started))
        }
        SolveStatus::Infeasible => Err(Error::Infeasible(Box::new(search::of(constraints)?))),
        SolveStatus::Unbounded => Err(Error::Unbounded),
        status => {
            // An interior-point method may give up on an infeasible program: look before blaming it.
            if let Ok(conflict) = search::find(constraints) {
                return Err(Error::Infeasible(Box::new(conflict)));
            }
            Err(Error::Stopped { solver: NAME, status, iterations: answer.iterations })
        }
    }
}

fn solution(mandate: &Mandate, lowered: &Lowered, answer: &Answer, started: Instant) -> Solution {
    let weights = answer.x[..mandate.constraints().assets()].to_vec();
    let objective = mandate.value(&weights);
    let program = &lowered.program;
    let bound = proven(mandate, lowered, answer, &weights)
        .unwrap_or(program.scale * answer.dual + program.offset);
    let bound = mandate.with_constant(bound);
    let report = SolveReport {
        solver: NAME,
        status: answer.status,
        objective: Some(objective),
        bound: Some(bound),
        gap: Some(gap(objective, bound)),
        iterations: answer.iterations,
        micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        ..SolveReport::not_solved()
    };
    Solution { weights, report, note: None }
}

/// A bound of a quadratic objective from the data, with the solver's multipliers.
fn proven(mandate: &Mandate, lowered: &Lowered, answer: &Answer, weights: &[f64]) -> Option<f64> {
    let constraints = mandate.constraints();
    let tangent = Tangent::at(mandate, weights)?;
    let Multipliers { rows, absolute, absolute_cost } =
        lowered.multipliers(constraints, &answer.duals);
    let Region { rows: a, lo, hi } = Region::of(constraints);
    let acting = if mandate.l1_acts() { mandate.penalties().l1 } else { 0.0 };
    let linear = least_linear((&a, &lo, &hi), &tangent.gradient, &rows, acting + absolute);
    Some(tangent.at_zero + linear - absolute_cost)
}
