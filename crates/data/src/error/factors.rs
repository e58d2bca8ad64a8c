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
    /// Factor returns in percent.
    #[error(
        "{file} seems to hold percent, not fractions: the mean |Mkt-RF| of {rows} rows is {}", shown(*mean)
    )]
    NotFraction {
        /// The file.
        file: String,
        /// Rows with a market return.
        rows: usize,
        /// The mean absolute market return, as written.
        mean: f64,
    },
    /// A table of factors that does not say in which unit.
    #[error("{file} is not of Ken French's library, and the unit of its returns is not stated")]
    NoUnit {
        /// The file.
        file: String,
    },
    /// Files without a factor of the model.
    #[error("{files} {} no {}; found: {}", if files.contains(" and ") { "have" } else { "has" }, missing.join(", "), found.join(", "))]
    Lacks {
        /// The files.
        files: String,
        /// The columns that they lack.
        missing: Vec<String>,
        /// The columns of factors that they have.
        found: Vec<String>,
    },
    /// Files of different frequencies.
    #[error("{file} holds {found} returns, and {other} {expected} ones")]
    Steps {
        /// The file.
        file: String,
        /// The frequency of its rows.
        found: &'static str,
        /// The first file.
        other: String,
        /// The frequency of its rows.
        expected: &'static str,
    },
    /// A file of rates without the column.
    #[error("{file} has no column {column} of a rate; it has {}", found.join(", "))]
    NoRate {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// Its columns.
        found: Vec<String>,
    },
    /// A file with one rate.
    #[error("{file} has fewer than two rates: how long one lasts is not told")]
    OneRate {
        /// The file.
        file: String,
    },
    /// Monthly rows by a day that does not tell the month.
    #[error("{file} has monthly rows, and {date} does not tell which month its row covers")]
    WhichMonth {
        /// The file.
        file: String,
        /// The date.
        date: Date,
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
            Self::NotPercent { .. } => {
                "multiply the returns by 100, as in Ken French's files, or say that the unit is a fraction"
            }
            Self::NotFraction { .. } => {
                "say that the unit is percent, or divide the returns by 100"
            }
            Self::NoUnit { .. } => "say whether 1 % is written 1 (percent) or 0.01 (fraction)",
            Self::Lacks { .. } => {
                "add a file that has them, or choose a model without them; columns may be named as in Ken French's files, in any spelling: mkt_rf, MKT-RF"
            }
            Self::Steps { .. } => "join files of the same frequency",
            Self::NoRate { .. } => "name the column of the rate",
            Self::OneRate { .. } => "state it as a constant rate",
            Self::WhichMonth { .. } => "write months as 2024-03, or by their last day",
            Self::Implausible { .. } => {
                "check the value against a fresh download, and the unit of the file"
            }
            Self::Missing { .. } => {
                "fill in the row from another vintage, or remove the session from the prices if the exchange was closed"
            }
            Self::NoCommonSession { .. } => "supply factors and prices of the same period",
        }
    }
}
