//! An observer that also writes into the folder how far the run has come.

use std::sync::atomic::{AtomicBool, Ordering};

use walkfolio_backtest::Observer;
use walkfolio_core::Interrupt;
use walkfolio_record::Kind;
use walkfolio_store::{Checkpoints, ProgressFile};

/// Tells another observer, and the folder of the run.
pub(super) struct Watched<'a> {
    observer: &'a dyn Observer,
    file: ProgressFile,
    kind: Kind,
    /// Whether the decisions have begun: what a backtest begins after them are other backtests.
    begun: AtomicBool,
}

impl<'a> Watched<'a> {
    pub fn new(observer: &'a dyn Observer, checkpoints: &Checkpoints, kind: Kind) -> Self {
        let file = ProgressFile::new(checkpoints);
        Self { observer, file, kind, begun: AtomicBool::new(false) }
    }
}

impl Observer for Watched<'_> {
    fn begin(&self, decisions: usize) {
        let later = self.begun.swap(true, Ordering::Relaxed);
        let unit = if later || self.kind == Kind::Grid { "backtests" } else { "decisions" };
        self.file.begin(unit, decisions);
        self.observer.begin(decisions);
    }

    fn decided(&self) {
        self.file.decided();
        self.observer.decided();
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }

    fn interrupt(&self) -> Interrupt {
        self.observer.interrupt()
    }
}
