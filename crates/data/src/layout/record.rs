//! CSV with one row a session, of one ticker or of many.

use std::collections::HashMap;

use csv::StringRecord;
use walkfolio_core::Ticker;

use super::input::Input;
use crate::csv_file::{damaged, line_of, reader};
use crate::series::{self, Delisting, Dividend, Series, Split};
use crate::{Error, Result};

mod alpha_vantage;
mod cell;
mod header;
mod investing;
mod stooq;
mod vendor;
mod yfinance;

use cell::{Place, Slashes};
pub(super) use header::Header;

/// Reads every series of a text.
pub(super) fn read(input: &Input<'_>, text: &str, header: Header) -> Result<Vec<Series>> {
    let Input { file, wanted, named: ticker, .. } = *input;
    let date = header.date_column(file)?;
    let order = order(file, text, date)?;
    let (found, by_name) = (Vec::new(), HashMap::new());
    let mut rows = Rows { file, header, date, order, ticker, wanted, found, by_name };
    let mut reader = reader(text);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| damaged(file, &error))? {
        rows.push(line_of(text, &record), &record)?;
    }
    if rows.found.is_empty() {
        return Err(Error::NoRows { file: file.to_owned() });
    }
    rows.found.into_iter().map(|series| series.settle(file)).collect()
}

/// The order of day and month, which only the whole column shows.
fn order(file: &str, text: &str, date: usize) -> Result<Option<Slashes>> {
    let mut dates = Vec::new();
    for record in reader(text).records() {
        let record = record.map_err(|error| damaged(file, &error))?;
        match record.get(date) {
            Some(cell) if cell.contains('/') => dates.push(cell.to_owned()),
            // A file writes its dates in one form.
            _ => break,
        }
    }
    cell::slashes(file, dates.iter().map(String::as_str))
}

struct Rows<'a> {
    file: &'a str,
    header: Header,
    date: usize,
    order: Option<Slashes>,
    /// The name of a series whose file does not state it.
    ticker: &'a Ticker,
    /// The requested tickers.
    wanted: &'a [Ticker],
    found: Vec<Series>,
    by_name: HashMap<String, usize>,
}

impl Rows<'_> {
    fn push(&mut self, line: usize, record: &StringRecord) -> Result<()> {
        let (file, expected, found) = (self.file, self.header.names.len(), record.len());
        if found != expected {
            return Err(Error::RaggedRow { file: file.to_owned(), line, expected, found });
        }
        let at = self.series(record)?;
        let header = &self.header;
        let row = Row { file, line, record, names: &header.names };
        let date = cell::date(row.place(self.date), &record[self.date], self.order)?;
        if let Some(time) =
            header.time.map(|place| &record[place]).filter(|time| !cell::is_midnight(time))
        {
            let value = format!("{} {time}", &record[self.date]);
            return Err(Error::Intraday { file: file.to_owned(), line, value });
        }
        let close = row.get(header.close, cell::price)?;
        let adjusted = row.get(header.adjusted, cell::price)?;
        let volume = row.get(header.volume, cell::volume)?;
        let dividend = row.get(header.dividend, |at, text| cell::event(at, text, &[0.0]))?;
        let split = row.get(header.split, |at, text| cell::event(at, text, &[0.0, 1.0]))?;
        let delisting = row.get(header.delisting, cell::delisting)?;
        let series = &mut self.found[at];
        series.dates.push(date);
        series.lines.push(line);
        // A file of adjusted closes alone has them for closes.
        series.close.push(if header.close.is_some() { close } else { adjusted });
        series.adjusted.iter_mut().for_each(|column| column.push(adjusted));
        series.volume.iter_mut().for_each(|column| column.push(volume));
        series.dividends.extend(dividend.map(|amount| Dividend { date, amount }));
        series.splits.extend(split.map(|ratio| Split { date, ratio }));
        series.delistings.extend(delisting.map(|value| Delisting { date, value }));
        Ok(())
    }

    /// The series of a row; begun with its first one.
    fn series(&mut self, record: &StringRecord) -> Result<usize> {
        let name = self.header.ticker.map_or(self.ticker.as_str(), |place| &record[place]);
        if let Some(&at) = self.by_name.get(name) {
            return Ok(at);
        }
        let ticker = if self.header.ticker.is_some() {
            let ticker = stated(self.file, name, self.wanted)?;
            let same = self.found.iter().position(|own| own.ticker == ticker);
            if let Some(other) = self.by_name.iter().find(|(_, at)| Some(**at) == same) {
                let (file, names) = (self.file.to_owned(), [other.0.clone(), name.to_owned()]);
                return Err(Error::TickerSpellings { file, ticker, names });
            }
            ticker
        } else {
            self.ticker.clone()
        };
        let column = |place: Option<usize>| place.map(|_| Vec::new());
        self.found.push(Series {
            adjusted: column(self.header.adjusted),
            volume: column(self.header.volume),
            ..Series::empty(ticker, self.header.basis(), self.header.format())
        });
        self.by_name.insert(name.to_owned(), self.found.len() - 1);
        Ok(self.found.len() - 1)
    }
}

/// A ticker of a file; Stooq's `SPY.US` is SPY, unless it is asked for as it is written.
fn stated(file: &str, name: &str, wanted: &[Ticker]) -> Result<Ticker> {
    let as_written = wanted.iter().any(|ticker| ticker.as_str() == name);
    let short = name.strip_suffix(".US").filter(|_| !as_written);
    series::ticker(file, short.unwrap_or(name))
}

struct Row<'a> {
    file: &'a str,
    line: usize,
    record: &'a StringRecord,
    names: &'a [String],
}

impl<'a> Row<'a> {
    fn place(&self, place: usize) -> Place<'a> {
        Place { file: self.file, line: self.line, column: &self.names[place] }
    }

    fn get(
        &self,
        place: Option<usize>,
        read: impl Fn(Place<'_>, &str) -> Result<Option<f64>>,
    ) -> Result<Option<f64>> {
        place.map_or(Ok(None), |place| read(self.place(place), &self.record[place]))
    }
}
