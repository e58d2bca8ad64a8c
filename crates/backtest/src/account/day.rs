//! What an account was worth, what it was paid and charged, and what it traded.

use walkfolio_core::Row;

/// An account at the close of a session, with what changed its cash since the close before.
///
/// `value = cash + long - short`, and cash changes by exactly
/// `dividends + proceeds + financing + flows - bought - costs - commissions`.
///
/// # Shape and units
/// Currency.
/// # Examples
/// See [`simulate_account`](crate::simulate_account).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct AccountDay {
    /// The session.
    pub row: Row,
    /// What it is worth.
    pub value: f64,
    /// Cash, the proceeds of short sales included; negative where it is borrowed.
    pub cash: f64,
    /// The value of long positions.
    pub long: f64,
    /// The value of short positions, not negative.
    pub short: f64,
    /// Dividends, less those owed on short positions.
    pub dividends: f64,
    /// What was paid for assets that ended, and for fractions of shares after a split.
    pub proceeds: f64,
    /// Interest on cash and on the proceeds of short sales, less that on borrowed cash and the fees of borrowed shares.
    pub financing: f64,
    /// Paid in, less what was paid out.
    pub flows: f64,
    /// The value of what was bought, less that of what was sold.
    pub bought: f64,
    /// The value of all orders.
    pub traded: f64,
    /// The value of the orders that a margin call forced.
    pub forced: f64,
    /// Costs in proportion to the traded value, and of its impact on prices.
    pub costs: f64,
    /// Commissions.
    pub commissions: f64,
    /// The maintenance margin as a fraction of the account's value; none without a margin rule or without value.
    pub margin_used: Option<f64>,
}

/// Why an order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderReason {
    /// A decision was carried out.
    Rebalance,
    /// Equity did not cover the maintenance margin.
    MarginCall,
    /// Cash was paid out.
    Withdrawal,
}

impl OrderReason {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rebalance => "rebalance",
            Self::MarginCall => "margin_call",
            Self::Withdrawal => "withdrawal",
        }
    }
}

/// An order of an account.
///
/// # Shape and units
/// Shares are negative where they are sold; price, cost and commission are in currency.
/// # Examples
/// See [`simulate_account`](crate::simulate_account).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccountOrder {
    /// The session.
    pub row: Row,
    /// The asset, by its index.
    pub asset: usize,
    /// Why.
    pub reason: OrderReason,
    /// How many.
    pub shares: f64,
    /// The price.
    pub price: f64,
    /// Costs in proportion to its value, and of its impact on the price.
    pub cost: f64,
    /// The commission.
    pub commission: f64,
}
