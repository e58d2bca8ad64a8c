//! CSV with one row a session, of one ticker or of many.

use std::collections::HashMap;

use walkfolio_core::{Note, Ticker};

use super::input::Input;
use crate::dialect::{self, Forms, Sheet, Uses};
use crate::series::{self, Delisting, Dividend, Series, Split};
use crate::{Error, Result};

mod alpha_vantage;
mod binance;
mod bloomberg;
mod cell;
mod eodhd;
mod finrl;
mod header;
mod investing;
mod languages;
mod nse;
mod polygon;
mod quandl;
mod stooq;
mod tiingo;
mod tradingview;
mod vendor;
mod yfinance;

pub(super) use header::Header;

/// Reads every series of a text.
pub(super) fn read(
    input: &Input<'_>,
    sheet: &Sheet<'_>,
    headers: &[(Ticker, Header)],
) -> Result<(Vec<Series>, Vec<Note>)> {
    let (file, wanted) = (input.file, input.wanted);
    let with_bars =
        |(named, header): &(Ticker, Header)| (named.clone(), header.clone().with_bars(input.bars));
    let headers: Vec<(Ticker, Header)> = headers.iter().map(with_bars).collect();
    let uses = uses(file, &headers)?;
    let (series, mut notes) = dialect::read(sheet, &uses, |forms| {
        let mut parts: Vec<Rows<'_>> = Vec::with_capacity(headers.len());
        for (named, header) in &headers {
            let (date, by_name) = (header.date_column(file)?, HashMap::new());
            parts.push(Rows { file, header, date, named, wanted, found: Vec::new(), by_name });
        }
        let mut rows = sheet.rows(forms)?;
        while rows.next()? {
            rows.check_width()?;
            parts.iter_mut().try_for_each(|own| own.push(&rows, forms))?;
        }
        let found: Vec<Series> = parts.into_iter().flat_map(|own| own.found).collect();
        if found.is_empty() {
            return Err(Error::NoRows { file: file.to_owned() });
        }
        found.into_iter().map(|series| series.settle(file)).collect::<Result<Vec<_>>>()
    })?;
    if let [(_, header)] = &headers[..]
        && !header.unread().is_empty()
    {
        let name = std::path::Path::new(file).file_name().unwrap_or_default();
        let columns = header.unread().join(", ");
        notes.push(Note::info(format!("{}: {columns} not read", name.display())));
    }
    Ok((series, notes))
}

/// The columns that are read.
fn uses(file: &str, headers: &[(Ticker, Header)]) -> Result<Uses> {
    let mut uses = Uses::default();
    for (_, header) in headers {
        let Header { close, adjusted, dividend, split, delisting, .. } = header;
        uses.dates = vec![header.date_column(file)?];
        uses.numbers.extend([*close, *adjusted, *dividend, *split, *delisting].iter().flatten());
        (uses.time, uses.ticker) = (header.time, header.ticker);
        uses.epoch |= header.is_epoch();
    }
    Ok(uses)
}

/// The series of one header, or of a column of tickers.
struct Rows<'a> {
    file: &'a str,
    header: &'a Header,
    date: usize,
    /// The name of a series whose file does not state it.
    named: &'a Ticker,
    /// The requested tickers.
    wanted: &'a [Ticker],
    found: Vec<Series>,
    by_name: HashMap<String, usize>,
}

impl Rows<'_> {
    fn push(&mut self, rows: &dialect::Rows<'_>, forms: &Forms) -> Result<()> {
        let (header, line) = (self.header, rows.line);
        let date = rows.date(forms, self.date)?;
        let time = header.time.and_then(|place| rows.record.get(place));
        // Whether it is the only one of its day, the whole file shows.
        if let Some(time) = time.filter(|time| forms.is_plain() && !is_midnight(time)) {
            let value = format!("{} {time}", &rows.record[self.date]);
            return Err(Error::Intraday { file: self.file.to_owned(), line, value });
        }
        let at = |place: usize| (place, header.names[place].as_str());
        let close = header.close.map(|place| cell::price(rows, forms, at(place))).transpose()?;
        let adjusted = header.adjusted.map(|place| cell::price(rows, forms, at(place)));
        let adjusted = adjusted.transpose()?.flatten();
        let volume = header.volume.map(|place| cell::volume(rows, forms, at(place))).transpose()?;
        let event = |place: Option<usize>, neutral: &[f64]| {
            let value = place.map(|place| cell::event(rows, forms, at(place), neutral));
            value.transpose().map(Option::flatten)
        };
        let (dividend, split) =
            (event(header.dividend, &[0.0])?, event(header.split, &[0.0, 1.0])?);
        let delisting = header.delisting.map(|place| cell::delisting(rows, forms, at(place)));
        let delisting = delisting.transpose()?.flatten();
        // Nobody may have asked for them to be sound: what is no price is none.
        let bar = |place: Option<usize>| {
            place.and_then(|place| cell::price(rows, forms, at(place)).ok()).flatten()
        };
        let (open, vwap) = (bar(header.open), bar(header.vwap));
        let own = self.series(&rows.record)?;
        let series = &mut self.found[own];
        series.dates.push(date);
        series.lines.push(line);
        // A file of adjusted closes alone has them for closes.
        series.close.push(close.unwrap_or(adjusted));
        series.adjusted.iter_mut().for_each(|column| column.push(adjusted));
        series.volume.iter_mut().for_each(|column| column.push(volume.flatten()));
        series.open.iter_mut().for_each(|column| column.push(open));
        series.vwap.iter_mut().for_each(|column| column.push(vwap));
        series.dividends.extend(dividend.map(|amount| Dividend { date, amount }));
        series.splits.extend(split.map(|ratio| Split { date, ratio }));
        series.delistings.extend(delisting.map(|value| Delisting { date, value }));
        Ok(())
    }

    /// The series of a row; begun with its first one.
    fn series(&mut self, record: &csv::StringRecord) -> Result<usize> {
        let stated = self.header.ticker.map(|place| &record[place]);
        let name = stated.unwrap_or(self.named.as_str());
        if let Some(&at) = self.by_name.get(name) {
            return Ok(at);
        }
        let ticker = if stated.is_some() {
            let ticker = self::stated(self.file, name, self.wanted)?;
            let same = self.found.iter().position(|own| own.ticker == ticker);
            if let Some(other) = self.by_name.iter().find(|(_, at)| Some(**at) == same) {
                let (file, names) = (self.file.to_owned(), [other.0.clone(), name.to_owned()]);
                return Err(Error::TickerSpellings { file, ticker, names });
            }
            ticker
        } else {
            self.named.clone()
        };
        let column = |place: Option<usize>| place.map(|_| Vec::new());
        self.found.push(Series {
            adjusted: column(self.header.adjusted),
            volume: column(self.header.volume),
            open: column(self.header.open),
            vwap: column(self.header.vwap),
            ..Series::empty(ticker, self.header.basis(), self.header.format())
        });
        self.by_name.insert(name.to_owned(), self.found.len() - 1);
        Ok(self.found.len() - 1)
    }
}

/// A time of day as `000000` or `00:00:00`, with any offset.
fn is_midnight(time: &str) -> bool {
    let clock = time.split(['+', '-', 'Z', ' ']).next().unwrap_or_default();
    clock.chars().all(|c| matches!(c, '0' | ':' | '.'))
}

/// A ticker of a file; Stooq's `SPY.US` is SPY, unless it is asked for as it is written.
pub(super) fn stated(file: &str, name: &str, wanted: &[Ticker]) -> Result<Ticker> {
    let as_written = wanted.iter().any(|ticker| ticker.as_str() == name);
    let short = name.strip_suffix(".US").filter(|_| !as_written);
    series::ticker(file, short.unwrap_or(name))
}
