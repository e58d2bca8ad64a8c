//! What a classifier learns from.

use std::sync::Arc;

use walkfolio_core::{Error, Note, Result, Universe};
use walkfolio_learn::{Error as LearnError, Table};

use super::months::Month;

/// Training rows: features at one month-end, labels of the next.
pub(super) struct Training {
    pub table: Table,
    pub labels: Vec<bool>,
    /// By row, the index of its month.
    pub groups: Vec<usize>,
}

impl Training {
    pub fn of(
        months: &[Arc<Month>],
        names: &[String],
        tickers: &Universe,
        notes: &mut Vec<Note>,
    ) -> Result<Self> {
        let mut training =
            Self { table: Table::new(names.to_vec()), labels: Vec::new(), groups: Vec::new() };
        let mut group = 0;
        for (index, pair) in months.windows(2).enumerate() {
            let Some(labels) = &pair[1].labels else { continue };
            // Each gap is told once, at the first decision that could have learned from it.
            let newest = index + 2 == months.len();
            let before = training.labels.len();
            for (&asset, row) in pair[0].assets.iter().zip(&pair[0].features) {
                match labels.of(asset) {
                    Some((label, _)) => {
                        training.table.push(row).map_err(policy)?;
                        training.labels.push(label);
                        training.groups.push(group);
                    }
                    None if newest => notes.push(Note::info(format!(
                        "{} has features and no label of {}: it is not learned from",
                        tickers.tickers()[asset],
                        pair[1].date
                    ))),
                    None => {}
                }
            }
            group += usize::from(training.labels.len() > before);
        }
        Ok(training)
    }
}

/// A failure to learn, as one of a policy.
#[allow(clippy::needless_pass_by_value)] // it stands in map_err
pub(super) fn policy(error: LearnError) -> Error {
    Error::Policy { message: error.to_string(), hint: error.hint() }
}
