//! What a long call has done so far, and the flag that ends it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use walkfolio::{Interrupt, Observer};

/// Counts decisions or cells, and ends the work when Python was interrupted.
#[derive(Default)]
pub struct Progress {
    interrupt: Interrupt,
    stopped: AtomicBool,
    all: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// Of work that begins and hears this flag.
    pub fn new(interrupt: Interrupt) -> Self {
        Self { interrupt, ..Self::default() }
    }

    /// Ends the work in the middle of what it does.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.interrupt.raise();
    }

    /// What is done, of how much.
    pub fn counts(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }
}

impl Observer for Progress {
    fn begin(&self, decisions: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.all.store(decisions, Ordering::Relaxed);
    }

    fn decided(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }
}
