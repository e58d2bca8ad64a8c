//! What can be unclear about the form of dates and numbers.

/// Cells that can be read in more than one way, or in none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// A date whose day and month cannot be distinguished.
    #[error(
        "line {line} has date {value:?}, and no date of the file shows its order: it is {}",
        readings.join(", or ")
    )]
    DateOrder {
        /// The line.
        line: usize,
        /// The first such date.
        value: String,
        /// What it means in each order.
        readings: Vec<String>,
    },
    /// Dates of different orders.
    #[error(
        "line {} has date {:?}, which is day/month/year, and line {} has {:?}, which is month/day/year",
        day_first.0, day_first.1, month_first.0, month_first.1
    )]
    DateOrders {
        /// A line, and its date with the day first.
        day_first: (usize, String),
        /// A line, and its date with the month first.
        month_first: (usize, String),
    },
    /// A number that is different with a decimal point and with a decimal comma.
    #[error(
        "line {line}, column {column}, has {value:?}, and no number of the file shows its decimal separator: it is {} with a decimal point, or {} with a decimal comma",
        readings[0], readings[1]
    )]
    Decimal {
        /// The line.
        line: usize,
        /// The column's name.
        column: String,
        /// The first such number.
        value: String,
        /// With a point, and with a comma.
        readings: [f64; 2],
    },
    /// Numbers with points and numbers with commas.
    #[error(
        "line {} has {:?}, which has a decimal point, and line {} has {:?}, which has a decimal comma",
        cells[0].0, cells[0].1, cells[1].0, cells[1].1
    )]
    Decimals {
        /// A line and its number with a decimal point, and one with a comma.
        cells: [(usize, String); 2],
    },
    /// A time in UTC that is of one day in New York and of the next in Tokyo.
    #[error(
        "line {line} has {value:?}, a time in UTC, and the weekdays of the file do not show which day that is at the exchange"
    )]
    Utc {
        /// The line.
        line: usize,
        /// The first such time.
        value: String,
    },
}

impl FormError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::DateOrder { .. } => {
                "state csv.date_order in the study's [market], such as csv = { date_order = \"day_first\" }, or write dates as 2024-03-28"
            }
            Self::DateOrders { .. } => "write all dates in one order, best as 2024-03-28",
            Self::Decimal { .. } => {
                "state csv.decimal in the study's [market], such as csv = { decimal = \",\" }, or write plain numbers as 1234.5"
            }
            Self::Decimals { .. } => "write all numbers with one decimal separator, best as 1234.5",
            Self::Utc { .. } => "write the exchange's own dates, as 2024-03-28",
        }
    }
}
