//! The mean of the worst drawdowns.

use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Constraint, Objective};

use super::form::{Inputs, ObjectiveForm, Setting};
use super::scenarios::{Scenarios, at_least, minimum_tail, validate_minimum};
use crate::words;

minimum_tail! {
    /// Minimum conditional drawdown-at-risk: the mean of the worst `1 - confidence` of the drawdowns over the rows of a
    /// window, with constant weights and returns that are added, not compounded (Chekhlov, Uryasev and Zabarankin 2005).
    MinimumCdar, "the drawdowns"
}
