//! How a universe depends on time.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dialect::CsvForm;

/// How the universe of a market depends on time.
///
/// The default is a fixed universe: an asset may be held whenever it has prices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointInTime {
    /// The members of an index by day: `date, ticker` (each day of the file lists all members,
    /// until its next day) or `ticker, start, end` (both days included, no end while it lasts),
    /// with a column `delisting_return` if there is one.
    pub members: Option<PathBuf>,
    /// How cells of the members' file are written, where the file does not show it.
    pub csv: CsvForm,
    /// A series without a price for more than so many periods is another asset from then on: a
    /// ticker that was used again, or an asset that left and came back. Without it a gap is an error.
    pub max_gap: Option<usize>,
    /// A series that ends at most so many rows before its file is late, not delisted: its last price is
    /// carried on, and nothing is traded on it.
    pub max_late: usize,
    /// An index of the members that takes the place of a benchmark's prices.
    pub index: Option<Index>,
}

/// An index of the assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// The mean return, every session, of the assets that are members at the close before.
    EqualWeight,
}
