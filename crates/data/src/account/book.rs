//! Many accounts at once: what each has, holds and limits.

mod details;
mod read;
mod records;
mod table;

use std::path::Path;

use crate::Result;
pub use table::{AccountBook, BookEntry};

impl AccountBook {
    /// Reads accounts and their positions, each a CSV or a Parquet file.
    ///
    /// Accounts have the columns `account` and, where they are known, `cash`, `as_of`, `exclude` (tickers with `;` or
    /// blanks between them), `max_turnover` and `max_gains`. Positions have `account`, `ticker` and `shares`, and where
    /// they are known `price`, `cost_basis` and `date` (of the purchase), `min` and `max` (weights). Several lines
    /// of a ticker are lots; one of negative shares with a date is a sale on that date, and not held. A line `CASH` is cash. A line without shares only bounds its asset.
    ///
    /// What of an account cannot be read is a fault of that account alone.
    ///
    /// # Errors
    /// Those of a file; [`Error::NoColumn`](crate::Error::NoColumn), and
    /// [`Error::BadCell`](crate::Error::BadCell) for a line without an account, or a second line of one.
    /// # Examples
    /// ```
    /// use walkfolio_data::{AccountBook, Quantity};
    ///
    /// let place = |name: &str| std::env::temp_dir().join(format!("walkfolio-doc-book-{name}.csv"));
    /// std::fs::write(place("accounts"), "account,cash,exclude\nB,500,XLE\nA,100,\n")?;
    /// std::fs::write(place("positions"), "account,ticker,shares\nB,XLF,12\nA,XLE,3\nA,XLF,many\n")?;
    /// let book = AccountBook::read(&place("accounts"), &place("positions"))?;
    /// let [a, b] = &book.entries[..] else { panic!("two accounts") };
    /// assert_eq!((b.id.as_str(), b.cash, &b.exclude[..]), ("B", Some(500.0), &["XLE".to_owned()][..]));
    /// assert_eq!(book.holdings(1).positions[0].held, Quantity::Shares(12.0));
    /// assert!(a.fault.as_ref().is_some_and(|(what, _)| what.contains("line 4")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(accounts: &Path, positions: &Path) -> Result<Self> {
        read::book(accounts, positions)
    }
}

#[cfg(test)]
mod tests;
