//! What the columns of a price record are called.

use super::alpha_vantage::ALPHA_VANTAGE;
use super::binance::BINANCE;
use super::bloomberg::BLOOMBERG;
use super::eodhd::EODHD;
use super::finrl::FINRL;
use super::investing::INVESTING;
use super::languages::LANGUAGES;
use super::nse::NSE;
use super::polygon::POLYGON;
use super::quandl::QUANDL;
use super::stooq::STOOQ;
use super::tiingo::TIINGO;
use super::tradingview::TRADINGVIEW;
use super::vendor::{Field, Vendor};
use super::yfinance::YFINANCE;
use crate::dialect::{Sheet, is_date_name, is_unnamed};
use crate::series::Basis;
use crate::{Error, Result};

/// Vendors whose files are known by their columns: a file each, and a line here.
const VENDORS: [&Vendor; 14] = [
    &STOOQ,
    &ALPHA_VANTAGE,
    &INVESTING,
    &YFINANCE,
    &TIINGO,
    &QUANDL,
    &EODHD,
    &TRADINGVIEW,
    &BINANCE,
    &POLYGON,
    &NSE,
    &BLOOMBERG,
    &FINRL,
    &LANGUAGES,
];

/// What most vendors call their columns, in lower case.
const NAMES: [(Field, &[&str]); 8] = [
    (Field::Time, &["time"]),
    (Field::Ticker, &["ticker", "symbol", "name", "asset", "permno"]),
    (Field::Close, &["close", "price", "last", "close/last"]),
    (
        Field::Adjusted,
        &["adj close", "adj. close", "adj_close", "adjclose", "adjusted_close", "adjusted close"],
    ),
    (Field::Volume, &["volume", "vol"]),
    (Field::Dividend, &["dividends", "dividend"]),
    (Field::Split, &["splits", "split"]),
    (Field::Delisting, &["delisting_return", "delisting return", "dlret"]),
];

/// Fields of a price record that are not used.
const UNUSED: [&str; 5] = ["", "open", "high", "low", "capital gains"];

/// The places of a price record's fields.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// The names as the file writes them.
    pub(crate) names: Vec<String>,
    pub(crate) date: Option<usize>,
    pub(crate) time: Option<usize>,
    pub(crate) ticker: Option<usize>,
    pub(crate) close: Option<usize>,
    pub(crate) adjusted: Option<usize>,
    pub(crate) volume: Option<usize>,
    pub(crate) dividend: Option<usize>,
    pub(crate) split: Option<usize>,
    pub(crate) delisting: Option<usize>,
    /// Prices within a session, which are read where they are asked for.
    pub(crate) open: Option<usize>,
    pub(crate) vwap: Option<usize>,
    /// How many columns are not fields of a price record.
    pub(crate) strange: usize,
    /// The columns that number the rows.
    counters: Vec<usize>,
    /// Whose columns these are.
    vendor: Option<&'static Vendor>,
}

impl Header {
    /// Finds each field; of two columns for a field, the first.
    pub(crate) fn find(names: &[String]) -> Self {
        let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let first = |field: Field| places(&plain, field).next();
        let dates = || plain.iter().enumerate().filter(|(_, name)| is_date_name(name));
        let named = dates().find(|(_, name)| *name == "date").or_else(|| dates().next());
        let date = named.map(|(place, _)| place);
        Self {
            date,
            time: first(Field::Time).filter(|time| Some(*time) != date),
            ticker: first(Field::Ticker),
            close: first(Field::Close),
            adjusted: first(Field::Adjusted),
            volume: first(Field::Volume),
            dividend: first(Field::Dividend),
            split: first(Field::Split),
            delisting: first(Field::Delisting),
            open: plain.iter().position(|name| name == "open"),
            vwap: plain.iter().position(|name| name == "vwap"),
            strange: plain.iter().filter(|name| is_strange(name)).count(),
            counters: Vec::new(),
            vendor: VENDORS.into_iter().find(|vendor| (vendor.wrote)(names)),
            names: names.to_vec(),
        }
    }

    /// As [`Header::find`], of a text, whose cells show which columns hold dates and row numbers.
    pub(crate) fn of_sheet(sheet: &Sheet<'_>) -> Result<Self> {
        let mut header = Self::find(&sheet.names);
        header.date = sheet.date_column()?.or(header.date);
        header.time = header.time.filter(|time| Some(*time) != header.date);
        header.counters = sheet.counters(header.date)?;
        let counter = |at: &&usize| is_strange(&plain(&header.names[**at]));
        header.strange -= header.counters.iter().filter(counter).count();
        Ok(header)
    }

    /// Refuses a table of price records with two columns for a field.
    ///
    /// # Errors
    /// [`Error::AmbiguousHeader`] if two columns could be one field.
    pub(crate) fn checked(self, file: &str) -> Result<Self> {
        let header = self;
        // A table without a price is refused for that.
        if header.is_priced() && (header.ticker.is_some() || header.is_record()) {
            header.check_unique(file)?;
        }
        Ok(header)
    }

    fn check_unique(&self, file: &str) -> Result<()> {
        let plain: Vec<String> = self.names.iter().map(|name| plain(name)).collect();
        for field in
            Field::ALL.into_iter().filter(|field| !matches!(field, Field::Date | Field::Time))
        {
            let candidates: Vec<String> =
                places(&plain, field).map(|place| self.names[place].clone()).collect();
            if candidates.len() > 1 {
                let (file, header) = (file.to_owned(), self.names.clone());
                return Err(Error::AmbiguousHeader {
                    file,
                    what: field.what(),
                    candidates,
                    header,
                });
            }
        }
        Ok(())
    }

    /// Whether there is a column of closes.
    pub(crate) fn is_priced(&self) -> bool {
        self.close.is_some() || self.adjusted.is_some()
    }

    /// Whether the columns are those of a price record: nothing but its fields, or a bar.
    pub(crate) fn is_record(&self) -> bool {
        self.is_bar() || (self.is_priced() && self.strange == 0)
    }

    /// Whether there are two or more of open, high, low, close and volume, whatever else there is.
    ///
    /// OPEN, LOW, LAST and VOL are tickers, too: alone they may head columns of a wide table.
    pub(crate) fn is_bar(&self) -> bool {
        let plain: Vec<String> = self.names.iter().map(|name| plain(name)).collect();
        let has = |name: &str| plain.iter().any(|own| own == name);
        // Whatever the vendor's language; PRICE and LAST are tickers.
        let named = self.close.is_some_and(|at| !["price", "last"].contains(&plain[at].as_str()));
        let close = self.adjusted.is_some() || named;
        let bars = [has("open"), has("low"), has("high"), close, self.volume.is_some()];
        let no_ticker = close || has("high") || has("volume");
        no_ticker && bars.iter().filter(|own| **own).count() >= 2
    }

    /// What the closes of such a record contain.
    ///
    /// Raw ones are so by their vendor. Next to an adjusted close, a close contains the splits, as
    /// Yahoo's does.
    pub(crate) fn basis(&self) -> Basis {
        match self.vendor.and_then(|vendor| vendor.basis) {
            Some(Basis::Raw) => Basis::Raw,
            _ if self.adjusted.is_some() => Basis::SplitAdjusted,
            known => known.unwrap_or(Basis::Unstated),
        }
    }

    /// The same columns, written by yfinance.
    pub(crate) fn of_yfinance(self) -> Self {
        Self { vendor: Some(&YFINANCE), ..self }
    }

    /// Whether the vendor writes its dates as seconds or milliseconds since 1970.
    pub(super) fn is_epoch(&self) -> bool {
        self.vendor.is_some_and(|vendor| vendor.epoch)
    }

    /// How the file is called in a run's record.
    pub(super) fn format(&self) -> &'static str {
        let usual = if self.ticker.is_some() { "long CSV" } else { "one-ticker CSV" };
        self.vendor.and_then(|vendor| vendor.format).unwrap_or(usual)
    }

    /// The columns that are not read, without those that every record has.
    pub(super) fn unread(&self) -> Vec<&str> {
        let counters = self.counters.iter().map(|at| Some(*at));
        let used: Vec<Option<usize>> =
            self.used().into_iter().chain([self.time]).chain(counters).collect();
        let usual = [&UNUSED, STOOQ.unused, LANGUAGES.unused].concat();
        let known = |name: &str| is_unnamed(name) || usual.contains(&plain(name).as_str());
        let names = self.names.iter().enumerate();
        let unread = names.filter(|(at, name)| !used.contains(&Some(*at)) && !known(name));
        unread.map(|(_, name)| name.as_str()).collect()
    }

    /// The places that are read.
    pub(crate) fn used(&self) -> [Option<usize>; 10] {
        let Self { date, ticker, close, adjusted, volume, dividend, split, delisting, .. } = self;
        let (open, vwap) = (self.open, self.vwap);
        [*date, *ticker, *close, *adjusted, *volume, *dividend, *split, *delisting, open, vwap]
    }

    /// With or without the prices within a session.
    pub(crate) fn with_bars(self, bars: bool) -> Self {
        let (open, vwap) = (self.open.filter(|_| bars), self.vwap.filter(|_| bars));
        Self { open, vwap, ..self }
    }

    /// The column of dates, and that there is one of prices.
    ///
    /// # Errors
    /// [`Error::NoDateColumn`] or [`Error::NoPriceColumn`], with the header.
    pub(crate) fn date_column(&self, file: &str) -> Result<usize> {
        if !self.is_priced() {
            let (file, header) = (file.to_owned(), self.names.clone());
            return Err(Error::NoPriceColumn { file, header });
        }
        self.date.ok_or_else(|| Error::NoDateColumn {
            file: file.to_owned(),
            found: format!("its columns are {}", self.names.join(", ")),
        })
    }
}

/// Whether a field may bear a name, in lower case.
fn is_named(field: Field, name: &str) -> bool {
    if field == Field::Date {
        return is_date_name(name);
    }
    let vendors = VENDORS.iter().flat_map(|vendor| vendor.names);
    let mut all = NAMES.iter().chain(vendors).filter(|(own, _)| *own == field);
    all.any(|(_, names)| names.contains(&name))
}

fn places(plain: &[String], field: Field) -> impl Iterator<Item = usize> {
    plain.iter().enumerate().filter(move |(_, name)| is_named(field, name)).map(|(place, _)| place)
}

/// A name in lower case, without the angle brackets of Stooq's bulk files.
fn plain(name: &str) -> String {
    // Yahoo's page marks its columns with asterisks.
    name.trim().trim_start_matches('<').trim_end_matches(['>', '*']).to_lowercase()
}

fn is_strange(name: &str) -> bool {
    if is_unnamed(name) {
        return false;
    }
    let mut unused = UNUSED.iter().chain(VENDORS.iter().flat_map(|vendor| vendor.unused));
    !unused.any(|own| *own == name) && !Field::ALL.iter().any(|field| is_named(*field, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_candidates_are_shown_with_the_header() {
        let names = ["Date", "Close", "Price", "Volume"].map(str::to_owned);
        let error = Header::find(&names).checked("x.csv").unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv has more than one column for the close: Close, Price; its header is Date, Close, Price, Volume"
        );
    }
}
