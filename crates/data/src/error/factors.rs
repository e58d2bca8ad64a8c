//! What can be wrong with a file of factor returns.

use walkfolio_core::Date;

/// What is wrong with a file of factor returns; lines count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactorError {
    /// A text that is not one of the French library's.
    #[error("{file} has no header line that starts with a comma and names {column}")]
    NoHeader {
        /// The file.
        file: String,
        /// The factor that is missing.
        column: &'static str,
    },
    /// Factor returns of months, weeks or years.
    #[error("{file} holds {found} returns; a walk forward needs daily ones")]
    NotDaily {
        /// The file.
        file: String,
        /// Their frequency.
        found: &'static str,
    },
    /// Factor returns below the end of the first table.
    #[error("{file} line {line} holds daily returns below the end of the table in line {end}")]
    SecondTable {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// Where the table ended.
        end: usize,
    },
    /// Factor returns in fractions.
    #[error(
        "{file} seems to hold fractions, not percent: the largest |Mkt-RF| of {rows} days is {largest}"
    )]
    NotPercent {
        /// The file.
        file: String,
        /// Rows with a market return.
        rows: usize,
        /// The largest absolute market return, as written.
        largest: f64,
    },
    /// A factor return that no day has seen.
    #[error("{file} has {column} = {value} % on {date}; more than 300 % is taken for an error")]
    Implausible {
        /// The file.
        file: String,
        /// The factor.
        column: String,
        /// The session.
        date: Date,
        /// The value in percent.
        value: f64,
    },
    /// A session of the market without factor returns.
    #[error("{file} has no {column} on {date}, a session of the prices ({first} to {last})")]
    Missing {
        /// The file.
        file: String,
        /// The factor, or all of them.
        column: String,
        /// The session.
        date: Date,
        /// First session with both.
        first: Date,
        /// Last session with both.
        last: Date,
    },
    /// Factor returns of another time.
    #[error(
        "{file} (from {first} to {last}) has no session in common with the prices (from {market_first} to {market_last})"
    )]
    NoCommonSession {
        /// The file.
        file: String,
        /// Its first date.
        first: Date,
        /// Its last date.
        last: Date,
        /// First session of the market.
        market_first: Date,
        /// Last session of the market.
        market_last: Date,
    },
}

impl FactorError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoHeader { .. } => {
                "use the daily three- or five-factor file of Ken French's library, as text or zip"
            }
            Self::NotDaily { .. } => "use the file of the same name with `daily` in it",
            Self::SecondTable { .. } => "remove the blank or text line inside the table",
            Self::NotPercent { .. } => "multiply the returns by 100, as in Ken French's files",
            Self::Implausible { .. } => "check the value against a fresh download",
            Self::Missing { .. } => {
                "fill in the row from another vintage, or remove the session from the prices if the exchange was closed"
            }
            Self::NoCommonSession { .. } => "supply factors and prices of the same period",
        }
    }
}
