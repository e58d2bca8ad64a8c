//! What keeps an account from trading at prices other than adjusted closes, and trades from having an impact.

use walkfolio_core::Date;

/// What is missing or wrong in the prices, dividends and splits of an account, or in volumes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteError {
    /// Closes that are not as traded, or of which nobody knows.
    #[error("{file} has no unadjusted closes of {assets}: {why}")]
    Adjusted {
        /// The file.
        file: String,
        /// Their tickers.
        assets: String,
        /// What it has.
        why: &'static str,
    },
    /// A session of which the adjusted price is known and the close as traded is not.
    #[error(
        "{file} has no unadjusted close of {asset} on {date} or before, and the adjusted one is known"
    )]
    Missing {
        /// The file.
        file: String,
        /// The asset.
        asset: String,
        /// The session.
        date: Date,
    },
    /// Two closes that part by more than a dividend.
    #[error(
        "the unadjusted close of {asset} returns {:+.2} % on {date} and the adjusted one {:+.2} %: no dividend explains it",
        100.0 * close, 100.0 * adjusted
    )]
    NoDividend {
        /// The asset.
        asset: String,
        /// The session.
        date: Date,
        /// The return of the unadjusted close.
        close: f64,
        /// The return of the adjusted close.
        adjusted: f64,
    },
    /// Prices within sessions that are not of the closes.
    #[error(
        "the prices of {asset} in {file} are {times:.4} times its closes in the median: as {column} they are of another adjustment, currency or asset"
    )]
    OtherUnit {
        /// The file.
        file: String,
        /// What they are taken for.
        column: &'static str,
        /// The asset.
        asset: String,
        /// The median ratio to the close.
        times: f64,
    },
    /// A file without the column of prices within a session.
    #[error("{file} has no column {column} of {assets}")]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: &'static str,
        /// Their tickers.
        assets: String,
    },
    /// No value that was traded can be made of a file.
    #[error("{file} does not say what was traded of {assets}: {why}")]
    NoTradedValue {
        /// The file.
        file: String,
        /// Their tickers.
        assets: String,
        /// What it lacks.
        why: &'static str,
    },
}

impl QuoteError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Adjusted { .. } => {
                "name a file of closes as traded in account.closes, with dividends and splits in account.events, or remove account.prices: adjusted closes are the default"
            }
            Self::Missing { .. } => "supply closes of the same sessions as the adjusted ones",
            Self::NoDividend { .. } => {
                "state splits and dividends in account.events: date, ticker, dividend, split"
            }
            Self::NoTradedValue { .. } => {
                "name a file of shares traded in market.files.volumes, and one of closes adjusted for splits alone in market.files.closes"
            }
            Self::OtherUnit { .. } => {
                "supply prices that are adjusted as the closes of account.prices are: unadjusted ones go with prices = \"unadjusted\""
            }
            Self::NoColumn { column: "vwap", .. } => {
                "name a file of volume-weighted average prices in account.vwap, or trade at the close"
            }
            Self::NoColumn { .. } => "name a file of opens in account.opens, or trade at the close",
        }
    }
}
