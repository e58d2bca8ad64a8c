//! Lines of a CSV or Parquet file, one at a time.

use std::path::Path;

use csv::{ReaderBuilder, Trim};
use walkfolio_columns::{Column, Values};
use walkfolio_core::Date;

use crate::account::parse::{day_in, delimiter};
use crate::dialect::{Decimal, is_missing, written_number};
use crate::parquet_file::{damaged, open};
use crate::source::{Accepts, Content, Source};
use crate::{Error, Result};

/// A column that is looked for.
pub(super) struct Wanted {
    /// What it is called.
    pub names: &'static [&'static str],
    /// Whether there must be one.
    pub needed: bool,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Number(f64),
    Whole(i64),
    Day(Date),
    Text(&'a str),
}

/// A line: its cells are those of the wanted columns, in their order.
pub(super) struct Record<'a> {
    pub line: usize,
    cells: &'a [Cell<'a>],
    decimal: Decimal,
}

impl Record<'_> {
    /// A cell as text; empty where it is.
    pub fn text(&self, at: usize) -> String {
        match self.cells[at] {
            Cell::Empty => String::new(),
            Cell::Number(value) => value.to_string(),
            Cell::Whole(value) => value.to_string(),
            Cell::Day(date) => date.to_string(),
            Cell::Text(text) => text.trim().to_owned(),
        }
    }

    /// A cell as a finite number; its text where it is none.
    pub fn number(&self, at: usize) -> Result<Option<f64>, String> {
        let found = match self.cells[at] {
            Cell::Empty => return Ok(None),
            Cell::Number(value) => Some(value),
            Cell::Whole(value) => Some(value as f64),
            Cell::Day(_) => None,
            Cell::Text(text) if is_missing(text) => return Ok(None),
            Cell::Text(text) => written_number(text, self.decimal),
        };
        found.filter(|value| value.is_finite()).map(Some).ok_or_else(|| self.text(at))
    }

    /// A cell as a day.
    pub fn day(&self, at: usize) -> Result<Option<Date>, String> {
        match self.cells[at] {
            Cell::Empty => Ok(None),
            Cell::Day(date) => Ok(Some(date)),
            Cell::Text(text) if is_missing(text) => Ok(None),
            Cell::Text(text) => day_in(text).map(Some).ok_or_else(|| text.to_owned()),
            Cell::Number(_) | Cell::Whole(_) => Err(self.text(at)),
        }
    }
}

/// Opens a file of accounts or positions.
pub(super) fn source(path: &Path, role: &'static str) -> Result<Source> {
    let kinds = &[Content::Text, Content::Parquet];
    Source::read(path, Accepts { role, kinds, described: "CSV or Parquet" })
}

/// Gives every line of a file, the header is the first.
pub(super) fn each(
    source: &Source,
    wanted: &[Wanted],
    mut take: impl FnMut(&Record<'_>) -> Result<()>,
) -> Result<()> {
    if source.content == Content::Parquet {
        of_parquet(source, wanted, &mut take)
    } else {
        of_text(source, wanted, &mut take)
    }
}

/// The place of each wanted column.
fn places(file: &str, found: &[String], wanted: &[Wanted]) -> Result<Vec<Option<usize>>> {
    let plain: Vec<String> = found.iter().map(|name| name.trim().to_lowercase()).collect();
    let place = |wanted: &Wanted| {
        let place = wanted.names.iter().find_map(|name| plain.iter().position(|own| own == name));
        if place.is_none() && wanted.needed {
            let (file, column) = (file.to_owned(), wanted.names[0].to_owned());
            return Err(Error::NoColumn { file, column, found: found.to_vec() });
        }
        Ok(place)
    };
    wanted.iter().map(place).collect()
}

fn of_text(
    source: &Source,
    wanted: &[Wanted],
    take: &mut impl FnMut(&Record<'_>) -> Result<()>,
) -> Result<()> {
    let (file, text) = (&source.file, source.text()?);
    // Lists of tickers may have more semicolons than a line has cells.
    let delimiter = delimiter(text.lines().next().unwrap_or_default());
    let decimal = if delimiter == ';' { Decimal::Comma } else { Decimal::Point };
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).trim(Trim::All).delimiter(delimiter as u8);
    let mut reader = builder.from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| damaged(file, &error))?;
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    let places = places(file, &header, wanted)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| damaged(file, &error))? {
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: &Option<usize>| {
            let text = place.and_then(|place| record.get(place)).unwrap_or_default();
            if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
        };
        let cells: Vec<Cell<'_>> = places.iter().map(cell).collect();
        if cells.iter().any(|cell| *cell != Cell::Empty) {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            take(&Record { line, cells: &cells, decimal })?;
        }
    }
    Ok(())
}

fn of_parquet(
    source: &Source,
    wanted: &[Wanted],
    take: &mut impl FnMut(&Record<'_>) -> Result<()>,
) -> Result<()> {
    let (file, table) = (&source.file, open(&source.file, &source.data)?);
    let names: Vec<String> = table.names().map(str::to_owned).collect();
    let places = places(file, &names, wanted)?;
    let known: Vec<usize> = places.iter().flatten().copied().collect();
    let mut line = 1;
    for piece in table.pieces(&known) {
        let piece = piece.map_err(|error| damaged(file, &error))?;
        let rows = piece.first().map_or(0, |column| column.values.len());
        for row in 0..rows {
            line += 1;
            let mut columns = piece.iter();
            let mut cells = Vec::with_capacity(places.len());
            for place in &places {
                let column = place.and_then(|_| columns.next());
                cells.push(column.map_or(Cell::Empty, |column| cell(column, row)));
            }
            take(&Record { line, cells: &cells, decimal: Decimal::Point })?;
        }
    }
    Ok(())
}

fn cell(column: &Column, row: usize) -> Cell<'_> {
    if let Some(date) = column.date(row) {
        return Cell::Day(date);
    }
    match &column.values {
        Values::Numbers(_) => {
            let number = column.number(row).filter(|value| !value.is_nan());
            number.map_or(Cell::Empty, Cell::Number)
        }
        Values::Integers(_) => column.integer(row).map_or(Cell::Empty, Cell::Whole),
        _ => column.text(row).filter(|text| !text.is_empty()).map_or(Cell::Empty, Cell::Text),
    }
}
