//! What can keep a moment from being estimated.

/// The result of an estimation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A window from which a moment cannot be estimated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The window has too few rows.
    #[error("a window of {rows} rows is too short: {what} needs at least {least}")]
    TooFewRows {
        /// The estimator.
        what: &'static str,
        /// Rows given.
        rows: usize,
        /// Rows needed.
        least: usize,
    },
    /// Two tables that belong together differ in length.
    #[error("{what} has {found} rows, the returns have {expected}")]
    Length {
        /// The other table.
        what: &'static str,
        /// Rows of the returns.
        expected: usize,
        /// Rows of the other table.
        found: usize,
    },
    /// The factors of a window are linearly dependent.
    #[error("the {factors} factors are linearly dependent over the {rows} rows of the window")]
    DependentFactors {
        /// Number of factors.
        factors: usize,
        /// Rows of the window.
        rows: usize,
    },
    /// No review of the benchmark has taken effect yet.
    #[error("no review of the benchmark has taken effect yet")]
    NoReview,
    /// The market did not move.
    #[error(
        "the market's return is constant over the {rows} rows of the window: beta is undefined"
    )]
    ConstantMarket {
        /// Rows of the window.
        rows: usize,
    },
    /// The moments do not form a covariance.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooFewRows { .. } => Some("give the window more rows".to_owned()),
            Self::DependentFactors { .. } => {
                Some("lengthen the window, or check the factor file for a repeated column".into())
            }
            Self::NoReview => Some("start later, or name more review months".to_owned()),
            Self::ConstantMarket { .. } => Some("check Mkt-RF and RF in the factor file".into()),
            Self::Length { .. } => None,
            Self::Core(error) => error.hint(),
        }
    }
}

impl From<Error> for walkfolio_core::Error {
    fn from(error: Error) -> Self {
        Self::Policy { message: error.to_string(), hint: error.hint() }
    }
}
