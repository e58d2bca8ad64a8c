//! Means of columns.

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
