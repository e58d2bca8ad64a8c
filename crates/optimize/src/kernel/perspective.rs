//! The perspective relaxation: a bound for few holdings among many.
//!
//! For diagonal `D >= 0` with `G - D` positive semidefinite, a portfolio with at most `k` weights
//! other than zero has `x'Gx = x'(G - D)x + sum D_i x_i^2 / z_i` for `z_i = 1` where held. Relaxed
//! to `sum z <= k` the best `z` is proportional to `delta_i x_i`, `delta = sqrt(D)`, so that
//!
//! `x'Gx - 2c'x >= x'(G - D + delta delta' / k)x - 2c'x`,
//!
//! a quadratic program of the same size. Assets that are known to be held keep `D_i = 0` and count
//! against `k`. `D` maximizes the bound plus `mu (log det(G - D) + sum log D_i)`; the bound's slope
//! is `t_i = x_i^2 (1 / z_i - 1)` where the relaxation is solved. Newton's step takes the curvature
//! of the barrier and, of the bound, what a diagonal can hold.
//!
//! Only portfolios that keep the equality rows matter, so `G` may be made larger across them
//! (`across_equalities`), which leaves more for `D`.
//!
//! # Sources
//! Frangioni & Gentile (2006), Perspective cuts for a class of convex 0-1 mixed integer programs;
//! Zheng, Sun & Li (2014), Improving the performance of MIQP solvers for quadratic programs with
//! cardinality and minimum threshold constraints (the best `D` as a semidefinite program).

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot_in_lanes;

/// A quadratic `x'Gx - 2c'x + constant`.
#[derive(Debug, Clone)]
pub(super) struct Quadratic {
    pub g: Matrix,
    pub c: Vec<f64>,
    pub constant: f64,
}

/// The same quadratic on the points with `a'x = b`, and steeper elsewhere: plus
/// `size (a'x - b)^2`, for each `(a, b)`.
pub(super) fn across_equalities<'a>(
    mut quadratic: Quadratic,
    equalities: impl Iterator<Item = (&'a [f64], f64)>,
) -> Quadratic {
    let n = quadratic.c.len();
    let size = (0..n).map(|i| quadratic.g[(i, i)]).sum::<f64>() / n as f64;
    for (a, b) in equalities {
        let weight = size / a.iter().fold(f64::MIN_POSITIVE, |m, a| m.max(a.abs())).powi(2);
        for (i, &own) in a.iter().enumerate() {
            for (to, other) in quadratic.g.row_mut(i).iter_mut().zip(a) {
                *to += weight * own * other;
            }
            quadratic.c[i] += weight * b * own;
        }
        quadratic.constant += weight * b * b;
    }
    quadratic
}

/// Writes `G - D + delta delta' / k` into a matrix of the same size.
pub(super) fn relaxed_matrix(g: &Matrix, diagonal: &[f64], holdings: usize, out: &mut Matrix) {
    let share = 1.0 / holdings.max(1) as f64;
    let delta: Vec<f64> = diagonal.iter().map(|d| d.sqrt()).collect();
    for (i, &own) in delta.iter().enumerate() {
        let row = out.row_mut(i);
        row.copy_from_slice(g.row(i));
        if own > 0.0 {
            for (to, other) in row.iter_mut().zip(&delta) {
                *to += share * own * other;
            }
            row[i] -= diagonal[i];
        }
    }
}

/// Newton steps go so much farther than the damping that is safe everywhere, where they may.
const STRIDE: f64 = 3.0;

/// Where the diagonal is to be improved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ascent<'a> {
    /// `G`.
    pub g: &'a Matrix,
    /// The indices that may be held; `G - D` is definite on them. Ascending.
    pub kept: &'a [usize],
    /// Those of them that are undecided; `D` is zero elsewhere and stays so. Ascending.
    pub open: &'a [usize],
    /// How many of these may be held.
    pub holdings: usize,
    /// `mu`.
    pub barrier: f64,
}

impl Ascent<'_> {
    /// One Newton step from a diagonal for which the relaxation's answer is `x`; none if `G - D` is
    /// not clearly definite.
    pub fn step(&self, x: &[f64], diagonal: &[f64]) -> Option<Vec<f64>> {
        let inverse = inverse(&self.rest(diagonal))?;
        let at = self.places()?;
        let (hessian, gradient) = self.newton(x, diagonal, &inverse, &at);
        let step = solve_definite(&hessian, &gradient)?;
        let decrement = dot_in_lanes(&step, &gradient).max(0.0).sqrt();
        let safe = 1.0 / (1.0 + decrement);
        let moved = |length: f64| {
            let mut next = diagonal.to_vec();
            self.open.iter().zip(&step).for_each(|(&i, step)| next[i] += length * step);
            next
        };
        let far = moved((STRIDE * safe).min(1.0));
        let inside = self.open.iter().all(|&i| far[i] > 0.0);
        if inside && lower_factor(&self.rest(&far)).is_some() {
            return Some(far);
        }
        let near = moved(safe);
        lower_factor(&self.rest(&near)).map(|_| near)
    }

    /// A diagonal to begin with: a fraction of what is left of each asset when all others explain
    /// it, shrunk until `G - D` is definite.
    pub fn begin(&self) -> Option<Vec<f64>> {
        let mut diagonal = vec![0.0; self.g.rows()];
        let inverse = inverse(&self.rest(&diagonal))?;
        for (&i, at) in self.open.iter().zip(self.places()?) {
            diagonal[i] = 1.0 / inverse[(at, at)];
        }
        for _ in 0..40 {
            let halved: Vec<f64> = diagonal.iter().map(|d| 0.5 * d).collect();
            if lower_factor(&self.rest(&diagonal)).is_some() {
                // Well inside.
                return Some(halved);
            }
            diagonal = halved;
        }
        None
    }

    /// `G - D` on the kept indices.
    fn rest(&self, diagonal: &[f64]) -> Matrix {
        let size = self.kept.len();
        let mut out = Matrix::zeros(size, size);
        for (at, &i) in self.kept.iter().enumerate() {
            let from = self.g.row(i);
            for (to, &j) in out.row_mut(at).iter_mut().zip(self.kept) {
                *to = from[j];
            }
            out[(at, at)] -= diagonal[i];
        }
        out
    }

    /// Where the open indices stand among the kept ones.
    fn places(&self) -> Option<Vec<usize>> {
        self.open.iter().map(|i| self.kept.binary_search(i).ok()).collect()
    }

    /// Minus the second derivatives, and the slope, both in units of the barrier.
    fn newton(
        &self,
        x: &[f64],
        diagonal: &[f64],
        inverse: &Matrix,
        at: &[usize],
    ) -> (Matrix, Vec<f64>) {
        let size = self.open.len();
        let weights = self.open.iter().map(|&i| diagonal[i].sqrt() * x[i]);
        let total = weights.sum::<f64>() / self.holdings.max(1) as f64;
        let mut hessian = Matrix::zeros(size, size);
        let mut gradient = vec![0.0; size];
        for (row, &i) in self.open.iter().enumerate() {
            let d = diagonal[i];
            let from = inverse.row(at[row]);
            for (value, &j) in hessian.row_mut(row).iter_mut().zip(at) {
                *value = from[j] * from[j];
            }
            // delta' x / k * x_i / delta_i, which falls as `D_i` grows.
            let pull = total * x[i] / d.sqrt();
            hessian[(row, row)] += 1.0 / (d * d) + pull / (2.0 * d * self.barrier);
            gradient[row] = (pull - x[i] * x[i]) / self.barrier - from[at[row]] + 1.0 / d;
        }
        (hessian, gradient)
    }
}

/// The lower Cholesky factor of a definite matrix; none if a pivot is not clearly positive.
pub(super) fn lower_factor(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.rows();
    let mut lower = Matrix::zeros(n, n);
    let mut row = vec![0.0; n];
    for i in 0..n {
        row[..=i].copy_from_slice(&matrix.row(i)[..=i]);
        for j in 0..i {
            let done = lower.row(j);
            row[j] = (row[j] - dot_in_lanes(&row[..j], &done[..j])) / done[j];
        }
        let pivot = row[i] - dot_in_lanes(&row[..i], &row[..i]);
        if pivot <= 1e-13 * matrix[(i, i)] || !pivot.is_finite() {
            return None;
        }
        row[i] = pivot.sqrt();
        lower.row_mut(i)[..=i].copy_from_slice(&row[..=i]);
    }
    Some(lower)
}

/// The inverse of a definite matrix.
fn inverse(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.rows();
    let lower = lower_factor(matrix)?;
    // Rows of the transposed inverse factor: row j holds column j of L^-1, from place j on.
    let mut columns = Matrix::zeros(n, n);
    for j in 0..n {
        let column = columns.row_mut(j);
        column[j] = 1.0 / lower[(j, j)];
        for i in j + 1..n {
            let row = lower.row(i);
            column[i] = -dot_in_lanes(&row[j..i], &column[j..i]) / row[i];
        }
    }
    let mut out = Matrix::zeros(n, n);
    for i in 0..n {
        for j in i..n {
            out[(i, j)] = dot_in_lanes(&columns.row(i)[j..], &columns.row(j)[j..]);
        }
    }
    out.mirror();
    Some(out)
}

/// `L^-1 b` for a lower factor.
pub(super) fn forward(lower: &Matrix, b: &[f64]) -> Vec<f64> {
    let mut x = b.to_vec();
    for i in 0..x.len() {
        x[i] = (x[i] - dot_in_lanes(&lower.row(i)[..i], &x[..i])) / lower[(i, i)];
    }
    x
}

fn solve_definite(matrix: &Matrix, rhs: &[f64]) -> Option<Vec<f64>> {
    let n = rhs.len();
    let lower = lower_factor(matrix)?;
    let mut x = forward(&lower, rhs);
    for i in (0..n).rev() {
        x[i] /= lower[(i, i)];
        let value = x[i];
        for (to, l) in x[..i].iter_mut().zip(lower.row(i)) {
            *to -= value * l;
        }
    }
    Some(x)
}
