//! Second moments of assets and benchmark, for tracking.

use walkfolio_core::{Covariance, Matrix};

use crate::{Error, Result};

/// What `||R w - r_M||^2` needs: `R'R`, `R'r_M` and `r_M'r_M`, neither demeaned nor averaged.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackingMoments {
    /// `R'R`, as a Gram matrix, or as `R` itself where that is smaller.
    pub second_moment: Covariance,
    /// `R'r_M`.
    pub cross: Vec<f64>,
    /// `r_M'r_M`.
    pub benchmark_square: f64,
}

impl TrackingMoments {
    /// The moments of one window.
    ///
    /// # Shape and units
    /// `returns` is `L x N`, `benchmark` has `L` values; fractions a session.
    /// # Errors
    /// [`Error::TooFewRows`] for an empty window, [`Error::Length`] if the lengths differ.
    pub fn of_window(returns: &Matrix, benchmark: &[f64]) -> Result<Self> {
        let rows = returns.rows();
        if rows == 0 {
            return Err(Error::TooFewRows { what: "a tracking error", rows, least: 1 });
        }
        if benchmark.len() != rows {
            let found = benchmark.len();
            return Err(Error::Length { what: "the benchmark", expected: rows, found });
        }
        let second_moment = if rows > returns.cols() {
            Covariance::gram(returns)?
        } else {
            Covariance::window(returns.clone())?
        };
        Ok(Self {
            second_moment,
            cross: returns.transpose_times(benchmark),
            benchmark_square: benchmark.iter().map(|value| value * value).sum(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_give_the_squared_distance() {
        let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
        let benchmark = [0.015, -0.002, 0.02];
        let moments = TrackingMoments::of_window(&returns, &benchmark).unwrap();
        let w = [0.3, 0.7];
        let distance: f64 =
            returns.times(&w).iter().zip(benchmark).map(|(p, b)| (p - b).powi(2)).sum();
        let cross: f64 = moments.cross.iter().zip(w).map(|(c, w)| c * w).sum();
        let value = moments.second_moment.variance(&w) - 2.0 * cross + moments.benchmark_square;
        assert!((value - distance).abs() < 1e-18);
    }
}
