//! Expected returns that revert.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::horizons::{Horizon, annual_mean, blend, horizons, longest};
use super::model::ExpectedReturnsModel;
use crate::{Needs, Result, Scale};

/// Means less a part of the last returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MeanReversion {
    /// Rows of the window.
    pub window: u32,
    /// How much of past returns is expected to revert: 0.3.
    #[serde(skip)]
    pub strength: f64,
    /// 0.6 and 0.4 of 21 and 63 rows.
    #[serde(skip)]
    pub horizons: Vec<Horizon>,
}

impl Default for MeanReversion {
    fn default() -> Self {
        let horizons = horizons(&[(21, 0.6), (63, 0.4)]);
        Self { window: 252, strength: 0.3, horizons }
    }
}

/// `m + strength * sum w_h (-R_h)`, `m` the mean a year.
///
/// # Source
/// Jegadeesh (1990), Evidence of predictable behavior of security returns, for the effect; the
/// weights are those of the replica study.
impl ExpectedReturnsModel for MeanReversion {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "the mean");
    }

    fn needs(&self) -> Needs {
        Needs::returns(longest(&self.horizons).max(self.window as usize))
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let mut expected = annual_mean(past, assets, self.window as usize, scale.periods_per_year)?;
        for (value, &asset) in expected.iter_mut().zip(assets) {
            *value -= self.strength * blend(past, asset, &self.horizons)?;
            *value *= scale.of_year();
        }
        Ok(expected)
    }
}
