//! One file a ticker, CSV.

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::record::{self, Header};
use crate::dialect::Sheet;
use crate::source::Content;
use crate::{Error, Result};

/// The sessions of one ticker a file.
#[derive(JsonSchema)]
pub(crate) struct OneTicker;

impl PriceLayout for OneTicker {
    const WORD: &'static str = "one_ticker";

    /// A bar of prices is one ticker's with other columns in it, and whatever a study calls its
    /// assets: nobody holds the open or the volume. A fund may be called CLOSE.
    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        let header = &head.header;
        let fit = if header.is_bar() { Fit::Certain } else { Fit::Header };
        (header.ticker.is_none() && header.is_record()).then_some(fit)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        if input.content != Content::Text {
            return Err(input.wrong_kind());
        }
        let file = input.file;
        let text = input.text()?;
        let sheet = Sheet::open(file, &text, input.csv)?;
        let header = Header::of_sheet(&sheet)?.checked(file)?;
        if !header.is_priced() {
            return Err(Error::NoPriceColumn { file: file.to_owned(), header: header.names });
        }
        let is_column = |ticker: &&Ticker| header.names.iter().any(|name| name == ticker.as_str());
        if let Some(column) = input.wanted.iter().find(is_column) {
            return Err(Error::RecordColumn { file: file.to_owned(), column: column.clone() });
        }
        let headers = [(input.named.clone(), header)];
        let (series, notes) = record::read(input, &sheet, &headers)?;
        if series.len() > 1 {
            let found: Vec<&str> = series.iter().map(|own| own.ticker.as_str()).collect();
            let (asked, found) = (input.named.clone(), found.join(", "));
            return Err(Error::OtherTicker { file: file.to_owned(), asked, found });
        }
        Ok(Contents::Series(series, notes))
    }
}
