//! Limits of the sums of weights of groups with names, such as sectors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint, Group};

use super::form::{ConstraintForm, ROUNDING, rounded};
use crate::objective::{Inputs, Setting};
use crate::words;

/// The limits of a group: `min <= sum of the weights of its assets <= max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// The name of the group in messages.
    ///
    /// Example: `name = "tech"`
    pub name: String,
    /// Its assets, a subset of `market.assets`. Assets that are not eligible at a decision are ignored
    /// there.
    ///
    /// Example: `assets = ["XLK", "SMH"]`
    pub assets: Vec<String>,
    /// Minimum sum of weights.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `min = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum sum of weights.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `max = 0.4`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl GroupSpec {
    fn validate(&self, path: &str, setting: &Setting, faults: &mut Faults) {
        if self.name.is_empty() {
            faults.push(&format!("{path}.name"), "is empty", "name the group");
        }
        if self.assets.is_empty() {
            let hint = "name some of market.assets";
            faults.push(&format!("{path}.assets"), "names no asset", hint);
        }
        for (index, name) in self.assets.iter().enumerate() {
            let path = format!("{path}.assets[{index}]");
            if setting.lacks(name) {
                setting.unknown_asset(&path, name, faults);
            }
            if self.assets[..index].contains(name) {
                faults.push(&path, format!("{name} is listed twice"), "name each asset once");
            }
        }
        match (self.min, self.max) {
            (None, None) => faults.push(path, "has neither min nor max", "add one of them"),
            (Some(min), Some(max)) if min > max => {
                let message = format!("min {min} is larger than max {max}");
                faults.push(path, message, "swap the two");
            }
            _ => self.check_assets(path, setting, faults),
        }
    }

    /// The limits of its assets must leave room for its own.
    fn check_assets(&self, path: &str, setting: &Setting, faults: &mut Faults) {
        let Some((least, most)) = setting.sums(|name| self.has(name)) else { return };
        if let Some(min) = self.min.filter(|min| *min > most + ROUNDING) {
            let most = rounded(most);
            let message =
                format!("{min} is above {most}, the sum of the maximum weights of its assets");
            let hint = "lower it, or raise allocate.bounds.max or allocate.bounds_by_asset";
            faults.push(&format!("{path}.min"), message, hint);
        }
        if let Some(max) = self.max.filter(|max| *max < least - ROUNDING) {
            let least = rounded(least);
            let message =
                format!("{max} is below {least}, the sum of the minimum weights of its assets");
            let hint = "raise it, or lower allocate.bounds.min or allocate.bounds_by_asset";
            faults.push(&format!("{path}.max"), message, hint);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.assets.iter().any(|asset| asset == name)
    }

    /// The smallest and largest sum that its limits and those of its assets allow.
    fn range(&self, setting: &Setting) -> Option<(f64, f64)> {
        let (least, most) = setting.sums(|name| self.has(name))?;
        Some((
            self.min.map_or(least, |min| min.max(least)),
            self.max.map_or(most, |max| max.min(most)),
        ))
    }

    /// The group of a decision; none where none of its assets may be held.
    fn prepared(&self, inputs: &Inputs<'_>) -> optimize::Result<Option<Constraint>> {
        let held: Vec<usize> =
            self.assets.iter().filter_map(|name| inputs.position(name)).collect();
        if held.is_empty() {
            return Ok(None);
        }
        let mut group = Group::new(&self.name, inputs.assets.len(), &held)?;
        if let Some(min) = self.min {
            group = group.at_least(min)?;
        }
        if let Some(max) = self.max {
            group = group.at_most(max)?;
        }
        Ok(Some(group.into()))
    }
}

/// All groups of a study.
#[derive(Debug, Clone)]
pub(crate) struct Groups(pub Vec<GroupSpec>);

impl Groups {
    /// Groups without a common asset, and the assets of none of them, must be able to sum to what the
    /// weights must.
    fn check_budget(&self, setting: &Setting, faults: &mut Faults) {
        let mut apart: Vec<&GroupSpec> = Vec::new();
        for group in &self.0 {
            if !apart.iter().any(|other| other.assets.iter().any(|name| group.has(name))) {
                apart.push(group);
            }
        }
        let others = setting.sums(|name| !apart.iter().any(|group| group.has(name)));
        let groups = apart.iter().filter_map(|group| group.range(setting));
        let add = |(a, b): (f64, f64), (min, max): (f64, f64)| (a + min, b + max);
        let Some((least, most)) = others.map(|others| groups.fold(others, add)) else { return };
        // Bounds that cannot sum to it on their own have their own errors.
        let (low, high) = setting.sums(|_| true).unwrap_or_default();
        let path = "allocate.groups";
        let (net_least, net_most) = setting.net;
        if most < net_least - ROUNDING && high >= net_least - ROUNDING {
            let most = rounded(most);
            let message = format!(
                "with the maximum weights of the other assets their maxima sum to {most}, below {net_least}"
            );
            let hint = "raise a max, allocate.bounds.max or allocate.bounds_by_asset";
            faults.push(path, message, hint);
        }
        if least > net_most + ROUNDING && low <= net_most + ROUNDING {
            let least = rounded(least);
            let message = format!(
                "with the minimum weights of the other assets their minima sum to {least}, above {net_most}"
            );
            let hint = "lower a min, allocate.bounds.min or allocate.bounds_by_asset";
            faults.push(path, message, hint);
        }
    }
}

impl ConstraintForm for Groups {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (index, group) in self.0.iter().enumerate() {
            let path = format!("allocate.groups[{index}]");
            group.validate(&path, setting, faults);
            if self.0[..index].iter().any(|other| other.name == group.name) {
                let message = format!("two groups are named \"{}\"", group.name);
                faults.push(&format!("{path}.name"), message, "give each its own name");
            }
        }
        if !self.0.is_empty() {
            self.check_budget(setting, faults);
        }
    }

    fn prepare(&self, inputs: &Inputs<'_>, notes: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let mut all = Vec::new();
        for group in &self.0 {
            match group.prepared(inputs).map_err(words::policy)? {
                Some(constraint) => all.push(constraint),
                None => notes.push(Note::warning(format!(
                    "group {} has no asset that may be held: it limits nothing here",
                    group.name
                ))),
            }
        }
        Ok(all)
    }
}
