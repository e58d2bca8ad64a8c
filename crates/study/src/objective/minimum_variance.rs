//! Risk alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, Setting, Shape};
use crate::words;

/// `min w' Sigma w`, with the penalties of `[allocate]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumVariance {}

impl ObjectiveForm for MinimumVariance {
    fn validate(&self, _: &Setting, _: &mut Faults) {}

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        optimize::MinimumVariance::new(inputs.covariance()?)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn shape(&self) -> Shape {
        Shape::Quadratic
    }
}
