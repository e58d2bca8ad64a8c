//! A fitted classifier.

use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Note};
use walkfolio_learn::{CrossValidation, Importance, Parameters};

/// What was learned at a month-end, and what it was learned from.
///
/// # Shape and units
/// Probabilities are fractions, `None` where an asset has no features.
/// # Examples
/// See [`Selector`](super::Selector).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fitted {
    /// The last month-end that was known.
    pub month_end: Date,
    /// Which implementation grew the trees.
    pub trainer: String,
    /// How.
    pub parameters: Parameters,
    /// Months of training rows.
    pub months: usize,
    /// Training rows.
    pub rows: usize,
    /// Those with label 1.
    pub positives: usize,
    /// The cross-validation of these parameters, where there are months enough.
    pub validation: Option<CrossValidation>,
    /// By universe index, where an asset has features.
    pub probabilities: Vec<Option<f64>>,
    /// By feature.
    pub importance: Vec<(String, Importance)>,
    /// The model in XGBoost's JSON format, where the study keeps models.
    pub model: Option<Vec<u8>>,
    /// What the reader of the run must know.
    pub notes: Vec<Note>,
}
