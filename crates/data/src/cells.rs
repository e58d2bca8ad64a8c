//! A small CSV of users: cells by the name of their column.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, Trim};
use walkfolio_core::Date;

use crate::csv_file::{damaged, is_missing, line_of};
use crate::table::{DATE_RULE, parse_date};
use crate::{Error, Result};

/// The lines of a file, their cells by the name of the column.
pub(crate) struct Cells<'a> {
    pub(crate) file: &'a str,
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: StringRecord,
    pub(crate) line: usize,
    places: BTreeMap<String, usize>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Result<Self> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| damaged(file, &error))?;
        let mut places = BTreeMap::new();
        for (place, name) in header.iter().enumerate() {
            let name = name.to_ascii_lowercase();
            if let Some(first) = places.insert(name.clone(), place) {
                return Err(Error::DuplicateColumn {
                    file: file.to_owned(),
                    column: name,
                    first: first + 1,
                    second: place + 1,
                });
            }
        }
        Ok(Self { file, text, reader, record: StringRecord::new(), line: 1, places })
    }

    pub(crate) fn require(&self, columns: &[&str]) -> Result<()> {
        let lacking = columns.iter().find(|column| !self.places.contains_key(**column));
        lacking.map_or(Ok(()), |column| {
            Err(Error::NoColumn {
                file: self.file.to_owned(),
                column: (*column).to_owned(),
                found: self.places.keys().cloned().collect(),
            })
        })
    }

    pub(crate) fn next(&mut self) -> Result<bool> {
        let more = self
            .reader
            .read_record(&mut self.record)
            .map_err(|error| damaged(self.file, &error))?;
        if more {
            self.line = line_of(self.text, &self.record);
        }
        Ok(more)
    }

    pub(crate) fn text(&self, column: &str) -> &str {
        self.places.get(column).and_then(|&place| self.record.get(place)).unwrap_or_default()
    }

    pub(crate) fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// The day of a column; none where the cell is empty.
    pub(crate) fn day(&self, column: &str) -> Result<Option<Date>> {
        let value = self.text(column);
        if is_missing(value) {
            return Ok(None);
        }
        parse_date(value).map(Some).ok_or_else(|| self.bad_date(value))
    }

    /// The day of the column `date`.
    pub(crate) fn date(&self) -> Result<Date> {
        self.day("date")?.ok_or_else(|| self.bad_date(self.text("date")))
    }

    pub(crate) fn bad_date(&self, value: &str) -> Error {
        let (file, value) = (self.file.to_owned(), value.to_owned());
        Error::BadDate { file, line: self.line, value, rule: DATE_RULE }
    }

    pub(crate) fn number(&self, column: &str) -> Result<Option<f64>> {
        let value = self.text(column);
        if is_missing(value) {
            return Ok(None);
        }
        value.parse().ok().filter(|number: &f64| number.is_finite()).map(Some).ok_or_else(|| {
            Error::BadCell {
                file: self.file.to_owned(),
                line: self.line,
                column: column.to_owned(),
                value: value.to_owned(),
                rule: "a value must be a number, or empty where it is not known",
            }
        })
    }
}
