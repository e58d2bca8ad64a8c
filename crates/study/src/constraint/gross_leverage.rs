//! The maximum sum of absolute weights.

use walkfolio_core::{Faults, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::{ConstraintForm, ROUNDING, not_proven, not_searched, rounded};
use crate::objective::{Inputs, Setting};
use crate::words;

/// `sum |w| <= max`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GrossLeverage {
    pub max: f64,
}

impl ConstraintForm for GrossLeverage {
    /// Weights have a sum: each short position that the bounds ask for adds as much to the long ones.
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let path = "allocate.gross_leverage";
        not_proven(path, setting, faults);
        not_searched(path, setting, faults);
        let short: f64 = setting.ranges.iter().map(|(_, max)| (-max).max(0.0)).sum();
        // The sum of the weights that is nearest to 0.
        let net = 0.0_f64.clamp(setting.net.0, setting.net.1.max(setting.net.0)).abs();
        if self.max < net {
            let message = format!("{} is below {net}, and the weights must sum to {net}", self.max);
            faults.push(path, message, &format!("use at least {net}"));
        } else if net > 0.0 && self.max < net + 2.0 * short - ROUNDING {
            let (short, least) = (rounded(short), rounded(net + 2.0 * short));
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
