//! A small dense matrix: windows of returns, loadings, covariances.

use crate::dense::Cholesky;
use crate::scalar::dot;

/// A dense matrix, stored by rows.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
///
/// // Two rows of three columns.
/// let x = Matrix::from_rows(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// assert_eq!(x.times(&[1.0, 0.0, -1.0]), [-2.0, -2.0]);
/// assert_eq!(x.transpose_times(&[1.0, 1.0]), [5.0, 7.0, 9.0]);
/// assert_eq!(x.gram()[(0, 2)], 1.0 * 3.0 + 4.0 * 6.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self { rows, cols, values: vec![0.0; rows * cols] }
    }

    /// A matrix from its rows, one after the other.
    ///
    /// # Panics
    /// If there are not `rows * cols` values: a fault of the caller.
    pub fn from_rows(rows: usize, cols: usize, values: Vec<f64>) -> Self {
        assert_eq!(
            values.len(),
            rows * cols,
            "a {rows} x {cols} matrix has {} values",
            rows * cols
        );
        Self { rows, cols, values }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.cols..(i + 1) * self.cols]
    }

    /// Row `i`, to write.
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.values[i * self.cols..(i + 1) * self.cols]
    }

    /// Rows `i` and `i + 1`, to write.
    pub(crate) fn row_pair_mut(&mut self, i: usize) -> (&mut [f64], &mut [f64]) {
        self.values[i * self.cols..(i + 2) * self.cols].split_at_mut(self.cols)
    }

    /// All rows in order.
    pub fn iter_rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.cols.max(1))
    }

    /// All values, by rows, without a copy.
    pub(crate) fn into_values(self) -> Vec<f64> {
        self.values
    }

    /// All values, by rows.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// `self * x`.
    ///
    /// # Panics
    /// Unless `x` has a value for each column: a fault of the caller.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        self.check_length("columns", self.cols, x.len());
        let mut out = Vec::with_capacity(self.rows);
        // Four sums at a time, each in order: an addition need not wait for the one before it.
        let (fours, rest) = self.values.split_at(self.rows / 4 * 4 * self.cols);
        for four in fours.chunks_exact(4 * self.cols.max(1)) {
            out.extend(dots(four, x));
        }
        out.extend(rest.chunks_exact(self.cols.max(1)).map(|row| dot(row, x)));
        out
    }

    /// `self' * y`.
    ///
    /// # Panics
    /// Unless `y` has a value for each row: a fault of the caller.
    pub fn transpose_times(&self, y: &[f64]) -> Vec<f64> {
        self.check_length("rows", self.rows, y.len());
        let mut out = vec![0.0; self.cols];
        for (row, &scale) in self.iter_rows().zip(y) {
            add_scaled(&mut out, scale, row);
        }
        out
    }

    fn check_length(&self, side: &str, expected: usize, found: usize) {
        let (rows, cols) = (self.rows, self.cols);
        assert_eq!(found, expected, "a {rows} x {cols} matrix needs a vector of its {side}");
    }

    /// Copies the upper triangle into the lower one.
    pub fn mirror(&mut self) {
        let n = self.cols;
        for i in 0..n {
            for j in i + 1..n {
                self.values[j * n + i] = self.values[i * n + j];
            }
        }
    }

    /// The lower factor `L` of a symmetric positive semidefinite matrix, `L L' = self`.
    ///
    /// Works on singular matrices: a pivot below `1e-14` of its diagonal gives a zero column.
    /// `None` when a pivot is clearly negative, so that the matrix is not positive semidefinite.
    ///
    /// # Source
    /// Higham (2002), Accuracy and Stability of Numerical Algorithms, ch. 10.
    pub fn cholesky(&self) -> Option<Self> {
        let n = self.rows;
        let mut lower = Self::zeros(n, n);
        let factor = self.factor();
        if factor.left_out().is_empty() {
            for i in 0..n {
                for j in i..n {
                    lower[(j, i)] = factor.entry(i, j);
                }
            }
            return Some(lower);
        }
        if !self.is_positive_semidefinite(&factor) {
            return None;
        }
        // The factor drops the row of a dependent variable, which the root of the whole matrix has.
        for j in 0..n {
            let pivot = self[(j, j)] - dot(&lower.row(j)[..j], &lower.row(j)[..j]);
            if pivot <= self.tolerance(j) {
                continue;
            }
            let root = pivot.sqrt();
            lower[(j, j)] = root;
            for i in j + 1..n {
                let rest = self[(i, j)] - dot(&lower.row(i)[..j], &lower.row(j)[..j]);
                lower[(i, j)] = rest / root;
            }
        }
        Some(lower)
    }

    /// Whether no pivot of a symmetric matrix is clearly negative.
    pub(crate) fn has_root(&self) -> bool {
        self.is_positive_semidefinite(&self.factor())
    }

    /// A pivot below this is zero.
    fn tolerance(&self, i: usize) -> f64 {
        1e-14 * self.rows as f64 * self[(i, i)].abs()
    }

    fn factor(&self) -> Cholesky {
        let floors: Vec<f64> = (0..self.rows).map(|i| self.tolerance(i)).collect();
        Cholesky::of(|i| self.row(i).iter().copied(), &floors)
    }

    fn is_positive_semidefinite(&self, factor: &Cholesky) -> bool {
        factor
            .left_out()
            .iter()
            .all(|&(i, pivot)| pivot >= -self.tolerance(i).max(f64::MIN_POSITIVE) * 1e3)
    }

    /// The transpose.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut out = Self::zeros(self.cols, self.rows);
        for (i, row) in self.iter_rows().enumerate() {
            for (j, &value) in row.iter().enumerate() {
                out[(j, i)] = value;
            }
        }
        out
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        &self.values[i * self.cols + j]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut f64 {
        &mut self.values[i * self.cols + j]
    }
}

/// The scalar products of four rows, one after the other, with a vector.
fn dots(rows: &[f64], x: &[f64]) -> [f64; 4] {
    let (ab, cd) = rows.split_at(2 * x.len());
    let ((a, b), (c, d)) = (ab.split_at(x.len()), cd.split_at(x.len()));
    // What a sum of nothing is, as in `dot`.
    let mut sums = [-0.0; 4];
    for (i, &x) in x.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip([a, b, c, d]) {
            *sum += row[i] * x;
        }
    }
    sums
}

fn add_scaled(out: &mut [f64], scale: f64, row: &[f64]) {
    for (value, &x) in out.iter_mut().zip(row) {
        *value += scale * x;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cholesky_reproduces_a_singular_matrix() {
        let rows = Matrix::from_rows(2, 3, vec![1.0, 2.0, 3.0, 0.5, -1.0, 4.0]);
        let gram = rows.gram();
        let lower = gram.cholesky().unwrap();
        let again = lower.transposed().gram();
        for (a, b) in again.values().iter().zip(gram.values()) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }

    #[test]
    fn products_are_summed_in_order() {
        let values: Vec<f64> = (0..7 * 9).map(|i| f64::from(i % 5 - 2) / 3.0).collect();
        let matrix = Matrix::from_rows(7, 9, values);
        let x: Vec<f64> = (0..9).map(|i| f64::from(i - 4) / 7.0).collect();
        for (row, value) in matrix.iter_rows().zip(matrix.times(&x)) {
            assert_eq!(dot(row, &x).to_bits(), value.to_bits());
        }
        assert_eq!(Matrix::zeros(5, 0).times(&[]).len(), 0);
    }

    #[test]
    fn cholesky_refuses_an_indefinite_matrix() {
        assert!(Matrix::from_rows(2, 2, vec![1.0, 2.0, 2.0, 1.0]).cholesky().is_none());
    }
}
