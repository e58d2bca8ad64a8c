//! Sensitivity to the market.

use walkfolio_core::{FactorWindow, Matrix};

use crate::means::column_means;
use crate::{Error, Result};

/// CAPM beta `cov(r_i, r_M) / var(r_M)` over one window, `r_M = Mkt-RF + RF`.
///
/// # Shape and units
/// `returns` is `L x N`, the factor window has the same rows; the result has `N` values.
/// # Errors
/// [`Error::TooFewRows`] below two rows, [`Error::Length`] if the windows differ,
/// [`Error::ConstantMarket`] if the market did not move, [`Error::Core`] if no factor is named
/// `Mkt-RF`.
/// # Source
/// Sharpe (1964), Capital asset prices.
pub fn capm_beta(returns: &Matrix, factors: &FactorWindow<'_>) -> Result<Vec<f64>> {
    let rows = returns.rows();
    if rows < 2 {
        return Err(Error::TooFewRows { what: "a beta", rows, least: 2 });
    }
    if factors.risk_free.len() != rows {
        let found = factors.risk_free.len();
        return Err(Error::Length { what: "the factor window", expected: rows, found });
    }
    let market = factors.market()?;
    let market_mean = market.iter().sum::<f64>() / rows as f64;
    let centred: Vec<f64> = market.iter().map(|value| value - market_mean).collect();
    let square: f64 = centred.iter().map(|value| value * value).sum();
    if square <= 0.0 {
        return Err(Error::ConstantMarket { rows });
    }
    let mean = column_means(returns);
    let mut beta = vec![0.0; returns.cols()];
    for (row, market) in returns.iter_rows().zip(&centred) {
        for ((sum, value), mean) in beta.iter_mut().zip(row).zip(&mean) {
            *sum += (value - mean) * market;
        }
    }
    for sum in &mut beta {
        *sum /= square;
    }
    Ok(beta)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_has_beta_one_and_its_double_two() {
        let (values, risk_free) = ([0.01, -0.02, 0.005], [0.0001; 3]);
        let window = FactorWindow { k: 1, market: Some(0), values: &values, risk_free: &risk_free };
        let market = window.market().unwrap();
        let returns: Vec<f64> = market.iter().flat_map(|m| [*m, 2.0 * m + 0.01]).collect();
        let beta = capm_beta(&Matrix::from_rows(3, 2, returns), &window).unwrap();
        assert!((beta[0] - 1.0).abs() < 1e-15 && (beta[1] - 2.0).abs() < 1e-14);
    }

    #[test]
    fn the_market_is_found_by_its_name() {
        // SMB stands before the market.
        let values = [0.5, 0.01, -0.5, -0.02, 0.5, 0.005];
        let window =
            FactorWindow { k: 2, market: Some(1), values: &values, risk_free: &[0.0001; 3] };
        let returns = Matrix::from_rows(3, 1, vec![0.0101, -0.0199, 0.0051]);
        assert!((capm_beta(&returns, &window).unwrap()[0] - 1.0).abs() < 1e-12);
        let without = FactorWindow { market: None, ..window };
        assert_eq!(
            capm_beta(&returns, &without).unwrap_err().to_string(),
            "a market beta needs a factor named Mkt-RF, and the market has none"
        );
    }
}
