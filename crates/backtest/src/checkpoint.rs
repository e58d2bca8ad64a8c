//! Where the decisions of a walk are saved on the way.

use walkfolio_core::Result;

use crate::steps::Step;

/// Saves the decisions of a walk, so that a walk that was interrupted can be resumed.
///
/// Every method has a default: a store that implements none saves nothing. Decisions without
/// memory of holdings are saved by whole chains of [`CHAIN`](crate::CHAIN), from several threads.
///
/// # Examples
/// ```
/// use std::sync::Mutex;
/// use walkfolio_backtest::{CheckpointStore, Step};
///
/// /// Keeps decisions in memory.
/// #[derive(Default)]
/// struct InMemory(Mutex<Vec<(usize, Step)>>);
///
/// impl CheckpointStore for InMemory {
///     fn saved(&self, index: usize) -> Option<Step> {
///         let all = self.0.lock().ok()?;
///         all.iter().find(|(at, _)| *at == index).map(|(_, step)| step.clone())
///     }
///     fn save(&self, first: usize, steps: &[Step]) -> walkfolio_core::Result<()> {
///         if let Ok(mut all) = self.0.lock() {
///             all.extend((first..).zip(steps.iter().cloned()));
///         }
///         Ok(())
///     }
/// }
/// assert_eq!(InMemory::default().saved(0), None);
/// ```
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
    /// The walk ends before its last decision: what else is to be saved of it.
    ///
    /// # Errors
    /// If it cannot be saved.
    fn interrupted(&self) -> Result<()> {
        Ok(())
    }
}

/// A walk without checkpoints.
///
/// # Examples
/// ```
/// use walkfolio_backtest::{CheckpointStore, NoCheckpoints};
///
/// assert_eq!((NoCheckpoints.saved(0), NoCheckpoints.interval()), (None, usize::MAX));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NoCheckpoints;

impl CheckpointStore for NoCheckpoints {}
