//! The linear factor model of Fama and French.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::{dot, solve};
use walkfolio_core::{Covariance, FactorWindow, Matrix};

use crate::means::{centre, column_means, scaled};
use crate::{Error, Result};

/// Whether intercepts enter expected returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Alpha {
    /// They do.
    #[default]
    Include,
    /// They do not.
    Exclude,
}

/// Regressions of excess returns on factors over one window.
///
/// `r_i - r_f = alpha_i + B_i f + e_i`, by ordinary least squares.
///
/// # Source
/// Fama & French (1993), Common risk factors in the returns on stocks and bonds.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorRegression {
    /// Intercepts, a session.
    pub alpha: Vec<f64>,
    /// `N x K` loadings.
    pub loadings: Matrix,
    /// Mean factor returns, a session.
    pub factor_mean: Vec<f64>,
    /// Factor covariance (`ddof = 1`), a session.
    pub factor_covariance: Matrix,
    /// Residual variances `e'e / (L - K - 1)`, a session.
    pub specific_variance: Vec<f64>,
    /// Mean risk-free return, a session.
    pub risk_free_mean: f64,
}

impl FactorRegression {
    /// Fits the regressions of all assets over one window.
    ///
    /// # Shape and units
    /// `returns` is `L x N`, the factor window has the same `L` rows; fractions a session.
    /// # Errors
    /// [`Error::TooFewRows`] unless `L > K + 1`, [`Error::Length`] if the windows differ,
    /// [`Error::DependentFactors`] if the factors do not span `K` dimensions.
    pub fn fit(returns: &Matrix, factors: &FactorWindow<'_>) -> Result<Self> {
        let (rows, n, k) = (returns.rows(), returns.cols(), factors.k);
        if rows < k + 2 {
            return Err(Error::TooFewRows { what: "the factor model", rows, least: k + 2 });
        }
        if factors.risk_free.len() != rows {
            let found = factors.risk_free.len();
            return Err(Error::Length { what: "the factor window", expected: rows, found });
        }
        let (x, factor_mean) = centred_factors(factors, rows);
        let (y, excess_mean) = centred_excess(returns, factors.risk_free);
        let scatter = x.gram();
        let lower = scatter.cholesky().filter(|lower| (0..k).all(|a| lower[(a, a)] > 0.0));
        let lower = lower.ok_or(Error::DependentFactors { factors: k, rows })?;

        let mut model = Self {
            alpha: vec![0.0; n],
            loadings: Matrix::zeros(n, k),
            factor_covariance: scaled(&scatter, 1.0 / (rows - 1) as f64),
            factor_mean,
            specific_variance: vec![0.0; n],
            risk_free_mean: factors.risk_free.iter().sum::<f64>() / rows as f64,
        };
        let cross = cross_products(&x, &y);
        for (i, excess_mean) in excess_mean.iter().enumerate() {
            let loading = solve(&lower, cross.row(i));
            model.alpha[i] = excess_mean - dot(&loading, &model.factor_mean);
            model.loadings.row_mut(i).copy_from_slice(&loading);
        }
        let squares = squared_residuals(&x, &y, &model.loadings);
        let freedom = (rows - k - 1) as f64;
        model.specific_variance = squares.into_iter().map(|square| square / freedom).collect();
        Ok(model)
    }

    /// `Sigma = B Omega B' + D`, times `periods_per_year`.
    ///
    /// # Errors
    /// [`Error::Core`] if rounding left no covariance.
    pub fn covariance(&self, periods_per_year: f64) -> Result<Covariance> {
        Ok(Covariance::factor(
            self.loadings.clone(),
            scaled(&self.factor_covariance, periods_per_year),
            self.specific_variance.iter().map(|d| d * periods_per_year).collect(),
        )?)
    }

    /// Expected returns `rho = r_f + B' mean(f) + alpha`, times `periods_per_year`.
    ///
    /// With alpha they are the sample mean, by an identity of least squares.
    ///
    /// # Source
    /// Equation (5) of the long-short study.
    pub fn expected_returns(&self, alpha: Alpha, periods_per_year: f64) -> Vec<f64> {
        let premium = self.loadings.times(&self.factor_mean);
        let rows = premium.iter().zip(&self.alpha);
        rows.map(|(premium, intercept)| {
            let alpha = match alpha {
                Alpha::Include => *intercept,
                Alpha::Exclude => 0.0,
            };
            (self.risk_free_mean + premium + alpha) * periods_per_year
        })
        .collect()
    }
}

fn centred_factors(factors: &FactorWindow<'_>, rows: usize) -> (Matrix, Vec<f64>) {
    let mut x = Matrix::from_rows(rows, factors.k, factors.values.to_vec());
    let mean = column_means(&x);
    centre(&mut x, &mean);
    (x, mean)
}

fn centred_excess(returns: &Matrix, risk_free: &[f64]) -> (Matrix, Vec<f64>) {
    let mut y = returns.clone();
    for (t, risk_free) in risk_free.iter().enumerate() {
        for value in y.row_mut(t) {
            *value -= risk_free;
        }
    }
    let mean = column_means(&y);
    centre(&mut y, &mean);
    (y, mean)
}

/// `N x K` products `Y'X`.
fn cross_products(x: &Matrix, y: &Matrix) -> Matrix {
    let mut cross = Matrix::zeros(y.cols(), x.cols());
    for (x, y) in x.iter_rows().zip(y.iter_rows()) {
        for (i, y) in y.iter().enumerate() {
            for (sum, x) in cross.row_mut(i).iter_mut().zip(x) {
                *sum += y * x;
            }
        }
    }
    cross
}

/// Residual sums of squares, from the residuals themselves: differences of sums would cancel for
/// an asset that the factors explain almost wholly.
fn squared_residuals(x: &Matrix, y: &Matrix, loadings: &Matrix) -> Vec<f64> {
    let mut squares = vec![0.0; y.cols()];
    for (x, y) in x.iter_rows().zip(y.iter_rows()) {
        for (i, (square, y)) in squares.iter_mut().zip(y).enumerate() {
            let residual = y - dot(loadings.row(i), x);
            *square += residual * residual;
        }
    }
    squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Six rows, two factors, one asset that is exactly `0.001 + 1.5 f1 - 0.5 f2` above cash.
    const FACTORS: [f64; 12] =
        [0.01, 0.002, -0.02, 0.004, 0.015, -0.001, 0.003, 0.0, -0.006, 0.01, 0.02, -0.003];

    #[test]
    fn an_exact_relation_is_recovered() {
        let risk_free = [0.0001; 6];
        let window =
            FactorWindow { k: 2, market: Some(0), values: &FACTORS, risk_free: &risk_free };
        let returns: Vec<f64> = (0..6)
            .map(|t| 0.0001 + 0.001 + 1.5 * FACTORS[2 * t] - 0.5 * FACTORS[2 * t + 1])
            .collect();
        let model = FactorRegression::fit(&Matrix::from_rows(6, 1, returns), &window).unwrap();
        assert!((model.alpha[0] - 0.001).abs() < 1e-15);
        assert!((model.loadings[(0, 0)] - 1.5).abs() < 1e-12);
        assert!((model.loadings[(0, 1)] + 0.5).abs() < 1e-12);
        assert!(model.specific_variance[0] < 1e-30);
    }

    #[test]
    fn a_repeated_factor_is_refused() {
        let values: Vec<f64> = (0..6).flat_map(|t| [FACTORS[t], FACTORS[t]]).collect();
        let window = FactorWindow { k: 2, market: Some(0), values: &values, risk_free: &[0.0; 6] };
        let returns = Matrix::from_rows(6, 1, vec![0.01, 0.0, 0.02, 0.0, -0.01, 0.03]);
        assert_eq!(
            FactorRegression::fit(&returns, &window).unwrap_err().to_string(),
            "the 2 factors are linearly dependent over the 6 rows of the window"
        );
    }

    proptest! {
        /// With alpha included, equation (5) is the sample mean.
        #[test]
        fn with_alpha_rho_is_the_sample_mean(
            returns in prop::collection::vec(-0.1f64..0.1, 24),
            factors in prop::collection::vec(-0.05f64..0.05, 24),
            risk_free in prop::collection::vec(0.0f64..0.0002, 8),
        ) {
            let window = FactorWindow { k: 3, market: Some(0), values: &factors, risk_free: &risk_free };
            let returns = Matrix::from_rows(8, 3, returns);
            let model = FactorRegression::fit(&returns, &window).unwrap();
            let rho = model.expected_returns(Alpha::Include, 252.0);
            let mean = crate::sample_mean(&returns, 252.0).unwrap();
            for (rho, mean) in rho.iter().zip(&mean) {
                prop_assert!((rho - mean).abs() < 1e-9, "{rho} {mean}");
            }
        }
    }
}
