//! The expected returns of the factor model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use crate::{Alpha, Needs, Result, Scale, windows};

/// `r_f + B' mean(f) + alpha` from regressions on the factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorModel {
    /// Rows of the window.
    ///
    /// Example: `window = 90`
    pub window: u32,
    /// Whether the intercepts enter; with them the result is the sample mean.
    #[serde(default)]
    pub alpha: Alpha,
}

impl ExpectedReturnsModel for FactorModel {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 5, "the mean");
    }

    fn needs(&self) -> Needs {
        Needs::factors(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let model = windows::factor_model(past, assets, self.window as usize)?;
        Ok(model.expected_returns(self.alpha, scale.of_session()))
    }

    fn is_ready(&self, _past: &Past<'_>, _assets: &[usize]) -> bool {
        true
    }
}
