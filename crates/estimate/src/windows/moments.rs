//! From the sums of a window to its moments.
//!
//! `None` means that a difference of sums would keep too few digits: the window has to be
//! estimated from its rows.

use walkfolio_core::linear::dot;
use walkfolio_core::{FactorSums, MarketSums, Matrix};

use crate::FactorRegression;

/// The least share of a sum of squares that may remain after subtracting the mean, and of a
/// factor's variation that the other factors may leave: below, three of sixteen digits are gone.
const LEAST_SPREAD: f64 = 1e-3;

/// The least share of an asset's variation that the factors may leave unexplained.
const LEAST_RESIDUAL: f64 = 1e-6;

/// The regressions of some assets on `k` factors over `rows > k + 1` rows.
pub(super) fn factor_model(sums: &FactorSums, rows: usize) -> Option<FactorRegression> {
    let (n, k, count) = (sums.assets().len(), sums.factors().len(), rows as f64);
    let factors = sums.factors();
    let mut scatter = scatter(sums, count)?;
    let lower = factor(&scatter)?;

    let mut model = FactorRegression {
        alpha: Vec::with_capacity(n),
        loadings: Matrix::zeros(n, k),
        factor_mean: factors.iter().map(|sum| sum / count).collect(),
        factor_covariance: Matrix::zeros(0, 0),
        specific_variance: Vec::with_capacity(n),
        risk_free_mean: sums.risk_free() / count,
    };
    let freedom = (rows - k - 1) as f64;
    for (i, (excess, square, products)) in sums.assets().enumerate() {
        let mean = excess / count;
        let loading = model.loadings.row_mut(i);
        for ((value, product), sum) in loading.iter_mut().zip(products).zip(factors) {
            *value = product - mean * sum;
        }
        let square = remaining(square, excess * mean)?;
        let residual = regress(&lower, square, loading)?;
        model.specific_variance.push(residual / freedom);
        model.alpha.push(mean - dot(loading, &model.factor_mean));
    }
    let scale = 1.0 / (count - 1.0);
    (0..k).for_each(|a| scatter.row_mut(a).iter_mut().for_each(|value| *value *= scale));
    model.factor_covariance = scatter;
    Some(model)
}

/// `cov(r_i, r_M) / var(r_M)`.
pub(super) fn capm_beta(sums: &MarketSums, rows: usize) -> Option<Vec<f64>> {
    let mean = sums.sum / rows as f64;
    let square = remaining(sums.square, sums.sum * mean).filter(|square| *square > 0.0)?;
    let beta = |[sum, product]: &[f64; 2]| (product - sum * mean) / square;
    Some(sums.assets.iter().map(beta).collect())
}

/// Centred second moments times `scale`, from the sums of returns and of their products.
pub(super) fn covariance(
    sums: &[f64],
    mut second_moment: Matrix,
    rows: usize,
    scale: f64,
) -> Option<Matrix> {
    for (i, sum) in sums.iter().enumerate() {
        let mean = sum / rows as f64;
        remaining(second_moment[(i, i)], sum * mean)?;
        for (value, other) in second_moment.row_mut(i)[i..].iter_mut().zip(&sums[i..]) {
            *value = (*value - mean * other) * scale;
        }
    }
    second_moment.mirror();
    Some(second_moment)
}

/// A sum of squares about the mean, or `None` if subtracting the mean cancels too much of it.
///
/// A series of zeros has lost nothing.
fn remaining(square: f64, about_zero: f64) -> Option<f64> {
    let centred = square - about_zero;
    (centred >= LEAST_SPREAD * square).then_some(centred)
}

/// The factors' centred sums of products.
fn scatter(of: &FactorSums, count: f64) -> Option<Matrix> {
    let (sums, k) = (of.factors(), of.factors().len());
    let mut out = Matrix::zeros(k, k);
    for a in 0..k {
        let mean = sums[a] / count;
        remaining(of.product(a, a), sums[a] * mean)?;
        for b in a..k {
            out[(a, b)] = of.product(a, b) - mean * sums[b];
        }
    }
    out.mirror();
    Some(out)
}

/// The Cholesky factor with the reciprocals of its diagonal, or `None` if the factors are too close
/// to dependent.
fn factor(scatter: &Matrix) -> Option<Matrix> {
    let mut lower = scatter.cholesky()?;
    for a in 0..scatter.rows() {
        let root = lower[(a, a)];
        if root * root <= LEAST_SPREAD * scatter[(a, a)] {
            return None;
        }
        lower[(a, a)] = 1.0 / root;
    }
    Some(lower)
}

/// Turns an asset's products with the factors into its loadings; gives the squared residuals, or
/// `None` if the factors leave too little of `square`.
fn regress(lower: &Matrix, square: f64, values: &mut [f64]) -> Option<f64> {
    let k = values.len();
    let mut residual = square;
    for a in 0..k {
        let row = lower.row(a);
        values[a] = (values[a] - dot(&row[..a], &values[..a])) * row[a];
        residual -= values[a] * values[a];
    }
    for a in (0..k).rev() {
        values[a] *= lower[(a, a)];
        for b in 0..a {
            values[b] -= lower[(a, b)] * values[a];
        }
    }
    (residual >= LEAST_RESIDUAL * square).then_some(residual)
}
