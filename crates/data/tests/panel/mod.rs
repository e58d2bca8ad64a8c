//! A large panel of prices on disk, and how much memory it takes to load it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use walkfolio_core::{Ticker, Universe};
use walkfolio_data::{FileRequest, load};

/// Rows that are written at once: a row group.
const ROW_GROUP: usize = 1_000;

/// Assets by sessions.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Assets.
    pub assets: usize,
    /// Sessions.
    pub rows: usize,
}

impl Size {
    /// The bytes of a market: a double for each price and each return.
    pub fn market_bytes(self) -> usize {
        2 * 8 * self.assets * self.rows
    }

    fn names(self) -> Vec<String> {
        (0..self.assets).map(|asset| format!("A{asset}")).collect()
    }
}

/// Writes a wide Parquet file; no two prices of an asset are alike, so that nothing compresses.
pub fn write(path: &Path, size: Size) -> Result<(), Box<dyn std::error::Error>> {
    let mut fields = vec![Field::new("date", DataType::Date32, false)];
    let price = |name: String| Field::new(name, DataType::Float64, true);
    fields.extend(size.names().into_iter().map(price));
    let schema = Arc::new(Schema::new(fields));
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(ROW_GROUP)).build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, schema.clone(), Some(properties))?;
    for first in (0..size.rows).step_by(ROW_GROUP) {
        let rows = first..(first + ROW_GROUP).min(size.rows);
        let days = rows.clone().map(|row| i32::try_from(row).unwrap_or_default());
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Date32Array::from_iter_values(days))];
        for asset in 0..size.assets {
            let price = |row: usize| 50.0 + (1.0 + asset as f64 + row as f64 / 40.0).sin();
            columns.push(Arc::new(Float64Array::from_iter_values(rows.clone().map(price))));
        }
        writer.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
    }
    writer.close()?;
    Ok(())
}

/// Loads the panel and gives the bytes by which the process grew at its largest.
pub fn peak_of_load(path: &Path, size: Size) -> Result<usize, Box<dyn std::error::Error>> {
    let names = size.names();
    let tickers = names.iter().map(|name| Ticker::new(name)).collect::<Result<Vec<_>, _>>()?;
    let request = FileRequest {
        prices: path.to_path_buf(),
        also: Vec::new(),
        benchmark_prices: None,
        factors: None,
        assets: Universe::from_tickers(tickers)?,
        benchmark: None,
    };
    let before = resident("VmRSS")?;
    let loaded = load(&request)?;
    assert_eq!(loaded.market.rows(), size.rows);
    assert_eq!(loaded.market.universe().len(), size.assets);
    Ok(resident("VmHWM")? - before)
}

/// A figure of `/proc/self/status`, in bytes.
pub fn resident(key: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()).ok_or("no such figure")?;
    Ok(kib.parse::<usize>()? << 10)
}
