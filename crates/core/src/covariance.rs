//! Covariance matrices in the form in which they were estimated.

use std::sync::{Arc, OnceLock};

use crate::linear::dot;
use crate::{Error, Matrix, Result};

/// A covariance of asset returns, kept in its sparsest form; owning one proves that it is symmetric,
/// finite and positive semidefinite.
///
/// # Shape and units
/// `N x N` for `N` assets, squared fractions of the period that its estimator states: a year or a
/// session. A clone shares the numbers.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
///
/// // Volatilities of 20 % and 30 %, correlation 0.5.
/// let sigma = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.03, 0.03, 0.09]))?;
/// assert!((sigma.variance(&[0.5, 0.5]) - 0.0475).abs() < 1e-15);
/// // A correlation of 2 is none.
/// assert!(Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.12, 0.12, 0.09])).is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Covariance(Arc<Kept>);

/// The numbers, and the full matrix once it is kept.
#[derive(Debug)]
struct Kept {
    form: Form,
    dense: OnceLock<Matrix>,
}

impl PartialEq for Covariance {
    fn eq(&self, other: &Self) -> bool {
        self.0.form == other.0.form
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Dense(Matrix),
    /// `B F B' + diag(d)`: `N x K` loadings, factor covariance and specific variances.
    Factor {
        loadings: Matrix,
        factor_covariance: Matrix,
        specific_variance: Vec<f64>,
    },
    /// `X'X`, `X` with fewer rows than columns.
    Window(Matrix),
}

impl Covariance {
    fn of(form: Form) -> Self {
        Self(Arc::new(Kept { form, dense: OnceLock::new() }))
    }

    /// A full matrix, checked.
    ///
    /// # Shape and units
    /// `N x N`.
    /// # Errors
    /// [`Error::NotACovariance`] unless square, finite, symmetric and positive semidefinite.
    pub fn dense(matrix: Matrix) -> Result<Self> {
        let bad = |rule| Err(Error::NotACovariance { what: "the matrix", rule });
        let n = matrix.rows();
        if matrix.cols() != n || n == 0 {
            return bad(format!("it is {n} x {}", matrix.cols()));
        }
        let matrix = finite("the matrix", matrix)?;
        for i in 0..n {
            for j in 0..i {
                let apart = (matrix[(i, j)] - matrix[(j, i)]).abs();
                let scale = || (matrix[(i, i)] * matrix[(j, j)]).abs().sqrt();
                if apart > 0.0 && apart > 1e-12 * scale() {
                    return bad(format!("entries ({i}, {j}) and ({j}, {i}) differ"));
                }
            }
        }
        if !matrix.has_root() {
            return bad("it has a negative eigenvalue".to_owned());
        }
        Ok(Self::of(Form::Dense(matrix)))
    }

    /// The full matrix `X'X` of some rows, positive semidefinite by construction.
    ///
    /// # Shape and units
    /// `rows` is `T x N`: returns that were centred and scaled, or weighed, as an estimator wants them.
    /// # Errors
    /// [`Error::NotACovariance`] if a product is not finite.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    ///
    /// let centred = Matrix::from_rows(2, 1, vec![0.01, -0.01]);
    /// let sigma = Covariance::gram(&centred)?;
    /// assert!((sigma.variance(&[1.0]) - 2e-4).abs() < 1e-18);
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn gram(rows: &Matrix) -> Result<Self> {
        Ok(Self::of(Form::Dense(finite("the matrix", rows.gram())?)))
    }

    /// As [`Covariance::gram`], kept as the rows `X` themselves: the smaller form where there are
    /// fewer rows than assets.
    ///
    /// # Errors
    /// [`Error::NotACovariance`] if a value is not finite.
    pub fn window(rows: Matrix) -> Result<Self> {
        Ok(Self::of(Form::Window(finite("the window", rows)?)))
    }

    /// A factor model, checked.
    ///
    /// # Shape and units
    /// `N x K` loadings, `K x K` factor covariance, `N` specific variances.
    /// # Errors
    /// [`Error::Shape`] if sizes differ; [`Error::NotACovariance`] for a negative specific
    /// variance or a factor covariance that is none.
    pub fn factor(
        loadings: Matrix,
        factor_covariance: Matrix,
        specific_variance: Vec<f64>,
    ) -> Result<Self> {
        let (n, k) = (loadings.rows(), loadings.cols());
        let shape = |what: &str, expected, found| {
            Err(Error::Shape { what: what.to_owned(), unit: "rows", expected, found })
        };
        if specific_variance.len() != n {
            return shape("the specific variances", n, specific_variance.len());
        }
        if factor_covariance.rows() != k {
            return shape("the factor covariance", k, factor_covariance.rows());
        }
        if let Some(value) = specific_variance.iter().find(|d| !d.is_finite() || **d < 0.0) {
            let rule = format!("a specific variance is {}", crate::number::shown(*value));
            return Err(Error::NotACovariance { what: "the factor model", rule });
        }
        let loadings = finite("the loadings", loadings)?;
        Self::dense(factor_covariance.clone())?;
        Ok(Self::of(Form::Factor { loadings, factor_covariance, specific_variance }))
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        match &self.0.form {
            Form::Dense(matrix) => matrix.rows(),
            Form::Factor { loadings, .. } => loadings.rows(),
            Form::Window(rows) => rows.cols(),
        }
    }

    /// The full matrix, if it is kept as one.
    pub fn as_dense(&self) -> Option<&Matrix> {
        match &self.0.form {
            Form::Dense(matrix) => Some(matrix),
            _ => None,
        }
    }

    /// Rows of the window that it is kept as, if it is.
    pub fn window_rows(&self) -> Option<usize> {
        match &self.0.form {
            Form::Window(rows) => Some(rows.rows()),
            _ => None,
        }
    }

    /// Dense rows of [`Covariance::root`], if it is not kept as a full matrix.
    pub fn root_rows(&self) -> Option<usize> {
        match &self.0.form {
            Form::Dense(_) => None,
            Form::Window(rows) => Some(rows.rows()),
            Form::Factor { factor_covariance, .. } => Some(factor_covariance.rows()),
        }
    }

    /// The variances of the assets.
    pub fn diagonal(&self) -> Vec<f64> {
        let of = |matrix: &Matrix| (0..matrix.rows()).map(|i| matrix[(i, i)]).collect();
        match &self.0.form {
            Form::Dense(matrix) => of(matrix),
            Form::Factor { loadings, factor_covariance, specific_variance } => {
                let common = |row: &[f64]| dot(&factor_covariance.times(row), row);
                loadings
                    .iter_rows()
                    .zip(specific_variance)
                    .map(|(row, d)| common(row) + d)
                    .collect()
            }
            Form::Window(rows) => {
                let mut squares = vec![0.0; rows.cols()];
                for row in rows.iter_rows() {
                    squares.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
                }
                squares
            }
        }
    }

    /// `Sigma w`.
    ///
    /// # Panics
    /// Unless `w` has a value for each asset: a fault of the caller.
    pub fn times(&self, w: &[f64]) -> Vec<f64> {
        match &self.0.form {
            Form::Dense(matrix) => matrix.times(w),
            Form::Factor { loadings, factor_covariance, specific_variance } => {
                let exposures = loadings.transpose_times(w);
                let mut out = loadings.times(&factor_covariance.times(&exposures));
                for ((value, d), w) in out.iter_mut().zip(specific_variance).zip(w) {
                    *value += d * w;
                }
                out
            }
            Form::Window(rows) => rows.transpose_times(&rows.times(w)),
        }
    }

    /// The variance `w' Sigma w`.
    ///
    /// # Panics
    /// As [`Covariance::times`].
    pub fn variance(&self, w: &[f64]) -> f64 {
        match &self.0.form {
            Form::Window(rows) => rows.times(w).iter().map(|x| x * x).sum(),
            _ => dot(&self.times(w), w).max(0.0),
        }
    }

    /// Keeps the full matrix, in this and in all clones, for those who need it again and again.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    ///
    /// let window = Covariance::window(Matrix::from_rows(1, 2, vec![0.1, 0.2]))?;
    /// let before = window.to_dense();
    /// window.keep_dense();
    /// assert_eq!(window.to_dense(), before);
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn keep_dense(&self) {
        if self.as_dense().is_none() {
            self.0.dense.get_or_init(|| self.made_dense());
        }
    }

    /// The full matrix.
    pub fn to_dense(&self) -> Matrix {
        self.0.dense.get().cloned().unwrap_or_else(|| self.made_dense())
    }

    fn made_dense(&self) -> Matrix {
        match &self.0.form {
            Form::Dense(matrix) => matrix.clone(),
            Form::Window(rows) => rows.gram(),
            Form::Factor { loadings, factor_covariance, specific_variance } => {
                let n = loadings.rows();
                let scaled = Matrix::from_rows(
                    n,
                    loadings.cols(),
                    loadings.iter_rows().flat_map(|row| factor_covariance.times(row)).collect(),
                );
                let mut out = Matrix::zeros(n, n);
                for i in 0..n {
                    for j in i..n {
                        out[(i, j)] = dot(scaled.row(i), loadings.row(j));
                    }
                    out[(i, i)] += specific_variance[i];
                }
                out.mirror();
                out
            }
        }
    }

    /// A root `G` with `Sigma = G'G`, as its dense rows and, for a factor model, the square roots
    /// of the specific variances below them.
    ///
    /// # Errors
    /// [`Error::NotACovariance`] if rounding left a clearly negative eigenvalue.
    pub fn root(&self) -> Result<Root> {
        let lower = |matrix: &Matrix| {
            matrix.cholesky().ok_or_else(|| Error::NotACovariance {
                what: "the matrix",
                rule: "it has a negative eigenvalue".to_owned(),
            })
        };
        Ok(match &self.0.form {
            Form::Window(rows) => Root { rows: rows.clone(), diagonal: None },
            Form::Dense(matrix) => Root { rows: lower(matrix)?.transposed(), diagonal: None },
            Form::Factor { loadings, factor_covariance, specific_variance } => {
                let (n, k) = (loadings.rows(), loadings.cols());
                let lower = lower(factor_covariance)?;
                let mut rows = Matrix::zeros(k, n);
                for (i, loading) in loadings.iter_rows().enumerate() {
                    for (a, value) in lower.transpose_times(loading).into_iter().enumerate() {
                        rows[(a, i)] = value;
                    }
                }
                let diagonal = specific_variance.iter().map(|d| d.sqrt()).collect();
                Root { rows, diagonal: Some(diagonal) }
            }
        })
    }
}

/// A matrix whose values are all finite.
fn finite(what: &'static str, matrix: Matrix) -> Result<Matrix> {
    if matrix.values().iter().all(|value| value.is_finite()) {
        return Ok(matrix);
    }
    let rule = "it holds a value that is not finite".to_owned();
    Err(Error::NotACovariance { what, rule })
}

/// A root `G` of a covariance, `Sigma = G'G`.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
///
/// let sigma = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.09]))?;
/// let root = sigma.root()?;
/// assert_eq!(root.rows.values(), [0.2, 0.0, 0.0, 0.3]);
/// assert!(root.diagonal.is_none());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    /// The dense rows of `G`.
    pub rows: Matrix,
    /// The diagonal block of `G` below them, if it has one.
    pub diagonal: Option<Vec<f64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_covariance_agree() {
        let factor = Covariance::factor(
            Matrix::from_rows(3, 2, vec![1.0, 0.2, 0.8, -0.3, 1.2, 0.0]),
            Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.02]),
            vec![0.01, 0.02, 0.0],
        )
        .unwrap();
        let dense = Covariance::dense(factor.to_dense()).unwrap();
        let w = [0.5, -0.2, 0.7];
        assert!((factor.variance(&w) - dense.variance(&w)).abs() < 1e-16);
        for covariance in [&factor, &dense] {
            for (i, variance) in covariance.diagonal().into_iter().enumerate() {
                assert_eq!(variance, dense.as_dense().unwrap()[(i, i)]);
            }
            let root = covariance.root().unwrap();
            let mut sum: f64 = root.rows.times(&w).iter().map(|x| x * x).sum();
            for (d, w) in root.diagonal.iter().flatten().zip(w) {
                sum += (d * w).powi(2);
            }
            assert!((sum - dense.variance(&w)).abs() < 1e-15);
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused() {
        let matrix = Matrix::from_rows(2, 2, vec![0.01, 0.02, 0.02, 0.01]);
        assert_eq!(
            Covariance::dense(matrix).unwrap_err().to_string(),
            "the matrix is not a covariance: it has a negative eigenvalue"
        );
    }
}
