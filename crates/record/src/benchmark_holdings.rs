//! How far a decision was from the benchmark's holdings, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// A decision next to what the benchmark was known, or by its rule believed, to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoldingsRow {
    /// The decision.
    pub date: Date,
    /// The day of the holdings, or of the review.
    pub of: Date,
    /// How many names the benchmark held.
    pub names: u32,
    /// The part of the holdings whose prices are known.
    pub known: f64,
    /// Half the sum of absolute differences of weights; a fund and the stocks in it are different names.
    pub active_share: f64,
    /// The tracking error against the holdings, over up to 252 sessions before the decision; a year.
    pub tracking_error: f64,
}
