//! Which files say what a benchmark is made of.

use std::path::PathBuf;

/// Files that say what a benchmark is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BenchmarkFiles {
    /// Its holdings by date: `date, ticker, weight`, or a column a ticker.
    pub holdings: Option<PathBuf>,
    /// Prices of names that are not traded, in any layout of prices; all tickers of the file.
    pub constituents: Option<PathBuf>,
    /// Market capitalizations by date of the constituents, or of the assets without them.
    pub capitalizations: Option<PathBuf>,
}
