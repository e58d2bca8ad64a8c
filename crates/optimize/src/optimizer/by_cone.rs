//! Mandates by way of their cone program.

use std::time::Instant;

use walkfolio_core::linear::max_abs;
use walkfolio_core::{Interrupt, SolveReport, SolveStatus};

use super::solved::Solved;
use crate::bound::{Charged, Region, Tangent, gap};
use crate::cone::clarabel::{NAME, run};
use crate::cone::lower::{Lowered, Multipliers};
use crate::cone::program::Answer;
use crate::conflict::search;
use crate::constraint::Part;
use crate::mandate::Mandate;
use crate::objective::form::PerRisk;
use crate::solution::{Precision, Solution};
use crate::{Error, Result};

/// Solves a mandate with a flag that is looked at once an iteration.
///
/// # Errors
/// As [`solve`](super::explained::solve), without what a ratio's failure means; [`Error::Interrupted`].
pub(super) fn solved(
    mandate: &Mandate,
    precision: Precision,
    interrupt: &Interrupt,
) -> Result<Solved> {
    let started = Instant::now();
    mandate.check_combination()?;
    let constraints = mandate.constraints();
    if constraints.holdings().any() {
        let what = "rules about holdings are no cone program; they require the kernel solver";
        return Err(Error::Invalid(what.to_owned()));
    }
    let is_scale_free = mandate.objective().as_dyn().is_scale_free();
    if is_scale_free && constraints.violation(&vec![0.0; constraints.assets()]) <= 0.0 {
        return Err(Error::NoSize);
    }
    let lowered = Lowered::of(mandate)?;
    let answer = run(&lowered.program, precision, interrupt)?;
    match answer.status {
        SolveStatus::Optimal | SolveStatus::AlmostOptimal => {
            let solution = solution(mandate, &lowered, &answer, started);
            let prices = lowered.multipliers(constraints, &answer.duals).prices.into_iter();
            let is_risk =
                |(at, _): &(usize, f64)| constraints.rule(Part::Listed(*at)).deviation().is_some();
            Ok(Solved {
                solution,
                prices: prices.filter(is_risk).map(|(_, price)| price).collect(),
            })
        }
        SolveStatus::Infeasible => {
            Err(Error::Infeasible(Box::new(search::of(constraints, interrupt)?)))
        }
        SolveStatus::Unbounded => Err(Error::Unbounded),
        status => {
            // An interior-point method may give up on an infeasible program: look before blaming it.
            if let Ok(conflict) = search::find(constraints, interrupt) {
                return Err(Error::Infeasible(Box::new(conflict)));
            }
            Err(Error::Stopped { solver: NAME, status, iterations: answer.iterations })
        }
    }
}

fn solution(mandate: &Mandate, lowered: &Lowered, answer: &Answer, started: Instant) -> Solution {
    let weights = lowered.weights(&answer.x);
    let objective = mandate.value(&weights);
    let program = &lowered.program;
    let dual = program.scale * answer.dual + program.offset;
    let bound = match mandate.objective().as_dyn().per_risk() {
        // The program minimizes the square of the risk of a unit of the largest gain.
        Some(PerRisk { gain, .. }) => max_abs(gain) / dual.sqrt(),
        None => proven(mandate, lowered, answer, &weights).unwrap_or(dual),
    };
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
    let Tangent { at_zero, gradient, .. } = Tangent::at(mandate, weights)?;
    let Multipliers { rows, prices } = lowered.multipliers(constraints, &answer.duals);
    let mut charged = Charged::new(mandate, (at_zero, gradient), weights);
    for (at, price) in prices {
        charged.limit(constraints.rule(Part::Listed(at)), price, weights);
    }
    Some(charged.least(&Region::of(constraints), &rows))
}
