//! What ends a solve in the middle, and what it leaves then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use walkfolio_core::Interrupt;

use crate::kernel::subset::SearchState;

/// What ends a solve in the middle, and where searches over holdings stand that it has ended.
///
/// Clones share both. A later run that is given what was left goes on from there, with the same bits as one
/// that was never interrupted: a search is only kept where the best portfolio known and a few counts are
/// all that its rest depends on, and is only taken up by the same search of the same program.
///
/// # Examples
/// ```
/// use walkfolio_core::{Interrupt, Matrix};
/// use walkfolio_optimize::{Error, Interruption, Mandate, Objective, Optimizer, Precision, Settings};
///
/// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
/// let mandate = Mandate::long_only(Objective::tracking_error(&returns, &[0.01, 0.0, 0.02])?, 1.0)?;
/// let interrupt = Interrupt::new();
/// let interruption = Interruption::by(interrupt.clone());
/// let mut optimizer = Optimizer::new(Settings { interruption, ..Settings::default() });
/// assert!(optimizer.solve(&mandate, Precision::Full).is_ok());
/// interrupt.raise();
/// assert_eq!(optimizer.solve(&mandate, Precision::Full), Err(Error::Interrupted));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Interruption {
    interrupt: Interrupt,
    searches: Arc<Mutex<BTreeMap<[u64; 2], SearchState>>>,
}

impl Interruption {
    /// By a flag, with nothing left yet.
    pub fn by(interrupt: Interrupt) -> Self {
        Self { interrupt, searches: Arc::default() }
    }

    /// The flag.
    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// Where searches stand that were interrupted, each as numbers for [`Interruption::recall`].
    pub fn unfinished(&self) -> Vec<Vec<u64>> {
        self.searches().values().map(SearchState::words).collect()
    }

    /// Takes back what an earlier run has left; numbers that are no such thing are as if they were not there.
    pub fn recall(&self, unfinished: &[Vec<u64>]) {
        let states = unfinished.iter().filter_map(|words| SearchState::of(words));
        self.searches().extend(states.map(|state| (state.program, state)));
    }

    /// Leaves a search.
    pub(crate) fn leave(&self, state: SearchState) {
        self.searches().insert(state.program, state);
    }

    /// Whether anything was left; where there is nothing no program need be told from others.
    pub(crate) fn is_empty(&self) -> bool {
        self.searches().is_empty()
    }

    /// The search of a program that was left.
    pub(crate) fn take(&self, program: [u64; 2]) -> Option<SearchState> {
        self.searches().remove(&program)
    }

    fn searches(&self) -> MutexGuard<'_, BTreeMap<[u64; 2], SearchState>> {
        self.searches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for Interruption {
    /// Whether they have the same flag.
    fn eq(&self, other: &Self) -> bool {
        self.interrupt == other.interrupt
    }
}
