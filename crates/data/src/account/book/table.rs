//! The accounts of a book, and what each holds and limits.

use std::ops::Range;

use walkfolio_core::{Date, Note};

use super::details::{Detail, Details};
use crate::account::broker::Broker;
use crate::account::held::{AccountHoldings, HeldPosition, Quantity};
use crate::account::reading::is_cash;

/// An account of an [`AccountBook`].
///
/// # Shape and units
/// Cash and gains in the account's currency, turnover as a fraction of what it is worth.
/// # Examples
/// See [`AccountBook::read`].
#[derive(Debug, Clone, PartialEq)]
pub struct BookEntry {
    /// Its name.
    pub id: String,
    /// The line of the file of accounts.
    pub line: usize,
    /// Its cash, in place of that of the positions.
    pub cash: Option<f64>,
    /// The day of its holdings.
    pub as_of: Option<Date>,
    /// Tickers that it must not hold.
    pub exclude: Vec<String>,
    /// The largest turnover.
    pub max_turnover: Option<f64>,
    /// The most gains that its sales may realize.
    pub max_gains: Option<f64>,
    /// What of it cannot be read, and what to do about it.
    pub fault: Option<(String, String)>,
    pub(super) positions: Range<usize>,
}

/// A line of the file of positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub account: u32,
    pub ticker: u32,
    pub line: u32,
    pub shares: f64,
}

/// Many accounts and their positions, in the order of the accounts' names.
///
/// A position takes 24 bytes, and 72 more where its file says a price, a cost, a date or bounds.
///
/// # Examples
/// See [`AccountBook::read`].
#[derive(Debug, Clone)]
pub struct AccountBook {
    /// The accounts, by name in the order of its bytes.
    pub entries: Vec<BookEntry>,
    /// The files' names and their SHA-256: accounts, then positions.
    pub files: [(String, String); 2],
    /// What the reader must know of both.
    pub notes: Vec<Note>,
    pub(super) held: Vec<Held>,
    pub(super) details: Details,
    pub(super) tickers: Vec<String>,
}

impl AccountBook {
    /// What an account holds.
    ///
    /// # Panics
    /// If there are fewer accounts.
    pub fn holdings(&self, at: usize) -> AccountHoldings {
        let lines = self.lines(at).filter(|(held, detail)| {
            (held.shares != 0.0 || detail.is_lot()) && !detail.is_sale(held.shares)
        });
        let (cash, positions): (Vec<_>, Vec<_>) = lines
            .map(|(held, detail)| self.position(held, detail))
            .partition(|own| is_cash(&own.ticker, "", ""));
        let amounts = cash.iter().map(|own| match own.held {
            Quantity::Shares(amount) => amount,
            Quantity::Value(_) | Quantity::Weight(_) => 0.0,
        });
        let cash = (!cash.is_empty()).then(|| amounts.sum());
        AccountHoldings { cash, positions, ..self.empty(at) }
    }

    /// The lots of an account: lines with a cost or a date; none without one.
    ///
    /// # Panics
    /// As [`AccountBook::holdings`].
    pub fn lots(&self, at: usize) -> Option<AccountHoldings> {
        let lines = self.lines(at).filter(|(_, detail)| detail.is_lot());
        let positions: Vec<HeldPosition> =
            lines.map(|(held, detail)| self.position(held, detail)).collect();
        (!positions.is_empty()).then(|| AccountHoldings { positions, ..self.empty(at) })
    }

    /// The bounds of single assets that an account states: ticker, smallest and largest weight, line.
    ///
    /// # Panics
    /// As [`AccountBook::holdings`].
    pub fn bounds(
        &self,
        at: usize,
    ) -> impl Iterator<Item = (&str, Option<f64>, Option<f64>, usize)> {
        let stated = |detail: &Detail| detail.min.is_some() || detail.max.is_some();
        self.lines(at).filter(move |(_, detail)| stated(detail)).map(|(held, detail)| {
            (&self.tickers[held.ticker as usize][..], detail.min, detail.max, held.line as usize)
        })
    }

    /// All tickers that some account holds or bounds.
    pub fn tickers(&self) -> &[String] {
        &self.tickers
    }

    fn lines(&self, at: usize) -> impl Iterator<Item = (&Held, Detail)> {
        let held = &self.held[self.entries[at].positions.clone()];
        held.iter().map(|held| (held, self.details.of(held.line)))
    }

    fn position(&self, held: &Held, detail: Detail) -> HeldPosition {
        HeldPosition {
            ticker: self.tickers[held.ticker as usize].clone(),
            held: Quantity::Shares(held.shares),
            price: detail.price,
            cost_basis: detail.cost_basis,
            acquired: detail.acquired,
            line: held.line as usize,
        }
    }

    fn empty(&self, at: usize) -> AccountHoldings {
        let (file, sha256) = self.files[1].clone();
        AccountHoldings {
            file,
            broker: Broker::Plain,
            date: self.entries[at].as_of,
            cash: None,
            positions: Vec::new(),
            notes: Vec::new(),
            sha256,
        }
    }
}
