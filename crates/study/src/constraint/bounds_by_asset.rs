//! Bounds of single assets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::form::{ConstraintForm, ROUNDING, rounded};
use crate::objective::{Inputs, Setting};

/// The bounds of one asset instead of the common bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetBoundsSpec {
    /// Minimum weight; that of `allocate.bounds` by default.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `min = 0.05`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum weight; that of `allocate.bounds` by default.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `max = 0.10`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// The bounds of all assets that have their own.
#[derive(Debug, Clone)]
pub(crate) struct BoundsByAsset(pub BTreeMap<String, AssetBoundsSpec>);

impl ConstraintForm for BoundsByAsset {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (name, own) in &self.0 {
            let path = format!("allocate.bounds_by_asset.{name}");
            if setting.lacks(name) {
                setting.unknown_asset(&path, name, faults);
            }
            if own.min.is_none() && own.max.is_none() {
                faults.push(&path, "has neither min nor max", "add one of them");
            }
            let min = own.min.unwrap_or(setting.bounds.0);
            let max = own.max.unwrap_or(setting.bounds.1);
            if min > max {
                let message = format!("min {min} is larger than max {max}");
                let hint = "swap the two; one that is not given is that of allocate.bounds";
                faults.push(&path, message, hint);
            }
        }
        if self.0.is_empty() {
            return;
        }
        let named = self.0.values().filter_map(|own| own.min).sum();
        let unnamed = if setting.bounds.0 >= 0.0 { named } else { f64::NEG_INFINITY };
        let (least, most) = setting.sums(|_| true).unwrap_or((unnamed, f64::INFINITY));
        let path = "allocate.bounds_by_asset";
        let (net_least, net_most) = setting.net;
        if least > net_most + ROUNDING {
            let message =
                format!("the smallest weights sum to {}, above {net_most}", rounded(least));
            faults.push(path, message, "lower them");
        }
        if most < net_least - ROUNDING {
            let message =
                format!("the largest weights sum to {}, below {net_least}", rounded(most));
            faults.push(path, message, "raise them, or allocate.bounds.max");
        }
    }

    fn narrow(&self, inputs: &Inputs<'_>, bounds: &mut [(f64, f64)]) {
        for (name, own) in &self.0 {
            if let Some(at) = inputs.position(name) {
                let (min, max) = bounds[at];
                bounds[at] = (own.min.unwrap_or(min), own.max.unwrap_or(max));
            }
        }
    }
}
