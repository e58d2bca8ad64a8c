//! Long Parquet: a row a ticker and session.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::header::Header;
use super::{Basis, Delisting, Dividend, Series, Split};
use crate::source::Data;
use crate::wide_parquet::{Batch, check_claims, guarded};
use crate::{Error, Result};

/// Reads every series of a file, a batch of rows at a time.
pub(super) fn parse(file: &str, data: Data) -> Result<Vec<Series>> {
    guarded(file, || parse_rows(file, data))
}

fn parse_rows(file: &str, data: Data) -> Result<Vec<Series>> {
    let looked_at = data.try_clone(file)?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(data).map_err(|error| damaged(file, &error))?;
    check_claims(file, builder.metadata(), &looked_at)?;
    let schema = builder.schema().clone();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let header = Header::read(file, &names)?;
    header.date_column(file)?;
    let Some(ticker) = header.ticker else {
        let found = header.names.clone();
        return Err(Error::NoColumn { file: file.to_owned(), column: "ticker".to_owned(), found });
    };
    let used = header.used().into_iter().flatten();
    let mask = ProjectionMask::roots(builder.parquet_schema(), used);
    let reader = builder.with_projection(mask).build().map_err(|error| damaged(file, &error))?;
    let mut rows =
        Rows { file, header, ticker, read: 0, found: Vec::new(), by_name: HashMap::new() };
    for batch in reader {
        rows.append(&batch.map_err(|error| damaged(file, &error))?)?;
    }
    if rows.found.is_empty() {
        return Err(Error::NoRows { file: file.to_owned() });
    }
    rows.found.into_iter().map(|series| series.settle(file)).collect()
}

fn damaged(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), reason: reason.to_string() }
}

struct Rows<'a> {
    file: &'a str,
    header: Header,
    ticker: usize,
    read: usize,
    found: Vec<Series>,
    by_name: HashMap<String, usize>,
}

impl Rows<'_> {
    fn append(&mut self, batch: &RecordBatch) -> Result<()> {
        let name = |place: usize| self.header.names[place].as_str();
        let read = Batch { file: self.file, batch };
        let dates = read.dates(name(self.header.date_column(self.file)?), self.read)?;
        let numbers =
            |place: Option<usize>| place.map(|place| read.prices(name(place))).transpose();
        let close = numbers(self.header.close)?;
        let adjusted = numbers(self.header.adjusted)?;
        let volume = numbers(self.header.volume)?;
        let dividends = numbers(self.header.dividend)?;
        let splits = numbers(self.header.split)?;
        let delistings = numbers(self.header.delisting)?;
        let tickers = texts(self.file, name(self.ticker), read.column(name(self.ticker))?)?;
        let cell = |column: &Option<Vec<Option<f64>>>, row: usize| column.as_ref()?[row];
        for (row, (date, ticker)) in dates.into_iter().zip(tickers).enumerate() {
            let at = self.series(ticker)?;
            let series = &mut self.found[at];
            series.dates.push(date);
            series.lines.push(self.read + row + 1);
            series.close.push(cell(if close.is_some() { &close } else { &adjusted }, row));
            series.adjusted.iter_mut().for_each(|own| own.push(cell(&adjusted, row)));
            series.volume.iter_mut().for_each(|own| own.push(cell(&volume, row)));
            let paid = cell(&dividends, row).filter(|amount| *amount != 0.0);
            series.dividends.extend(paid.map(|amount| Dividend { date, amount }));
            let split = cell(&splits, row).filter(|ratio| *ratio != 0.0 && *ratio != 1.0);
            series.splits.extend(split.map(|ratio| Split { date, ratio }));
            let delisting = cell(&delistings, row);
            series.delistings.extend(delisting.map(|value| Delisting { date, value }));
        }
        self.read += batch.num_rows();
        Ok(())
    }

    fn series(&mut self, name: &str) -> Result<usize> {
        if let Some(&at) = self.by_name.get(name) {
            return Ok(at);
        }
        let column = |place: Option<usize>| place.map(|_| Vec::new());
        self.found.push(Series {
            ticker: super::ticker(self.file, name)?,
            dates: Vec::new(),
            lines: Vec::new(),
            close: Vec::new(),
            basis: match self.header.basis() {
                // A long table of closes alone is what its maker says of it.
                Basis::TotalReturn => Basis::Unstated,
                basis => basis,
            },
            adjusted: column(self.header.adjusted),
            volume: column(self.header.volume),
            dividends: Vec::new(),
            splits: Vec::new(),
            delistings: Vec::new(),
            currency: None,
            format: "long Parquet",
        });
        self.by_name.insert(name.to_owned(), self.found.len() - 1);
        Ok(self.found.len() - 1)
    }
}

/// A column of texts, plain or by dictionary; none of them may be missing.
fn texts<'a>(file: &str, column: &str, array: &'a dyn Array) -> Result<Vec<&'a str>> {
    let missing = || damaged(file, &format!("a row has no {column}"));
    let found: Option<Vec<&str>> = match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().collect(),
        DataType::Utf8View => array.as_string_view().iter().collect(),
        DataType::Dictionary(_, _) if !array.is_empty() => {
            if array.null_count() > 0 {
                return Err(missing());
            }
            let dictionary = array.as_any_dictionary();
            let values = texts(file, column, dictionary.values().as_ref())?;
            dictionary.normalized_keys().into_iter().map(|key| values.get(key).copied()).collect()
        }
        DataType::Dictionary(_, _) => Some(Vec::new()),
        other => {
            let (file, column) = (file.to_owned(), column.to_owned());
            let rule = "tickers must be texts";
            return Err(Error::ColumnType { file, column, found: other.to_string(), rule });
        }
    };
    found.ok_or_else(missing)
}
