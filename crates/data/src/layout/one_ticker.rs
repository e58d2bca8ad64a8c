//! One file a ticker, CSV.

use schemars::JsonSchema;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::record::{self, Header};
use crate::source::Content;
use crate::{Error, Result};

/// The sessions of one ticker a file.
#[derive(JsonSchema)]
pub(crate) struct OneTicker;

impl PriceLayout for OneTicker {
    const WORD: &'static str = "one_ticker";

    /// A record stays one ticker's with other columns in it, and whatever a study calls its assets:
    /// nobody holds the open or the volume.
    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        let header = &head.header;
        (header.ticker.is_none() && header.is_record()).then_some(Fit::Certain)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        if input.content != Content::Text {
            return Err(input.wrong_kind());
        }
        let file = input.file;
        let header = Header::read(file, &input.names()?)?;
        if !header.is_priced() {
            return Err(Error::NoPriceColumn { file: file.to_owned(), header: header.names });
        }
        let series = record::read(input, &input.text()?, header)?;
        if series.len() > 1 {
            let found: Vec<&str> = series.iter().map(|own| own.ticker.as_str()).collect();
            let (asked, found) = (input.named.clone(), found.join(", "));
            return Err(Error::OtherTicker { file: file.to_owned(), asked, found });
        }
        Ok(Contents::Series(series))
    }
}
