//! A run in a comparison.

use walkfolio_record::Run;

/// A run in a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What is above its figures.
    pub name: &'a str,
    /// Where it is kept, or another word that tells it from runs of the same name.
    pub place: &'a str,
    /// The run.
    pub run: &'a Run,
}
