//! Expected return less the mean of the worst losses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, Setting, path};
use super::scenarios::{Scenarios, confidence};
use crate::words;

/// `max mu'w - risk_aversion CVaR(w)`, with the conditional value-at-risk of `minimum_cvar`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeanCvar {
    /// Rows of the window: its past returns are the scenarios, each as likely as any other.
    ///
    /// Unit: periods.
    ///
    /// Example: `window = 504`
    pub window: u32,
    /// The part of the losses that is not in the tail: 0.95 takes the worst 5 %, and of a row that is partly in it
    /// that part.
    ///
    /// Unit: fraction.
    #[serde(default = "confidence")]
    pub confidence: f64,
    /// Expected return, in the unit of `estimate.units`, that a unit of the mean loss of one row costs: 5 gives up 5 %
    /// a year for a mean loss that is 1 % smaller.
    ///
    /// Unit: return per unit of mean loss.
    ///
    /// Example: `risk_aversion = 5.0`
    pub risk_aversion: f64,
}

impl MeanCvar {
    fn scenarios(&self) -> Scenarios {
        Scenarios { window: self.window, confidence: self.confidence }
    }
}

impl ObjectiveForm for MeanCvar {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        self.scenarios().validate(faults);
        faults.at_least_zero(&path("risk_aversion"), self.risk_aversion);
    }

    fn rows(&self) -> usize {
        self.scenarios().rows()
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (mu, returns) = (inputs.expected_returns()?, self.scenarios().returns(inputs)?);
        optimize::MeanCvar::new(mu, returns, self.confidence, self.risk_aversion)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn measures_tail(&self) -> bool {
        true
    }

    fn warning(&self) -> Option<String> {
        self.scenarios().warning()
    }

    fn note(&self, objective: &Objective, weights: &[f64]) -> Option<String> {
        let Objective::MeanCvar(objective) = objective else { return None };
        Some(self.scenarios().note("the losses", objective.cvar(weights)))
    }
}
