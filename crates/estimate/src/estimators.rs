//! How the moments of an objective are estimated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use crate::covariance::CovarianceChoice;
use crate::expected_returns::ExpectedReturnsChoice;
use crate::{Needs, Units};

/// How moments are estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimators {
    /// The covariance of returns; betas come from the same window.
    pub covariance: CovarianceChoice,
    /// Expected returns.
    pub expected_returns: ExpectedReturnsChoice,
    /// The unit of moments, and with it of `lambda`.
    #[serde(default)]
    pub units: Units,
}

impl Estimators {
    /// Whether both obey their rules.
    pub fn validate(&self, faults: &mut Faults) {
        faults.part("covariance", |faults| self.covariance.validate(faults));
        faults.part("expected_returns", |faults| self.expected_returns.validate(faults));
    }

    /// What both need of a past.
    pub fn needs(&self) -> Needs {
        self.covariance.needs().and(self.expected_returns.needs())
    }
}
