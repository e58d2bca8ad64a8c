//! What a layout of price files is.

use schemars::JsonSchema;
use walkfolio_core::{Note, Ticker};

pub(crate) use super::input::Input;
use super::record::Header;
use crate::Result;
use crate::series::Series;
use crate::source::Content;
use crate::table::Table;

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
            Contents::Series(series, _) => series.into_iter().map(|own| own.ticker).collect(),
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
    /// The first rows below the names of the columns, of a text.
    pub(crate) below: Vec<Vec<String>>,
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
        /// What was inferred.
        notes: Vec<Note>,
    },
    /// Series, in the order of the file, and what was inferred.
    Series(Vec<Series>, Vec<Note>),
}
