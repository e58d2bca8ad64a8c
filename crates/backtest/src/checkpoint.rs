//! Where the decisions of a walk are saved on the way.

use walkfolio_core::Result;

use crate::steps::Step;

/// Saves the decisions of a walk, so that a walk that was interrupted can be resumed.
pub trait CheckpointStore: Sync {
    /// The decision of an earlier walk over the same rows, by its index among them.
    fn saved(&self, _index: usize) -> Option<Step> {
        None
    }
    /// How many decisions may be made before they are saved, at least 1.
    fn interval(&self) -> usize {
        usize::MAX
    }
    /// Saves consecutive decisions, the first of which has the index `first`.
    ///
    /// # Errors
    /// If they cannot be saved: the walk ends.
    fn save(&self, _first: usize, _steps: &[Step]) -> Result<()> {
        Ok(())
    }
}

/// A walk without checkpoints.
#[derive(Debug, Clone, Copy)]
pub struct NoCheckpoints;

impl CheckpointStore for NoCheckpoints {}
