//! Expected return in the worst case of an ellipsoid, less risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Error, Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, Setting, path};
use crate::words;

/// `max mu'w - kappa sqrt(w' Omega w) - risk_aversion / 2 w' Sigma w`: mean-variance with the worst expected returns of
/// an ellipsoid. `Omega` is the covariance of the mean of `observations` returns, `Sigma` times `periods_per_year /
/// observations` in annual units (Goldfarb and Iyengar 2003).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RobustMeanVariance {
    /// Risk aversion, in the unit of `estimate.units`.
    ///
    /// Unit: return per unit of variance.
    #[serde(default = "one")]
    pub risk_aversion: f64,
    /// The size of the ellipsoid in standard deviations of the estimated mean; 0 trusts the expected returns.
    ///
    /// Unit: standard deviations.
    ///
    /// Example: `kappa = 0.5`
    pub kappa: f64,
    /// Returns that the expected returns are a mean of; by default the window of `estimate.expected_returns`.
    ///
    /// Unit: periods.
    ///
    /// Example: `observations = 252`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observations: Option<u32>,
}

impl RobustMeanVariance {
    fn observations(&self, setting: &Setting) -> Option<usize> {
        let estimators = setting.estimators.as_ref();
        let window = || Some(estimators?.expected_returns.as_ref()?.needs().rows);
        self.observations.map(|rows| rows as usize).or_else(window).filter(|rows| *rows > 0)
    }
}

impl ObjectiveForm for RobustMeanVariance {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        faults.at_least_zero(&path("risk_aversion"), self.risk_aversion);
        faults.at_least_zero(&path("kappa"), self.kappa);
        if self.observations == Some(0) {
            faults.push(
                &path("observations"),
                "must be at least 1, found 0",
                "252 is a year of days",
            );
        } else if setting.estimators.is_some() && self.observations(setting).is_none() {
            let message = "is missing: these expected returns have no window of their own";
            faults.push(&path("observations"), message, "252 is a year of days");
        }
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let rows = self.observations(inputs.setting).ok_or_else(|| Error::Policy {
            message: "the expected returns have no window of their own".to_owned(),
            hint: Some("set allocate.objective.observations".to_owned()),
        })?;
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        let lambda = self.kappa * (inputs.setting.scale()?.of_session() / rows as f64).sqrt();
        optimize::RobustMeanVariance::new(returns, covariance, lambda, self.risk_aversion)
            .map(Objective::from)
            .map_err(words::policy)
    }
}

fn one() -> f64 {
    1.0
}
