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
    /// Example: `window = 60`
    pub window: u32,
}

impl CovarianceEstimator for Sample {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        windows::sample_covariance(past, assets, self.window as usize, scale.of_session())
    }
}
