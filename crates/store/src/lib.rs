//! Where runs are stored: their folders, their checkpoints, and a catalogue of all.
//!
//! Every file is written whole and synced ([`walkfolio_core::io::write`]), so that what has a name is
//! complete, also after a crash of the machine. A [`RunFolder`] is written or resumed, and swapped in as
//! a whole where it replaces another run; [`read_run`] and [`read_grid`] give back what was written, or
//! the file, row and column that are damaged. Rows are those of `walkfolio-record`.
//!
//! ```no_run
//! use std::path::Path;
//! use walkfolio_store::{catalogue::{Catalogue, Query}, read_run};
//!
//! let run = read_run(Path::new("runs/mtum-replica-20261128T120000Z-1a2b3c4d"))?;
//! println!("{} decisions", run.manifest.decisions);
//! let query = Query { filter: Some("te < 8%".to_owned()), ..Query::default() };
//! for found in Catalogue::open(Path::new("runs"))?.runs(&query)?.runs {
//!     println!("{}", found.folder);
//! }
//! # Ok::<(), walkfolio_store::Error>(())
//! ```

mod accounts;
pub mod catalogue;
mod checkpoint;
mod error;
mod filter_error;
mod folder;
mod progress;
mod under_way;

pub use accounts::{AccountParts, AccountTables};
pub use checkpoint::{Checkpoints, Part, SavedCell};
pub use error::{Error, Result};
pub use folder::{
    Bundle, Existing, Resumed, RunFolder, check_run, read_grid, read_manifest, read_run,
};
pub use folder::{
    Files, Table, grid_tables, manifest_json, read_files, read_times, run_tables, sha256,
};
pub use progress::{AtWork, Progress, ProgressFile};
pub use under_way::UnderWay;
