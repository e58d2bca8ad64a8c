//! Expected returns that go on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::horizons::{Horizon, annual_mean, blend, horizons, longest};
use super::model::ExpectedReturnsModel;
use crate::{Needs, Result, Scale};

/// Means blended with compounded returns of 1, 3, 6 and 12 months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Momentum {
    /// Rows of the window.
    pub window: u32,
    /// The weight of the mean: 0.3.
    #[serde(skip)]
    pub historical_weight: f64,
    /// The weight of the momentum: 0.7.
    #[serde(skip)]
    pub momentum_weight: f64,
    /// How much of past momentum is expected to go on: 0.5.
    #[serde(skip)]
    pub persistence: f64,
    /// 0.4, 0.3, 0.2 and 0.1 of 21, 63, 126 and 252 rows.
    #[serde(skip)]
    pub horizons: Vec<Horizon>,
}

impl Default for Momentum {
    fn default() -> Self {
        Self {
            window: 252,
            historical_weight: 0.3,
            momentum_weight: 0.7,
            persistence: 0.5,
            horizons: horizons(&[(21, 0.4), (63, 0.3), (126, 0.2), (252, 0.1)]),
        }
    }
}

/// `historical_weight * m + momentum_weight * persistence * sum w_h R_h`, `m` the mean a year.
///
/// # Source
/// Jegadeesh & Titman (1993), Returns to buying winners and selling losers, for the effect; the
/// weights are those of the replica study.
impl ExpectedReturnsModel for Momentum {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "the mean");
    }

    fn needs(&self) -> Needs {
        Needs::returns(longest(&self.horizons).max(self.window as usize))
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let mut expected = annual_mean(past, assets, self.window as usize, scale.periods_per_year)?;
        for (value, &asset) in expected.iter_mut().zip(assets) {
            let going_on = self.persistence * blend(past, asset, &self.horizons)?;
            let annual = self.historical_weight * *value + self.momentum_weight * going_on;
            *value = annual * scale.of_year();
        }
        Ok(expected)
    }
}
