//! Where tracking error was expected to come from, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// The part of one asset in the tracking error that was expected at a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskRow {
    /// The decision.
    pub date: Date,
    /// The asset, or the benchmark where it is not one of them.
    pub asset: String,
    /// Its weight less that in the benchmark; -1 for a benchmark that is not an asset.
    pub active_weight: f64,
    /// `MCTR_i = (Sigma a)_i / TE`: what a unit more of it would add to tracking error, a year.
    pub marginal: f64,
    /// `a_i MCTR_i`; the contributions of a decision add up to its expected tracking error.
    pub contribution: f64,
    /// What it adds to the mean of the worst losses, or drawdowns, of the window of an objective that measures them; the
    /// parts of a decision add up to that mean. A benchmark that is not an asset adds 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<f64>,
}
