//! Products of matrices, and of a matrix and a vector.

use fearless_simd::{Level, Simd, dispatch};

use super::WIDTH;
use super::panels::product;
use crate::Matrix;

impl Matrix {
    /// The Gram matrix `self' * self`, symmetric to the bit.
    #[must_use]
    pub fn gram(&self) -> Self {
        gram(self.cols(), self.iter_rows())
    }
}

/// `X'X` of rows of `cols` values, symmetric to the bit; every entry is summed row after row.
///
/// # Panics
/// If a row is shorter: a fault of the caller.
/// # Examples
/// ```
/// use walkfolio_core::dense::gram;
///
/// let product = gram(2, [[1.0, 2.0], [3.0, 4.0]].iter().map(|row| &row[..]));
/// assert_eq!(product.values(), [10.0, 14.0, 14.0, 20.0]);
/// ```
pub fn gram<'a>(cols: usize, rows: impl ExactSizeIterator<Item = &'a [f64]>) -> Matrix {
    gram_with(Level::new(), cols, rows)
}

pub(super) fn gram_with<'a>(
    level: Level,
    cols: usize,
    rows: impl ExactSizeIterator<Item = &'a [f64]>,
) -> Matrix {
    let (height, panels) = (rows.len(), cols.div_ceil(WIDTH));
    let mut lines = vec![[0.0; WIDTH]; panels * height];
    for (t, row) in rows.enumerate() {
        for (panel, values) in row[..cols].chunks(WIDTH).enumerate() {
            lines[panel * height + t][..values.len()].copy_from_slice(values);
        }
    }
    let mut out = Matrix::zeros(cols, cols);
    if height > 0 {
        dispatch!(level, simd => gram_of_panels(simd, &lines, height, &mut out));
        out.mirror();
    }
    out
}

#[inline(always)]
fn gram_of_panels<S: Simd>(simd: S, lines: &[[f64; WIDTH]], height: usize, out: &mut Matrix) {
    let cols = out.cols();
    let mut tile = [[0.0; WIDTH]; WIDTH];
    for (a, left) in lines.chunks_exact(height).enumerate() {
        for (b, right) in lines.chunks_exact(height).enumerate().skip(a) {
            product(simd, left, right, &mut tile);
            let (to, end) = (b * WIDTH, cols.min((b + 1) * WIDTH));
            for (i, values) in (a * WIDTH..cols).zip(&tile) {
                out.row_mut(i)[to..end].copy_from_slice(&values[..end - to]);
            }
        }
    }
}

/// `out += sum_k factor_k row_k`, row after row.
///
/// # Panics
/// If a row is shorter than `out`: a fault of the caller.
/// # Examples
/// ```
/// use walkfolio_core::dense::add_rows;
///
/// let mut out = [1.0, 1.0];
/// add_rows(&mut out, &[(2.0, &[1.0, 0.0][..]), (3.0, &[0.0, 1.0][..])]);
/// assert_eq!(out, [3.0, 4.0]);
/// ```
pub fn add_rows(out: &mut [f64], rows: &[(f64, &[f64])]) {
    add_rows_with(Level::new(), out, rows);
}

pub(super) fn add_rows_with(level: Level, out: &mut [f64], rows: &[(f64, &[f64])]) {
    dispatch!(level, simd => add(simd, out, rows));
}

/// Four rows at a time, so that `out` is read and written a quarter as often.
#[inline(always)]
fn add<S: Simd>(_: S, out: &mut [f64], rows: &[(f64, &[f64])]) {
    let n = out.len();
    let (fours, rest) = rows.as_chunks::<4>();
    for &[(a, x), (b, y), (c, z), (d, w)] in fours {
        let (x, y, z, w) = (&x[..n], &y[..n], &z[..n], &w[..n]);
        for i in 0..n {
            out[i] = (((out[i] + a * x[i]) + b * y[i]) + c * z[i]) + d * w[i];
        }
    }
    for &(a, x) in rest {
        out.iter_mut().zip(&x[..n]).for_each(|(to, x)| *to += a * x);
    }
}

/// Turns rows `x`, `y` at `i` and `i + 1` into `c x - s y` and `s x + c y`.
pub(crate) fn rotate_rows(of: &mut Matrix, i: usize, (c, s): (f64, f64)) {
    let (x, y) = of.row_pair_mut(i);
    dispatch!(Level::new(), simd => rotate(simd, x, y, (c, s)));
}

#[inline(always)]
fn rotate<S: Simd>(_: S, x: &mut [f64], y: &mut [f64], (c, s): (f64, f64)) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}

/// The scalar products of rows with a vector, each in eight lanes that are added at the end.
///
/// # Panics
/// If a row is shorter than the vector: a fault of the caller.
/// # Examples
/// ```
/// use walkfolio_core::dense::products_with;
///
/// let rows = [[1.0, 0.0], [0.5, 0.5]];
/// let mut out = [0.0; 2];
/// products_with(&[2.0, 4.0], rows.iter().map(|row| &row[..]), &mut out);
/// assert_eq!(out, [2.0, 3.0]);
/// ```
pub fn products_with<'a>(x: &[f64], rows: impl Iterator<Item = &'a [f64]>, out: &mut [f64]) {
    dots_with(Level::new(), x, rows, out);
}

pub(super) fn dots_with<'a>(
    level: Level,
    x: &[f64],
    rows: impl Iterator<Item = &'a [f64]>,
    out: &mut [f64],
) {
    dispatch!(level, simd => dots(simd, x, rows, out));
}

#[inline(always)]
fn dots<'a, S: Simd>(_: S, x: &[f64], rows: impl Iterator<Item = &'a [f64]>, out: &mut [f64]) {
    let (x_lanes, x_rest) = x.as_chunks::<WIDTH>();
    for (to, row) in out.iter_mut().zip(rows) {
        let (lanes, rest) = row[..x.len()].as_chunks::<WIDTH>();
        let mut s = [0.0; WIDTH];
        for (a, b) in lanes.iter().zip(x_lanes) {
            for lane in 0..WIDTH {
                s[lane] += a[lane] * b[lane];
            }
        }
        let mut sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
        for (a, b) in rest.iter().zip(x_rest) {
            sum += a * b;
        }
        *to = sum;
    }
}
