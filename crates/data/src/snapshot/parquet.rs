//! A series as a Parquet file: a row a session.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use walkfolio_core::{Date, Ticker};

use crate::vendor::{Basis, Dividend, Series, Split};
use crate::wide_parquet::Batch;
use crate::{Error, Result};

type Column = Vec<Option<f64>>;

fn damaged(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), reason: reason.to_string() }
}

/// The bytes of a file: `date`, `close`, `adjusted`, `volume`, `dividend`, `split`.
///
/// An event on a day without a session has a row of its own, without a close.
pub(super) fn write(series: &Series) -> Result<Vec<u8>> {
    let name = series.ticker.as_str();
    let mut dates = series.dates.clone();
    dates.extend(series.dividends.iter().map(|event| event.date));
    dates.extend(series.splits.iter().map(|event| event.date));
    dates.sort_unstable();
    dates.dedup();
    let mut columns = vec![("close", spread(&dates, &series.dates, &series.close))];
    for (name, own) in [("adjusted", &series.adjusted), ("volume", &series.volume)] {
        columns.extend(own.as_ref().map(|own| (name, spread(&dates, &series.dates, own))));
    }
    let paid = series.dividends.iter().map(|event| (event.date, event.amount));
    let split = series.splits.iter().map(|event| (event.date, event.ratio));
    columns.push(("dividend", events(&dates, paid, |sum, amount| sum + amount)));
    columns.push(("split", events(&dates, split, |product, ratio| product * ratio)));
    encode(&dates, columns).map_err(|error| damaged(name, &error))
}

/// Values of sessions over more dates.
fn spread(dates: &[Date], own: &[Date], values: &[Option<f64>]) -> Column {
    let value = |date: &Date| own.binary_search(date).ok().and_then(|row| values[row]);
    dates.iter().map(value).collect()
}

/// Events by date; two of one day become one.
fn events(
    dates: &[Date],
    own: impl Iterator<Item = (Date, f64)>,
    join: impl Fn(f64, f64) -> f64,
) -> Column {
    let mut by_date = BTreeMap::<Date, f64>::new();
    for (date, value) in own {
        by_date.entry(date).and_modify(|sum| *sum = join(*sum, value)).or_insert(value);
    }
    dates.iter().map(|date| by_date.get(date).copied()).collect()
}

fn encode(dates: &[Date], columns: Vec<(&str, Column)>) -> parquet::errors::Result<Vec<u8>> {
    let mut fields = vec![Field::new("date", DataType::Date32, false)];
    let mut arrays: Vec<ArrayRef> =
        vec![Arc::new(Date32Array::from_iter_values(dates.iter().copied().map(days)))];
    for (name, values) in columns {
        fields.push(Field::new(name, DataType::Float64, true));
        arrays.push(Arc::new(Float64Array::from(values)));
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn days(date: Date) -> i32 {
    let since = date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    // The span of a civil date is far narrower than `i32`.
    i32::try_from(since).unwrap_or_default()
}

/// Reads what [`write`] wrote; basis and currency stand in the manifest.
pub(super) fn read(file: &str, bytes: Vec<u8>, ticker: &Ticker) -> Result<Series> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes))
        .map_err(|error| damaged(file, &error))?;
    let has = |name: &str| builder.schema().field_with_name(name).is_ok();
    let mut series = Series {
        ticker: ticker.clone(),
        dates: Vec::new(),
        lines: Vec::new(),
        close: Vec::new(),
        basis: Basis::Unstated,
        adjusted: has("adjusted").then(Vec::new),
        volume: has("volume").then(Vec::new),
        dividends: Vec::new(),
        splits: Vec::new(),
        delistings: Vec::new(),
        currency: None,
        format: "snapshot Parquet",
    };
    let reader = builder.build().map_err(|error| damaged(file, &error))?;
    for batch in reader {
        let batch = batch.map_err(|error| damaged(file, &error))?;
        append(&mut series, Batch { file, batch: &batch })?;
    }
    series.settle(file)
}

fn append(series: &mut Series, batch: Batch<'_>) -> Result<()> {
    let before = series.dates.len();
    let dates = batch.dates("date", before)?;
    series.lines.extend(before + 1..=before + dates.len());
    series.close.extend(batch.prices("close")?);
    if let Some(own) = &mut series.adjusted {
        own.extend(batch.prices("adjusted")?);
    }
    if let Some(own) = &mut series.volume {
        own.extend(batch.prices("volume")?);
    }
    for (&date, amount) in dates.iter().zip(batch.prices("dividend")?) {
        series.dividends.extend(amount.map(|amount| Dividend { date, amount }));
    }
    for (&date, ratio) in dates.iter().zip(batch.prices("split")?) {
        series.splits.extend(ratio.map(|ratio| Split { date, ratio }));
    }
    series.dates.extend(dates);
    Ok(())
}
