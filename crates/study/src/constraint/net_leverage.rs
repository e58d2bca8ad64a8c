//! The sum of the weights.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::form::{ConstraintForm, ROUNDING, rounded};
use crate::objective::{Setting, Shape};

/// The sum of the weights in place of 1: a range or a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetLeverageSpec {
    /// Minimum sum.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `min = 0.8`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum sum.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `max = 1.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// A single sum instead of a range; 0 is market-neutral.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `value = 0.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

impl NetLeverageSpec {
    /// Both ends.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        match (self.value, self.min, self.max) {
            (Some(value), None, None) => Some((value, value)),
            (None, Some(min), Some(max)) => Some((min, max)),
            _ => None,
        }
    }
}

/// Where a study states it.
const PATH: &str = "allocate.net_leverage";

impl ConstraintForm for NetLeverageSpec {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let Some((min, max)) = self.range() else {
            let hint = "write { min = 0.8, max = 1.0 } or { value = 0.0 }";
            faults.push(PATH, "must have min and max, or value alone", hint);
            return;
        };
        if min > max {
            faults.push(PATH, format!("min {min} is larger than max {max}"), "swap the two");
        }
        if setting.searches && min < max {
            let message =
                "cannot be a range with max_holdings, min_holdings or an exact min_weight";
            faults.push(PATH, message, "write one value, or remove these rules");
        }
        let is_of_proportions = matches!(setting.shape, Shape::PerRisk | Shape::OnePortfolio);
        if is_of_proportions && (min < max || max == 0.0) {
            let message = "leaves open how much to invest, and the objective does not say it";
            faults.push(PATH, message, "write one value other than 0");
        }
        // A sum of 1 has its own errors.
        let Some((least, most)) = setting.sums(|_| true).filter(|_| (min, max) != (1.0, 1.0))
        else {
            return;
        };
        if most < min - ROUNDING {
            let message =
                format!("{min} is above {}, the sum of the maximum weights", rounded(most));
            faults.push(PATH, message, "lower it, or raise allocate.bounds.max");
        }
        if least > max + ROUNDING {
            let message =
                format!("{max} is below {}, the sum of the minimum weights", rounded(least));
            faults.push(PATH, message, "raise it, or lower allocate.bounds.min");
        }
    }
}
