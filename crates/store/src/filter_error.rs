//! What is wrong with a filter of runs.

use std::ops::Range;

/// What is wrong with a filter or an order, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// The text at fault.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// The bytes of the text that are at fault.
    pub span: Range<usize>,
    /// What to do about it.
    pub hint: Option<String>,
}
