//! How many accounts are traded.

use walkfolio_orders::{LotMethod, TaxRates, TradeRules};

/// How all accounts of a book are traded.
///
/// # Examples
/// See [`Live::accounts`](super::live::Live::accounts).
#[derive(Debug, Clone)]
pub struct Terms {
    /// Lots, bands and the smallest trade.
    pub rules: TradeRules,
    /// The tracking error a year between holdings and target up to which nothing is traded.
    pub band_risk: Option<f64>,
    /// Which lots sales take first.
    pub method: LotMethod,
    /// The rates of the tax, if it is to be told.
    pub rates: Option<TaxRates>,
    /// Prices of now, unadjusted, in place of the last ones of the data.
    pub quotes: Vec<(String, f64)>,
}
