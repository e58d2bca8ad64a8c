//! Risk less expected return.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::Objective;

use super::form::{Inputs, ObjectiveForm, Setting, Shape, path};
use crate::words;

/// `min risk_aversion / 2 w' Sigma w - mu'w`, with the penalties of `[allocate]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeanVariance {
    /// Risk aversion, in the unit of `estimate.units`.
    ///
    /// Unit: return per unit of variance.
    #[serde(default = "one")]
    pub risk_aversion: f64,
}

impl ObjectiveForm for MeanVariance {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        faults.at_least_zero(&path("risk_aversion"), self.risk_aversion);
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        Objective::mean_variance(returns, covariance, self.risk_aversion).map_err(words::policy)
    }

    fn shape(&self) -> Shape {
        Shape::Quadratic
    }
}

fn one() -> f64 {
    1.0
}
