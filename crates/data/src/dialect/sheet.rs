//! A text as a table: its header, and its rows one after the other.

use csv::{ReaderBuilder, StringRecord, Trim};
use walkfolio_core::Date;

use super::counters::{Count, candidates};
use super::forms::Forms;
use super::keys::CsvForm;
use super::names::{is_date_name, is_index, is_unnamed};
use super::number::is_missing;
use super::shape::{Shape, is_comment};
use crate::table::DATE_RULE;
use crate::{Error, Result};

/// A text with its header, before its cells are read.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<'a> {
    /// The path as given, for messages.
    pub(crate) file: &'a str,
    /// From the header on.
    text: &'a str,
    pub(super) shape: Shape,
    pub(super) stated: &'a CsvForm,
    /// The names of the columns.
    pub(crate) names: Vec<String>,
    /// Rows of the header.
    heads: usize,
}

/// The columns that a reader takes from a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    pub(crate) dates: Vec<usize>,
    /// A time of day apart from the date.
    pub(crate) time: Option<usize>,
    /// What divides the rows of a day.
    pub(crate) ticker: Option<usize>,
    pub(crate) numbers: Vec<usize>,
    /// Whether the vendor writes its dates as seconds or milliseconds since 1970.
    pub(crate) epoch: bool,
}

impl<'a> Sheet<'a> {
    pub(crate) fn open(file: &'a str, text: &'a str, stated: &'a CsvForm) -> Result<Self> {
        let shape = Shape::of(text, stated.delimiter);
        let text = &text[shape.start..];
        let mut sheet = Self { file, text, shape, stated, names: Vec::new(), heads: 1 };
        let mut reader = sheet.reader();
        let mut names = StringRecord::new();
        reader.read_record(&mut names).map_err(|error| damaged(file, &error))?;
        sheet.names = names.iter().map(str::to_owned).collect();
        if let Some(names) = headless(&names) {
            (sheet.names, sheet.heads) = (names, 0);
        }
        Ok(sheet)
    }

    /// The same with further rows of the header.
    pub(crate) fn skipping(&self, skipped: usize) -> Self {
        Self { heads: 1 + skipped, ..self.clone() }
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        let mut builder = ReaderBuilder::new();
        builder.flexible(true).trim(Trim::All).has_headers(false);
        builder.delimiter(self.shape.delimiter.byte()).from_reader(self.text.as_bytes())
    }

    /// How many lines there are at most.
    pub(crate) fn lines(&self) -> usize {
        self.text.bytes().filter(|byte| *byte == b'\n').count()
    }

    /// The rows below the header, up to a line.
    pub(crate) fn rows(&self, forms: &Forms) -> Result<Rows<'_>> {
        let record = StringRecord::new();
        let mut rows =
            Rows { sheet: self, reader: self.reader(), record, line: 0, end: usize::MAX };
        for _ in 0..self.heads {
            rows.advance()?;
        }
        rows.end = forms.end;
        Ok(rows)
    }

    /// The first rows below the header's first one, as texts.
    pub(crate) fn below(&self, count: usize) -> Result<Vec<Vec<String>>> {
        let texts = |record: StringRecord| record.iter().map(str::to_owned).collect();
        Ok(self.first(count)?.into_iter().map(texts).collect())
    }

    fn first(&self, count: usize) -> Result<Vec<StringRecord>> {
        let mut rows = self.rows(&Forms::PLAIN)?;
        let mut found = Vec::new();
        while found.len() < count && rows.next()? {
            found.push(rows.record.clone());
        }
        Ok(found)
    }

    /// The column of dates: one that is named so, or the first if it has no name and holds dates.
    pub(crate) fn date_column(&self) -> Result<Option<usize>> {
        let first = self.first(1)?;
        let forms = Forms::any_date(self.stated);
        let dated = |at: &usize| {
            let cell = first.first().and_then(|record| record.get(*at));
            cell.is_none_or(|cell| forms.date(cell).is_some())
        };
        let places = 0..self.names.len();
        let named: Vec<usize> = places.filter(|at| is_date_name(&self.names[*at])).collect();
        let plain = |at: &usize| self.names[*at].eq_ignore_ascii_case("date");
        let unnamed = self.names.first().is_some_and(|name| is_index(name)).then_some(0);
        // DATA, DAY and TIME may be tickers, and a counter has no name either.
        let shown = named.iter().copied().find(|at| plain(at) && dated(at));
        let shown = shown.or(unnamed.filter(dated)).or(named.iter().copied().find(dated));
        let any = named.iter().copied().find(plain).or(unnamed).or(named.first().copied());
        Ok(shown.or(any))
    }

    /// The columns that number the rows: they count, and are called so or stand before the dates.
    pub(crate) fn counters(&self, date: Option<usize>) -> Result<Vec<usize>> {
        let mut open: Vec<(usize, Count)> =
            candidates(&self.names, date).into_iter().map(|at| (at, Count::default())).collect();
        let mut rows = self.rows(&Forms::PLAIN)?;
        while !open.is_empty() && rows.next()? {
            // What has no date is a footnote.
            if date.is_some_and(|date| rows.record.get(date).is_none_or(str::is_empty)) {
                continue;
            }
            let cell = |at: usize| rows.record.get(at).and_then(|cell| cell.parse().ok());
            open.retain_mut(|(at, count)| count.take(cell(*at)));
        }
        Ok(open.into_iter().filter(|(_, count)| count.counts()).map(|(at, _)| at).collect())
    }

    /// The columns that may hold values: neither the dates nor row numbers, and with a name.
    pub(crate) fn value_columns(&self, date: Option<usize>) -> Result<Vec<usize>> {
        let counters = self.counters(date)?;
        let has_values = |at: &usize| {
            Some(*at) != date && !is_unnamed(&self.names[*at]) && !counters.contains(at)
        };
        Ok((0..self.names.len()).filter(has_values).collect())
    }
}

/// The rows of a sheet, one after the other; empty ones and comments are passed over.
pub(crate) struct Rows<'a> {
    sheet: &'a Sheet<'a>,
    reader: csv::Reader<&'a [u8]>,
    pub(crate) record: StringRecord,
    /// The line of the record in the file.
    pub(crate) line: usize,
    end: usize,
}

impl Rows<'_> {
    /// Goes on to the next row; false at the end of the table.
    pub(crate) fn next(&mut self) -> Result<bool> {
        while self.advance()? {
            self.line = self.line_of();
            if self.line >= self.end {
                return Ok(false);
            }
            let first = self.record.get(0).unwrap_or_default();
            let empty = first.is_empty() && self.record.iter().all(str::is_empty);
            if !empty && !is_comment(first) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn advance(&mut self) -> Result<bool> {
        self.reader.read_record(&mut self.record).map_err(|error| damaged(self.sheet.file, &error))
    }

    /// The record's line; the reader counts from the end of the record before, blank lines or not.
    fn line_of(&self) -> usize {
        let (line, byte) =
            self.record.position().map_or((1, 0), |start| (start.line(), start.byte()));
        let start = usize::try_from(byte).ok().and_then(|byte| self.sheet.text.get(byte..));
        let blank = start.unwrap_or_default().chars().take_while(char::is_ascii_whitespace);
        let blank = blank.filter(|&c| c == '\n').count();
        usize::try_from(line).unwrap_or(usize::MAX) + blank + self.sheet.shape.above
    }

    /// Refuses a row of more or fewer cells than the header; empty ones at its end are none.
    pub(crate) fn check_width(&self) -> Result<()> {
        let (expected, found) = (self.sheet.names.len(), self.record.len());
        if found == expected
            || found > expected && self.record.iter().skip(expected).all(str::is_empty)
        {
            return Ok(());
        }
        Err(Error::RaggedRow { file: self.sheet.file.to_owned(), line: self.line, expected, found })
    }

    /// The day of a cell.
    pub(crate) fn date(&self, forms: &Forms, place: usize) -> Result<Date> {
        let text = self.record.get(place).unwrap_or_default();
        forms.date(text).ok_or_else(|| self.bad_date(text))
    }

    /// The number of a cell, if there is one.
    pub(crate) fn number(
        &self,
        forms: &Forms,
        (place, column): (usize, &str),
        rule: &'static str,
    ) -> Result<Option<f64>> {
        let text = self.record.get(place).unwrap_or_default();
        if is_missing(text) {
            return Ok(None);
        }
        forms.number(text).map(Some).ok_or_else(|| self.bad_cell(column, text, rule))
    }

    pub(crate) fn bad_cell(&self, column: &str, text: &str, rule: &'static str) -> Error {
        let (file, line) = (self.sheet.file.to_owned(), self.line);
        Error::BadCell { file, line, column: column.to_owned(), value: text.to_owned(), rule }
    }

    pub(crate) fn bad_date(&self, text: &str) -> Error {
        let (file, value) = (self.sheet.file.to_owned(), text.to_owned());
        Error::BadDate { file, line: self.line, value, rule: DATE_RULE }
    }
}

/// What a cell of prices must be.
pub(crate) const PRICE_RULE: &str =
    "a price must be a number, or empty where the asset is not listed";

fn damaged(file: &str, error: &csv::Error) -> Error {
    Error::Damaged { file: file.to_owned(), reason: error.to_string() }
}

/// The columns of a file of Binance, which has no header.
fn headless(first: &StringRecord) -> Option<Vec<String>> {
    const NAMES: [&str; 12] = [
        "open_time",
        "open",
        "high",
        "low",
        "close",
        "volume",
        "close_time",
        "quote_asset_volume",
        "number_of_trades",
        "taker_buy_base_asset_volume",
        "taker_buy_quote_asset_volume",
        "ignore",
    ];
    let numbers = first.iter().all(|cell| cell.parse::<f64>().is_ok());
    let stamped = first.get(0).is_some_and(|cell| matches!(cell.len(), 13 | 16));
    let found = first.len() == NAMES.len() && numbers && stamped;
    found.then(|| NAMES.map(str::to_owned).to_vec())
}
