//! The last digits of a portfolio with an l1 penalty that acts.
//!
//! An interior point has no weight of zero. Once it tells the sign of every weight, `||w||_1` is
//! linear, and the kernel gives the portfolio of these signs with zeros to the bit. Whether the
//! signs are right its bound proves, which is one for all portfolios.

use std::time::Instant;

use walkfolio_core::Matrix;

use crate::bound::{Region, Tangent, gap, least_linear};
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
    let quadratic = mandate.quadratic().filter(|_| mandate.l1_acts());
    let Some(quadratic) = quadratic else { return solution };
    let found = SMALL.iter().find_map(|&small| {
        let signs = signs(&solution.weights, small);
        exact(mandate, &quadratic, &signs)
    });
    let Some((weights, bound, pivots)) = found else { return solution };
    let objective = mandate.value(&weights);
    let mut report = solution.report;
    report.objective = Some(objective);
    report.bound = Some(bound);
    report.gap = Some(gap(objective, bound));
    report.pivots = pivots;
    report.micros += u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Solution { weights, report, note: solution.note }
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
    let (n, l1) = (signs.len(), mandate.penalties().l1);
    let region = Region::of(mandate.constraints());
    let Region { rows, mut lo, mut hi } = region.clone();
    for (i, &sign) in signs.iter().enumerate() {
        lo[i] = if sign < 0.0 { lo[i] } else { lo[i].max(0.0) };
        hi[i] = if sign > 0.0 { hi[i] } else { hi[i].min(0.0) };
    }
    let gross = mandate.constraints().absolute();
    let rows = gross.map_or(rows.clone(), |_| with_row(&rows, signs));
    lo.extend(gross.map(|_| f64::NEG_INFINITY));
    hi.extend(gross);
    let g: Vec<f64> =
        quadratic.half_linear().zip(signs).map(|(c, sign)| c - 0.5 * l1 * sign).collect();
    let matrix = quadratic.matrix();
    let program = Program { h: &matrix, a: &rows, g: &g, lo: &lo, hi: &hi };
    let answer = ActiveSet::new(n, rows.rows()).solve(&program).ok()?;
    let tangent = Tangent::at(mandate, &answer.x)?;
    let count = region.rows.rows();
    let duals: Vec<f64> = answer.dual[n..].iter().map(|dual| 2.0 * dual).collect();
    let price = duals.get(count).map_or(0.0, |dual| (-dual).max(0.0));
    let linear = least_linear(
        (&region.rows, &region.lo, &region.hi),
        &tangent.gradient,
        &duals[..count],
        l1 + price,
    );
    let bound = tangent.at_zero + linear - price * gross.unwrap_or(0.0);
    let gap = mandate.value(&answer.x) - bound;
    (gap <= PROVEN * tangent.size).then_some((answer.x, bound, answer.pivots))
}

/// A matrix with one more row.
fn with_row(matrix: &Matrix, row: &[f64]) -> Matrix {
    let values = matrix.values().iter().chain(row).copied().collect();
    Matrix::from_rows(matrix.rows() + 1, row.len(), values)
}
