//! The covariance of the factor model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::estimator::CovarianceEstimator;
use crate::{Needs, Result, Scale, windows};

/// `B Omega B' + D` from regressions on the factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorModel {
    /// Rows of the window.
    ///
    /// Example: `window = 40`
    pub window: u32,
}

impl CovarianceEstimator for FactorModel {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 5, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::factors(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let rows = self.window as usize;
        windows::factor_model(past, assets, rows)?.covariance(scale.of_session())
    }
}
