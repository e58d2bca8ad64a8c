//! What a run begins with.

use walkfolio_backtest::Observer;
use walkfolio_record::Manifest;
use walkfolio_store::Checkpoints;

/// A run that is about to begin, or to go on: its manifest, who watches it, and where it saves its
/// progress.
#[derive(Clone)]
pub struct Session<'a> {
    /// Made by [`crate::manifest`] when the run began; the run completes it and keeps its `started`.
    pub manifest: Manifest,
    /// Is told of every decision, and may stop the run.
    pub observer: &'a dyn Observer,
    /// What they hold is not computed again; none for a run that cannot be resumed.
    pub checkpoints: Option<&'a Checkpoints>,
}
