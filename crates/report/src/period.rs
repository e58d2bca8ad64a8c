//! The dates of a period in words.

use walkfolio_analysis::period::Period;

/// `2007-01-03 to 2024-12-31`, `from 2020-01-01`, `to 2009-06-30`.
pub(crate) fn range(period: &Period) -> String {
    match (period.first, period.last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => String::new(),
    }
}
