//! Returns that a portfolio is to follow, and how much each of their rows counts.

use walkfolio_core::{Covariance, Matrix};

use super::TrackingMoments;
use crate::Result;

/// A series of returns with the weights of its rows, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    pub weights: Vec<f64>,
    pub returns: Vec<f64>,
}

/// Weights that sum to `rows` and halve every so many rows, oldest first.
pub(super) fn counted_as(rows: f64, half_life: f64, window: usize) -> Vec<f64> {
    let decayed: Vec<f64> =
        (0..window).rev().map(|age| libm::pow(0.5, age as f64 / half_life)).collect();
    let sum: f64 = decayed.iter().sum();
    decayed.into_iter().map(|weight| rows * weight / sum).collect()
}

/// The moments of several series at once: with `w` the sum of the weights of a row and `S` that of all weights,
/// `H = sum w x x' / S` and `g = sum (sum_k w_k r_k) x / S`.
pub(super) fn blended(returns: &Matrix, sources: &[Source]) -> Result<TrackingMoments> {
    let n = returns.cols();
    let mut second = Matrix::zeros(n, n);
    let mut cross = vec![0.0; n];
    let (mut square, mut sum) = (0.0, 0.0);
    for (t, x) in returns.iter_rows().enumerate() {
        let (mut pull, mut weight, mut own) = (0.0, 0.0, 0.0);
        for Source { weights, returns } in sources {
            let (w, r) = (weights[t], returns[t]);
            pull += w * r;
            weight += w;
            own += w * r * r;
        }
        for (i, &value) in x.iter().enumerate() {
            cross[i] += pull * value;
            let scaled = weight * value;
            let row = &mut second.row_mut(i)[i..];
            row.iter_mut().zip(&x[i..]).for_each(|(sum, other)| *sum += scaled * other);
        }
        square += own;
        sum += weight;
    }
    second.mirror();
    let second = Matrix::from_rows(n, n, second.values().iter().map(|value| value / sum).collect());
    Ok(TrackingMoments {
        second_moment: Covariance::dense(second)?,
        cross: cross.into_iter().map(|value| value / sum).collect(),
        benchmark_square: square / sum,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows, one asset: H = (3 * 0.01^2 + 1 * 0.02^2) / 4, g = (2 * 0.03 + 1 * 0.01) 0.01 / 4 + 0.02 * 0.05 / 4.
    #[test]
    fn each_series_pulls_by_the_weight_of_its_rows() {
        let returns = Matrix::from_rows(2, 1, vec![0.01, 0.02]);
        let source = |weights: [f64; 2], returns: [f64; 2]| Source {
            weights: weights.to_vec(),
            returns: returns.to_vec(),
        };
        let sources = [source([2.0, 0.0], [0.03, 9.0]), source([1.0, 1.0], [0.01, 0.05])];
        let moments = blended(&returns, &sources).unwrap();
        assert!((moments.second_moment.diagonal()[0] - 1.75e-4).abs() < 1e-18);
        assert!((moments.cross[0] - 4.25e-4).abs() < 1e-18);
        let square = (2.0 * 0.0009 + 0.0001 + 0.0025) / 4.0;
        assert!((moments.benchmark_square - square).abs() < 1e-18);
        let weights = counted_as(6.0, 1.0, 2);
        assert!((weights[0] - 2.0).abs() < 1e-15 && (weights[1] - 4.0).abs() < 1e-15);
    }
}
