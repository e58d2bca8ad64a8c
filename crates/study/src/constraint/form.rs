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

/// A limit of absolute values, which is linear in pieces of the weights: why some objectives cannot have it.
pub(super) fn not_proven(path: &str, setting: &Setting, faults: &mut Faults) {
    if setting.shape == Shape::Certified {
        let why = "is no part of the proof of an information ratio's maximum";
        faults.push(path, why, OTHERS);
    }
}

/// A limit of a risk: why it cannot be combined with the rest of a study.
pub(super) fn not_linear(path: &str, setting: &Setting, faults: &mut Faults) {
    not_proven(path, setting, faults);
    if setting.shape == Shape::Frontier {
        let why = "bends the efficient frontier between its corners, which are those of linear constraints";
        faults.push(path, why, OTHERS);
    }
    not_searched(path, setting, faults);
}

/// A constraint that the search over holdings does not have.
pub(super) fn not_searched(path: &str, setting: &Setting, faults: &mut Faults) {
    if setting.searches {
        let message = "cannot be combined with max_holdings, min_holdings or an exact min_weight: \
                       the search over holdings has linear constraints only";
        faults.push(path, message, "remove it, or these rules");
    }
}

const OTHERS: &str = "remove it, or use another objective, such as maximum_sharpe or mean_variance";

/// Sums of limits may miss what they sum to by this.
pub(super) const ROUNDING: f64 = 1e-9;

/// A sum of limits as it is shown.
pub(super) fn rounded(sum: f64) -> f64 {
    (sum * 1e9).round() / 1e9
}
