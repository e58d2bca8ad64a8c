//! The definitions of measures, by key.

use walkfolio_stats::measures::{Definition, definitions};

/// The definition of a measure; `None` for a key that this version does not know.
///
/// # Examples
/// ```
/// let definition = walkfolio_analysis::measure::definition("beta").unwrap();
/// assert_eq!(definition.label, "Beta against the benchmark");
/// ```
pub fn definition(key: &str) -> Option<&'static Definition> {
    definitions().iter().find(|definition| definition.key == key)
}
