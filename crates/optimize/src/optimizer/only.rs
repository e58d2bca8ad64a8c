//! Bounds that leave one portfolio alone, such as caps of `1 / n`: there is nothing to search for, and a path
//! through their corners, which all coincide, does not end.

use std::time::Instant;

use super::found::Found;
use crate::mandate::Mandate;
use crate::solution::Solution;

/// Sums of bounds that differ from the budget by less are it.
const SAME: f64 = 1e-12;
/// Constraints that are missed by less hold.
const HOLDS: f64 = 1e-10;

/// The portfolio whose weights are all at their largest or all at their least, if the budget leaves no other and
/// it satisfies the rest.
pub(super) fn portfolio(mandate: &Mandate) -> Option<Solution> {
    let started = Instant::now();
    let constraints = mandate.constraints();
    // A ratio has no largest value where no portfolio has a gain.
    if constraints.has_open_sum() || mandate.objective().as_dyn().per_risk().is_some() {
        return None;
    }
    let budget = constraints.budget();
    let is_all = |bounds: &&[f64]| (bounds.iter().sum::<f64>() - budget).abs() <= SAME;
    let weights = [constraints.max(), constraints.min()].into_iter().find(is_all)?.to_vec();
    let value = mandate.objective().value(&weights);
    if constraints.violation(&weights) > HOLDS || !value.is_finite() {
        return None;
    }
    let bound = mandate.value(&weights);
    let found = Found { weights, bound, pivots: 0, nodes: 0, proven: true, note: None };
    let mut solution = found.solution(mandate, started);
    solution.report.bound = Some(bound);
    Some(solution.valued(mandate))
}
