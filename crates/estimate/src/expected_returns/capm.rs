//! Expected returns by beta.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{FactorWindow, Faults, Past};

use super::model::ExpectedReturnsModel;
use crate::{Needs, Result, Scale, windows};

/// The capital asset pricing model: `r_f + beta (E[r_M] - r_f)`.
///
/// The betas are those of the window, against the market of the factors, `Mkt-RF + RF`.
///
/// Source: Sharpe (1964), Capital asset prices, Journal of Finance 19.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Capm {
    /// Rows of the window.
    pub window: u32,
    /// The risk-free rate; the mean of RF over the window by default.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `risk_free = 0.02`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_free: Option<f64>,
    /// The expected return of the market above the risk-free rate; the mean of Mkt-RF over the window by
    /// default.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `premium = 0.05`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premium: Option<f64>,
}

impl Default for Capm {
    fn default() -> Self {
        Self { window: 252, risk_free: None, premium: None }
    }
}

impl ExpectedReturnsModel for Capm {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "a beta");
    }

    fn needs(&self) -> Needs {
        Needs::factors(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let rows = self.window as usize;
        let factors = past.factors(rows)?;
        let betas = windows::capm_beta(past, assets, rows)?;
        let year = |mean: f64| mean * scale.periods_per_year;
        let risk_free = self.risk_free.unwrap_or_else(|| year(mean(factors.risk_free)));
        let premium = match self.premium {
            Some(premium) => premium,
            None => year(mean(&excess(&factors)?)),
        };
        Ok(betas.iter().map(|beta| (risk_free + beta * premium) * scale.of_year()).collect())
    }
}

/// `Mkt-RF` by rows.
pub(super) fn excess(factors: &FactorWindow<'_>) -> Result<Vec<f64>> {
    let market = factors.market()?;
    Ok(market.iter().zip(factors.risk_free).map(|(market, cash)| market - cash).collect())
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
