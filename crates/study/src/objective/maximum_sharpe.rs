//! Expected excess return for each unit of risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, RATIO, Setting, Shape, path};
use crate::words;

/// `max (mu'w - risk_free) / sqrt(w' Sigma w)`; an error where no portfolio has a positive excess return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaximumSharpe {
    /// Risk-free rate that expected returns are compared with, whatever `estimate.units` is.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `risk_free = 0.02`
    #[serde(default)]
    pub risk_free: f64,
}

impl ObjectiveForm for MaximumSharpe {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        if !(-1.0..=1.0).contains(&self.risk_free) {
            let message = format!("must be between -1 and 1, found {}", self.risk_free);
            faults.push(&path("risk_free"), message, "0.02 is 2 % a year");
        }
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        let risk_free = self.risk_free * inputs.setting.scale()?.of_year();
        let excess = returns.iter().map(|mu| mu - risk_free).collect();
        optimize::MaximumSharpe::new(excess, covariance).map(Objective::from).map_err(words::policy)
    }

    fn shape(&self) -> Shape {
        Shape::PerRisk
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(RATIO)
    }
}
