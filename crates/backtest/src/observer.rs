//! Watching a walk.

use walkfolio_core::Interrupt;

/// Watches a walk, and may end it.
///
/// # Examples
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use walkfolio_backtest::Observer;
///
/// /// Ends a walk after so many decisions.
/// struct AtMost(AtomicUsize);
///
/// impl Observer for AtMost {
///     fn decided(&self) {
///         self.0.fetch_sub(1, Ordering::Relaxed);
///     }
///     fn cancelled(&self) -> bool {
///         self.0.load(Ordering::Relaxed) == 0
///     }
/// }
///
/// let observer = AtMost(AtomicUsize::new(1));
/// assert!(!observer.cancelled());
/// observer.decided();
/// assert!(observer.cancelled());
/// ```
pub trait Observer: Sync {
    /// The number of decisions to be made.
    fn begin(&self, _decisions: usize) {}
    /// One decision is made.
    fn decided(&self) {}
    /// Whether the walk should end before its next decision.
    fn cancelled(&self) -> bool {
        false
    }
    /// What ends the walk in the middle of a decision, once raised; that decision is given up. By default
    /// nothing.
    fn interrupt(&self) -> Interrupt {
        Interrupt::default()
    }
}

/// An observer that does nothing.
///
/// # Examples
/// ```
/// use walkfolio_backtest::{Observer, Silent};
///
/// assert!(!Silent.cancelled());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {}
