//! The mean return.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use crate::{Needs, Result, Scale, windows};

/// The mean return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleMean {
    /// Rows of the window.
    ///
    /// Example: `window = 90`
    pub window: u32,
}

impl ExpectedReturnsModel for SampleMean {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "the mean");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        windows::sample_mean(past, assets, self.window as usize, scale.of_session())
    }

    fn is_ready(&self, _past: &Past<'_>, _assets: &[usize]) -> bool {
        true
    }
}
