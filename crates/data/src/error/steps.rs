//! What can be wrong with the sessions of price files.

use walkfolio_core::Date;

/// Too few sessions, or files whose sessions do not fit together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepsError {
    /// Prices of one session, from which no return can be taken.
    #[error("{file} has one row, {date}: a return needs two")]
    OneRow {
        /// The file.
        file: String,
        /// Its only session.
        date: Date,
    },
    /// A benchmark with a price a month, and assets with one a day, or the reverse.
    #[error(
        "{rare} has a row every {} as a rule, and {frequent} every {}: a session without a price has no return",
        days(*step), days(*other)
    )]
    Frequencies {
        /// The file with the longer steps.
        rare: String,
        /// Its median days between rows.
        step: i32,
        /// The other one.
        frequent: String,
        /// Its median days between rows.
        other: i32,
    },
}

fn days(step: i32) -> String {
    if step == 1 { "day".to_owned() } else { format!("{step} days") }
}

impl StepsError {
    /// What the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::OneRow { .. } => "supply a file with more sessions".to_owned(),
            Self::Frequencies { rare, frequent, .. } => format!(
                "supply prices of the same frequency: those of {rare} on every session of {frequent}, or both files with the sessions of {rare}"
            ),
        }
    }
}
