//! Long tables, CSV or Parquet.

use schemars::JsonSchema;

use super::long_parquet;
use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::record::{self, Header};
use crate::dialect::Sheet;
use crate::source::Content;
use crate::{Error, Result};

/// A row a ticker and session, with columns of dates, tickers and closes.
#[derive(JsonSchema)]
pub(crate) struct Long;

impl PriceLayout for Long {
    const WORD: &'static str = "long";

    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        let is_long = head.header.is_priced() && head.header.ticker.is_some();
        is_long.then_some(Fit::Header)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        let file = input.file;
        match input.content {
            Content::Parquet => Ok(Contents::Series(long_parquet::parse(file, input.data, input.bars)?, Vec::new())),
            Content::Text => {
                let text = input.text()?;
                let sheet = Sheet::open(file, &text, input.csv)?;
                let header = Header::of_sheet(&sheet)?.checked(file)?;
                if header.ticker.is_none() {
                    let (file, column) = (file.to_owned(), "ticker".to_owned());
                    return Err(Error::NoColumn { file, column, found: header.names });
                }
                let headers = [(input.named.clone(), header)];
                let (series, notes) = record::read(input, &sheet, &headers)?;
                Ok(Contents::Series(series, notes))
            }
            _ => Err(input.wrong_kind()),
        }
    }
}
