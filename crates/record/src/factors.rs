//! The factor returns of a run's sessions, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// Factor returns beside a run's returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorTable {
    /// Names of the factors; the first is the market's excess return.
    pub names: Vec<String>,
    /// One row per session that has factor returns, in order.
    pub rows: Vec<FactorRow>,
}

/// The factor returns of one session, as fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorRow {
    /// The session.
    pub date: Date,
    /// One return per factor.
    pub values: Vec<f64>,
    /// The risk-free return.
    pub risk_free: f64,
}
