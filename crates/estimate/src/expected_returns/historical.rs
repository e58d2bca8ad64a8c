//! The mean return over a year.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use super::sample_mean::SampleMean;
use crate::{Needs, Result, Scale};

/// The mean return: `sample_mean`, over 252 rows in a study unless `window` is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Historical {
    /// Rows of the window.
    pub window: u32,
}

impl Default for Historical {
    fn default() -> Self {
        Self { window: 252 }
    }
}

impl Historical {
    fn mean(self) -> SampleMean {
        SampleMean { window: self.window }
    }
}

impl ExpectedReturnsModel for Historical {
    fn validate(&self, faults: &mut Faults) {
        self.mean().validate(faults);
    }

    fn needs(&self) -> Needs {
        self.mean().needs()
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        self.mean().estimate(past, assets, scale)
    }

    fn is_ready(&self, past: &Past<'_>, assets: &[usize]) -> bool {
        self.mean().is_ready(past, assets)
    }
}
