//! Ranges of the portfolio's exposures to factors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Error, Faults, Note, Result};
use walkfolio_estimate::{Needs, windows};
use walkfolio_optimize::{Constraint, Exposure};

use super::form::ConstraintForm;
use crate::objective::{Inputs, Setting};
use crate::words;

/// The range of the exposure to a factor: `min <= sum of the weights times the assets' loadings <= max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorExposureSpec {
    /// The factor, by its name in the factor file: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`.
    ///
    /// Example: `factor = "SMB"`
    pub factor: String,
    /// Minimum exposure.
    ///
    /// Unit: of loadings, 1 for the factor itself.
    ///
    /// Example: `min = -0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum exposure.
    ///
    /// Unit: of loadings, 1 for the factor itself.
    ///
    /// Example: `max = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// All ranges of a study.
#[derive(Debug, Clone)]
pub(crate) struct FactorExposures(pub Vec<FactorExposureSpec>);

impl FactorExposures {
    /// Loadings come from the window of the covariance, or of an objective without one.
    fn rows(setting: &Setting) -> usize {
        setting.risk_rows()
    }

    fn prepared(&self, inputs: &Inputs<'_>, names: &[String]) -> Result<Vec<Constraint>> {
        let rows = Self::rows(inputs.setting);
        let loadings = windows::factor_model(inputs.past, inputs.assets, rows)?.loadings;
        let range = |spec: &FactorExposureSpec| {
            let factor = names.iter().position(|name| *name == spec.factor);
            let factor = factor.ok_or_else(|| Error::Policy {
                message: format!("there is no factor {}", spec.factor),
                hint: Some(format!("the factors are {}", names.join(", "))),
            })?;
            let values = loadings.iter_rows().map(|row| row[factor]).collect();
            let name = format!("factor_exposure to {}", spec.factor);
            let min = spec.min.unwrap_or(f64::NEG_INFINITY);
            let max = spec.max.unwrap_or(f64::INFINITY);
            Exposure::new(&name, values, min, max).map(Constraint::from).map_err(words::policy)
        };
        self.0.iter().map(range).collect()
    }
}

impl ConstraintForm for FactorExposures {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (index, spec) in self.0.iter().enumerate() {
            let path = format!("allocate.factor_exposure[{index}]");
            if !setting.has_factors {
                let hint = "add factors = \"french3\" to [market]";
                faults.push(&path, "needs factors, and there are none", hint);
            }
            match (spec.min, spec.max) {
                (None, None) => faults.push(&path, "has neither min nor max", "add one of them"),
                (Some(min), Some(max)) if min > max => {
                    let message = format!("min {min} is larger than max {max}");
                    faults.push(&path, message, "swap the two");
                }
                _ => {}
            }
            if self.0[..index].iter().any(|other| other.factor == spec.factor) {
                let message = format!("{} is listed twice", spec.factor);
                faults.push(&format!("{path}.factor"), message, "give each factor one range");
            }
        }
    }

    fn needs(&self, setting: &Setting) -> Needs {
        if self.0.is_empty() { Needs::default() } else { Needs::factors(Self::rows(setting)) }
    }

    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        match inputs.past.factor_names() {
            Some(names) if !self.0.is_empty() => self.prepared(inputs, names),
            _ => Ok(Vec::new()),
        }
    }
}
