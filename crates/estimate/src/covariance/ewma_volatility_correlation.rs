//! Volatilities that forget faster than correlations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::estimator::CovarianceEstimator;
use super::ewma::rows_scaled;
use super::window::{no_asset_is_constant, of_rows, several_rows, squares};
use crate::means::{centred, columns_scaled};
use crate::tracking::weights_to_one;
use crate::{Needs, Result, Scale};

/// Exponentially weighted volatilities with a slower correlation.
///
/// `Sigma_ij = s_i s_j C_ij`: `s` from returns weighted with `volatility_half_life`, `C` the correlation of
/// those weighted with `correlation_half_life`, neither with a mean subtracted. Volatilities change
/// faster than correlations, and a correlation needs more rows.
///
/// Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5; two decays as in
/// Menchero, Orr & Wang (2011), The Barra US Equity Model (USE4).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EwmaVolatilityCorrelation {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// Rows after which a return weighs half as much in a volatility.
    ///
    /// Unit: periods.
    #[serde(default = "twenty")]
    pub volatility_half_life: f64,
    /// Rows after which a return weighs half as much in a correlation.
    ///
    /// Unit: periods.
    #[serde(default = "hundred_twenty")]
    pub correlation_half_life: f64,
}

fn twenty() -> f64 {
    20.0
}

fn hundred_twenty() -> f64 {
    120.0
}

impl CovarianceEstimator for EwmaVolatilityCorrelation {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        faults.above_zero("volatility_half_life", self.volatility_half_life, "20 is a month");
        faults.above_zero(
            "correlation_half_life",
            self.correlation_half_life,
            "120 is half a year",
        );
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let rows = self.window as usize;
        let returns = past.returns(assets, rows)?;
        several_rows(&returns, "a correlation")?;
        no_asset_is_constant(&returns, &centred(&returns), (past, assets))?;
        let weighted = |half_life, periods| {
            rows_scaled(returns.clone(), &weights_to_one(rows, half_life), periods)
        };
        let own = squares(&weighted(self.volatility_half_life, scale.of_session()));
        let joint = weighted(self.correlation_half_life, 1.0);
        let ratios = own.iter().zip(squares(&joint)).map(|(own, joint)| (own / joint).sqrt());
        of_rows(columns_scaled(&joint, &ratios.collect::<Vec<f64>>()))
    }
}
