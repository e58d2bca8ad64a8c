//! What is known of the tax lots of an account.

use walkfolio_data::AccountHoldings;
use walkfolio_orders::{LotMethod, TaxRates};

/// The lots of an account, and how its sales take them.
///
/// # Examples
/// See [`AccountInput`](super::AccountInput).
#[derive(Debug, Clone)]
pub struct TaxInput {
    /// A file of lots: each position with its date and cost; fewer than no shares were sold on the date, at `price`.
    pub lots: AccountHoldings,
    /// Which lots a sale takes.
    pub method: LotMethod,
    /// The rates of the tax, if it is to be told.
    pub rates: Option<TaxRates>,
    /// The most that may be realized, in the account's currency.
    pub max_gains: Option<f64>,
}
