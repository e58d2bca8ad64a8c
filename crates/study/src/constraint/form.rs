//! What a study knows of a constraint.

use walkfolio_core::{Faults, Memory, Note, Result};
use walkfolio_estimate::Needs;
use walkfolio_optimize::Constraint;

use crate::objective::{Inputs, Setting, Shape};

/// A constraint besides the budget and the bounds, as a study states it.
///
/// Paths of faults are those of the whole study.
pub trait ConstraintForm: std::fmt::Debug {
    /// Finds what is wrong with it, alone and together with the rest of the study.
    fn validate(&self, setting: &Setting, faults: &mut Faults);

    /// What it needs of a past.
    fn needs(&self, _setting: &Setting) -> Needs {
        Needs::default()
    }

    /// What it remembers from one decision to the next.
    fn memory(&self) -> Memory {
        Memory::Chain
    }

    /// Whether it has all that it needs, but for the assets' returns and the factors.
    fn is_ready(&self, _inputs: &Inputs<'_>) -> bool {
        true
    }

    /// Narrows the bounds of the assets of a decision.
    fn narrow(&self, _inputs: &Inputs<'_>, _bounds: &mut [(f64, f64)]) {}

    /// What it adds to the bounds of a decision; what the reader of the ledger must know goes to
    /// `notes`.
    ///
    /// # Errors
    /// If a window is not full, or it cannot be made of it.
    fn prepare(&self, _: &Inputs<'_>, _notes: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        Ok(Vec::new())
    }
}

/// A constraint that is no linear row: why some objectives cannot have it.
pub(super) fn not_linear(path: &str, setting: &Setting, faults: &mut Faults) {
    let why = match setting.shape {
        Shape::Certified => Some("is no part of the proof of an information ratio's maximum"),
        Shape::Frontier => Some(
            "bends the efficient frontier between its corners, which are those of linear constraints",
        ),
        _ => None,
    };
    if let Some(why) = why {
        let hint = "remove it, or use another objective, such as maximum_sharpe or mean_variance";
        faults.push(path, why, hint);
    }
}

/// A constraint that only a cone program has: why it cannot be combined with the rest of a study.
pub(super) fn needs_cone(path: &str, setting: &Setting, faults: &mut Faults) {
    not_linear(path, setting, faults);
    if setting.searches {
        let message = "cannot be combined with max_holdings, min_holdings or an exact min_weight: \
                       the search over holdings has linear constraints only";
        faults.push(path, message, "remove it, or these rules");
    }
}

/// Sums of limits may miss what they sum to by this.
pub(super) const ROUNDING: f64 = 1e-9;

/// A sum of limits as it is shown.
pub(super) fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}
