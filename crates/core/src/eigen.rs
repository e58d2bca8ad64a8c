//! Eigenvalues and eigenvectors of symmetric matrices.

use crate::Matrix;
use crate::dense::{add_rows, rotate_rows};
use crate::linear::{dot_in_lanes, max_abs};

/// The eigenvalues of a symmetric matrix with their eigenvectors: `A = V' diag(l) V`, the rows of `V`
/// orthonormal.
///
/// Householder reflections to a tridiagonal matrix, then the implicit QL method. Eigenvalues are off by
/// a few roundings of the largest one. Sums have a fixed order: the bits are the same on every machine.
/// The signs of the vectors are arbitrary.
///
/// # Source
/// Golub & Van Loan (2013), Matrix Computations, sections 8.3.1 and 8.3.3; Dubrulle, Martin & Wilkinson
/// (1968), The implicit QL algorithm.
/// # Examples
/// ```
/// use walkfolio_core::{Eigen, Matrix};
///
/// // [2 1; 1 2] stretches (1, 1) by 3 and (1, -1) by 1.
/// let eigen = Eigen::of(&Matrix::from_rows(2, 2, vec![2.0, 1.0, 1.0, 2.0]));
/// assert!((eigen.values[0] - 3.0).abs() < 1e-15 && (eigen.values[1] - 1.0).abs() < 1e-15);
/// assert!((eigen.vectors[(0, 0)] - eigen.vectors[(0, 1)]).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, the largest first.
    pub values: Vec<f64>,
    /// Row `k` is the eigenvector of eigenvalue `k`.
    pub vectors: Matrix,
}

/// More sweeps for one eigenvalue than any finite matrix was seen to need; two or three are usual.
const MAX_SWEEPS: usize = 200;

impl Eigen {
    /// Of a symmetric matrix.
    ///
    /// # Shape and units
    /// `N x N` finite values; `N` eigenvalues.
    /// # Panics
    /// If the matrix is not square: a fault of the caller.
    pub fn of(symmetric: &Matrix) -> Self {
        let n = symmetric.rows();
        assert_eq!(symmetric.cols(), n, "a symmetric matrix is square");
        let scale = max_abs(symmetric.values());
        let mut work = symmetric.clone();
        if scale > 0.0 {
            (0..n).for_each(|i| work.row_mut(i).iter_mut().for_each(|value| *value /= scale));
        }
        let mut reduced = Tridiagonal::of(work);
        reduced.diagonalize();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| reduced.diagonal[b].total_cmp(&reduced.diagonal[a]));
        let values = order.iter().map(|&k| reduced.diagonal[k] * scale).collect();
        let vectors = order.iter().flat_map(|&k| reduced.rows.row(k)).copied().collect();
        Self { values, vectors: Matrix::from_rows(n, n, vectors) }
    }
}

/// `A = Q' T Q` with a tridiagonal `T`.
struct Tridiagonal {
    diagonal: Vec<f64>,
    /// `T[i + 1, i]`; the last is 0.
    below: Vec<f64>,
    /// `Q`.
    rows: Matrix,
}

impl Tridiagonal {
    /// Reflections that clear one column after the other; that of column `k` is kept in its row.
    fn of(mut a: Matrix) -> Self {
        let n = a.rows();
        let (mut below, mut lengths) = (vec![0.0; n], vec![0.0; n]);
        for k in 0..n.saturating_sub(2) {
            let mut v = a.row(k)[k + 1..].to_vec();
            (below[k], lengths[k]) = reflector(&mut v);
            if lengths[k] > 0.0 {
                reflect_both_sides(&mut a, k + 1, &v, lengths[k]);
            }
            a.row_mut(k)[k + 1..].copy_from_slice(&v);
        }
        if n > 1 {
            below[n - 2] = a[(n - 2, n - 1)];
        }
        let diagonal = (0..n).map(|i| a[(i, i)]).collect();
        Self { diagonal, below, rows: product_of_reflections(&a, &lengths) }
    }

    /// Rotations until nothing is left below the diagonal.
    fn diagonalize(&mut self) {
        let n = self.diagonal.len();
        for first in 0..n {
            for _ in 0..MAX_SWEEPS {
                let last = (first..n).find(|&m| self.is_split(m)).unwrap_or(first);
                if last == first {
                    break;
                }
                self.sweep(first, last);
            }
        }
    }

    /// Whether what is below the diagonal of a row is nothing next to its neighbours.
    fn is_split(&self, m: usize) -> bool {
        let Some(next) = self.diagonal.get(m + 1) else { return true };
        let scale = self.diagonal[m].abs() + next.abs();
        // The matrix is scaled to a largest entry of 1.
        self.below[m].abs() <= f64::EPSILON * scale.max(f64::EPSILON)
    }

    /// One implicit QL step with Wilkinson's shift on rows `first..=last`.
    fn sweep(&mut self, first: usize, last: usize) {
        let (d, e) = (&mut self.diagonal, &mut self.below);
        let slope = (d[first + 1] - d[first]) / (2.0 * e[first]);
        let root = (slope * slope + 1.0).sqrt().copysign(slope);
        let mut g = d[last] - d[first] + e[first] / (slope + root);
        let (mut sine, mut cosine, mut shift) = (1.0, 1.0, 0.0);
        for i in (first..last).rev() {
            let (f, b) = (sine * e[i], cosine * e[i]);
            let length = (f * f + g * g).sqrt();
            e[i + 1] = length;
            if length == 0.0 {
                d[i + 1] -= shift;
                e[last] = 0.0;
                return;
            }
            (sine, cosine) = (f / length, g / length);
            g = d[i + 1] - shift;
            let step = (d[i] - g) * sine + 2.0 * cosine * b;
            shift = sine * step;
            d[i + 1] = g + shift;
            g = cosine * step - b;
            rotate_rows(&mut self.rows, i, (cosine, sine));
        }
        d[first] -= shift;
        e[first] = g;
        e[last] = 0.0;
    }
}

/// Turns `x` into `v` of a reflection `I - 2 v v' / (v'v)` that maps `x` to `(beta, 0, ...)`; returns
/// `beta` and `v'v`, which is 0 where `x` is of that form already.
fn reflector(x: &mut [f64]) -> (f64, f64) {
    let tail: f64 = x[1..].iter().map(|value| value * value).sum();
    if tail == 0.0 {
        return (x[0], 0.0);
    }
    let beta = -(x[0] * x[0] + tail).sqrt().copysign(x[0]);
    x[0] -= beta;
    (beta, x[0] * x[0] + tail)
}

/// `H A H` of the block of `a` from `from` on, `H = I - 2 v v' / length`.
fn reflect_both_sides(a: &mut Matrix, from: usize, v: &[f64], length: f64) {
    let mut p: Vec<f64> = (0..v.len()).map(|i| dot_in_lanes(&a.row(from + i)[from..], v)).collect();
    for value in &mut p {
        *value *= 2.0 / length;
    }
    let half = dot_in_lanes(&p, v) / length;
    p.iter_mut().zip(v).for_each(|(p, v)| *p -= half * v);
    for i in 0..v.len() {
        add_rows(&mut a.row_mut(from + i)[from..], &[(-v[i], &p), (-p[i], v)]);
    }
}

/// `Q = H_m ... H_1` of the reflections kept in the rows of `a`: each has nothing but a trailing block
/// to change where the last comes first.
fn product_of_reflections(a: &Matrix, lengths: &[f64]) -> Matrix {
    let n = a.rows();
    let mut q = Matrix::zeros(n, n);
    (0..n).for_each(|i| q[(i, i)] = 1.0);
    for k in (0..n.saturating_sub(2)).rev() {
        if lengths[k] > 0.0 {
            let v = &a.row(k)[k + 1..];
            for i in k + 1..n {
                let row = &mut q.row_mut(i)[k + 1..];
                let scale = -2.0 / lengths[k] * dot_in_lanes(row, v);
                add_rows(row, &[(scale, v)]);
            }
        }
    }
    q
}
