//! What the figures of a run mean: targets, the quality of a classifier, selection bias.
//!
//! Everything is computed from a record that is there; nothing is run again.

pub mod classifier;
mod luck;
mod target;

pub use classifier::{Quality, quality};
pub use luck::luck;
pub use target::{TargetResult, targets};
