//! Numbers of a classifier as text.

use walkfolio_analysis::format::{UNDEFINED, decimals};

/// A number of a score, or a dash.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| decimals(value, 3))
}
