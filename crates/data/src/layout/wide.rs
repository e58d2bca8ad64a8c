//! Wide tables, CSV or Parquet.

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::{wide_csv, wide_parquet};
use crate::Result;
use crate::dialect::Sheet;
use crate::parquet_file::{open, value_places};
use crate::series::ticker;
use crate::source::Content;

/// A column of dates, then one column a ticker.
#[derive(JsonSchema)]
pub(crate) struct Wide;

impl PriceLayout for Wide {
    const WORD: &'static str = "wide";

    /// A table whose columns bear the names of all requested tickers is wide, whatever they are.
    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        let heads = |ticker: &Ticker| head.header.names.iter().any(|name| name == ticker.as_str());
        let requested = !head.wanted.is_empty() && head.wanted.iter().all(heads);
        Some(if requested { Fit::Requested } else { Fit::Fallback })
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        let Input { file, data, wanted, csv, .. } = *input;
        if input.content == Content::Parquet {
            let (table, format) = (wide_parquet::read(file, data, wanted)?, "wide Parquet");
            return Ok(Contents::Columns { table, format, notes: Vec::new() });
        }
        let text = input.text()?;
        let (table, notes) = wide_csv::read(&Sheet::open(file, &text, csv)?, wanted)?;
        Ok(Contents::Columns { table, format: "wide CSV", notes })
    }

    /// The names of all columns but those of dates and row numbers; a column without a name is passed over.
    fn tickers(input: &Input<'_>) -> Result<Vec<Ticker>> {
        let names = input.names()?;
        let places = if input.content == Content::Parquet {
            let texts: Vec<&str> = names.iter().map(String::as_str).collect();
            let stored = open(input.file, input.data)?;
            value_places(input.file, &stored, wide_parquet::date_place(&texts))?
        } else {
            let text = input.text()?;
            let sheet = Sheet::open(input.file, &text, input.csv)?;
            sheet.value_columns(sheet.date_column()?)?
        };
        places.into_iter().map(|place| ticker(input.file, &names[place])).collect()
    }
}
