//! What can be wrong with a file of factor returns.

use walkfolio_core::Date;
use walkfolio_core::number::shown;

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
    /// Factor returns of years.
    #[error("{file} holds annual returns; a walk forward needs daily, weekly or monthly ones")]
    Annual {
        /// The file.
        file: String,
    },
    /// Factor returns of days and of months in one table.
    #[error("{file} line {line}: a day follows a month, or a month a day")]
    Mixed {
        /// The file.
        file: String,
        /// The line.
        line: usize,
    },
    /// Factor returns of longer intervals than those of the prices.
    #[error(
        "{file} holds {found} returns, and the prices step from {after} to {date}: none of its rows covers that"
    )]
    Step {
        /// The file.
        file: String,
        /// The frequency of its rows.
        found: &'static str,
        /// Start of an interval of the prices, the close before.
        after: Date,
        /// End of the interval.
        date: Date,
    },
    /// Factor returns below the end of the first table.
    #[error("{file} line {line} holds returns below the end of the table in line {end}")]
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
        "{file} seems to hold fractions, not percent: the largest |Mkt-RF| of {rows} days is {}", shown(*largest)
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
    #[error("{file} has {column} = {} % on {date}; more than 300 % is taken for an error", shown(*value))]
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
    /// A return of the market without factor returns over the same time.
    #[error("{file} has no {column} {place}, for the return of {date}")]
    Missing {
        /// The file.
        file: String,
        /// The factor, or all of them.
        column: String,
        /// The time without it.
        place: String,
        /// The session whose return it is for.
        date: Date,
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
            Self::Annual { .. } | Self::Step { .. } => {
                "use the file of the same name with `daily` in it: its rows are compounded over the intervals of the prices"
            }
            Self::Mixed { .. } => "keep one table a file",
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
