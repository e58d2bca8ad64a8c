//! Positions of an account.

use walkfolio_core::{Date, Note};

use super::broker::Broker;

/// How much of an asset is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// So many shares, negative for a short position.
    Shares(f64),
    /// So much of the account's currency.
    Value(f64),
    /// A fraction of what the account is worth.
    Weight(f64),
}

/// One position of an account.
///
/// # Examples
/// See [`AccountHoldings::read`].
#[derive(Debug, Clone, PartialEq)]
pub struct HeldPosition {
    /// The asset as the broker calls it.
    pub ticker: String,
    /// How much of it.
    pub held: Quantity,
    /// What the broker values a share at.
    pub price: Option<f64>,
    /// What the position was bought for, all of it.
    pub cost_basis: Option<f64>,
    /// When it was bought.
    pub acquired: Option<Date>,
    /// The line of the file.
    pub line: usize,
}

/// What an account holds.
///
/// # Examples
/// See [`AccountHoldings::read`].
#[derive(Debug, Clone, PartialEq)]
pub struct AccountHoldings {
    /// The file's name.
    pub file: String,
    /// Whose layout it has.
    pub broker: Broker,
    /// The day it was exported, if it says so.
    pub date: Option<Date>,
    /// Cash, if it says so.
    pub cash: Option<f64>,
    /// The positions in the order of the file; a ticker may have several.
    pub positions: Vec<HeldPosition>,
    /// What the reader must know of how it was read.
    pub notes: Vec<Note>,
    /// SHA-256 of the file.
    pub sha256: String,
}
