//! Vendors: addresses and what comes back from them.

use jiff::Timestamp;
use walkfolio_core::{Date, Ticker};

use crate::layout::{Layout, parse};
use crate::series::{Basis, Series};
use crate::snapshot::Content;
use crate::source::text;
use crate::{Error, Result, read_factors};

/// Who supplies data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// Yahoo's chart service (v8): opens, closes, adjusted closes, volumes, dividends, splits.
    Yahoo,
    /// Stooq's CSV: opens and closes adjusted for splits and dividends, volumes.
    Stooq,
    /// The daily three factors of Ken French's library.
    French,
}

/// The library's daily three-factor file.
const FRENCH: &str = "F-F_Research_Data_Factors_daily";

impl Vendor {
    /// The word on the command line and in manifests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yahoo => "yahoo",
            Self::Stooq => "stooq",
            Self::French => "french",
        }
    }

    /// The vendor's own address.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Yahoo => "https://query2.finance.yahoo.com",
            Self::Stooq => "https://stooq.com",
            Self::French => "https://mba.tuck.dartmouth.edu",
        }
    }

    /// The environment variable with another address.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Yahoo => "WALKFOLIO_YAHOO_URL",
            Self::Stooq => "WALKFOLIO_STOOQ_URL",
            Self::French => "WALKFOLIO_FRENCH_URL",
        }
    }

    /// What is fetched, one job each; no name twice.
    pub(super) fn names(self, tickers: &[Ticker]) -> Result<Vec<Ticker>> {
        if self == Self::French {
            return Ok(vec![Ticker::new(FRENCH)?]);
        }
        let mut names: Vec<Ticker> = Vec::with_capacity(tickers.len());
        for ticker in tickers {
            if !names.contains(ticker) {
                names.push(ticker.clone());
            }
        }
        Ok(names)
    }

    /// The address of a ticker's sessions from `first` on.
    pub(super) fn url(self, base: &str, name: &Ticker, first: Option<Date>) -> String {
        let base = base.trim_end_matches('/');
        match self {
            Self::Yahoo => {
                let from = first.map_or(0, midnight);
                let until = Timestamp::now().as_second() + 86_400;
                let symbol = encoded(name.as_str());
                format!(
                    "{base}/v8/finance/chart/{symbol}?period1={from}&period2={until}\
                     &interval=1d&events=div%7Csplit&includeAdjustedClose=true"
                )
            }
            Self::Stooq => {
                let from = first.map_or(String::new(), |first| {
                    format!("&d1={}", first.to_string().replace('-', ""))
                });
                format!("{base}/q/d/l/?s={}&i=d{from}", encoded(&stooq_symbol(name)))
            }
            Self::French => {
                format!("{base}/pages/faculty/ken.french/ftp/{name}_CSV.zip")
            }
        }
    }

    /// The series in a response.
    pub(super) fn series(self, url: &str, body: &[u8], ticker: &Ticker) -> Result<Series> {
        if self == Self::Stooq {
            refusal(url, body)?;
        }
        let layout = if self == Self::Yahoo { Layout::YahooChart } else { Layout::OneTicker };
        let series = parse(url, body, Some(layout), ticker)?;
        let series = series.into_iter().next();
        let mut series = series.ok_or_else(|| Error::NoSessions { file: url.to_owned() })?;
        if self == Self::Stooq {
            // Its English header does not tell it from other one-ticker files.
            series.basis = Basis::TotalReturn;
            series.format = "Stooq CSV";
        }
        Ok(series)
    }
}

/// A name as part of an address.
fn encoded(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

/// Stooq names American shares `spy.us`; a ticker with a dot or a caret is taken as it is.
fn stooq_symbol(ticker: &Ticker) -> String {
    let name = ticker.as_str().to_ascii_lowercase();
    if name.contains(['.', '^']) { name } else { format!("{name}.us") }
}

/// Stooq refuses with status 200 and a sentence.
fn refusal(url: &str, body: &[u8]) -> Result<()> {
    let text = text(url, body)?;
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if line.contains(',') {
        return Ok(());
    }
    let reason: String = line.chars().take(120).collect();
    Err(Error::Refused { file: url.to_owned(), reason })
}

fn midnight(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_secs()
}

/// Checks a factor file and says what it holds.
pub(super) fn factors(url: &str, name: &Ticker, bytes: Vec<u8>) -> Result<Content> {
    let zipped = crate::source::Content::of(&bytes) == crate::source::Content::Zip;
    let file = read_factors(url, &bytes)?;
    let span = (file.rows, file.first, file.last);
    let extension = if zipped { "zip" } else { "csv" };
    Ok(Content::Factors { name: name.clone(), bytes, extension, span, vintage: file.vintage })
}
