//! A simple portfolio next to a run, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::measures::MeasureTable;

/// A portfolio that needs no estimate, rebalanced at the decisions of a run and carried out at its costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// `Equal weight`, or the name that the study gives it.
    pub name: String,
    /// One row per session of the run.
    pub rows: Vec<BaselineRow>,
    /// Its measures of the full sample.
    pub measures: MeasureTable,
}

/// A session of a baseline; fractions of equity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineRow {
    /// The session.
    pub date: Date,
    /// The return after costs.
    pub earned: f64,
    /// Turnover, one way; 0 where nothing was traded.
    pub turnover: f64,
    /// Cost; 0 where nothing was traded.
    pub cost: f64,
}
