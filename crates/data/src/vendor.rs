//! What vendors ship, as one type: daily series with their events.
//!
//! [`parse`] is a pure function from bytes to [`Series`]: it tells the layout by the content
//! ([`Layout::Auto`]) or is told it. Values are read as they stand, missing ones as `None`; what
//! cannot be daily prices (intraday rows, web pages, Git LFS pointers, returns) is refused with an
//! error that names the fault. [`Series::total_return`] gives the prices a study earns its returns
//! on.

use walkfolio_core::{Date, Ticker};

use crate::source::{Content, Data, Source, text};
use crate::{Error, Result};

mod adjust;
mod cell;
mod daily;
mod header;
mod long_parquet;
mod yahoo;

pub use adjust::{Reinvested, factors};
pub(crate) use header::Header;

/// How a price file is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// Told by the content: see [`parse`].
    #[default]
    Auto,
    /// A column of dates, then one column a ticker.
    Wide,
    /// One row a ticker and session: a column of dates, one of tickers, one of closes.
    Long,
    /// The sessions of one ticker, whose name is that of the file.
    OneTicker,
    /// A response of Yahoo's chart service (v8).
    YahooChart,
}

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

/// What the last holder of a delisted asset got beside its last close.
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
/// `T` sessions, dates strictly increasing and local to the exchange; `close`, `adjusted` and
/// `volume` have `T` values. Prices are in `currency` (pounds where the vendor quotes pence),
/// volumes in shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The ticker.
    pub ticker: Ticker,
    /// The sessions.
    pub dates: Vec<Date>,
    /// The line or row of each session in the file, counted from 1.
    pub lines: Vec<usize>,
    /// Closes.
    pub close: Vec<Option<f64>>,
    /// What the closes contain.
    pub basis: Basis,
    /// The vendor's own closes adjusted for splits and dividends, if it ships them.
    pub adjusted: Option<Vec<Option<f64>>>,
    /// Volumes, if it ships them.
    pub volume: Option<Vec<Option<f64>>>,
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
    /// The prices that returns are earned on: the vendor's adjusted closes if it ships them, else
    /// closes adjusted by the events with [`factors`], each dividend put back on its ex-date.
    ///
    /// # Shape and units
    /// `T` prices in `currency`.
    /// # Errors
    /// [`Error::BadEvent`] for a split that is not positive or a dividend as large as the price.
    /// # Examples
    /// ```
    /// use walkfolio_core::Ticker;
    /// use walkfolio_data::vendor::{Layout, parse};
    ///
    /// // A four-for-one split on the second day: 100 before is 25 after.
    /// let text = "timestamp,close,dividend_amount,split_coefficient\n\
    ///     2024-01-02,100,0,1\n2024-01-03,26,0,4\n";
    /// let series = parse("X.csv", text.as_bytes(), Layout::Auto, &Ticker::new("X")?)?;
    /// assert_eq!(series[0].total_return("X.csv")?, [Some(25.0), Some(26.0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn total_return(&self, file: &str) -> Result<Vec<Option<f64>>> {
        if let Some(adjusted) = &self.adjusted {
            return Ok(adjusted.clone());
        }
        let factors = factors(file, self, Reinvested::ExClose)?;
        let pairs = self.close.iter().zip(factors);
        Ok(pairs.map(|(close, factor)| close.map(|close| close * factor)).collect())
    }

    /// Checks dates and values once all rows are in; newest-first files are turned round.
    pub(crate) fn settle(mut self, file: &str) -> Result<Self> {
        if self.dates.is_empty() {
            return Err(Error::NoRows { file: file.to_owned() });
        }
        if self.dates.windows(2).all(|pair| pair[1] < pair[0]) {
            self.reverse();
        }
        crate::table::check_order(file, &self.dates, &self.lines)?;
        self.dividends.sort_by_key(|event| event.date);
        self.splits.sort_by_key(|event| event.date);
        self.delistings.sort_by_key(|event| event.date);
        check_prices(file, self.ticker.as_str(), self.close.iter().copied())?;
        Ok(self)
    }

    fn reverse(&mut self) {
        self.dates.reverse();
        self.lines.reverse();
        self.close.reverse();
        for column in [&mut self.adjusted, &mut self.volume].into_iter().flatten() {
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
/// fault of another kind.
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

/// Reads the series of a text: one of a one-ticker file or a chart response, all of a long file.
///
/// Column names are recognized whatever their case, in English and as Stooq writes them in Polish.
/// A table with a column of tickers and one of closes is long; one whose columns are all fields of
/// a price record (open, high, low, close, volume ..) holds one ticker; JSON is a chart response. A
/// wide table is refused here: [`load`](crate::load) reads it. `ticker` names the series of a file
/// that does not name it itself.
///
/// # Shape and units
/// As [`Series`]; a long file gives its tickers in order of their first row.
/// # Errors
/// [`Error::AmbiguousHeader`], [`Error::NoPriceColumn`] or [`Error::NoDateColumn`] for a header
/// that cannot be read one way only; [`Error::Intraday`], [`Error::NotPrices`] and
/// [`Error::WrongKind`] for what is no table of daily prices; [`Error::BadDate`],
/// [`Error::BadCell`] and [`Error::RaggedRow`] with the line; [`Error::Refused`] for a response
/// that states an error.
/// # Examples
/// ```
/// use walkfolio_core::Ticker;
/// use walkfolio_data::vendor::{Layout, parse};
///
/// // investing.com: newest first, month before day, volumes abbreviated.
/// let text = "\"Date\",\"Price\",\"Vol.\"\n\"07/26/2019\",\"31.69\",\"49.01M\"\n\
///     \"07/25/2019\",\"29.15\",\"20.28M\"\n";
/// let series = parse("FDC.csv", text.as_bytes(), Layout::Auto, &Ticker::new("FDC")?)?;
/// assert_eq!(series[0].close, [Some(29.15), Some(31.69)]);
/// assert_eq!(series[0].volume.as_ref().map(|volume| volume[1]), Some(Some(49_010_000.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(file: &str, bytes: &[u8], layout: Layout, ticker: &Ticker) -> Result<Vec<Series>> {
    let content = Content::of(bytes);
    if content == Content::Parquet && matches!(layout, Layout::Auto | Layout::Long) {
        return long_parquet::parse(file, &Data::Bytes(bytes.to_vec().into()));
    }
    of_text(file, (content, bytes), layout, ticker)
}

/// As [`parse`], of a file that has been opened; the rows of a Parquet file are read batch by batch.
pub(crate) fn read(source: &Source, layout: Layout, ticker: &Ticker) -> Result<Vec<Series>> {
    let file = &source.file;
    if source.content == Content::Parquet && matches!(layout, Layout::Auto | Layout::Long) {
        return long_parquet::parse(file, &source.data);
    }
    of_text(file, (source.content, source.data.bytes()), layout, ticker)
}

fn of_text(
    file: &str,
    (content, bytes): (Content, &[u8]),
    layout: Layout,
    ticker: &Ticker,
) -> Result<Vec<Series>> {
    match (content, layout) {
        (Content::Json, Layout::Auto | Layout::YahooChart) => {
            Ok(vec![yahoo::parse(file, &text(file, bytes)?, ticker)?])
        }
        (Content::Text, Layout::Auto | Layout::Long | Layout::OneTicker) => {
            daily::parse(file, &text(file, bytes)?, layout, ticker)
        }
        _ => Err(Error::WrongKind {
            file: file.to_owned(),
            found: content.describe(),
            role: "daily series",
            accepted: "CSV, long Parquet or a Yahoo chart response",
            remedy: content.remedy(),
        }),
    }
}

#[cfg(test)]
mod tests;
