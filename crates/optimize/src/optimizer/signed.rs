//! The last digits of what the kernel does not solve from nothing: an l1 penalty or gross leverage, which
//! have absolute values, and more assets than it takes.
//!
//! An interior point has no weight of zero. Once it tells the sign of every weight, `||w||_1` is
//! linear, and the kernel gives the portfolio of these signs with zeros to the bit. Whether the
//! signs are right its bound proves, which is one for all portfolios.

use std::time::Instant;

use walkfolio_core::Matrix;

use super::LARGEST;
use crate::bound::{Region, Tangent, least_linear};
use crate::kernel::{ActiveSet, Program};
use crate::mandate::Mandate;
use crate::quadratic::Quadratic;
use crate::solution::Solution;

/// Weights up to the first of these that proves right are none.
const SMALL: [f64; 3] = [1e-5, 1e-7, 1e-9];
/// A gap of this part of the objective's terms proves the signs.
const PROVEN: f64 = 1e-12;

/// An interior point's portfolio with its last digits, or as it is where its signs cannot be
/// proven right.
pub(super) fn finish(mandate: &Mandate, solution: Solution) -> Solution {
    let started = Instant::now();
    let Some(quadratic) = mandate.quadratic() else { return solution };
    let found = SMALL.iter().find_map(|&small| {
        let signs = signs(&solution.weights, small);
        exact(mandate, &quadratic, &signs)
    });
    let Some((weights, bound, pivots)) = found else { return solution };
    let mut report = solution.report;
    report.pivots = pivots;
    report.bound = Some(mandate.with_constant(bound));
    report.micros += u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Solution { weights, report, note: solution.note }.valued(mandate)
}

fn signs(weights: &[f64], small: f64) -> Vec<f64> {
    weights.iter().map(|w| if w.abs() <= small { 0.0 } else { w.signum() }).collect()
}

/// The best portfolio of some signs with its bound and pivots; none if the bound does not prove it.
fn exact(
    mandate: &Mandate,
    quadratic: &Quadratic<'_>,
    signs: &[f64],
) -> Option<(Vec<f64>, f64, u32)> {
    let region = Region::of(mandate.constraints());
    let held: Vec<usize> = (0..signs.len()).filter(|&i| signs[i] != 0.0).collect();
    let outside = |i: usize| region.lo[i] > 0.0 || region.hi[i] < 0.0;
    if held.is_empty()
        || held.len() > LARGEST
        || (0..signs.len()).any(|i| signs[i] == 0.0 && outside(i))
    {
        return None;
    }
    let l1 = if mandate.l1_acts() { mandate.penalties().l1 } else { 0.0 };
    let gross = mandate.constraints().absolute();
    let part = part_of(&region, &held, signs, gross);
    let half: Vec<f64> = quadratic.half_linear().collect();
    let g: Vec<f64> = held.iter().map(|&i| half[i] - 0.5 * l1 * signs[i]).collect();
    let matrix = quadratic.matrix_of(&held);
    let program = Program { h: &matrix, a: &part.rows, g: &g, lo: &part.lo, hi: &part.hi };
    let answer = ActiveSet::new(held.len(), part.rows.rows()).solve(&program).ok()?;
    let mut weights = vec![0.0; signs.len()];
    held.iter().zip(&answer.x).for_each(|(&i, x)| weights[i] = *x);
    let tangent = Tangent::at(mandate, &weights)?;
    let count = region.rows.rows();
    let duals: Vec<f64> = answer.dual[held.len()..].iter().map(|dual| 2.0 * dual).collect();
    let price = duals.get(count).map_or(0.0, |dual| (-dual).max(0.0));
    let linear = least_linear(
        (&region.rows, &region.lo, &region.hi),
        &tangent.gradient,
        &duals[..count],
        l1 + price,
    );
    let bound = tangent.at_zero + linear - price * gross.unwrap_or(0.0);
    let gap = mandate.value(&weights) - mandate.with_constant(bound);
    (gap <= PROVEN * tangent.size).then_some((weights, bound, answer.pivots))
}

/// The region of the assets held, each on the side of its sign; gross leverage is its last row.
fn part_of(region: &Region, held: &[usize], signs: &[f64], gross: Option<f64>) -> Region {
    let n = signs.len();
    let mut rows: Vec<f64> = Vec::with_capacity(held.len() * (region.rows.rows() + 1));
    region.rows.iter_rows().for_each(|row| rows.extend(held.iter().map(|&i| row[i])));
    let mut lo: Vec<f64> = held.iter().map(|&i| region.lo[i]).collect();
    let mut hi: Vec<f64> = held.iter().map(|&i| region.hi[i]).collect();
    for (k, &i) in held.iter().enumerate() {
        if signs[i] > 0.0 {
            lo[k] = lo[k].max(0.0);
        } else {
            hi[k] = hi[k].min(0.0);
        }
    }
    lo.extend(&region.lo[n..]);
    hi.extend(&region.hi[n..]);
    if let Some(gross) = gross {
        rows.extend(held.iter().map(|&i| signs[i]));
        lo.push(f64::NEG_INFINITY);
        hi.push(gross);
    }
    let count = lo.len() - held.len();
    Region { rows: Matrix::from_rows(count, held.len(), rows), lo, hi }
}
