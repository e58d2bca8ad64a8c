//! What a layout of price files is.

use std::borrow::Cow;

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::record::Header;
use crate::series::Series;
use crate::source::{Content, Data, text};
use crate::table::Table;
use crate::{Error, Result, csv_file, parquet_file};

/// A layout of price files: a file of this folder, and a line of the list in `layout.rs`.
///
/// The doc comment of the type is what the reference of studies says of it.
pub(crate) trait PriceLayout: JsonSchema {
    /// Its word in studies.
    const WORD: &'static str;

    /// Whether a file looks like this, by its content and the names of its columns.
    fn recognizes(head: &Head<'_>) -> Option<Fit>;

    /// Reads the requested tickers, or all that the file holds; nobody minds more than that.
    fn read(input: &Input<'_>) -> Result<Contents>;

    /// The tickers that a file holds.
    fn tickers(input: &Input<'_>) -> Result<Vec<Ticker>> {
        Ok(match Self::read(input)? {
            Contents::Series(series) => series.into_iter().map(|own| own.ticker).collect(),
            Contents::Columns { .. } => Vec::new(),
        })
    }
}

/// How much a file looks like a layout; the best fit is taken, the first of the list among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// If no other layout fits.
    Fallback,
    /// The names of the columns are those of the layout.
    Header,
    /// The names of the columns are those of the requested tickers.
    Requested,
    /// Nothing else can be meant.
    Certain,
}

/// What is looked at to recognize a layout.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) content: Content,
    /// The fields of a price record among the columns; none of JSON.
    pub(crate) header: Header,
    /// The requested tickers; none if all are.
    pub(crate) wanted: &'a [Ticker],
}

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Contents {
    /// The requested columns, in the order of the request.
    Columns {
        table: Table,
        /// In a run's record: `wide CSV`.
        format: &'static str,
    },
    /// Series, in the order of the file.
    Series(Vec<Series>),
}

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
            _ => csv_file::names(self.file, &self.text()?),
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
