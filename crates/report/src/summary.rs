//! What a page, an executive report and a workbook say alike.

use walkfolio_analysis::Findings;
use walkfolio_record::Run;

use crate::cards::{Card, cards};

/// A run with its findings and the figures that matter.
pub(crate) struct Summary<'a> {
    /// The run itself.
    pub run: &'a Run,
    /// Its figures.
    pub found: &'a Findings,
    /// The five figures that matter, in words.
    pub cards: Vec<Card>,
}

impl<'a> Summary<'a> {
    /// Sums up a run and its findings.
    pub(crate) fn of(run: &'a Run, found: &'a Findings) -> Self {
        Self { run, found, cards: cards(run, found) }
    }
}
