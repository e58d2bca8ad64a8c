//! How the moments of an objective are estimated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Note, Past};

use crate::covariance::CovarianceChoice;
use crate::expected_returns::{ExpectedReturnsChoice, InputFile};
use crate::{Needs, Result, Scale, Units};

/// How moments are estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimators {
    /// The covariance of returns; betas come from the same window.
    pub covariance: CovarianceChoice,
    /// Expected returns, for objectives that use them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_returns: Option<ExpectedReturnsChoice>,
    /// The unit of moments, and with it of `lambda`.
    #[serde(default)]
    pub units: Units,
}

impl Estimators {
    /// Whether both obey their rules.
    pub fn validate(&self, faults: &mut Faults) {
        faults.part("covariance", |faults| self.covariance.validate(faults));
        if let Some(returns) = &self.expected_returns {
            faults.part("expected_returns", |faults| returns.validate(faults));
        }
    }

    /// Writes out what expected returns take from the covariance.
    pub fn complete(&mut self) {
        if let Some(returns) = &mut self.expected_returns {
            returns.complete(&self.covariance);
        }
    }

    /// The covariance of some assets: that of the expected returns where they have one of their own.
    ///
    /// # Errors
    /// Those of [`CovarianceEstimator::estimate`](crate::covariance::CovarianceEstimator::estimate).
    pub fn covariance(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        scale: Scale,
    ) -> Result<Covariance> {
        if let Some(returns) = &self.expected_returns
            && let Some(own) = returns.covariance(past, assets, scale)?
        {
            return Ok(own);
        }
        self.covariance.estimate(past, assets, scale)
    }

    /// The files that they read, with the paths of their keys.
    pub fn files(&self) -> Vec<InputFile<'_>> {
        self.expected_returns.as_ref().map(|returns| returns.files()).unwrap_or_default()
    }

    /// What a reader must know of the estimates of a decision.
    pub fn notes(&self, past: &Past<'_>, assets: &[usize]) -> Vec<Note> {
        let returns = self.expected_returns.as_ref();
        returns.map(|returns| returns.notes(past, assets)).unwrap_or_default()
    }

    /// What both need of a past.
    pub fn needs(&self) -> Needs {
        let returns = self.expected_returns.as_ref().map(|returns| returns.needs());
        self.covariance.needs().and(returns.unwrap_or_default())
    }
}
