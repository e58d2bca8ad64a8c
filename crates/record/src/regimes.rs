//! The states of a study's regimes, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// What a regime was known to be before one session.
///
/// # Timing
/// The reading is that of the close of `known`, from the rows up to it alone; a decision of `date` reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegimeRow {
    /// The session that it holds for.
    pub date: Date,
    /// The session before, at whose close it was known.
    pub known: Date,
    /// The name of the regime.
    pub regime: String,
    /// The state; none where the regime was not defined.
    pub state: Option<String>,
    /// The figure that decides, where the regime has one.
    pub value: Option<f64>,
    /// The probability of each state, by its name, where the regime has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub probabilities: BTreeMap<String, f64>,
}
