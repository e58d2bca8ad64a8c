//! What the sales of an account realize.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// Realized gains by tax lots.
///
/// # Shape and units
/// In the account's currency; losses are negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GainsRow {
    /// Which lots a sale takes first: `highest_cost`, `fifo` or `minimum_tax`.
    pub method: String,
    /// What is realized and counts.
    pub realized: f64,
    /// The part of it on shares held for more than a year.
    pub long_term: f64,
    /// Losses of wash sales, which do not count.
    pub disallowed: f64,
    /// The tax at the rates that were given.
    pub tax: Option<f64>,
    /// The most that was to be realized.
    pub max: Option<f64>,
    /// What is sold of each lot.
    pub lots: Vec<SoldLotRow>,
    /// Assets of which more is sold than there are lots.
    pub without_lot: Vec<String>,
}

/// What is sold of a lot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoldLotRow {
    /// The asset.
    pub asset: String,
    /// When it was bought.
    pub acquired: Option<Date>,
    /// How many shares are sold.
    pub shares: f64,
    /// What they cost.
    pub cost: f64,
    /// What they are sold for.
    pub proceeds: f64,
    /// The difference.
    pub gain: f64,
    /// What of a loss does not count.
    pub disallowed: f64,
    /// Whether they were held for more than a year.
    pub long_term: bool,
}
