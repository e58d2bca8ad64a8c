//! Expected return less risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::number::shown;
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::Objective;

use super::form::{Inputs, ObjectiveForm, Setting, path};
use crate::words;

/// `max rho'w - lambda sqrt(w' Sigma w)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RobustUtility {
    /// Risk aversion, in the unit of `estimate.units`.
    ///
    /// Unit: return per unit of volatility.
    ///
    /// Example: `lambda = 0.10`
    pub lambda: f64,
}

impl ObjectiveForm for RobustUtility {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        if self.lambda < 0.0 {
            let message = format!("must be at least 0, found {}", shown(self.lambda));
            faults.push(&path("lambda"), message, "0 ignores risk");
        }
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        Objective::robust_utility(returns, covariance, self.lambda).map_err(words::policy)
    }
}
