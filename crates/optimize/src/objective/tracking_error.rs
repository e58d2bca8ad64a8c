//! Squared differences from a benchmark's returns.

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Matrix};

use super::form::{Form, same_assets};
use crate::quadratic::{Linear, Quadratic};
use crate::{Error, Result};

/// Minimize `||R w - r_M||^2 = w'R'R w - 2 w'R'r_M + r_M'r_M`.
///
/// # Shape and units
/// `R` is a window of `T x N` simple returns as fractions, `r_M` the benchmark's `T` returns of the
/// same periods. The value is a sum over the window, not annualized.
/// # Source
/// Roll (1992), A mean/variance analysis of tracking error, without the constraint on the mean.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Objective, TrackingError};
///
/// let returns = Matrix::from_rows(2, 2, vec![0.01, 0.02, -0.01, 0.0]);
/// let objective = Objective::from(TrackingError::new(&returns, &[0.02, 0.0])?);
/// // (0.01 - 0.02)^2 + (-0.01 - 0)^2
/// assert!((objective.value(&[1.0, 0.0]) - 2e-4).abs() < 1e-18);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TrackingError {
    second_moment: Covariance,
    cross: Vec<f64>,
    benchmark_square: f64,
}

impl TrackingError {
    /// From a window of returns and the benchmark's.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless there is a benchmark return for each row, and all are finite.
    pub fn new(returns: &Matrix, benchmark: &[f64]) -> Result<Self> {
        if returns.rows() != benchmark.len() {
            return Err(Error::Invalid(format!(
                "{} rows of returns, {} of the benchmark",
                returns.rows(),
                benchmark.len()
            )));
        }
        let cross = returns.transpose_times(benchmark);
        let square = dot(benchmark, benchmark);
        Self::from_moments(Covariance::gram(returns)?, cross, square)
    }

    /// From moments: `R'R`, `R'r_M` and `r_M'r_M`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless sizes agree and values are finite.
    pub fn from_moments(
        second_moment: Covariance,
        cross: Vec<f64>,
        benchmark_square: f64,
    ) -> Result<Self> {
        same_assets(&second_moment, &cross)?;
        if !benchmark_square.is_finite() {
            return Err(Error::Invalid("the benchmark's square is not finite".to_owned()));
        }
        Ok(Self { second_moment, cross, benchmark_square })
    }

    /// `R'R`.
    pub fn second_moment(&self) -> &Covariance {
        &self.second_moment
    }

    /// `R'r_M`, one value for each asset.
    pub fn cross(&self) -> &[f64] {
        &self.cross
    }

    /// `r_M'r_M`.
    pub fn benchmark_square(&self) -> f64 {
        self.benchmark_square
    }
}

impl Form for TrackingError {
    fn assets(&self) -> usize {
        self.cross.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.second_moment.variance(w) - 2.0 * dot(&self.cross, w) + self.benchmark_square
    }

    fn quadratic(&self) -> Option<Quadratic<'_>> {
        Some(Quadratic {
            covariance: &self.second_moment,
            factor: 1.0,
            l2: 0.0,
            linear: Linear { values: &self.cross, times: 1.0 },
            constant: self.benchmark_square,
        })
    }

    fn is_never_negative(&self) -> bool {
        true
    }
}
