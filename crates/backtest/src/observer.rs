//! Watching a walk.

/// Watches a walk, and may end it.
pub trait Observer: Sync {
    /// The number of decisions to be made.
    fn begin(&self, _decisions: usize) {}
    /// One decision is made.
    fn decided(&self) {}
    /// Whether the walk should end before its next decision.
    fn cancelled(&self) -> bool {
        false
    }
}

/// An observer that does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {}
