//! Towards own variances and the covariances that one factor explains, the mean of the assets.
//!
//! `F_ij = c_i c_j / v` with the factor's returns `m_t = mean_i y_ti`, `c = Y'm / T`, `v = m'm / T`;
//! `rho_ij = mean_t [(c_j v y_ti + c_i v y_tj - c_i c_j m_t) m_t y_ti y_tj / v^2] - F_ij S_ij`.

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Matrix};

use super::moments::{Moments, Target};
use crate::Result;

/// A factor with a smaller share of all variances does not move: the assets cancel each other.
const LEAST_SHARE: f64 = 1e-28;

/// `Sigma` of centred returns, times `periods`.
pub(super) fn towards_single_factor(y: &Matrix, periods: f64) -> Result<Covariance> {
    let moments = Moments::of(y);
    let (rows, n) = (y.rows() as f64, y.cols());
    let factor: Vec<f64> = y.iter_rows().map(|row| row.iter().sum::<f64>() / n as f64).collect();
    let v = dot(&factor, &factor) / rows;
    if v <= LEAST_SHARE * moments.variance.iter().sum::<f64>() {
        let target = Target { loading: vec![0.0; n], weight: 0.0, rho: moments.own_pi };
        return moments.towards(&target, periods);
    }
    let c: Vec<f64> = y.transpose_times(&factor).into_iter().map(|sum| sum / rows).collect();
    // All pairs at once, and the diagonal once more.
    let all = moments.mean(|t| {
        let (m, along, length) = (factor[t], dot(y.row(t), &c), dot(y.row(t), y.row(t)));
        (2.0 * v * length - m * along) * m * along / (v * v) - along * along / v
    });
    let own = moments.mean(|t| {
        let m = factor[t];
        let one = |(y, c): (&f64, &f64)| (2.0 * v * y - c * m) * m * c * y * y / (v * v);
        y.row(t).iter().zip(&c).map(one).sum()
    });
    let own_target: f64 = c.iter().zip(&moments.variance).map(|(c, s)| c * c / v * s).sum();
    let rho = moments.own_pi + all - (own - own_target);
    moments.towards(&Target { loading: c, weight: 1.0 / v, rho }, periods)
}
