//! Why an account cannot be traded.

use walkfolio_core::number::shown;

/// The result of a trade.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An account that cannot be brought to a target.
///
/// # Examples
/// ```
/// use walkfolio_orders::{Account, Goal, TradeRules};
///
/// let account = Account { shares: vec![10.0], cash: -1_000.0 };
/// let error = account.trade(&[50.0], &Goal::of_weights(vec![1.0]), &TradeRules::whole(0.0)).unwrap_err();
/// assert_eq!(error.to_string(), "the account is worth -500: nothing can be bought with it");
/// assert!(error.hint().is_some());
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is not one value for each asset.
    #[error("{what} of {found} assets, a target of {expected}")]
    Shape {
        /// What.
        what: &'static str,
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A number that cannot be traded with.
    #[error("{what} of asset {asset} is {}; it must be {rule}", shown(*value))]
    Value {
        /// What.
        what: &'static str,
        /// Whose, from 0 on.
        asset: usize,
        /// What it must be.
        rule: &'static str,
        /// What it is.
        value: f64,
    },
    /// Debts as large as everything that is held.
    #[error("the account is worth {}: nothing can be bought with it", shown(*equity))]
    NoEquity {
        /// What it is worth.
        equity: f64,
    },
    /// No number of lots that the cash pays for keeps the limits.
    #[error("no portfolio of whole lots keeps the limits with the cash there is")]
    NoLots,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Shape { .. } => return None,
            Self::Value { .. } => "correct the file of the holdings or of the prices",
            Self::NoEquity { .. } => "check the holdings, and the cash with --cash",
            Self::NoLots => "use smaller lots or fractional shares, or wider limits",
        };
        Some(hint.to_owned())
    }
}
