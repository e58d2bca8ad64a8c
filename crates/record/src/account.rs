//! What an account is to trade: a part of `decision.json`.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::GainsRow;

/// What an account holds, trades, and holds then.
///
/// # Shape and units
/// Money is in the account's currency, weights are fractions of what the account is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountTrade {
    /// The file of the holdings.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Whose layout it has.
    pub broker: String,
    /// The day of the holdings, if the file says so.
    pub date: Option<Date>,
    /// What the account is worth before the trade.
    pub equity: f64,
    /// Cash before.
    pub cash_before: f64,
    /// Cash after, with the cost paid.
    pub cash_after: f64,
    /// What the trade costs.
    pub cost: f64,
    /// The orders, sales first.
    pub orders: Vec<OrderRow>,
    /// Every position, before and after.
    pub positions: Vec<PositionRow>,
    /// What rounding to whole lots costs; none where nothing is traded.
    pub rounding: Option<RoundingRow>,
    /// What the sales realize; none without tax lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gains: Option<GainsRow>,
    /// Assets that are near enough to their targets to be left alone.
    pub in_band: Vec<String>,
    /// Assets whose trade would have been too small.
    pub too_small: Vec<String>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderRow {
    /// The asset.
    pub asset: String,
    /// `buy` or `sell`.
    pub side: String,
    /// How many shares.
    pub shares: f64,
    /// The price that it is planned at.
    pub price: f64,
    /// Shares times price.
    pub value: f64,
    /// What it costs.
    pub cost: f64,
}

/// A position before and after the trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PositionRow {
    /// The asset.
    pub asset: String,
    /// Shares before.
    pub shares_before: f64,
    /// Shares after.
    pub shares_after: f64,
    /// The price of a share.
    pub price: f64,
    /// Its weight before.
    pub before: f64,
    /// The weight that the study decides on.
    pub target: f64,
    /// Its weight after, in whole lots.
    pub after: f64,
}

/// What rounding to whole lots costs, in the objective's unit; smaller is better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundingRow {
    /// `best` where no other whole lots are better, `improved` where no exchange of two is, `fine` where lots are
    /// too small to matter.
    pub status: String,
    /// What the objective loses.
    pub loss: f64,
    /// What it loses at least, whichever lots are chosen.
    pub bound: f64,
    /// `loss - bound`.
    pub gap: f64,
    /// The objective at the target.
    pub objective: Option<f64>,
    /// The objective at the whole lots.
    pub rounded: Option<f64>,
}

impl RoundingRow {
    /// What the loss is of, in words: of the objective, or of the squared distance of the weights where the target is
    /// the best portfolio of no objective.
    pub fn unit(&self) -> &'static str {
        if self.objective.is_some() { "of the objective" } else { "of squared weight" }
    }
}
