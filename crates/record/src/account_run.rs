//! Decisions carried out in an account: `account.parquet` and `account_orders.parquet`.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::measures::MeasureSet;

/// The account of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountRun {
    /// Each session from that of the first trade on.
    pub days: Vec<AccountDayRow>,
    /// Every order, in the order in which they were executed.
    pub orders: Vec<AccountOrderRow>,
    /// Its measures: time-weighted, after everything it paid.
    pub measures: MeasureSet,
}

/// An account at the close of a session.
///
/// `value = cash + long - short`; cash changes by
/// `dividends + proceeds + financing + flows - bought - costs - commissions`.
///
/// # Shape and units
/// The currency of the prices; `net` and `margin_used` are fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountDayRow {
    /// The session.
    pub date: Date,
    /// What it is worth.
    pub value: f64,
    /// Its return since the close before, flows left out: `(value - flows) / value before - 1`, -1 at a wipeout. None
    /// on the first session, whose costs are in the return of the second.
    pub net: Option<f64>,
    /// Cash, the proceeds of short sales included; negative where it is borrowed.
    pub cash: f64,
    /// The value of long positions.
    pub long: f64,
    /// The value of short positions, not negative.
    pub short: f64,
    /// Dividends, less those owed on short positions.
    pub dividends: f64,
    /// Paid for assets that ended, and for fractions of shares after a split.
    pub proceeds: f64,
    /// Interest earned less interest and fees paid.
    pub financing: f64,
    /// Commissions.
    pub commissions: f64,
    /// Costs in proportion to what was traded.
    pub costs: f64,
    /// Paid in, less what was paid out.
    pub flows: f64,
    /// The value of what was bought, less that of what was sold.
    pub bought: f64,
    /// The value of all orders.
    pub traded: f64,
    /// The value of the orders of a margin call.
    pub forced: f64,
    /// The maintenance margin as a fraction of value; none without a margin rule.
    pub margin_used: Option<f64>,
}

/// An order of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountOrderRow {
    /// The session.
    pub date: Date,
    /// The asset.
    pub asset: String,
    /// `rebalance`, `margin_call` or `withdrawal`.
    pub reason: String,
    /// How many; negative where they are sold.
    pub shares: f64,
    /// The price.
    pub price: f64,
    /// Costs in proportion to its value.
    pub cost: f64,
    /// The commission.
    pub commission: f64,
}
