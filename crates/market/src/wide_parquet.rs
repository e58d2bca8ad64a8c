//! Wide Parquet: a column of dates, and one column a ticker.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use walkfolio_core::{Date, Ticker};

use crate::table::{DATE_RULE, Table, locate, parse_date};
use crate::{Error, Result};

/// Names under which writers store the dates; the second is that of an unnamed pandas index.
pub(crate) const DATE_NAMES: [&str; 2] = ["date", "__index_level_0__"];

/// Reads the requested columns; all others may hold anything.
pub(crate) fn read(file: &str, handle: File, wanted: &[Ticker]) -> Result<Table> {
    let damaged = |reason: &dyn std::fmt::Display| Error::Damaged {
        file: file.to_owned(),
        reason: reason.to_string(),
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(handle).map_err(|error| damaged(&error))?;
    let schema = builder.schema().clone();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let date_place = date_column(file, &schema)?;
    let places = locate(file, &names, wanted)?;
    let used = places.iter().copied().chain([date_place]);
    let mask = ProjectionMask::roots(builder.parquet_schema(), used);
    let reader = builder.with_projection(mask).build().map_err(|error| damaged(&error))?;
    let mut table = Table { columns: vec![Vec::new(); wanted.len()], ..Table::default() };
    for batch in reader {
        let batch = batch.map_err(|error| damaged(&error))?;
        append(&mut table, Batch { file, batch: &batch }, names[date_place], wanted)?;
    }
    Ok(table)
}

/// The names of all columns.
pub(crate) fn names(file: &str, handle: &File) -> Result<Vec<String>> {
    let damaged = |reason: String| Error::Damaged { file: file.to_owned(), reason };
    let handle = handle.try_clone().map_err(|error| damaged(error.to_string()))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(handle)
        .map_err(|error| damaged(error.to_string()))?;
    Ok(builder.schema().fields().iter().map(|field| field.name().clone()).collect())
}

fn date_column(file: &str, schema: &Schema) -> Result<usize> {
    let fields = schema.fields();
    let named = DATE_NAMES
        .iter()
        .find_map(|name| fields.iter().position(|field| field.name().eq_ignore_ascii_case(name)));
    named.ok_or_else(|| Error::NoDateColumn {
        file: file.to_owned(),
        found: "none of its columns is named date".to_owned(),
    })
}

fn append(table: &mut Table, batch: Batch<'_>, date: &str, wanted: &[Ticker]) -> Result<()> {
    let before = table.dates.len();
    table.dates.extend(batch.dates(date, before)?);
    table.lines.extend(before + 1..=table.dates.len());
    for (column, ticker) in table.columns.iter_mut().zip(wanted) {
        column.extend(batch.prices(ticker.as_str())?);
    }
    Ok(())
}

/// Rows of a file, read column by column.
#[derive(Clone, Copy)]
pub(crate) struct Batch<'a> {
    pub(crate) file: &'a str,
    pub(crate) batch: &'a RecordBatch,
}

impl<'a> Batch<'a> {
    pub(crate) fn column(&self, name: &str) -> Result<&'a dyn Array> {
        self.batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| Error::Damaged {
            file: self.file.to_owned(),
            reason: format!("column {name} is in its schema only"),
        })
    }

    pub(crate) fn prices(&self, name: &str) -> Result<Vec<Option<f64>>> {
        let array = self.column(name)?;
        Ok(match array.data_type() {
            DataType::Float64 => floats::<Float64Type>(array, |value| value),
            DataType::Float32 => floats::<Float32Type>(array, f64::from),
            DataType::Int32 => floats::<Int32Type>(array, f64::from),
            DataType::Int64 => floats::<Int64Type>(array, |value| value as f64),
            // pandas stores a column of missing values only as null.
            DataType::Null => vec![None; array.len()],
            other => return Err(self.bad_type(name, other, "prices must be numbers")),
        })
    }

    pub(crate) fn dates(&self, name: &str, before: usize) -> Result<Vec<Date>> {
        let array = self.column(name)?;
        let dates: Vec<Result<Date, String>> = match array.data_type() {
            DataType::Date32 => days::<Date32Type>(array, |day| Some(i64::from(day))),
            DataType::Timestamp(unit, None) => timestamps(array, *unit),
            DataType::Utf8 => texts(array.as_string::<i32>().iter()),
            DataType::LargeUtf8 => texts(array.as_string::<i64>().iter()),
            DataType::Utf8View => texts(array.as_string_view().iter()),
            other => {
                let rule = "dates must be dates, timestamps without a time zone or texts";
                return Err(self.bad_type(name, other, rule));
            }
        };
        let with_place = dates.into_iter().enumerate().map(|(row, date)| {
            date.map_err(|value| Error::BadDate {
                file: self.file.to_owned(),
                line: before + row + 1,
                value,
                rule: DATE_RULE,
            })
        });
        with_place.collect()
    }

    fn bad_type(&self, column: &str, found: &DataType, rule: &'static str) -> Error {
        let (file, column) = (self.file.to_owned(), column.to_owned());
        Error::ColumnType { file, column, found: found.to_string(), rule }
    }
}

/// NaN is how pandas stores a missing value in a column of floats.
fn floats<T: ArrowPrimitiveType>(
    array: &dyn Array,
    to_f64: impl Fn(T::Native) -> f64,
) -> Vec<Option<f64>> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    array.iter().map(|value| value.map(&to_f64).filter(|value| !value.is_nan())).collect()
}

fn timestamps(array: &dyn Array, unit: TimeUnit) -> Vec<Result<Date, String>> {
    const SECONDS_A_DAY: i64 = 86_400;
    // A time of day would make two rows of one session.
    let midnight = |per_second: i64| {
        move |value: i64| {
            let per_day = SECONDS_A_DAY * per_second;
            (value % per_day == 0).then_some(value / per_day)
        }
    };
    match unit {
        TimeUnit::Second => days::<TimestampSecondType>(array, midnight(1)),
        TimeUnit::Millisecond => days::<TimestampMillisecondType>(array, midnight(1_000)),
        TimeUnit::Microsecond => days::<TimestampMicrosecondType>(array, midnight(1_000_000)),
        TimeUnit::Nanosecond => days::<TimestampNanosecondType>(array, midnight(1_000_000_000)),
    }
}

fn days<T: ArrowPrimitiveType>(
    array: &dyn Array,
    to_day: impl Fn(T::Native) -> Option<i64>,
) -> Vec<Result<Date, String>> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    let date = |value: T::Native| {
        let day = to_day(value).and_then(|day| i32::try_from(day).ok());
        day.and_then(since_1970).ok_or_else(|| format!("{value:?}"))
    };
    array.iter().map(|value| value.map_or_else(|| Err("null".to_owned()), date)).collect()
}

fn since_1970(day: i32) -> Option<Date> {
    // The span of a civil date is far wider than any market, and narrower than `i32`.
    let span = jiff::Span::new().try_days(day).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Vec<Result<Date, String>> {
    let date = |text: &str| parse_date(text.trim()).ok_or_else(|| text.to_owned());
    values.map(|value| value.map_or_else(|| Err("null".to_owned()), date)).collect()
}

#[cfg(test)]
mod tests;
