//! The mean of the worst drawdowns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Constraint, Objective};

use super::form::{Inputs, ObjectiveForm, Setting};
use super::scenarios::{Scenarios, at_least, confidence, validate_minimum};
use crate::words;

/// Minimum conditional drawdown-at-risk: the mean of the worst `1 - confidence` of the drawdowns over the rows of a
/// window, with constant weights and returns that are added, not compounded (Chekhlov, Uryasev and Zabarankin 2005).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinimumCdar {
    /// Rows of the window: its past returns are the scenarios, each as likely as any other.
    ///
    /// Unit: periods.
    ///
    /// Example: `window = 504`
    pub window: u32,
    /// The part of the drawdowns that is not in the tail: 0.95 takes the worst 5 %, and of a row that is partly in it
    /// that part.
    ///
    /// Unit: fraction.
    #[serde(default = "confidence")]
    pub confidence: f64,
    /// Minimum expected return of the portfolio, by the expected returns of `[estimate]`, whatever `estimate.units` is.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `minimum_return = 0.08`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_return: Option<f64>,
}

impl MinimumCdar {
    fn scenarios(&self) -> Scenarios {
        Scenarios { window: self.window, confidence: self.confidence }
    }
}

impl ObjectiveForm for MinimumCdar {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        self.scenarios().validate(faults);
        validate_minimum(self.minimum_return, faults);
    }

    fn uses_moments(&self) -> bool {
        self.minimum_return.is_some()
    }

    fn uses_expected_returns(&self) -> bool {
        self.minimum_return.is_some()
    }

    fn rows(&self) -> usize {
        self.scenarios().rows()
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let returns = self.scenarios().returns(inputs)?;
        optimize::MinimumCdar::new(returns, self.confidence)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn note(&self, objective: &Objective, weights: &[f64]) -> Option<String> {
        Some(self.scenarios().note("the drawdowns", objective.value(weights)))
    }

    fn constraint(&self, inputs: &Inputs<'_>) -> Result<Option<Constraint>> {
        at_least(self.minimum_return, inputs)
    }
}
