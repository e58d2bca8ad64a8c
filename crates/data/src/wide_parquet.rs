//! Wide Parquet: a column of dates, and one column a ticker.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::Length;
use parquet::file::serialized_reader::SerializedPageReader;
use walkfolio_core::{Date, Ticker};

use crate::source::Data;
use crate::table::{DATE_RULE, Table, Values, locate, parse_date};
use crate::{Error, Result};

/// Names under which writers store the dates; the second is that of an unnamed pandas index.
pub(crate) const DATE_NAMES: [&str; 2] = ["date", "__index_level_0__"];

/// So many columns are read at once: each holds a page of its own in memory.
const COLUMNS_AT_ONCE: usize = 128;

/// Reads the requested columns, some at a time; all others may hold anything.
pub(crate) fn read(file: &str, data: &Data, wanted: &[Ticker]) -> Result<Table> {
    guarded(file, || read_parts(file, data, wanted))
}

/// Reads with the Parquet library, which panics on some damaged files: that is an error here.
pub(crate) fn guarded<T>(file: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    // What is read is dropped with the panic: nothing half-made is seen again.
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged(file, &"its structure contradicts itself")))
}

fn read_parts(file: &str, data: &Data, wanted: &[Ticker]) -> Result<Table> {
    let metadata = ArrowReaderMetadata::load(data, ArrowReaderOptions::default());
    let parts = Parts { file, data, metadata: metadata.map_err(|error| damaged(file, &error))? };
    check_claims(file, parts.metadata.metadata(), data)?;
    let schema = parts.metadata.schema().clone();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let date_place = date_column(file, &schema)?;
    let places = locate(file, &names, wanted)?;
    let mut table = Table::default();
    for batch in parts.columns([date_place])? {
        let batch = batch.map_err(|error| damaged(file, &error))?;
        let dates = Batch { file, batch: &batch }.dates(names[date_place], table.dates.len())?;
        table.dates.extend(dates);
    }
    table.lines.extend(1..=table.dates.len());
    let column = |_: &Ticker| Values::with_capacity(table.dates.len());
    table.columns = wanted.iter().map(column).collect();
    let groups = table.columns.chunks_mut(COLUMNS_AT_ONCE).zip(wanted.chunks(COLUMNS_AT_ONCE));
    for ((columns, tickers), places) in groups.zip(places.chunks(COLUMNS_AT_ONCE)) {
        for batch in parts.columns(places.iter().copied())? {
            let batch = batch.map_err(|error| damaged(file, &error))?;
            for (column, ticker) in columns.iter_mut().zip(tickers) {
                column.extend(Batch { file, batch: &batch }.prices(ticker.as_str())?);
            }
        }
    }
    Ok(table)
}

/// A file whose columns are read by parts.
struct Parts<'a> {
    file: &'a str,
    data: &'a Data,
    metadata: ArrowReaderMetadata,
}

impl Parts<'_> {
    /// Batches of some columns.
    fn columns(&self, places: impl IntoIterator<Item = usize>) -> Result<ParquetRecordBatchReader> {
        let data = self.data.try_clone(self.file)?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(data, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        builder.with_projection(mask).build().map_err(|error| damaged(self.file, &error))
    }
}

/// Refuses a file that claims more than its bytes can tell: memory is taken by what is claimed.
pub(crate) fn check_claims(file: &str, metadata: &ParquetMetaData, data: &Data) -> Result<()> {
    /// Beyond this a file is its own bound, and looking at each dictionary first costs too much.
    const LOOKED_AT: u64 = 64 << 20;
    let bytes = Length::len(data);
    check_rows(file, metadata, bytes)?;
    if bytes > LOOKED_AT {
        return Ok(());
    }
    let shared = Arc::new(data.try_clone(file)?);
    for group in metadata.row_groups() {
        let rows = usize::try_from(group.num_rows()).unwrap_or_default();
        for column in group.columns() {
            check_dictionary(file, Arc::clone(&shared), column, rows)?;
        }
    }
    Ok(())
}

/// Refuses a dictionary of more values than bytes: each takes one at least.
fn check_dictionary(
    file: &str,
    data: Arc<Data>,
    column: &ColumnChunkMetaData,
    rows: usize,
) -> Result<()> {
    let fault = |error: &dyn std::fmt::Display| damaged(file, error);
    let pages = SerializedPageReader::new(data, column, rows, None);
    let first = pages.and_then(|mut pages| pages.get_next_page()).map_err(|error| fault(&error))?;
    match first {
        Some(Page::DictionaryPage { buf, num_values, .. }) if num_values as usize > buf.len() => {
            let (values, bytes) = (num_values, buf.len());
            Err(fault(&format!("a dictionary claims {values} values in {bytes} bytes")))
        }
        _ => Ok(()),
    }
}

/// Refuses a file that claims more rows than its bytes can tell.
///
/// A row of a run that repeats takes next to nothing; a thousand rows a byte is more than any table
/// of prices has, and few enough to be read in a moment.
fn check_rows(file: &str, metadata: &ParquetMetaData, bytes: u64) -> Result<()> {
    const LARGEST: u64 = 1_000;
    let groups = metadata.row_groups().iter();
    let rows = groups.fold(0_u64, |sum, group| sum.saturating_add(group.num_rows().unsigned_abs()));
    if rows <= LARGEST.saturating_mul(bytes) {
        return Ok(());
    }
    Err(damaged(file, &format!("it claims {rows} rows in {bytes} bytes")))
}

pub(crate) fn damaged(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), reason: reason.to_string() }
}

/// The names of all columns.
pub(crate) fn names(file: &str, data: &Data) -> Result<Vec<String>> {
    let metadata = guarded(file, || {
        ArrowReaderMetadata::load(data, ArrowReaderOptions::default())
            .map_err(|error| damaged(file, &error))
    })?;
    Ok(metadata.schema().fields().iter().map(|field| field.name().clone()).collect())
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
