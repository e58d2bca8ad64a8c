//! A market that is loaded, and its sources.

use walkfolio_core::{Date, Market, Note, Quotes};

/// A market and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The market.
    pub market: Market,
    /// One record a file, prices first.
    pub sources: Vec<SourceRecord>,
    /// What the data check found.
    pub notes: Vec<Note>,
    /// Whether the market is simulated; every output must say so.
    pub synthetic: bool,
    /// What an account needs besides the market, where there is one that does.
    pub account: Option<AccountData>,
}

/// What an account is simulated with besides a market.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountData {
    /// Prices other than adjusted closes, on the sessions of the market.
    pub quotes: Option<Quotes>,
    /// What is paid in and out, by date.
    pub flows: Vec<(Date, f64)>,
    /// What there is to say of them.
    pub notes: Vec<Note>,
}

/// What is needed to recognize a source again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// What it supplied: `prices`, `benchmark`, `rates`, `factors`, `risk_free`, `members`, `signal`, `forecasts`, `views`,
    /// `benchmark holdings`, `constituents`, `capitalizations`, `volumes`, `closes`, or for an account `events`, `open`, `vwap`
    /// or `flows`.
    pub role: &'static str,
    /// The file's name without its folder, or the name of a simulation.
    pub name: String,
    /// How it is written: `wide CSV`, `Yahoo chart JSON`, `Ken French zip` ..
    pub format: &'static str,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Rows: of prices, those with a price of a requested column.
    pub rows: usize,
    /// Date of the first row, if there is one.
    pub first: Option<Date>,
    /// Date of the last row.
    pub last: Option<Date>,
    /// The CRSP vintage of factor returns, such as `202503`.
    pub vintage: Option<String>,
}
