//! The mean of the worst losses.

use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Constraint, Objective};

use super::form::{Inputs, ObjectiveForm, Setting};
use super::scenarios::{Scenarios, at_least, minimum_tail, validate_minimum};
use crate::words;

minimum_tail! {
    /// Minimum conditional value-at-risk: the mean of the worst `1 - confidence` of the losses `-R w` over the rows of a
    /// window, `min a + sum max(-x_t'w - a, 0) / ((1 - confidence) T)` (Rockafellar and Uryasev 2000).
    MinimumCvar, "the losses"
}
