//! Towards the same variance for all assets and no covariances.
//!
//! `d2 = |S - mu I|^2 / n`, `b2 = min(d2, sum_t |y_t y_t' - S|^2 / (n T^2))`,
//! `Sigma = (b2/d2) mu I + (1 - b2/d2) S` in Frobenius norms, `mu = tr S / n`; nothing is shrunk where
//! `d2` is 0.

use walkfolio_core::{Covariance, Matrix};

use crate::Result;
use crate::means::scaled;

/// `Sigma` of centred returns, times `periods`; with fewer rows than assets as loadings on the
/// rows, so that no full matrix is made.
pub(super) fn towards_identity(y: &Matrix, periods: f64) -> Result<Covariance> {
    towards_scaled_identity(y, periods, intensity)
}

/// `rho mu I + (1 - rho) Y'Y / T` of centred returns, times `periods`, with `mu` and `rho` from `Y'Y / T`
/// or from `Y Y' / T`, which has the same trace and the same norm.
pub(crate) fn towards_scaled_identity(
    y: &Matrix,
    periods: f64,
    intensity: impl Fn(&Matrix, &Matrix) -> (f64, f64),
) -> Result<Covariance> {
    let (rows, n) = (y.rows(), y.cols());
    if rows <= n {
        let rotated = scaled(&y.transposed().gram(), 1.0 / rows as f64);
        let (mu, intensity) = intensity(y, &rotated);
        let mut weights = Matrix::zeros(rows, rows);
        for t in 0..rows {
            weights[(t, t)] = (1.0 - intensity) / rows as f64 * periods;
        }
        let specific = vec![intensity * mu * periods; n];
        return Ok(Covariance::factor(y.transposed(), weights, specific)?);
    }
    let sample = scaled(&y.gram(), 1.0 / rows as f64);
    let (mu, intensity) = intensity(y, &sample);
    let mut sigma = scaled(&sample, (1.0 - intensity) * periods);
    for i in 0..n {
        sigma[(i, i)] += intensity * mu * periods;
    }
    Ok(Covariance::dense(sigma)?)
}

/// `mu` and the intensity `b2 / d2` of centred returns, from `Y'Y / T` or from `Y Y' / T`, which has
/// the same trace and the same norm.
fn intensity(y: &Matrix, products: &Matrix) -> (f64, f64) {
    let (rows, n) = (y.rows() as f64, y.cols() as f64);
    let trace: f64 = (0..products.rows()).map(|i| products[(i, i)]).sum();
    let mu = trace / n;
    let square: f64 = products.values().iter().map(|value| value * value).sum();
    let d2 = if products.rows() == y.cols() {
        // Entry by entry: the difference of the norms would cancel near the target.
        let apart = |i: usize, j: usize| products[(i, j)] - if i == j { mu } else { 0.0 };
        let all = (0..y.cols()).flat_map(|i| (0..y.cols()).map(move |j| (i, j)));
        all.map(|(i, j)| apart(i, j) * apart(i, j)).sum::<f64>() / n
    } else {
        (square - n * mu * mu) / n
    };
    // sum_t |y_t y_t' - S|^2 = sum_t |y_t|^4 - T |S|^2.
    let fourth: f64 =
        y.iter_rows().map(|y| y.iter().map(|value| value * value).sum::<f64>().powi(2)).sum();
    let b2 = ((fourth - rows * square) / (n * rows * rows)).clamp(0.0, d2.max(0.0));
    (mu, if d2 > 0.0 { b2 / d2 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::means::centred;

    #[test]
    fn two_assets_by_hand() {
        // Y = [1 1; -1 -1; 1 -1; -1 1], four rows: S = I = mu I, so d2 = 0 and S stays.
        let y = vec![1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0, 1.0];
        let sigma = towards_identity(&Matrix::from_rows(4, 2, y), 1.0).unwrap().to_dense();
        assert_eq!(sigma.values(), [1.0, 0.0, 0.0, 1.0]);
        // Y = [2 0; -2 0; 0 1; 0 -1]: S = diag(2, 1/2), mu = 5/4, d2 = 9/16; the fourth powers sum
        // to 34, |S|^2 = 17/4, so b2 = min(9/16, 17/32): the intensity is 17/18.
        let y = vec![2.0, 0.0, -2.0, 0.0, 0.0, 1.0, 0.0, -1.0];
        let sigma = towards_identity(&Matrix::from_rows(4, 2, y), 1.0).unwrap().to_dense();
        let expected = [17.0 / 18.0 * 1.25 + 2.0 / 18.0, 0.0, 0.0, 17.0 / 18.0 * 1.25 + 0.5 / 18.0];
        for (found, expected) in sigma.values().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }

    #[test]
    fn fewer_rows_than_assets_give_the_same_matrix() {
        let values: Vec<f64> = (0..15).map(|i| f64::from((i * i * 7 + 3) % 11) - 5.0).collect();
        let wide = Matrix::from_rows(3, 5, values.clone());
        let y = centred(&wide);
        let kept = towards_identity(&y, 2.0).unwrap();
        assert!(kept.as_dense().is_none());
        let sample = scaled(&y.gram(), 1.0 / 3.0);
        let (mu, shrinkage) = intensity(&y, &sample);
        let (sigma, target) = (kept.to_dense(), shrinkage * mu);
        for (i, j) in (0..5).flat_map(|i| (0..5).map(move |j| (i, j))) {
            let own = (1.0 - shrinkage) * sample[(i, j)] + if i == j { target } else { 0.0 };
            assert!((sigma[(i, j)] - 2.0 * own).abs() < 1e-12, "{i} {j}");
        }
    }
}
