//! The portfolio's beta to the market.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Error, Faults, Note, Result};
use walkfolio_estimate::{Needs, windows};
use walkfolio_optimize::{Beta, Constraint};

use super::form::ConstraintForm;
use crate::objective::{Inputs, Setting};
use crate::words;

/// The portfolio's beta: a range or a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BetaSpec {
    /// Minimum beta.
    ///
    /// Unit: 1 for the market.
    ///
    /// Example: `min = -0.5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum beta.
    ///
    /// Unit: 1 for the market.
    ///
    /// Example: `max = 0.5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// A single beta instead of a range.
    ///
    /// Unit: 1 for the market.
    ///
    /// Example: `value = 0.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

impl BetaSpec {
    /// Both ends of the range, if it states one.
    fn range(&self) -> Option<(f64, f64)> {
        match (self.value, self.min, self.max) {
            (Some(value), None, None) => Some((value, value)),
            (None, Some(min), Some(max)) => Some((min, max)),
            _ => None,
        }
    }
}

impl ConstraintForm for BetaSpec {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let path = "allocate.beta";
        if !setting.has_factors {
            let hint = "add factors = \"french3\" to [market]";
            faults.push(path, "needs the market's return, and there are no factors", hint);
        }
        if setting.estimators.is_none() {
            let hint = "remove it, or use an objective with moments, such as minimum_variance";
            faults.push(path, "needs the window of [estimate], and the objective has none", hint);
        }
        match self.range() {
            Some((min, max)) if min <= max => {}
            Some((min, max)) => {
                let message = format!("min {min} is larger than max {max}");
                faults.push(path, message, "swap the two");
            }
            None => {
                let hint = "write { min = -0.5, max = 0.5 } or { value = 1.0 }";
                faults.push(path, "must have min and max, or value alone", hint);
            }
        }
    }

    /// Betas come from the window of the covariance.
    fn needs(&self, setting: &Setting) -> Needs {
        let rows = setting.estimators.as_ref().map(|e| e.covariance.needs().rows);
        rows.map_or_else(Needs::default, Needs::factors)
    }

    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let rows = self.needs(inputs.setting).factor_rows;
        let (rows, (min, max)) = rows.zip(self.range()).ok_or_else(|| Error::Policy {
            message: "allocate.beta has no window or no range".to_owned(),
            hint: None,
        })?;
        let betas = windows::capm_beta(inputs.past, inputs.assets, rows)?;
        Beta::new(betas, min, max).map(|beta| vec![beta.into()]).map_err(words::policy)
    }
}
