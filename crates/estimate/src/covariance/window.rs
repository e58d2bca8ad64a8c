//! What the estimators of the covariance make of a window first.

use walkfolio_core::{Covariance, Eigen, Matrix, Past};

use crate::means::{centred, column_means, columns_scaled};
use crate::{Error, Result};

/// A window of one row has no second moments.
pub(super) fn several_rows(returns: &Matrix, what: &'static str) -> Result<()> {
    let rows = returns.rows();
    if rows < 2 { Err(Error::TooFewRows { what, rows, least: 2 }) } else { Ok(()) }
}

/// An asset that does not move has no correlation.
///
/// # Errors
/// [`Error::ConstantAsset`] with the first one.
pub(super) fn no_asset_is_constant(
    returns: &Matrix,
    y: &Matrix,
    (past, assets): (&Past<'_>, &[usize]),
) -> Result<()> {
    let mean = column_means(returns);
    // A constant return less its mean leaves roundings.
    let moves = |i: usize| y.iter_rows().any(|row| row[i].abs() > 1e-12 * mean[i].abs());
    match (0..y.cols()).find(|&i| !moves(i)) {
        None => Ok(()),
        Some(i) => {
            let asset = past.universe().tickers()[assets[i]].clone();
            Err(Error::ConstantAsset { asset, rows: y.rows() })
        }
    }
}

/// A window as correlations and standard deviations.
pub(super) struct Standardized {
    /// `Z` with `Z'Z` the correlation.
    pub(super) z: Matrix,
    /// The standard deviations, `ddof = 1`, a session.
    pub(super) deviation: Vec<f64>,
}

impl Standardized {
    /// Of the last `rows` rows.
    ///
    /// # Errors
    /// Those of [`Past::returns`], [`Error::TooFewRows`] below two rows, [`Error::ConstantAsset`].
    pub(super) fn of(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Self> {
        let returns = past.returns(assets, rows)?;
        several_rows(&returns, "a correlation")?;
        let y = centred(&returns);
        no_asset_is_constant(&returns, &y, (past, assets))?;
        let length: Vec<f64> = squares(&y).into_iter().map(f64::sqrt).collect();
        let inverse: Vec<f64> = length.iter().map(|length| 1.0 / length).collect();
        let freedom = ((rows - 1) as f64).sqrt();
        let deviation = length.iter().map(|length| length / freedom).collect();
        Ok(Self { z: columns_scaled(&y, &inverse), deviation })
    }
}

/// The sum of squares of each column.
pub(super) fn squares(table: &Matrix) -> Vec<f64> {
    let mut squares = vec![0.0; table.cols()];
    for row in table.iter_rows() {
        squares.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
    }
    squares
}

/// `X'X` in its smaller form.
pub(super) fn of_rows(rows: Matrix) -> Result<Covariance> {
    if rows.rows() > rows.cols() {
        return Ok(Covariance::gram(&rows)?);
    }
    Ok(Covariance::window(rows)?)
}

/// The eigenvalues of `X'X` that need not be 0, from the smaller of `X'X` and `X X'`; the vector of one
/// that is 0 all the same is 0.
pub(super) fn spectrum(x: &Matrix) -> Eigen {
    if x.rows() >= x.cols() {
        return Eigen::of(&x.gram());
    }
    let rows = x.rows();
    let small = Eigen::of(&x.transposed().gram());
    let least = small.values.first().map_or(0.0, |largest| largest * 1e-14);
    let mut vectors = Matrix::zeros(rows, x.cols());
    for (k, value) in small.values.iter().enumerate().filter(|(_, value)| **value > least) {
        let root = value.sqrt();
        let long = x.transpose_times(small.vectors.row(k));
        vectors.row_mut(k).iter_mut().zip(long).for_each(|(to, value)| *to = value / root);
    }
    Eigen { values: small.values, vectors }
}
