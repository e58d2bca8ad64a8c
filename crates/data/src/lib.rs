//! Files and vendors to a checked market.
//!
//! [`load`] reads prices in the layouts that [`vendor`] knows, or from a [`snapshot`], and the daily
//! factor files of Ken French's library; [`sample`] simulates a market that needs no file. Both
//! return a [`Loaded`]: the market, where it comes from, and what the reader of a run must know about
//! it.

use std::path::{Path, PathBuf};

use walkfolio_core::{Date, Market, Note, Ticker, Universe};

mod archive;
mod cells;
mod check;
mod error;
mod factors;
pub mod fetch;
mod french;
mod load;
mod point_in_time;
pub mod quality;
mod read;
pub mod sample;
mod signals;
pub mod snapshot;
mod source;
mod table;
pub mod vendor;
mod wide_csv;
mod wide_parquet;

pub use error::{Error, Result};
pub use factors::{FactorFile, read_factors};
pub use load::{load, load_as, load_cleaned, load_point_in_time};
pub use point_in_time::{Index, PointInTime, equal_weighted};
pub use read::tickers;
pub use signals::{LoadedSignal, SignalKind, SignalRequest, read_signal};

/// Which files to read, and what to take from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// Prices: a file, a folder with one file a ticker, or a snapshot; told apart by content.
    pub prices: PathBuf,
    /// Further files of prices, joined to the first by date; no ticker may stand in two.
    pub also: Vec<PathBuf>,
    /// Prices of the benchmark, if it is not a column of `prices`.
    pub benchmark_prices: Option<PathBuf>,
    /// A daily factor file of Ken French's library, text or zip.
    pub factors: Option<PathBuf>,
    /// The assets, columns of `prices`; other columns are not looked at.
    pub assets: Universe,
    /// The benchmark, if the study has one; it may be one of the assets.
    pub benchmark: Option<Ticker>,
}

impl FileRequest {
    /// Every file of prices.
    pub(crate) fn price_files(&self) -> Vec<&Path> {
        std::iter::once(&self.prices).chain(&self.also).map(PathBuf::as_path).collect()
    }
}

/// A market and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The market.
    pub market: Market,
    /// One record a file, in the order prices, benchmark, factors.
    pub sources: Vec<SourceRecord>,
    /// What the data check found.
    pub notes: Vec<Note>,
    /// Whether the market is simulated; every output must say so.
    pub synthetic: bool,
}

/// What is needed to recognize a source again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// What it supplied: `prices`, `benchmark` or `factors`.
    pub role: &'static str,
    /// The file's name without its folder, or the name of a simulation.
    pub name: String,
    /// How it is written: `wide CSV`, `Yahoo chart JSON`, `Ken French zip` ..
    pub format: &'static str,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Rows: of prices, those with a price of a requested column.
    pub rows: usize,
    /// Date of the first row.
    pub first: Date,
    /// Date of the last row.
    pub last: Date,
    /// The CRSP vintage of factor returns, such as `202503`.
    pub vintage: Option<String>,
}
