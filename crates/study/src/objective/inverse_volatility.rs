//! Weights in proportion to one over risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ONE_PORTFOLIO, ObjectiveForm, Setting, Shape};

/// `w_i` in proportion to `1 / sigma_i`, with the volatilities of the covariance; correlations do not count.
/// As `equal_weight`, constraints do not change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InverseVolatility {
    /// What weights are in inverse proportion to.
    #[serde(default)]
    pub of: InverseOf,
}

/// What weights are in inverse proportion to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InverseOf {
    /// `1 / sigma_i`.
    #[default]
    Volatility,
    /// `1 / sigma_i^2`: the least variance, if all correlations were 0.
    Variance,
}

impl ObjectiveForm for InverseVolatility {
    fn validate(&self, _: &Setting, _: &mut Faults) {}

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let covariance = inputs.covariance()?;
        inputs.objective(match self.of {
            InverseOf::Volatility => optimize::InverseVolatility::new(&covariance),
            InverseOf::Variance => optimize::InverseVolatility::of_variance(&covariance),
        })
    }

    fn shape(&self) -> Shape {
        Shape::OnePortfolio
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(ONE_PORTFOLIO)
    }
}
