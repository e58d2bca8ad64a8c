//! The sessions of one ticker with their events: what vendors ship, as one type.

use walkfolio_core::{Date, Ticker};

use crate::table::{Values, check_order};
use crate::{Error, Result};

/// What a vendor's close already contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Closes as traded: splits and dividends are still to be applied.
    Raw,
    /// Adjusted for splits: dividends are still to be applied.
    SplitAdjusted,
    /// Adjusted for splits and dividends: nothing is to be applied.
    TotalReturn,
    /// The file does not say.
    Unstated,
}

impl Basis {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::SplitAdjusted => "split_adjusted",
            Self::TotalReturn => "total_return",
            Self::Unstated => "unstated",
        }
    }

    /// The basis of a word in a file.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Raw, Self::SplitAdjusted, Self::TotalReturn, Self::Unstated]
            .into_iter()
            .find(|basis| basis.as_str() == word)
    }
}

/// A cash dividend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dividend {
    /// The ex-date: the first session whose buyer does not get it.
    pub date: Date,
    /// Cash per share, in the currency and the shares of the series' close.
    pub amount: f64,
}

/// A split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The first session that trades the new shares.
    pub date: Date,
    /// New shares per old one: 4 for four-for-one, 0.125 for one-for-eight.
    pub ratio: f64,
}

/// What the last holder of a delisted asset got in addition to its last close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delisting {
    /// The day that the file states: that of the last close or later.
    pub date: Date,
    /// A fraction of the last close: -0.3 for 30 % less, -1 for nothing at all.
    pub value: f64,
}

/// The sessions of one ticker, as a vendor ships them.
///
/// # Shape and units
/// `T` sessions, dates strictly increasing and local to the exchange; `close`, `adjusted`,
/// `volume`, `open` and `vwap` have `T` values. Prices are in `currency` (pounds where the vendor quotes pence),
/// volumes in shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The ticker.
    pub ticker: Ticker,
    /// The sessions.
    pub dates: Vec<Date>,
    /// The line or row of each session in the file, counted from 1; none of a long Parquet file.
    pub lines: Vec<usize>,
    /// Closes.
    pub close: Values,
    /// What the closes contain.
    pub basis: Basis,
    /// The vendor's own closes adjusted for splits and dividends, if it ships them.
    pub adjusted: Option<Vec<Option<f64>>>,
    /// Volumes, if it ships them.
    pub volume: Option<Vec<Option<f64>>>,
    /// Opens, if they were asked for and it ships them.
    pub open: Option<Vec<Option<f64>>>,
    /// Volume-weighted average prices, if they were asked for and it ships them.
    pub vwap: Option<Vec<Option<f64>>>,
    /// Dividends by date.
    pub dividends: Vec<Dividend>,
    /// Splits by date.
    pub splits: Vec<Split>,
    /// Delisting returns by date: several where a ticker was used again.
    pub delistings: Vec<Delisting>,
    /// The ISO 4217 code of the currency, if it is stated.
    pub currency: Option<String>,
    /// How the file was written: `Yahoo chart JSON`, `one-ticker CSV` ..
    pub format: &'static str,
}

impl Series {
    /// A series without sessions, to which rows are added.
    pub(crate) fn empty(ticker: Ticker, basis: Basis, format: &'static str) -> Self {
        Self {
            ticker,
            dates: Vec::new(),
            lines: Vec::new(),
            close: Values::default(),
            basis,
            adjusted: None,
            volume: None,
            open: None,
            vwap: None,
            dividends: Vec::new(),
            splits: Vec::new(),
            delistings: Vec::new(),
            currency: None,
            format,
        }
    }

    /// Checks dates and values once all rows are in; newest-first files are turned round.
    pub(crate) fn settle(mut self, file: &str) -> Result<Self> {
        if self.dates.is_empty() {
            return Err(Error::NoRows { file: file.to_owned() });
        }
        if self.dates.windows(2).all(|pair| pair[1] < pair[0]) {
            self.reverse();
        }
        check_order(file, &self.dates, &self.lines)?;
        self.dividends.sort_by_key(|event| event.date);
        self.splits.sort_by_key(|event| event.date);
        self.delistings.sort_by_key(|event| event.date);
        check_prices(file, self.ticker.as_str(), self.close.iter())?;
        Ok(self)
    }

    /// Frees what nobody reads once the prices are a column: all values, or, where somebody
    /// asks for volumes and `events`, the lines and the closes that are prices already.
    pub(crate) fn release(&mut self, events: bool) {
        self.lines = Vec::new();
        if self.adjusted.is_none() || !events {
            self.close = Values::default();
        }
        if !events {
            self.dates = Vec::new();
            self.volume = None;
            self.adjusted.iter_mut().for_each(|own| *own = Vec::new());
        }
    }

    /// Room for so many rows, of which there is none yet.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.dates.reserve_exact(rows);
        self.close = Values::with_capacity(rows);
        for column in self.columns() {
            column.reserve_exact(rows);
        }
    }

    /// The columns next to the closes.
    fn columns(&mut self) -> impl Iterator<Item = &mut Vec<Option<f64>>> {
        let Self { adjusted, volume, open, vwap, .. } = self;
        [adjusted, volume, open, vwap].into_iter().flatten()
    }

    fn reverse(&mut self) {
        self.dates.reverse();
        self.lines.reverse();
        self.close.reverse();
        for column in self.columns() {
            column.reverse();
        }
    }
}

/// A ticker that a file states.
pub(crate) fn ticker(file: &str, name: &str) -> Result<Ticker> {
    Ticker::new(name).map_err(|source| Error::Market { file: file.to_owned(), source })
}

/// Refuses a column whose sign changes as returns do and prices never: in a fifth of all steps.
///
/// A column of a few rows is not judged, nor is a run of negative prices, which is a vendor's
/// error of another kind.
pub(crate) fn check_prices(
    file: &str,
    column: &str,
    values: impl Iterator<Item = Option<f64>>,
) -> Result<()> {
    const FEWEST: usize = 20;
    let known: Vec<f64> = values.flatten().filter(|value| *value != 0.0).collect();
    let changes = known.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count();
    if known.len() < FEWEST || 5 * changes < known.len() {
        return Ok(());
    }
    let (file, column) = (file.to_owned(), column.to_owned());
    Err(Error::NotPrices { file, column, changes, rows: known.len() })
}
