//! What an account holds, as brokers export it.

mod book;
mod broker;
mod header;
mod held;
mod layout;
mod parse;
mod reading;
mod sections;

use std::path::Path;

use crate::Result;
use crate::source::{Accepts, Content, Source};
pub use book::{AccountBook, BookEntry};
pub use broker::Broker;
pub use held::{AccountHoldings, HeldPosition, Quantity};
use parse::Rows;

impl AccountHoldings {
    /// Reads holdings: the exports of Interactive Brokers (activity statement or flex query), Schwab and Fidelity, or
    /// a CSV with the columns `ticker` and one of `shares`, `value` and `weight`, and where they are known
    /// `cost_basis`, `date` (of the purchase) and `price`. A row named `CASH` is cash.
    ///
    /// # Errors
    /// Those of a text file; [`Error::NoHoldings`](crate::Error::NoHoldings) where no line has such columns,
    /// [`Error::BadCell`](crate::Error::BadCell) for a cell that is no number.
    /// # Examples
    /// ```
    /// use walkfolio_data::{AccountHoldings, Broker, Quantity};
    ///
    /// let path = std::env::temp_dir().join("walkfolio-doc-holdings.csv");
    /// std::fs::write(&path, "ticker,shares,cost_basis\nXLE,12,600\nCASH,250,\n")?;
    /// let found = AccountHoldings::read(&path)?;
    /// assert_eq!((found.broker, found.cash), (Broker::Plain, Some(250.0)));
    /// assert_eq!(found.positions[0].held, Quantity::Shares(12.0));
    /// assert_eq!(found.positions[0].cost_basis, Some(600.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(path: &Path) -> Result<Self> {
        let accepts = Accepts { role: "holdings", kinds: &[Content::Text], described: "CSV" };
        let source = Source::read(path, accepts)?;
        let (sha256, file) = (source.sha256.clone(), source.file.clone());
        let rows = Rows::of(&file, &source.text()?)?;
        let mut found = layout::holdings(&rows)?;
        found.file.clone_from(&source.name);
        found.sha256 = sha256;
        Ok(found)
    }
}

/// Prices of now: a CSV with the columns `ticker` and `price`, one line for each asset, unadjusted.
///
/// # Errors
/// As [`AccountHoldings::read`]; [`Error::BadCell`](crate::Error::BadCell) for a price that is not above 0.
/// # Examples
/// ```
/// let path = std::env::temp_dir().join("walkfolio-doc-quotes.csv");
/// std::fs::write(&path, "ticker,price\nXLE,91.25\n")?;
/// assert_eq!(walkfolio_data::read_quotes(&path)?, [("XLE".to_owned(), 91.25)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_quotes(path: &Path) -> Result<Vec<(String, f64)>> {
    let accepts = Accepts { role: "quotes", kinds: &[Content::Text], described: "CSV" };
    let source = Source::read(path, accepts)?;
    let file = source.file.clone();
    layout::quotes(&Rows::of(&file, &source.text()?)?)
}

#[cfg(test)]
mod tests;
