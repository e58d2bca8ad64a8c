//! A large panel of prices on disk, and how much memory it takes to load it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use walkfolio_core::{Date, Ticker, Universe};
use walkfolio_data::quality::{DataReport, inspect};
use walkfolio_data::{FileRequest, load, read_prices};

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

/// Writes a wide table, CSV or Parquet by the extension of the path.
pub fn write(path: &Path, size: Size) -> Result<(), Box<dyn std::error::Error>> {
    if path.extension().is_some_and(|extension| extension == "csv") {
        return write_csv(path, size);
    }
    write_parquet(path, size)
}

fn price(asset: usize, row: usize) -> f64 {
    50.0 + (1.0 + asset as f64 + row as f64 / 40.0).sin()
}

/// Prices to four decimals, as vendors write them.
fn write_csv(path: &Path, size: Size) -> Result<(), Box<dyn std::error::Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "date,{}", size.names().join(","))?;
    let mut date = Date::constant(1970, 1, 1);
    for row in 0..size.rows {
        write!(file, "{date}")?;
        for asset in 0..size.assets {
            write!(file, ",{:.4}", price(asset, row))?;
        }
        writeln!(file)?;
        date = date.tomorrow()?;
    }
    file.flush()?;
    Ok(())
}

/// Writes a wide Parquet file; no two prices of an asset are alike, so that nothing compresses.
fn write_parquet(path: &Path, size: Size) -> Result<(), Box<dyn std::error::Error>> {
    let field = |name: &String| format!("optional double {name};");
    let prices: String = size.names().iter().map(field).collect();
    let schema =
        parse_message_type(&format!("message m {{ required int32 date (DATE); {prices} }}"));
    let file = File::create(path)?;
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema?), Arc::default())?;
    for first in (0..size.rows).step_by(ROW_GROUP) {
        let rows = first..(first + ROW_GROUP).min(size.rows);
        let mut group = writer.next_row_group()?;
        let days = rows.clone().map(|row| i32::try_from(row).unwrap_or_default());
        let mut column = group.next_column()?.ok_or("a column is missing")?;
        column.typed::<Int32Type>().write_batch(&days.collect::<Vec<_>>(), None, None)?;
        column.close()?;
        for asset in 0..size.assets {
            let prices: Vec<f64> = rows.clone().map(|row| price(asset, row)).collect();
            let mut column = group.next_column()?.ok_or("a column is missing")?;
            let there = vec![1; rows.len()];
            column.typed::<DoubleType>().write_batch(&prices, Some(&there), None)?;
            column.close()?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

/// Sessions of a row group in a long file.
const SESSIONS: usize = 50;

/// Writes a long Parquet file, a row a ticker and session, all tickers of a session together.
pub fn write_long(path: &Path, size: Size) -> Result<(), Box<dyn std::error::Error>> {
    let schema = parse_message_type(
        "message m { required int32 date (DATE); required binary ticker (UTF8); optional double close; }",
    );
    let mut writer =
        SerializedFileWriter::new(File::create(path)?, Arc::new(schema?), Arc::default())?;
    let names: Vec<ByteArray> =
        size.names().iter().map(|name| ByteArray::from(name.as_str())).collect();
    for first in (0..size.rows).step_by(SESSIONS) {
        let rows = first..(first + SESSIONS).min(size.rows);
        let cells: Vec<(usize, usize)> =
            rows.flat_map(|row| (0..size.assets).map(move |asset| (row, asset))).collect();
        let mut group = writer.next_row_group()?;
        let days = cells.iter().map(|(row, _)| i32::try_from(*row).unwrap_or_default());
        let mut column = group.next_column()?.ok_or("a column is missing")?;
        column.typed::<Int32Type>().write_batch(&days.collect::<Vec<_>>(), None, None)?;
        column.close()?;
        let tickers: Vec<ByteArray> =
            cells.iter().map(|(_, asset)| names[*asset].clone()).collect();
        let mut column = group.next_column()?.ok_or("a column is missing")?;
        column.typed::<ByteArrayType>().write_batch(&tickers, None, None)?;
        column.close()?;
        let prices: Vec<f64> = cells.iter().map(|(row, asset)| price(*asset, *row)).collect();
        let mut column = group.next_column()?.ok_or("a column is missing")?;
        column.typed::<DoubleType>().write_batch(&prices, Some(&vec![1; cells.len()]), None)?;
        column.close()?;
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

/// Loads the panel and gives the bytes by which the process grew at its largest.
pub fn peak_of_load(path: &Path, size: Size) -> Result<usize, Box<dyn std::error::Error>> {
    let names = size.names();
    let tickers = names.iter().map(|name| Ticker::new(name)).collect::<Result<Vec<_>, _>>()?;
    let request = FileRequest::new(path, Universe::from_tickers(tickers)?);
    let before = resident("VmRSS")?;
    let loaded = load(&request)?;
    assert_eq!(loaded.market.rows(), size.rows);
    assert_eq!(loaded.market.universe().len(), size.assets);
    Ok(resident("VmHWM")? - before)
}

/// Checks the panel, as `walkfolio check` does, and gives the bytes by which the process grew at its
/// largest.
pub fn peak_of_check(path: &Path) -> Result<(usize, DataReport), Box<dyn std::error::Error>> {
    let before = resident("VmRSS")?;
    let report = inspect(&read_prices(path)?);
    Ok((resident("VmHWM")? - before, report))
}

/// A figure of `/proc/self/status`, in bytes.
pub fn resident(key: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()).ok_or("no such figure")?;
    Ok(kib.parse::<usize>()? << 10)
}
