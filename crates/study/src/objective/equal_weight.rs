//! The same weight of every asset.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ONE_PORTFOLIO, ObjectiveForm, Setting, Shape};

/// `w_i = 1 / N` of the assets that may be held. Constraints do not change it: a decision whose constraints
/// exclude it fails, and the fallback `relax` takes the nearest portfolio that satisfies them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EqualWeight {}

impl ObjectiveForm for EqualWeight {
    fn validate(&self, _: &Setting, _: &mut Faults) {}

    fn uses_moments(&self) -> bool {
        false
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        inputs.objective(optimize::EqualWeight::new(inputs.assets.len()))
    }

    fn shape(&self) -> Shape {
        Shape::OnePortfolio
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(ONE_PORTFOLIO)
    }
}
