//! Means in which newer rows weigh more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use crate::tracking::weights_to_one;
use crate::{Needs, Result, Scale};

/// The mean return with weights that halve every `half_life` rows.
///
/// `sum_t w_t x_t` times the periods of a year, the weights summing to 1 over the window.
/// `PyPortfolioOpt` compounds it to a year unless told otherwise.
///
/// Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5, for the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ewma {
    /// Rows of the window.
    pub window: u32,
    /// Rows after which a return weighs half as much.
    ///
    /// Unit: periods.
    pub half_life: f64,
}

impl Default for Ewma {
    fn default() -> Self {
        Self { window: 252, half_life: 60.0 }
    }
}

impl ExpectedReturnsModel for Ewma {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "the mean");
        faults.above_zero("half_life", self.half_life, "63 is a quarter of a year");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let rows = self.window as usize;
        let weights = weights_to_one(rows, self.half_life);
        let mean = past.returns(assets, rows)?.transpose_times(&weights);
        Ok(mean.into_iter().map(|value| value * scale.of_session()).collect())
    }
}
