//! A portfolio scaled to a volatility.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::number::decimals;
use walkfolio_core::{Covariance, Faults, Note, Result};

use super::form::ConstraintForm;
use super::risk_cap::risk;
use crate::objective::{Inputs, Setting};

/// A portfolio scaled to an expected volatility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolatilityTargetSpec {
    /// The volatility that is aimed at.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `volatility = 0.10`
    pub volatility: f64,
    /// Maximum sum of the weights after scaling; above 1 money is borrowed.
    ///
    /// Unit: fraction of equity.
    #[serde(default = "one")]
    pub max_leverage: f64,
}

fn one() -> f64 {
    1.0
}

/// Where a study states it.
const PATH: &str = "allocate.volatility_target";

impl ConstraintForm for VolatilityTargetSpec {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        let path = |key: &str| format!("{PATH}.{key}");
        faults.above_zero(&path("volatility"), self.volatility, "0.10 is 10 % a year");
        faults.above_zero(&path("max_leverage"), self.max_leverage, "1.0 borrows nothing");
    }
}

impl VolatilityTargetSpec {
    /// How portfolios of a decision are scaled.
    ///
    /// # Errors
    /// If the window of the covariance is not full, or it cannot be estimated from it.
    pub(crate) fn scaling(&self, inputs: &Inputs<'_>) -> Result<Scaling> {
        let (covariance, of_year) = risk(inputs)?;
        Ok(Scaling { covariance, of_year, target: self.clone() })
    }
}

/// How a decision's portfolio is scaled to a volatility.
///
/// # Examples
/// See [`Allocation::scaling`](crate::Allocation::scaling).
#[derive(Debug, Clone)]
pub struct Scaling {
    covariance: Covariance,
    /// What a volatility of a year is multiplied by to be in the unit of the covariance.
    of_year: f64,
    target: VolatilityTargetSpec,
}

impl Scaling {
    /// The volatility of a portfolio, a fraction per year.
    pub fn volatility(&self, w: &[f64]) -> f64 {
        self.covariance.variance(w).sqrt() / self.of_year
    }

    /// What a portfolio is multiplied by: the target over its volatility, at most `max_leverage`.
    pub fn scale(&self, w: &[f64]) -> f64 {
        (self.target.volatility / self.volatility(w)).min(self.target.max_leverage)
    }

    /// A portfolio scaled, with a note of how.
    pub(crate) fn scaled(&self, w: &[f64], notes: &mut Vec<Note>) -> Vec<f64> {
        let VolatilityTargetSpec { volatility, max_leverage } = self.target;
        let (own, scale) = (self.volatility(w), self.scale(w));
        let capped = if scale * own < volatility * (1.0 - 1e-12) {
            format!("; max_leverage {max_leverage} leaves it at {}", decimals(scale * own, 4))
        } else {
            String::new()
        };
        notes.push(Note::info(format!(
            "volatility_target {volatility}: {} times the portfolio, whose expected volatility is {}{capped}",
            decimals(scale, 4),
            decimals(own, 4)
        )));
        w.iter().map(|w| scale * w).collect()
    }
}
