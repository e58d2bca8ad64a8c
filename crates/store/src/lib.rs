//! Where runs are kept: their folders, what is done on the way, and a catalogue of all.
//!
//! Every file is written beside its final name and renamed, so that what has a name is whole.

pub mod catalogue;
mod checkpoint;
mod error;
mod filter_error;
mod folder;

pub use checkpoint::{Checkpoints, Part, SavedCell};
pub use error::{Error, Result};
pub use folder::{Existing, Resumed, RunFolder, check_run, read_grid, read_manifest, read_run};
