//! Wide tables, CSV or Parquet.

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::{wide_csv, wide_parquet};
use crate::Result;
use crate::dialect::{Sheet, is_unnamed};
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

    /// The names of all columns but that of the dates; a column without a name is passed over.
    fn tickers(input: &Input<'_>) -> Result<Vec<Ticker>> {
        let names = input.names()?;
        let date = match input.content {
            Content::Parquet => {
                wide_parquet::date_place(&names.iter().map(String::as_str).collect::<Vec<_>>())
            }
            _ => Sheet::open(input.file, &input.text()?, input.csv)?.date_column()?,
        };
        let columns = names.iter().enumerate();
        let assets = columns.filter(|(place, name)| Some(*place) != date && !is_unnamed(name));
        assets.map(|(_, name)| ticker(input.file, name)).collect()
    }
}
