//! The decisions of a backtest.

use walkfolio_core::{Decision, Row};

/// A decision and the row it was made for.
///
/// # Examples
/// See [`Backtested`](crate::Backtested).
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The decision's row: rows before it were known.
    pub row: Row,
    /// What was decided.
    pub decision: Decision,
}

/// The decisions of a walk through history.
///
/// # Examples
/// See [`Backtested`](crate::Backtested).
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// The decisions in order of their rows.
    pub steps: Vec<Step>,
    /// Whether all were made, or the observer ended the walk.
    pub complete: bool,
}
