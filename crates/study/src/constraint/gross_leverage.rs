//! The maximum sum of absolute weights.

use walkfolio_core::{Faults, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::{ConstraintForm, ROUNDING, needs_cone, rounded};
use crate::objective::{Inputs, Setting};
use crate::words;

/// `sum |w| <= max`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GrossLeverage {
    pub max: f64,
}

impl ConstraintForm for GrossLeverage {
    /// Weights sum to 1: each short position that the bounds ask for adds as much to the long ones.
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let path = "allocate.gross_leverage";
        needs_cone(path, setting, faults);
        let short: f64 = setting.ranges.iter().map(|(_, max)| (-max).max(0.0)).sum();
        if self.max < 1.0 {
            let message = format!("{} is below 1, and the weights must sum to 1", self.max);
            faults.push(path, message, "use at least 1");
        } else if self.max < 1.0 + 2.0 * short - ROUNDING {
            let (short, least) = (rounded(short), rounded(1.0 + 2.0 * short));
            let message = format!(
                "{} is below {least}: the bounds ask for short positions of {short}",
                self.max
            );
            let hint = "raise it, or a max of allocate.bounds_by_asset";
            faults.push(path, message, hint);
        }
    }

    fn prepare(&self, _: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        optimize::GrossLeverage::new(self.max)
            .map(|gross| vec![gross.named("gross_leverage").into()])
            .map_err(words::policy)
    }
}
