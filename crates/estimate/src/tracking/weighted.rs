//! Tracking moments whose rows do not all count alike.

use walkfolio_core::linear::dot_in_lanes;
use walkfolio_core::{Covariance, Matrix};

use super::TrackingMoments;
use crate::{Error, Result};

impl TrackingMoments {
    /// The moments of one window whose rows are weighted: `sum w_t x_t x_t'` and so on, neither
    /// demeaned nor divided by the sum of the weights.
    ///
    /// # Shape and units
    /// `returns` is `L x N`, `benchmark` and `weights` have `L` values; fractions a session.
    /// # Errors
    /// [`Error::TooFewRows`] for an empty window, [`Error::Length`] if the lengths differ,
    /// [`Error::RowWeight`] for a weight that is negative or not finite, [`Error::NoRowWeight`] if
    /// all are 0.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_estimate::tracking::TrackingMoments;
    ///
    /// let returns = Matrix::from_rows(2, 1, vec![0.01, 0.02]);
    /// let moments = TrackingMoments::weighted(&returns, &[0.03, 0.01], &[0.5, 1.0])?;
    /// assert!((moments.cross[0] - (0.5 * 0.0003 + 0.0002)).abs() < 1e-18);
    /// # Ok::<(), walkfolio_estimate::Error>(())
    /// ```
    pub fn weighted(returns: &Matrix, benchmark: &[f64], weights: &[f64]) -> Result<Self> {
        check(returns.rows(), benchmark, weights)?;
        let columns = returns.transposed();
        let scaled_benchmark = scaled(benchmark, weights);
        let second_moment = if returns.rows() > returns.cols() {
            Covariance::dense(gram(&columns, weights))?
        } else {
            Covariance::window(root(returns, weights))?
        };
        Ok(Self {
            second_moment,
            cross: columns
                .iter_rows()
                .map(|column| dot_in_lanes(column, &scaled_benchmark))
                .collect(),
            benchmark_square: dot_in_lanes(benchmark, &scaled_benchmark),
        })
    }
}

fn check(rows: usize, benchmark: &[f64], weights: &[f64]) -> Result<()> {
    if rows == 0 {
        return Err(Error::TooFewRows { what: "a tracking error", rows, least: 1 });
    }
    for (what, found) in
        [("the benchmark", benchmark.len()), ("the vector of row weights", weights.len())]
    {
        if found != rows {
            return Err(Error::Length { what, expected: rows, found });
        }
    }
    if let Some(row) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
        return Err(Error::RowWeight { row, value: weights[row] });
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(Error::NoRowWeight { rows });
    }
    Ok(())
}

/// `X' diag(w) X` from the columns of `X`, its upper triangle computed and mirrored.
fn gram(columns: &Matrix, weights: &[f64]) -> Matrix {
    let n = columns.rows();
    let mut out = Matrix::zeros(n, n);
    for i in 0..n {
        let scaled = scaled(columns.row(i), weights);
        for j in i..n {
            out[(i, j)] = dot_in_lanes(&scaled, columns.row(j));
        }
    }
    out.mirror();
    out
}

/// `diag(sqrt(w)) X`.
fn root(returns: &Matrix, weights: &[f64]) -> Matrix {
    let mut out = returns.clone();
    for (t, weight) in weights.iter().enumerate() {
        let scale = weight.sqrt();
        out.row_mut(t).iter_mut().for_each(|value| *value *= scale);
    }
    out
}

fn scaled(column: &[f64], weights: &[f64]) -> Vec<f64> {
    column.iter().zip(weights).map(|(value, weight)| value * weight).collect()
}
