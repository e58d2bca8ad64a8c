//! The folder of a run.
//!
//! Every file is written whole, and the manifest says `running` until all other files are there. A
//! run that replaces another is written to a folder next to it and takes its place at the end.

mod account;
mod attribution;
mod baselines;
mod benchmark_holdings;
mod bundle;
mod cell_returns;
mod damage;
mod factors;
mod frontier;
mod grid;
mod json;
mod learning;
mod names;
mod parquet;
mod place;
mod regimes;
mod robustness;
mod run;
mod run_folder;
mod tables;

pub use bundle::Bundle;
pub(crate) use bundle::next_to;
pub use damage::check_run;
pub use grid::read_grid;
pub use json::read_manifest;
pub use names::Table;
pub(crate) use names::{CHECKPOINTS, PROGRESS};
pub use place::Existing;
pub use run::{read_run, read_times};
pub(crate) use run_folder::is_hidden;
pub use run_folder::{Resumed, RunFolder};
pub use tables::{Files, grid_tables, manifest_json, read_files, run_tables, sha256};
