//! A problem as Python states it: settings as JSON, arrays as bytes.

use std::collections::BTreeMap;

use serde::Deserialize;
use walkfolio_core::{Covariance, TradingCost};
use walkfolio_optimize::{
    Beta, Constraints, Costs, EqualWeight, Error, Exposure, GrossLeverage, Group,
    HierarchicalEqualRiskContribution, HierarchicalRiskParity, Holdings, InformationRatio,
    InverseVolatility, Linkage, Mandate, MaximumDiversification, MaximumSharpe, MeanCvar,
    MeanVariance, MinimumCdar, MinimumCvar, MinimumVariance, Objective, Penalties, RiskCap,
    RiskParity, RobustMeanVariance, RobustUtility, TrackingError, Turnover,
};

use crate::arrays;
use crate::failure::Failure;

/// Arrays by name: `sigma` and `returns` by rows, `mu`, `benchmark`, `benchmark_weights`.
pub type Arrays = BTreeMap<String, Vec<u8>>;

/// An objective under constraints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    objective: String,
    /// Scalars of the objective, by their names in a study.
    #[serde(default)]
    with: BTreeMap<String, f64>,
    min: Vec<f64>,
    max: Vec<f64>,
    net: (f64, f64),
    #[serde(default)]
    groups: Vec<Members>,
    beta: Option<Range>,
    #[serde(default)]
    exposures: Vec<Range>,
    gross_leverage: Option<f64>,
    turnover: Option<f64>,
    volatility_cap: Option<f64>,
    tracking_error_cap: Option<f64>,
    max_holdings: Option<usize>,
    min_holdings: Option<usize>,
    min_position: Option<f64>,
    #[serde(default)]
    l1_penalty: f64,
    #[serde(default)]
    l2_penalty: f64,
    costs: Option<Vec<f64>>,
    holdings: Option<Vec<f64>>,
    /// Of each asset, of risk parity.
    budgets: Option<Vec<f64>>,
    /// How clusters are merged.
    linkage: Option<String>,
    clusters: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Members {
    name: String,
    assets: Vec<usize>,
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Range {
    name: String,
    values: Vec<f64>,
    min: Option<f64>,
    max: Option<f64>,
}

impl Range {
    fn ends(&self) -> (f64, f64) {
        (self.min.unwrap_or(f64::NEG_INFINITY), self.max.unwrap_or(f64::INFINITY))
    }
}

impl Problem {
    /// From JSON.
    pub fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text)
            .map_err(|error| Failure::new("DataError", format!("the problem: {error}"), None))
    }

    /// The mandate.
    pub fn mandate(self, arrays: &Arrays) -> Result<Mandate, Failure> {
        let given = Given { assets: self.min.len(), arrays };
        let objective = self.objective(&given)?;
        let mandate = Mandate::new(objective, self.constraints(&given)?)?
            .with_penalties(Penalties { l1: self.l1_penalty, l2: self.l2_penalty })?;
        let mandate = match &self.holdings {
            Some(held) => mandate.near_to(held.clone())?,
            None => mandate,
        };
        Ok(match (&self.costs, &self.holdings) {
            (Some(rates), Some(held)) => {
                let rates = rates.iter().map(|rate| TradingCost::linear(*rate)).collect();
                mandate.with_costs(Costs::new(held.clone(), rates, 1.0)?)?
            }
            (Some(_), None) => return Err(lacks("costs of trading", "holdings")),
            _ => mandate,
        })
    }

    fn scalar(&self, name: &str, default: f64) -> f64 {
        self.with.get(name).copied().unwrap_or(default)
    }

    fn linkage(&self) -> Linkage {
        match self.linkage.as_deref() {
            Some("complete") => Linkage::Complete,
            Some("average") => Linkage::Average,
            Some("ward") => Linkage::Ward,
            _ => Linkage::Single,
        }
    }

    fn confidence(&self) -> f64 {
        self.scalar("confidence", 0.95)
    }

    fn objective(&self, given: &Given<'_>) -> Result<Objective, Failure> {
        Ok(match self.objective.as_str() {
            "tracking_error" => {
                TrackingError::new(&given.returns()?, &given.numbers("benchmark")?)?.into()
            }
            "minimum_variance" => MinimumVariance::new(given.sigma()?)?.into(),
            "mean_variance" => {
                let aversion = self.scalar("risk_aversion", 1.0);
                MeanVariance::new(given.numbers("mu")?, given.sigma()?, aversion)?.into()
            }
            "robust_utility" => {
                let lambda = self.scalar("lambda", 1.0);
                RobustUtility::new(given.numbers("mu")?, given.sigma()?, lambda)?.into()
            }
            "maximum_sharpe" => {
                let risk_free = self.scalar("risk_free", 0.0);
                let excess = given.numbers("mu")?.iter().map(|mu| mu - risk_free).collect();
                MaximumSharpe::new(excess, given.sigma()?)?.into()
            }
            "maximum_diversification" => MaximumDiversification::new(given.sigma()?)?.into(),
            "robust_mean_variance" => {
                let (mu, sigma) = (given.numbers("mu")?, given.sigma()?);
                let (lambda, aversion) =
                    (self.scalar("lambda", 1.0), self.scalar("risk_aversion", 1.0));
                RobustMeanVariance::new(mu, sigma, lambda, aversion)?.into()
            }
            "minimum_cvar" => MinimumCvar::new(given.returns()?, self.confidence())?.into(),
            "minimum_cdar" => MinimumCdar::new(given.returns()?, self.confidence())?.into(),
            "mean_cvar" => {
                let (mu, aversion) = (given.numbers("mu")?, self.scalar("risk_aversion", 1.0));
                MeanCvar::new(mu, given.returns()?, self.confidence(), aversion)?.into()
            }
            "risk_parity" => match &self.budgets {
                Some(budgets) => RiskParity::new(given.sigma()?, budgets)?.into(),
                None => RiskParity::equal(given.sigma()?)?.into(),
            },
            "equal_weight" => EqualWeight::new(given.assets)?.into(),
            "inverse_volatility" => InverseVolatility::new(&given.sigma()?)?.into(),
            "inverse_variance" => InverseVolatility::of_variance(&given.sigma()?)?.into(),
            "hierarchical_risk_parity" => {
                HierarchicalRiskParity::new(&given.sigma()?, self.linkage())?.into()
            }
            "hierarchical_risk_parity_of_distances" => {
                HierarchicalRiskParity::of_distances(&given.sigma()?, self.linkage())?.into()
            }
            "hierarchical_equal_risk_contribution" => {
                let (sigma, linkage) = (given.sigma()?, self.linkage());
                HierarchicalEqualRiskContribution::new(&sigma, linkage, self.clusters)?.into()
            }
            "information_ratio" => {
                let benchmark = given.numbers("benchmark_weights")?;
                InformationRatio::new(given.numbers("mu")?, given.sigma()?, benchmark)?
                    .with_tev_floor(self.scalar("tev_floor", 0.0))?
                    .with_lambda(self.scalar("lambda", 0.0))?
                    .into()
            }
            other => return Err(Failure::new("DataError", format!("no objective {other}"), None)),
        })
    }

    fn constraints(&self, given: &Given<'_>) -> Result<Constraints, Failure> {
        let n = given.assets;
        let mut all = Constraints::between(self.min.clone(), self.max.clone())?
            .with_net_leverage(self.net.0, self.net.1)?;
        for group in &self.groups {
            all = all.with(group.constraint(n)?)?;
        }
        if let Some(beta) = &self.beta {
            let (min, max) = beta.ends();
            all = all.with(Beta::new(beta.values.clone(), min, max)?)?;
        }
        for exposure in &self.exposures {
            let (min, max) = exposure.ends();
            all = all.with(Exposure::new(&exposure.name, exposure.values.clone(), min, max)?)?;
        }
        if let Some(max) = self.gross_leverage {
            all = all.with(GrossLeverage::new(max)?)?;
        }
        if let Some(max) = self.turnover {
            let held = self.holdings.clone().ok_or_else(|| lacks("turnover", "holdings"))?;
            all = all.with(Turnover::new(held, max)?)?;
        }
        if let Some(max) = self.volatility_cap {
            all = all.with(RiskCap::volatility(given.sigma()?, max)?)?;
        }
        if let Some(max) = self.tracking_error_cap {
            let benchmark = given.numbers("benchmark_weights")?;
            all = all.with(RiskCap::tracking_error(given.sigma()?, benchmark, max)?)?;
        }
        let holdings = Holdings {
            max: self.max_holdings,
            min: self.min_holdings,
            min_position: self.min_position,
        };
        Ok(if holdings.any() { all.with(holdings)? } else { all })
    }
}

impl Members {
    fn constraint(&self, assets: usize) -> Result<Group, Error> {
        let mut group = Group::new(&self.name, assets, &self.assets)?;
        if let Some(min) = self.min {
            group = group.at_least(min)?;
        }
        if let Some(max) = self.max {
            group = group.at_most(max)?;
        }
        Ok(group)
    }
}

/// The arrays of a problem.
struct Given<'a> {
    assets: usize,
    arrays: &'a Arrays,
}

impl Given<'_> {
    fn numbers(&self, name: &str) -> Result<Vec<f64>, Failure> {
        let bytes = self.arrays.get(name).ok_or_else(|| lacks("the problem", name))?;
        Ok(arrays::numbers(bytes))
    }

    fn matrix(&self, name: &str) -> Result<walkfolio_core::Matrix, Failure> {
        let values = self.numbers(name)?;
        if !values.len().is_multiple_of(self.assets) {
            let message =
                format!("{name} does not have a column for each of {} assets", self.assets);
            return Err(Failure::new("DataError", message, None));
        }
        Ok(walkfolio_core::Matrix::from_rows(values.len() / self.assets, self.assets, values))
    }

    fn returns(&self) -> Result<walkfolio_core::Matrix, Failure> {
        self.matrix("returns")
    }

    fn sigma(&self) -> Result<Covariance, Failure> {
        Covariance::dense(self.matrix("sigma")?).map_err(|error| Failure::data(&error))
    }
}

fn lacks(what: &str, name: &str) -> Failure {
    Failure::new("DataError", format!("{what} needs {name}"), Some(format!("give {name}")))
}
