//! Where weights leave the optimizer: what a solver's tolerance cannot tell from 0, from a bound or from
//! the minimum position becomes it to the bit.
//!
//! The budget and the rows that act are closed again by the smallest change of the other weights. A
//! change that would leave a constraint, or cost more than the solver left unproven, is not made.

use walkfolio_core::Matrix;
use walkfolio_core::linear::{dot, solve};

use crate::bound::{Region, Tangent};
use crate::cone::clarabel;
use crate::constraint::Constraints;
use crate::mandate::Mandate;
use crate::solution::Solution;

/// What the kernel cannot tell from zero, from its largest tolerance down.
const KERNEL: &[f64] = &[1e-9, 1e-12];
/// An interior point stays away from every bound, by an amount that depends on what the bound costs.
const INTERIOR: &[f64] = &[1e-7, 1e-8, 1e-9];
/// A budget and bounds that are missed by less hold.
const CLOSED: f64 = 1e-12;
/// Rows of the list that are missed by less hold.
const HOLDS: f64 = 1e-10;
/// A loss of this part of the terms of the objective is rounding.
const LOSS: f64 = 1e-12;

/// A solution without dust: unchanged to the bit where there is none.
pub(super) fn snapped(mandate: &Mandate, solution: Solution) -> Solution {
    let tolerances = if solution.report.solver == clarabel::NAME { INTERIOR } else { KERNEL };
    let found = tolerances.iter().find_map(|&near| without_dust(mandate, &solution, near));
    match found {
        Some(weights) => Solution { weights, ..solution }.valued(mandate),
        None => solution,
    }
}

/// The weights with all that is within `near` of where it belongs set to it; none if nothing is, or
/// a constraint or the objective would suffer.
fn without_dust(mandate: &Mandate, solution: &Solution, near: f64) -> Option<Vec<f64>> {
    let constraints = mandate.constraints();
    let before = &solution.weights;
    let (mut after, fixed) = at_places(mandate, before, near);
    if after == *before {
        return None;
    }
    close(constraints, before, (&mut after, &fixed), near);
    (keeps(constraints, before, &after) && costs_nothing(mandate, solution, &after))
        .then_some(after)
}

/// Each weight at its place, and whether it has one.
fn at_places(mandate: &Mandate, weights: &[f64], near: f64) -> (Vec<f64>, Vec<bool>) {
    let constraints = mandate.constraints();
    let size = constraints.holdings().min_position;
    let current = mandate.kept_at();
    let place = |(i, (&w, (min, max))): (usize, (&f64, (f64, f64)))| {
        let sizes = size.map(|size| [size, -size]);
        let inner = [0.0].into_iter().chain(sizes.into_iter().flatten());
        let inner = inner.chain(current.iter().map(|current| current[i]));
        let mut places = inner.filter(|at| (min..=max).contains(at)).chain([min, max]);
        let at = places.find(|at| (w - at).abs() <= near);
        // An interior point may miss a bound by more than it may miss zero.
        let outside = (w < min || w > max).then(|| w.clamp(min.min(max), max));
        at.or(outside).map_or((w, false), |at| (at, true))
    };
    weights.iter().zip(constraints.bounds()).enumerate().map(place).unzip()
}

/// Closes the budget and the rows that act by the smallest change of the weights without a place, or
/// the budget alone where these cannot carry them all.
fn close(
    constraints: &Constraints,
    before: &[f64],
    (after, fixed): (&mut Vec<f64>, &[bool]),
    near: f64,
) {
    let free: Vec<usize> = (0..fixed.len()).filter(|&i| !fixed[i]).collect();
    let rows = acting(constraints, before, near);
    for rows in [&rows[..], &rows[..rows.len().min(1)]] {
        let values = rows.iter().flat_map(|(row, _)| free.iter().map(|&i| row[i])).collect();
        let part = Matrix::from_rows(rows.len(), free.len(), values);
        let Some(lower) = part.transposed().gram().cholesky() else { continue };
        let mut changed = after.clone();
        // The second round removes the rounding of the first.
        for _ in 0..2 {
            let rest: Vec<f64> = rows.iter().map(|(row, at)| at - dot(row, &changed)).collect();
            let multipliers = solve(&lower, &rest);
            let change = part.transpose_times(&multipliers);
            free.iter().zip(change).for_each(|(&i, by)| changed[i] += by);
        }
        if changed.iter().all(|w| w.is_finite()) && keeps(constraints, before, &changed) {
            *after = changed;
            return;
        }
    }
}

/// The budget, and the rows and sums of absolute values of the list that weights are at an end of, each with the
/// value that it must have.
fn acting(constraints: &Constraints, weights: &[f64], near: f64) -> Vec<(Vec<f64>, f64)> {
    let Region { rows, lo, hi } = Region::of(constraints);
    let n = weights.len();
    let mut acting: Vec<(Vec<f64>, f64)> = Vec::new();
    for (row, (&lo, &hi)) in rows.iter_rows().zip(lo[n..].iter().zip(&hi[n..])) {
        let value = dot(row, weights);
        // The budget and fixed values must hold, however far they are missed.
        let acts = |end: &f64| lo == hi || (value - end).abs() <= near;
        acting.extend([lo, hi].into_iter().find(acts).map(|end| (row.to_vec(), end)));
    }
    for limit in constraints.absolutes() {
        if (limit.of(weights) - limit.max).abs() <= near {
            let from = |i: usize| limit.from.map_or(0.0, |from| from[i]);
            let signs = weights.iter().enumerate().map(|(i, w)| sign(w - from(i)));
            let signs: Vec<f64> = signs.collect();
            let shift: f64 = signs.iter().enumerate().map(|(i, sign)| sign * from(i)).sum();
            acting.push((signs, limit.max + shift));
        }
    }
    acting
}

/// 0 at 0.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

/// Whether weights keep every constraint, or those that were missed before no worse.
fn keeps(constraints: &Constraints, before: &[f64], after: &[f64]) -> bool {
    let within = |w: &f64, (min, max): (f64, f64)| *w >= min - CLOSED && *w <= max + CLOSED;
    let sum: f64 = after.iter().sum();
    let (least, most) = constraints.net_leverage();
    (least - sum).max(sum - most) <= CLOSED
        && after.iter().zip(constraints.bounds()).all(|(w, bounds)| within(w, bounds))
        && constraints.violation(after) <= constraints.violation(before).max(HOLDS)
}

/// Whether weights lose no more than the solver left unproven.
fn costs_nothing(mandate: &Mandate, solution: &Solution, after: &[f64]) -> bool {
    let (value, bound) = (mandate.value(&solution.weights), solution.report.bound);
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let open = bound.map_or(0.0, |bound| (value - bound).abs());
    let size = Tangent::at(mandate, after).map_or(1.0 + value.abs(), |tangent| tangent.size);
    sense * (mandate.value(after) - value) <= open.max(LOSS * size)
}
