//! Every asset carries its share of the risk.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Error, Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ObjectiveForm, Setting, Shape, path};

/// The long portfolio in which each asset carries its budget of the risk:
/// `w_i (Sigma w)_i = b_i w' Sigma w`, the same `b_i` for all by default. Where constraints exclude it, the
/// portfolio with the least `ln(w' Sigma w) / 2 - sum b_i ln w_i` among those that satisfy them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskParity {
    /// Budgets of risk of single assets, in proportion to each other; 1 of every asset that is not listed. An
    /// asset with 0 is not held.
    ///
    /// Unit: relative to the other budgets.
    ///
    /// Example: `budgets = { GLD = 2.0 }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub budgets: BTreeMap<String, f64>,
    /// Budgets of groups of assets, in proportion to each other, each spread over the assets of its group that
    /// may be held in proportion to `budgets`. Every asset is in one group.
    ///
    /// Example: `group_budgets = [{ name = "stocks", assets = ["SPY", "EWJ"], budget = 0.6 }]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_budgets: Vec<GroupBudget>,
}

/// The risk budget of a group of assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupBudget {
    /// The name of the group in messages.
    ///
    /// Example: `name = "stocks"`
    pub name: String,
    /// Its assets, a subset of `market.assets`.
    ///
    /// Example: `assets = ["SPY", "EWJ"]`
    pub assets: Vec<String>,
    /// Its share of the risk.
    ///
    /// Unit: relative to the other budgets.
    ///
    /// Example: `budget = 0.6`
    pub budget: f64,
}

impl RiskParity {
    /// The group of an asset.
    fn group(&self, name: &str) -> Option<usize> {
        self.group_budgets.iter().position(|group| group.assets.iter().any(|own| own == name))
    }

    /// The budgets of some assets by name.
    fn shares(&self, names: &[&str]) -> Result<Vec<f64>> {
        let own = |name: &&str| self.budgets.get(*name).copied().unwrap_or(1.0);
        let mut shares: Vec<f64> = names.iter().map(own).collect();
        if self.group_budgets.is_empty() {
            return Ok(shares);
        }
        let mut sums = vec![0.0; self.group_budgets.len()];
        let mut groups = Vec::with_capacity(names.len());
        for (name, share) in names.iter().zip(&shares) {
            let group = self.group(name).ok_or_else(|| in_no_group(name))?;
            sums[group] += share;
            groups.push(group);
        }
        for (share, group) in shares.iter_mut().zip(groups) {
            // The budgets of all its assets may be 0.
            if *share > 0.0 {
                *share *= self.group_budgets[group].budget / sums[group];
            }
        }
        Ok(shares)
    }

    fn validate_groups(&self, setting: &Setting, faults: &mut Faults) {
        for (index, group) in self.group_budgets.iter().enumerate() {
            let at = path(&format!("group_budgets[{index}]"));
            let hint = "0.6 next to 0.4 is 60 % of the risk";
            faults.above_zero(&format!("{at}.budget"), group.budget, hint);
            if group.assets.is_empty() {
                faults.push(
                    &format!("{at}.assets"),
                    "names no asset",
                    "name some of market.assets",
                );
            }
            for (k, name) in group.assets.iter().enumerate() {
                let at = format!("{at}.assets[{k}]");
                if setting.lacks(name) {
                    setting.unknown_asset(&at, name, faults);
                }
                let twice = group.assets[..k].contains(name);
                if twice || self.group(name) != Some(index) {
                    faults.push(&at, format!("{name} is in a group already"), "name it once");
                }
            }
        }
        let grouped = !self.group_budgets.is_empty();
        let left_out = |name: &&String| grouped && *name != "*" && self.group(name).is_none();
        if let Some(name) = setting.assets.iter().find(left_out) {
            let message = format!("{name} is in no group");
            faults.push(&path("group_budgets"), message, "put every asset in one group");
        }
    }
}

fn in_no_group(name: &str) -> Error {
    Error::Policy {
        message: format!("{name} is in no group of {}", path("group_budgets")),
        hint: Some("put every asset in one group".to_owned()),
    }
}

impl ObjectiveForm for RiskParity {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (name, budget) in &self.budgets {
            let at = path(&format!("budgets.{name}"));
            faults.at_least_zero(&at, *budget);
            if setting.lacks(name) {
                setting.unknown_asset(&at, name, faults);
            }
        }
        self.validate_groups(setting, faults);
        if setting.bounds.0 < 0.0 {
            let message = "is negative, and risk parity has long positions only";
            faults.push("allocate.bounds.min", message, "write 0.0, or use another objective");
        }
        let named: Vec<&str> = setting.assets.iter().map(String::as_str).collect();
        let none = |share: &f64| *share <= 0.0;
        let shares = self.shares(&named).unwrap_or_default();
        if !shares.is_empty() && !named.contains(&"*") && shares.iter().all(none) {
            faults.push(&path("budgets"), "leave no asset any risk", "let one be above 0");
        }
    }

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let shares = self.shares(&inputs.names())?;
        inputs.objective(optimize::RiskParity::new(inputs.covariance()?, &shares))
    }

    fn shape(&self) -> Shape {
        Shape::PerRisk
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some("has no place in risk parity, which depends on shares of risk alone")
    }
}
