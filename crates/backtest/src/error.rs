//! What can stop a walk through history.

use walkfolio_core::Date;

/// The result of a backtest.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A backtest that could not go on.
///
/// # Examples
/// See [`Error::hint`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A policy found no portfolio.
    #[error("at the decision of {date}: {source}")]
    Decision {
        /// The decision's session.
        date: Date,
        /// Why.
        source: walkfolio_core::Error,
    },
    /// No decision falls into the period.
    #[error("no decision falls between {first} and {last}: {reason}")]
    NoDecision {
        /// First session looked at.
        first: Date,
        /// Last session looked at.
        last: Date,
        /// Why there is none.
        reason: String,
    },
    /// The windows are full, and no rebalance begins.
    #[error("no rebalance begins between {first} and {last}")]
    NoRebalance {
        /// First session on which one could.
        first: Date,
        /// Last session on which one could.
        last: Date,
    },
    /// Trades at prices that were there before the decision was made.
    #[error(
        "trades within a session need a lag of at least one session: without it they are made before the close that decides"
    )]
    TradedBeforeDecided,
    /// The market cannot be used.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
}

impl Error {
    /// What the user can do about it.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_backtest::Error;
    /// use walkfolio_core::Date;
    ///
    /// let (first, last) = (Date::constant(2024, 1, 2), Date::constant(2024, 1, 31));
    /// let error = Error::NoDecision { first, last, reason: "the windows are never full".into() };
    /// assert_eq!(
    ///     error.to_string(),
    ///     "no decision falls between 2024-01-02 and 2024-01-31: the windows are never full"
    /// );
    /// assert!(error.hint().is_some_and(|hint| hint.contains("shorten the windows")));
    /// ```
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Decision { source, .. } | Self::Core(source) => source.hint(),
            Self::TradedBeforeDecided => {
                Some("set the execution lag to 1, or trade at the close".to_owned())
            }
            Self::NoRebalance { .. } => {
                Some("rebalance more often, or choose dates that are further apart".to_owned())
            }
            Self::NoDecision { .. } => {
                Some("choose other dates, shorten the windows, or supply earlier data".to_owned())
            }
        }
    }
}
