//! Objectives that are one portfolio: it satisfies the constraints, or there is no solution.

use std::time::Instant;

use walkfolio_core::{SolveReport, SolveStatus};

use crate::mandate::Mandate;
use crate::objective::given::Given;
use crate::solution::Solution;
use crate::{Error, Result};

/// Constraints that are missed by less hold.
const HOLDS: f64 = 1e-9;

/// The portfolio with the sum of weights of a mandate.
///
/// # Errors
/// [`Error::Excluded`] if it does not satisfy the constraints.
pub(super) fn solve(mandate: &Mandate, given: &Given) -> Result<Solution> {
    let started = Instant::now();
    let constraints = mandate.constraints();
    let weights = given.times(constraints.budget());
    if let Some((constraint, by)) = constraints.first_violated(&weights, HOLDS) {
        return Err(Error::Excluded { what: given.called, constraint, by });
    }
    let report = SolveReport {
        solver: "rule",
        status: SolveStatus::Optimal,
        bound: Some(0.0),
        micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        ..SolveReport::not_solved()
    };
    Ok(Solution { weights, report, note: None }.valued(mandate))
}
