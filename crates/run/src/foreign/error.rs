//! What can be wrong with a series of returns that is no run's.

use walkfolio_core::Date;

use super::kind::Kind;

/// A series that cannot be read, or not without being told how.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] walkfolio_data::Error),
    /// The file's bytes cannot be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The name or the periods of a year do not make a record.
    #[error("the series cannot be described: {0}")]
    NotDescribed(String),
    /// The file holds several series, and none was named.
    #[error("{file} holds {} series and none is named: {}", found.len(), found.join(", "))]
    SeveralColumns {
        /// The file.
        file: String,
        /// Its columns.
        found: Vec<String>,
    },
    /// The named series is not in the file.
    #[error("{file} has no column {column}; it has {}", found.join(", "))]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// Its columns.
        found: Vec<String>,
    },
    /// The numbers may be fractions or percent.
    #[error(
        "{file}: the returns of {column} may be fractions or percent: as fractions their volatility would be {volatility:.2} a year"
    )]
    OpenUnit {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// As fractions.
        volatility: f64,
    },
    /// The numbers may be prices, or returns that are all above zero.
    #[error(
        "{file}: all numbers of {column} are above zero: they may be prices, or returns without a loss"
    )]
    OpenKind {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// The dates are of no frequency.
    #[error(
        "{file}: the dates of {column} are not regular: most steps are those of {by_steps} periods a year, and there are {counted} rows a year"
    )]
    Irregular {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// By the median step.
        by_steps: f64,
        /// By their number.
        counted: f64,
    },
    /// The benchmark has no period of the series.
    #[error("{file} has no period of the series: {benchmark}, and the series {series}")]
    NoCommon {
        /// The benchmark's file.
        file: String,
        /// Its first and last date, in words.
        benchmark: String,
        /// Those of the series.
        series: String,
    },
    /// A value that the kind of the series excludes.
    #[error("{file}: {column} is {value} on {date}, and {} {}", kind.as_str(), kind.rule())]
    BadValue {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The date.
        date: Date,
        /// The value.
        value: f64,
        /// What it was read as.
        kind: Kind,
    },
    /// A date stands twice.
    #[error("{file} has two rows of {date}")]
    TwoRows {
        /// The file.
        file: String,
        /// The date.
        date: Date,
    },
    /// Too few rows for a return.
    #[error("{file}: {column} has {rows} value{}; a record needs two returns", if *rows == 1 { "" } else { "s" })]
    TooShort {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// How many.
        rows: usize,
    },
    /// The benchmark has a hole where the series has none.
    #[error("{file}: no value between {after} and {date}, where the series has one")]
    Hole {
        /// The benchmark's file.
        file: String,
        /// The date of the series before.
        after: Date,
        /// The date without a value.
        date: Date,
    },
}

impl SeriesError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.hint(),
            Self::SeveralColumns { .. } | Self::NoColumn { .. } => {
                "name one with --column, of the benchmark with --benchmark-column".to_owned()
            }
            Self::OpenUnit { .. } => {
                "say which with --kind returns or --kind percent; of the benchmark with --benchmark-kind"
                    .to_owned()
            }
            Self::OpenKind { .. } => {
                "say which with --kind prices, returns or percent; of the benchmark with --benchmark-kind"
                    .to_owned()
            }
            Self::Irregular { .. } => "state the periods of a year with --periods-per-year".to_owned(),
            Self::NoCommon { .. } => "name a benchmark of the same time".to_owned(),
            Self::BadValue { .. } => {
                "correct the value, or say what the numbers are with --kind returns, percent or prices"
                    .to_owned()
            }
            Self::TwoRows { .. } => "keep one of the two".to_owned(),
            Self::Hole { .. } => "fill the benchmark, or begin the series later".to_owned(),
            Self::Unreadable { .. } | Self::TooShort { .. } | Self::NotDescribed(_) => return None,
        })
    }
}
