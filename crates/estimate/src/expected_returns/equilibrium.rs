//! Expected returns with which a portfolio is optimal.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::capm::{excess, mean};
use super::model::ExpectedReturnsModel;
use crate::covariance::{CovarianceChoice, any_kind, validate_inside};
use crate::{Error, Needs, Result, Scale};

/// The expected returns with which a portfolio is optimal (reverse optimization).
///
/// `pi = delta Sigma w + r_f`, `w` the market's weights and `delta` its risk aversion, 2.5 by default. skfolio takes 1.
///
/// Sources: Sharpe (1974), Imputing expected security returns from portfolio composition; Black &
/// Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Equilibrium {
    /// The covariance `Sigma`; that of `[estimate]` by default.
    ///
    /// Example: `covariance = { kind = "sample", window = 252 }`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_kind")]
    pub covariance: Option<Box<CovarianceChoice>>,
    /// Weights of the market portfolio by asset, in any unit; an asset that is not named has 0. Equal weights if
    /// none is named.
    ///
    /// Example: `weights = { XLK = 0.28, XLF = 0.13 }`
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, f64>,
    /// The risk aversion `delta` of the market; 2.5 by default.
    ///
    /// Unit: return per unit of variance.
    ///
    /// Example: `risk_aversion = 2.5`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_aversion: Option<f64>,
    /// Rows of Mkt-RF whose mean over variance is the risk aversion instead; an error where it is
    /// negative.
    ///
    /// Unit: periods.
    ///
    /// Example: `implied_window = 1260`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implied_window: Option<u32>,
    /// Added to each: 0 leaves returns above the risk-free rate.
    ///
    /// Unit: fraction per year.
    pub risk_free: f64,
}

impl Equilibrium {
    /// `Sigma` a year.
    pub(super) fn sigma(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        scale: Scale,
    ) -> Result<Covariance> {
        let choice = self.covariance.as_deref().ok_or(Error::NoCovariance)?;
        choice.estimate(past, assets, Scale::annual(scale.periods_per_year))
    }

    /// `pi` a year.
    pub(super) fn prior(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        sigma: &Covariance,
    ) -> Result<Vec<f64>> {
        let delta = self.delta(past)?;
        let tilt = sigma.times(&self.market(past, assets)?);
        Ok(tilt.into_iter().map(|value| delta * value + self.risk_free).collect())
    }

    /// The market's weights among some assets.
    fn market(&self, past: &Past<'_>, assets: &[usize]) -> Result<Vec<f64>> {
        let n = assets.len();
        if self.weights.is_empty() {
            return Ok(vec![1.0 / n as f64; n]);
        }
        let tickers = past.universe().tickers();
        if let Some(name) =
            self.weights.keys().find(|name| past.universe().position(name).is_none())
        {
            return Err(Error::UnknownAsset { name: name.clone() });
        }
        let weight = |&asset: &usize| self.weights.get(tickers[asset].as_str());
        let weights: Vec<f64> =
            assets.iter().map(|asset| weight(asset).copied().unwrap_or(0.0)).collect();
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            return Err(Error::NoMarketWeight);
        }
        Ok(weights.into_iter().map(|weight| weight / sum).collect())
    }

    fn delta(&self, past: &Past<'_>) -> Result<f64> {
        let Some(rows) = self.implied_window else { return Ok(self.risk_aversion.unwrap_or(2.5)) };
        let rows = rows as usize;
        let excess = excess(&past.factors(rows)?)?;
        let mean = mean(&excess);
        let square: f64 = excess.iter().map(|value| (value - mean) * (value - mean)).sum();
        if square <= 0.0 {
            return Err(Error::ConstantMarket { rows });
        }
        let value = mean / (square / (rows - 1) as f64);
        if value <= 0.0 {
            return Err(Error::NegativeRiskAversion { value, rows });
        }
        Ok(value)
    }
}

impl ExpectedReturnsModel for Equilibrium {
    fn validate(&self, faults: &mut Faults) {
        if let Some(own) = &self.covariance {
            faults.part("covariance", |faults| validate_inside(&***own, faults));
        }
        for (name, weight) in &self.weights {
            faults.at_least_zero(&format!("weights.{name}"), *weight);
        }
        if !self.weights.is_empty() && self.weights.values().all(|weight| *weight == 0.0) {
            faults.push("weights", "are all 0", "remove them for equal weights");
        }
        if let Some(delta) = self.risk_aversion {
            faults.above_zero("risk_aversion", delta, "2.5 is usual");
        }
        if let Some(rows) = self.implied_window {
            faults.window("implied_window", rows, 2, "the risk aversion");
            if self.risk_aversion.is_some() {
                faults.push("implied_window", "is given with risk_aversion", "remove one of them");
            }
        }
    }

    fn needs(&self) -> Needs {
        let own = self.covariance.as_ref().map(|own| own.needs()).unwrap_or_default();
        own.and(self.implied_window.map_or_else(Needs::default, |rows| Needs {
            rows: 0,
            factor_rows: Some(rows as usize),
        }))
    }

    fn complete(&mut self, covariance: &CovarianceChoice) {
        self.covariance.get_or_insert_with(|| Box::new(covariance.clone()));
    }

    fn named(&self) -> Vec<(String, &str)> {
        self.weights.keys().map(|name| (format!("weights.{name}"), name.as_str())).collect()
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let sigma = self.sigma(past, assets, scale)?;
        let prior = self.prior(past, assets, &sigma)?;
        Ok(prior.into_iter().map(|value| value * scale.of_year()).collect())
    }
}
