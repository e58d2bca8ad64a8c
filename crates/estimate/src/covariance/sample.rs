//! The sample covariance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::estimator::CovarianceEstimator;
use crate::{Needs, Result, Scale, windows};

/// The sample covariance (`ddof = 1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Rows of the window.
    ///
    /// Example: `window_days = 60`
    pub window_days: u32,
}

impl CovarianceEstimator for Sample {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window_days", self.window_days, 2, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window_days as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        windows::sample_covariance(past, assets, self.window_days as usize, scale.of_session())
    }
}
