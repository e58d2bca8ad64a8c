//! Tables as Parquet: zstd, dates as `date32`, no clock and no machine in the bytes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    UInt32Array, UInt64Array,
};
use walkfolio_core::Date;

use crate::{Error, Result};
use walkfolio_record::GridRun;
use walkfolio_record::{DecisionRow, LedgerRow, ReturnRow, TimingRow};
use walkfolio_study::Swept;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A column and whether it may hold nulls.
pub(super) type Column = (String, ArrayRef);

pub(super) fn decisions(rows: &[DecisionRow]) -> Result<Vec<u8>> {
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("asset", strings(rows.iter().map(|row| Some(row.asset.as_str())))),
        column("weight", floats(rows.iter().map(|row| Some(row.weight)))),
        column("drifted", floats(rows.iter().map(|row| Some(row.drifted)))),
        column("selected", Arc::new(rows.iter().map(|row| row.selected).collect::<BooleanArray>())),
        column("probability", floats(rows.iter().map(|row| row.probability))),
    ])
}

pub(super) fn ledger(rows: &[LedgerRow]) -> Result<Vec<u8>> {
    write(ledger_columns(&rows.iter()))
}

pub(super) fn grid_ledger(grid: &GridRun) -> Result<Vec<u8>> {
    let rows = || grid.ledger.iter().map(|(_, row)| row);
    let cell = |cell: &Option<usize>| cell.and_then(|cell| i64::try_from(cell).ok());
    let cells: Int64Array = grid.ledger.iter().map(|(number, _)| cell(number)).collect();
    let mut columns = vec![column("cell", Arc::new(cells))];
    columns.extend(ledger_columns(&rows()));
    write(columns)
}

fn ledger_columns<'a>(rows: &(impl Iterator<Item = &'a LedgerRow> + Clone)) -> Vec<Column> {
    let texts = |pick: fn(&LedgerRow) -> Option<&str>| strings(rows.clone().map(pick));
    vec![
        column("date", dates(rows.clone().map(|row| row.date))),
        column("kind", texts(|row| Some(&row.kind))),
        column("solver", texts(|row| row.solver.as_deref())),
        column("status", texts(|row| row.status.as_deref())),
        column("objective", floats(rows.clone().map(|row| row.objective))),
        column("bound", floats(rows.clone().map(|row| row.bound))),
        column("gap", floats(rows.clone().map(|row| row.gap))),
        column("message", texts(|row| Some(&row.message))),
    ]
}

pub(super) fn timings(rows: &[TimingRow]) -> Result<Vec<u8>> {
    let counts = |pick: fn(&TimingRow) -> u32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(pick(row))).collect::<UInt32Array>())
    };
    let longs = |pick: fn(&TimingRow) -> u64| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(pick(row))).collect::<UInt64Array>())
    };
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("micros", longs(|row| row.micros)),
        column("iterations", counts(|row| row.iterations)),
        column("pivots", counts(|row| row.pivots)),
        column("nodes", longs(|row| row.nodes)),
    ])
}

pub(super) fn returns(rows: &[ReturnRow]) -> Result<Vec<u8>> {
    let numbers =
        |pick: fn(&ReturnRow) -> Option<f64>| -> ArrayRef { floats(rows.iter().map(pick)) };
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("portfolio", numbers(|row| Some(row.portfolio))),
        column("gross", numbers(|row| Some(row.gross))),
        column("benchmark", numbers(|row| row.benchmark)),
        column("cash", numbers(|row| row.cash)),
        column("turnover", numbers(|row| Some(row.turnover))),
        column("cost", numbers(|row| Some(row.cost))),
    ])
}

/// One row per cell: the swept keys, how it ended, then the measures, regimes prefixed.
pub(super) fn grid(grid: &GridRun) -> Result<Vec<u8>> {
    let mut columns = Vec::new();
    for (index, key) in grid.keys.iter().enumerate() {
        let values = || grid.cells.iter().map(move |cell| &cell.settings[index]);
        let array: ArrayRef = match Swept::of(values()) {
            Swept::Integers => {
                Arc::new(values().map(serde_json::Value::as_i64).collect::<Int64Array>())
            }
            Swept::Numbers => floats(values().map(serde_json::Value::as_f64)),
            Swept::Texts => {
                let texts: Vec<String> = values().map(Swept::text).collect();
                strings(texts.iter().map(|text| Some(text.as_str())))
            }
        };
        columns.push(column(key, array));
    }
    let cells = &grid.cells;
    columns.push(column("status", strings(cells.iter().map(|cell| Some(cell.status.as_str())))));
    columns.push(column("message", strings(cells.iter().map(|cell| cell.message.as_deref()))));
    columns.push(column("first_decision", dates(cells.iter().map(|cell| cell.first))));
    for key in grid.measure_keys() {
        columns.push(column(&key, floats(cells.iter().map(|cell| cell.measure(&key)))));
    }
    write(columns)
}

pub(super) fn read_decisions(path: &Path) -> Result<Vec<DecisionRow>> {
    read(path, |table, row| {
        Ok(DecisionRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            asset: table.text("asset", row)?.unwrap_or_default(),
            weight: table.number("weight", row)?.ok_or_else(|| table.bad("weight"))?,
            drifted: table.number("drifted", row)?.ok_or_else(|| table.bad("drifted"))?,
            selected: table.flag("selected", row)?,
            probability: table.number("probability", row)?,
        })
    })
}

pub(super) fn read_ledger(path: &Path) -> Result<Vec<LedgerRow>> {
    read(path, |table, row| {
        Ok(LedgerRow {
            date: table.date("date", row)?,
            kind: table.text("kind", row)?.unwrap_or_default(),
            solver: table.text("solver", row)?,
            status: table.text("status", row)?,
            objective: table.number("objective", row)?,
            bound: table.number("bound", row)?,
            gap: table.number("gap", row)?,
            message: table.text("message", row)?.unwrap_or_default(),
        })
    })
}

pub(super) fn read_timings(path: &Path) -> Result<Vec<TimingRow>> {
    read(path, |table, row| {
        let count = |name| table.column::<UInt32Array>(name).map(|array| array.value(row));
        Ok(TimingRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            micros: table.column::<UInt64Array>("micros")?.value(row),
            iterations: count("iterations")?,
            pivots: count("pivots")?,
            nodes: table.column::<UInt64Array>("nodes")?.value(row),
        })
    })
}

pub(super) fn read_returns(path: &Path) -> Result<Vec<ReturnRow>> {
    read(path, |table, row| {
        let number = |name| table.number(name, row)?.ok_or_else(|| table.bad(name));
        Ok(ReturnRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            portfolio: number("portfolio")?,
            gross: number("gross")?,
            benchmark: table.number("benchmark", row)?,
            cash: table.number("cash", row)?,
            turnover: number("turnover")?,
            cost: number("cost")?,
        })
    })
}

pub(super) fn column(name: &str, array: ArrayRef) -> Column {
    (name.to_owned(), array)
}

pub(super) fn dates(values: impl Iterator<Item = Option<Date>>) -> ArrayRef {
    let days = |date: Date| date.since(EPOCH).map_or(0, |span| span.get_days());
    Arc::new(values.map(|date| date.map(days)).collect::<Date32Array>())
}

pub(super) fn floats(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

pub(super) fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

pub(super) fn write(columns: Vec<Column>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::file("encode", "parquet table", error);
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .map_err(|error| failed(&error))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("walkfolio {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .map_err(|error| failed(&error))?;
    writer.write(&batch).map_err(|error| failed(&error))?;
    writer.close().map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// The names of a table's columns, in order.
pub(super) fn column_names(path: &Path) -> Result<Vec<String>> {
    let failed = |error: &dyn std::fmt::Display| Error::file("read", path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| failed(&error))?;
    Ok(reader.schema().fields().iter().map(|field| field.name().clone()).collect())
}

pub(super) struct Table<'a> {
    path: &'a Path,
    batch: RecordBatch,
}

impl Table<'_> {
    pub(super) fn bad(&self, name: &str) -> Error {
        let reason = format!("column {name} is missing, empty or of another type");
        Error::file("read", self.path, &reason)
    }

    pub(super) fn column<A: Array + 'static>(&self, name: &str) -> Result<&A> {
        let array = self.batch.column_by_name(name);
        array.and_then(|array| array.as_any().downcast_ref()).ok_or_else(|| self.bad(name))
    }

    pub(super) fn number(&self, name: &str, row: usize) -> Result<Option<f64>> {
        let array = self.column::<Float64Array>(name)?;
        Ok((!array.is_null(row)).then(|| array.value(row)))
    }

    pub(super) fn text(&self, name: &str, row: usize) -> Result<Option<String>> {
        let array = self.column::<StringArray>(name)?;
        Ok((!array.is_null(row)).then(|| array.value(row).to_owned()))
    }

    pub(super) fn flag(&self, name: &str, row: usize) -> Result<Option<bool>> {
        let array = self.column::<BooleanArray>(name)?;
        Ok((!array.is_null(row)).then(|| array.value(row)))
    }

    pub(super) fn date(&self, name: &str, row: usize) -> Result<Option<Date>> {
        let array = self.column::<Date32Array>(name)?;
        let date = |days: i32| EPOCH.checked_add(jiff::Span::new().days(days)).ok();
        Ok((!array.is_null(row)).then(|| date(array.value(row))).flatten())
    }
}

pub(super) fn read<T>(path: &Path, row: impl Fn(&Table<'_>, usize) -> Result<T>) -> Result<Vec<T>> {
    let failed = |error: &dyn std::fmt::Display| Error::file("read", path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| failed(&error))?;
    let mut rows = Vec::new();
    for batch in reader {
        let table = Table { path, batch: batch.map_err(|error| failed(&error))? };
        for index in 0..table.batch.num_rows() {
            rows.push(row(&table, index)?);
        }
    }
    Ok(rows)
}
