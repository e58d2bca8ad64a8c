//! The maximum volatility, and the maximum tracking error, of a year.

use walkfolio_core::{Covariance, Faults, Note, Result};
use walkfolio_estimate::{Needs, joint_covariance, windows};
use walkfolio_optimize::{Constraint, RiskCap};

use super::form::{ConstraintForm, not_linear};
use crate::objective::{Inputs, Setting};
use crate::words;

/// The largest volatility.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VolatilityCap {
    pub max: f64,
}

/// The largest tracking error against the benchmark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrackingErrorCap {
    pub max: f64,
}

impl ConstraintForm for VolatilityCap {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        validate("allocate.volatility_cap", self.max, setting, faults);
    }

    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let (covariance, of_year) = risk(inputs)?;
        RiskCap::volatility(covariance, self.max * of_year)
            .map(|cap| vec![cap.named("volatility_cap").into()])
            .map_err(words::policy)
    }
}

impl ConstraintForm for TrackingErrorCap {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let path = "allocate.tracking_error_cap";
        validate(path, self.max, setting, faults);
        if setting.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market]";
            faults.push(path, "measures a tracking error, and there is no benchmark", hint);
        }
    }

    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        inputs.past.benchmark(inputs.setting.risk_rows()).is_ok()
    }

    /// A benchmark that is one of the assets has a weight of 1 there; of any other the returns are compared.
    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let cap = if let Ok(at) = inputs.benchmark() {
            let (covariance, of_year) = risk(inputs)?;
            let mut benchmark = vec![0.0; inputs.assets.len()];
            benchmark[at] = 1.0;
            RiskCap::tracking_error(covariance, benchmark, self.max * of_year)
        } else {
            let (past, assets, rows) = (inputs.past, inputs.assets, inputs.setting.risk_rows());
            let joint = joint_covariance(past, assets, rows, inputs.setting.periods_per_year()?)?;
            RiskCap::tracking_error_of_returns(joint, self.max)
        };
        cap.map(|cap| vec![cap.named("tracking_error_cap").into()]).map_err(words::policy)
    }
}

fn validate(path: &str, max: f64, setting: &Setting, faults: &mut Faults) {
    faults.above_zero(path, max, "0.15 is 15 % a year");
    not_linear(path, setting, faults);
}

/// The covariance of `[estimate]`, or of the window of an objective without one, and what a volatility of a
/// year is multiplied by to be in its unit.
pub(super) fn risk(inputs: &Inputs<'_>) -> Result<(Covariance, f64)> {
    let setting = inputs.setting;
    if setting.estimators.is_some() {
        return Ok((inputs.covariance()?, setting.scale()?.of_year().sqrt()));
    }
    let (rows, periods) = (setting.risk_rows(), setting.periods_per_year()?);
    Ok((windows::sample_covariance(inputs.past, inputs.assets, rows, periods)?, 1.0))
}

impl Setting {
    /// The rows that risks are measured on: those of the covariance, or of an objective without one.
    pub(super) fn risk_rows(&self) -> usize {
        let covariance = self.estimators.as_ref().map(|e| e.covariance.needs());
        covariance.map_or(self.objective_rows, |Needs { rows, .. }| rows)
    }
}
