//! A portfolio of the efficient frontier.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{FrontierPoint, Objective};

use super::form::{Inputs, ObjectiveForm, Setting, Shape, path};
use crate::words;

/// A portfolio of the exact efficient frontier, all `max mu'w - risk_aversion / 2 w' Sigma w` under the study's
/// constraints; its corners are written to `frontier.parquet`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frontier {
    /// Which portfolio: `"sharpe"`, `"minimum_variance"`, `"maximum_return"`, or the one with a volatility or an
    /// expected return a year, whatever `estimate.units` is.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `at = { volatility = 0.10 }`
    pub at: FrontierRule,
    /// Risk-free rate that expected returns are compared with at `"sharpe"`, whatever `estimate.units` is.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `risk_free = 0.02`
    #[serde(default)]
    pub risk_free: f64,
}

/// Which portfolio of the efficient frontier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FrontierRule {
    /// The largest expected return above the risk-free rate for each unit of volatility.
    Sharpe,
    /// The least volatility.
    MinimumVariance,
    /// The largest expected return.
    MaximumReturn,
    /// A volatility, a fraction per year.
    Volatility(f64),
    /// An expected return, a fraction per year.
    Return(f64),
}

impl ObjectiveForm for Frontier {
    fn no_member(&self) -> Option<&'static str> {
        Some("is a portfolio of the frontier: use maximum_sharpe or minimum_variance")
    }

    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        if !(-1.0..=1.0).contains(&self.risk_free) {
            let message = format!("must be between -1 and 1, found {}", self.risk_free);
            faults.push(&path("risk_free"), message, "0.02 is 2 % a year");
        }
        if self.risk_free != 0.0 && self.at != FrontierRule::Sharpe {
            let hint = "remove it, or use at = \"sharpe\"";
            faults.push(&path("risk_free"), "has no effect on this portfolio", hint);
        }
        let (least, most) = setting.net;
        match self.at {
            FrontierRule::Sharpe if least < most || most == 0.0 => {
                let message = "leaves open how much to invest, and the objective does not say it";
                faults.push("allocate.net_leverage", message, "write one value other than 0");
            }
            FrontierRule::Volatility(value) => {
                faults.above_zero(&path("at.volatility"), value, "0.10 is 10 % a year");
            }
            FrontierRule::Return(value) if !value.is_finite() => {
                let message = format!("must be a number, found {value}");
                faults.push(&path("at.return"), message, "0.08 is 8 % a year");
            }
            _ => {}
        }
    }

    /// The mean-variance objective whose frontier it is.
    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        Objective::mean_variance(returns, covariance, 1.0).map_err(words::policy)
    }

    fn point(&self, setting: &Setting) -> Result<Option<FrontierPoint>> {
        let of_year = setting.scale()?.of_year();
        Ok(Some(match self.at {
            FrontierRule::Sharpe => FrontierPoint::Sharpe { risk_free: self.risk_free * of_year },
            FrontierRule::MinimumVariance => FrontierPoint::MinimumVariance,
            FrontierRule::MaximumReturn => FrontierPoint::MaximumReturn,
            FrontierRule::Volatility(value) => FrontierPoint::Volatility(value * of_year.sqrt()),
            FrontierRule::Return(value) => FrontierPoint::Return(value * of_year),
        }))
    }

    fn shape(&self) -> Shape {
        Shape::Frontier
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(
            "has no place in the efficient frontier, which is that of expected return and variance",
        )
    }
}
