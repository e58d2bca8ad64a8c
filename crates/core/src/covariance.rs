//! Covariance matrices in the form in which they were estimated.

use crate::linear::dot;
use crate::{Error, Matrix, Result};

/// A covariance of asset returns, kept in its sparsest form.
#[derive(Debug, Clone, PartialEq)]
pub enum Covariance {
    /// A full symmetric matrix.
    Dense(Matrix),
    /// `B F B' + diag(d)`: `N x K` loadings, factor covariance and specific variances.
    Factor {
        /// `N x K` loadings `B`.
        loadings: Matrix,
        /// `K x K` factor covariance `F`.
        factor_covariance: Matrix,
        /// `N` specific variances `d`.
        specific_variance: Vec<f64>,
    },
    /// `X'X`, `X` the `T x N` returns centred and scaled.
    Window(Matrix),
}

impl Covariance {
    /// A full matrix, checked.
    ///
    /// # Errors
    /// [`Error::NotACovariance`] unless square, finite, symmetric and positive semidefinite.
    pub fn dense(matrix: Matrix) -> Result<Self> {
        let bad = |rule| Err(Error::NotACovariance { what: "the matrix", rule });
        let n = matrix.rows();
        if matrix.cols() != n || n == 0 {
            return bad(format!("it is {n} x {}", matrix.cols()));
        }
        if matrix.values().iter().any(|value| !value.is_finite()) {
            return bad("it holds a value that is not finite".to_owned());
        }
        for i in 0..n {
            for j in 0..i {
                let scale = (matrix[(i, i)] * matrix[(j, j)]).abs().sqrt();
                if (matrix[(i, j)] - matrix[(j, i)]).abs() > 1e-12 * scale {
                    return bad(format!("entries ({i}, {j}) and ({j}, {i}) differ"));
                }
            }
        }
        if matrix.cholesky().is_none() {
            return bad("it has a negative eigenvalue".to_owned());
        }
        Ok(Self::Dense(matrix))
    }

    /// A factor model, checked.
    ///
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
            let rule = format!("a specific variance is {value}");
            return Err(Error::NotACovariance { what: "the factor model", rule });
        }
        if loadings.values().iter().any(|value| !value.is_finite()) {
            let rule = "a loading is not finite".to_owned();
            return Err(Error::NotACovariance { what: "the factor model", rule });
        }
        Self::dense(factor_covariance.clone())?;
        Ok(Self::Factor { loadings, factor_covariance, specific_variance })
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.rows(),
            Self::Factor { loadings, .. } => loadings.rows(),
            Self::Window(rows) => rows.cols(),
        }
    }

    /// `Sigma w`.
    pub fn times(&self, w: &[f64]) -> Vec<f64> {
        match self {
            Self::Dense(matrix) => matrix.times(w),
            Self::Factor { loadings, factor_covariance, specific_variance } => {
                let exposures = loadings.transpose_times(w);
                let mut out = loadings.times(&factor_covariance.times(&exposures));
                for ((value, d), w) in out.iter_mut().zip(specific_variance).zip(w) {
                    *value += d * w;
                }
                out
            }
            Self::Window(rows) => rows.transpose_times(&rows.times(w)),
        }
    }

    /// The variance `w' Sigma w`.
    pub fn variance(&self, w: &[f64]) -> f64 {
        match self {
            Self::Window(rows) => rows.times(w).iter().map(|x| x * x).sum(),
            _ => dot(&self.times(w), w).max(0.0),
        }
    }

    /// The full matrix.
    pub fn to_dense(&self) -> Matrix {
        match self {
            Self::Dense(matrix) => matrix.clone(),
            Self::Window(rows) => rows.gram(),
            Self::Factor { loadings, factor_covariance, specific_variance } => {
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
        Ok(match self {
            Self::Window(rows) => Root { rows: rows.clone(), diagonal: None },
            Self::Dense(matrix) => Root { rows: lower(matrix)?.transposed(), diagonal: None },
            Self::Factor { loadings, factor_covariance, specific_variance } => {
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

/// A root `G` of a covariance, `Sigma = G'G`.
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
