//! Weighted volatility for each unit of risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, RATIO, Setting, Shape};
use crate::words;

/// `max sigma'w / sqrt(w' Sigma w)`, the diversification ratio, with the assets' volatilities `sigma`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumDiversification {}

impl ObjectiveForm for MaximumDiversification {
    fn validate(&self, _: &Setting, _: &mut Faults) {}

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        optimize::MaximumDiversification::new(inputs.covariance()?)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn shape(&self) -> Shape {
        Shape::PerRisk
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(RATIO)
    }
}
