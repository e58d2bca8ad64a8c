//! Towards own variances and the mean correlation.
//!
//! `F_ij = rbar s_i s_j` with `s_i = sqrt(S_ii)` and `rbar` the mean of the correlations off the diagonal;
//! `rho = sum_i pi_ii + sum_{i != j} (rbar / 2) (s_j/s_i theta_ii,ij + s_i/s_j theta_jj,ij)`,
//! `theta_ii,ij = mean_t (y_ti^2 - S_ii) (y_ti y_tj - S_ij)`.

use walkfolio_core::{Covariance, Matrix};

use super::moments::{Moments, Target};
use crate::Result;

/// `Sigma` of centred returns, none of them constant, times `periods`.
pub(super) fn towards_constant_correlation(y: &Matrix, periods: f64) -> Result<Covariance> {
    let moments = Moments::of(y);
    let n = y.cols() as f64;
    let s: Vec<f64> = moments.variance.iter().map(|variance| variance.sqrt()).collect();
    let sum = |t: usize, of: &dyn Fn(f64, f64) -> f64| -> f64 {
        y.row(t).iter().zip(&s).map(|(y, s)| of(*y, *s)).sum()
    };
    // 1'C1 is the mean of the squares of the sums of standardized returns.
    let total = moments.mean(|t| sum(t, &|y, s| y / s).powi(2));
    let mean = if n > 1.0 { (total - n) / (n * (n - 1.0)) } else { 0.0 };
    // sum_ij s_j/s_i theta_ii,ij, diagonal and all: the two halves of rho are the same sum.
    let theta = moments.mean(|t| {
        let along = sum(t, &|y, s| y * s);
        sum(t, &|y, s| y.powi(3) / s) * along - along * along
    });
    let rho = moments.own_pi + mean * (theta - moments.own_pi);
    moments.towards(&Target { loading: s, weight: mean, rho }, periods)
}
