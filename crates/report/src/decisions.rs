//! The decisions of a run.

use walkfolio_record::DecisionRow;

/// The dates of the decisions, in order, each once.
pub(crate) fn dates(rows: &[DecisionRow]) -> Vec<String> {
    let mut days: Vec<_> = rows.iter().map(|row| row.date).collect();
    days.sort_unstable();
    days.dedup();
    days.iter().map(ToString::to_string).collect()
}
