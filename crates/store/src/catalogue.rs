//! The catalogue of runs: an index of the run folders next to it, in `SQLite`.
//!
//! `runs/catalogue.db` holds one row a run and one row a measure. It is only an index: everything in
//! it was read from the folders, and [`Catalogue::rebuild`] reads it from them again. Several
//! processes may write at once.

mod columns;
mod connection;
mod database;
mod entry;
mod failure;
mod filter;
mod live;
mod place;
mod query;
mod record;
mod tables;

pub use database::{Catalogue, Rebuilt};
pub use entry::Entry;
pub use filter::MAX_COMPARISONS;
pub use live::{LiveCatalogue, Unreadable};
pub use place::FILE;
pub use query::{Listed, Query};
pub use record::record;

pub use crate::filter_error::FilterError;
