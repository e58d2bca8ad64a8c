//! The number of holdings and their minimum size.

use walkfolio_core::{Faults, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::{ConstraintForm, ROUNDING, rounded};
use crate::objective::{Inputs, Setting, Shape};

/// Rules about holdings that are kept exactly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holdings {
    /// As the study states them.
    pub rules: optimize::Holdings,
    /// Whether the minimum size of a position is one of them.
    pub exact: bool,
}

impl Holdings {
    /// Bounds and the budget must leave room for the rules.
    fn check_room(&self, setting: &Setting, faults: &mut Faults) {
        let optimize::Holdings { max, min, min_position } = self.rules;
        let long_only = setting.bounds.0 >= 0.0;
        if let (true, Some(least), Some(size)) = (long_only, min, min_position)
            && least as f64 * size > 1.0 + ROUNDING
        {
            let sum = rounded(least as f64 * size);
            let message = format!("{least} of at least {size} each sum to {sum}, above 1");
            faults.push("allocate.min_holdings", message, "lower it, or allocate.min_weight.below");
        }
        let asked = setting.ranges.iter().filter(|(low, high)| *low > 0.0 || *high < 0.0).count();
        if let Some(most) = max.filter(|most| *most > 0 && *most < asked) {
            let message = format!("{most} is below {asked}, the assets that bounds keep from 0");
            let hint = "raise it, or change allocate.bounds or allocate.bounds_by_asset";
            faults.push("allocate.max_holdings", message, hint);
        }
        let most = setting.ranges.iter().map(|(_, high)| *high).reduce(f64::max);
        if let (true, true, Some(most), Some(size)) = (self.exact, long_only, most, min_position)
            && size > most + ROUNDING
        {
            let message = format!("{size} is above {}, the largest weight", rounded(most));
            let hint = "lower it, or raise allocate.bounds.max";
            faults.push("allocate.min_weight.below", message, hint);
        }
    }
}

impl ConstraintForm for Holdings {
    /// Rules that no portfolio or no solver can keep.
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let optimize::Holdings { max, min, .. } = self.rules;
        let rules = [
            ("allocate.max_holdings", max.is_some()),
            ("allocate.min_holdings", min.is_some()),
            ("allocate.min_weight.rule", self.exact),
        ];
        for (path, _) in
            rules.into_iter().filter(|(_, set)| *set && setting.shape != Shape::Quadratic)
        {
            let hint = "use the objective tracking_error, mean_variance or minimum_variance, or remove the rule";
            faults.push(path, "is kept exactly for a quadratic objective only", hint);
        }
        if max == Some(0) {
            faults.push("allocate.max_holdings", "must be at least 1, found 0", "");
        }
        if let (Some(least), Some(most)) = (min, max)
            && least > most
        {
            let message = format!("{least} is more than max_holdings {most}");
            faults.push("allocate.min_holdings", message, "swap the two");
        }
        let n = setting.assets.len();
        if min.is_some_and(|least| least > n) {
            faults.push("allocate.min_holdings", format!("is more than the {n} assets"), "");
        }
        self.check_room(setting, faults);
    }

    fn prepare(&self, inputs: &Inputs<'_>, notes: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let n = inputs.assets.len();
        let optimize::Holdings { max, min, min_position } = self.rules;
        if let Some(most) = max.filter(|most| *most > n) {
            notes.push(Note::info(format!(
                "max_holdings {most} over {n} assets that may be held: it limits nothing here"
            )));
        }
        if let Some(least) = min.filter(|least| *least > n) {
            notes.push(Note::warning(format!(
                "min_holdings {least} over {n} assets that may be held: all {n} are held"
            )));
        }
        let (max, min) = (max.map(|k| k.min(n)), min.map(|k| k.min(n)));
        Ok(vec![optimize::Holdings { max, min, min_position }.into()])
    }
}
