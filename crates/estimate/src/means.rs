//! Means of columns, and multiples.

use walkfolio_core::Matrix;

/// Mean of each column.
pub(crate) fn column_means(table: &Matrix) -> Vec<f64> {
    let mut mean = vec![0.0; table.cols()];
    for row in table.iter_rows() {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value;
        }
    }
    let rows = table.rows() as f64;
    for sum in &mut mean {
        *sum /= rows;
    }
    mean
}

/// The table less the mean of each column.
pub(crate) fn centred(table: &Matrix) -> Matrix {
    let mut out = table.clone();
    centre(&mut out, &column_means(table));
    out
}

/// Subtracts a mean from each column.
pub(crate) fn centre(table: &mut Matrix, mean: &[f64]) {
    for t in 0..table.rows() {
        for (value, mean) in table.row_mut(t).iter_mut().zip(mean) {
            *value -= mean;
        }
    }
}

/// A multiple of a table.
pub(crate) fn scaled(matrix: &Matrix, scale: f64) -> Matrix {
    let values = matrix.values().iter().map(|value| value * scale).collect();
    Matrix::from_rows(matrix.rows(), matrix.cols(), values)
}

/// A table with each column multiplied by a number of its own.
pub(crate) fn columns_scaled(table: &Matrix, by: &[f64]) -> Matrix {
    let mut out = table.clone();
    for t in 0..out.rows() {
        out.row_mut(t).iter_mut().zip(by).for_each(|(value, by)| *value *= by);
    }
    out
}
