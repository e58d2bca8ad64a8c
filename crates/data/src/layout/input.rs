//! A price file before its layout is known.

use std::borrow::Cow;

use walkfolio_core::Ticker;

use crate::dialect::{CsvForm, Sheet};
use crate::source::{Content, Data, text};
use crate::{Error, Result, parquet_file};

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    /// The path as given, for messages.
    pub(crate) file: &'a str,
    pub(crate) content: Content,
    pub(crate) data: &'a Data,
    /// The requested tickers.
    pub(crate) wanted: &'a [Ticker],
    /// The ticker of a file that does not name its own.
    pub(crate) named: &'a Ticker,
    /// Whether prices within a session are asked for.
    pub(crate) bars: bool,
    /// What a study states of its CSV files.
    pub(crate) csv: &'a CsvForm,
}

impl<'a> Input<'a> {
    pub(crate) fn text(&self) -> Result<Cow<'a, str>> {
        text(self.file, self.data.bytes())
    }

    /// The names of the columns; none of JSON.
    pub(crate) fn names(&self) -> Result<Vec<String>> {
        match self.content {
            Content::Json => Ok(Vec::new()),
            Content::Parquet => parquet_file::names(self.file, self.data),
            _ => Ok(Sheet::open(self.file, &self.text()?, self.csv)?.names),
        }
    }

    /// Content that the layout is never written in.
    pub(crate) fn wrong_kind(&self) -> Error {
        Error::WrongKind {
            file: self.file.to_owned(),
            found: self.content.describe(),
            role: "daily series",
            accepted: "CSV, long Parquet or a Yahoo chart response",
            hint: self.content.hint(),
        }
    }
}
