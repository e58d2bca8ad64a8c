//! Wide tables, CSV or Parquet.

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::{wide_csv, wide_parquet};
use crate::Result;
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
        let Input { file, data, wanted, .. } = *input;
        Ok(if input.content == Content::Parquet {
            Contents::Columns {
                table: wide_parquet::read(file, data, wanted)?,
                format: "wide Parquet",
            }
        } else {
            Contents::Columns {
                table: wide_csv::read(file, &input.text()?, wanted)?,
                format: "wide CSV",
            }
        })
    }

    /// The names of all columns but that of the dates; a column without a name is passed over.
    fn tickers(input: &Input<'_>) -> Result<Vec<Ticker>> {
        let is_date = |(place, name): &(usize, String)| match input.content {
            Content::Parquet => wide_parquet::is_date(name),
            _ => *place == 0 || name.is_empty() || name.eq_ignore_ascii_case("date"),
        };
        let names = input.names()?.into_iter().enumerate().filter(|column| !is_date(column));
        names.map(|(_, name)| ticker(input.file, &name)).collect()
    }
}
