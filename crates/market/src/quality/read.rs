//! Price files as they are, for the detectors.

use std::fs::File;
use std::path::Path;

use csv::{ReaderBuilder, Trim};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use walkfolio_core::{Date, Ticker};

use super::panel::{Column, Panel};
use crate::source::{Accepts, Content, Source, text};
use crate::table::Table;
use crate::{Error, FileRequest, Result, factors, wide_csv, wide_parquet};

const ACCEPTS: Accepts = Accepts {
    role: "prices",
    kinds: &[Content::Text, Content::Parquet],
    described: "CSV or Parquet",
};

/// Every column of a wide price file, in the file's order of rows.
///
/// # Errors
/// Those of [`crate::load`] for a file that cannot be read. Faults of dates and prices are none.
/// # Examples
/// ```
/// use walkfolio_market::quality::{inspect, read_prices};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-panel.csv");
/// std::fs::write(&path, "date,XLE\n2024-01-02,50\n2024-01-02,-1\n")?;
/// let panel = read_prices(&path)?;
/// assert_eq!((panel.dates.len(), panel.columns.len()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_prices(path: &Path) -> Result<Panel> {
    let raw = RawFile::read(path, None)?;
    let columns = raw.tickers.into_iter().zip(raw.table.columns);
    let columns = columns.map(|(ticker, prices)| Column::new(ticker, prices)).collect();
    Ok(Panel::new(&raw.name, raw.table.dates, columns))
}

/// The columns that a request names, the benchmark last, and the decimals of its risk-free rate.
///
/// A benchmark of another file is spread over the dates of the assets' file.
///
/// # Errors
/// As [`read_prices`], and [`walkfolio_core::Error::UnknownAsset`].
pub fn read_request(request: &FileRequest) -> Result<Panel> {
    let own_file = request.benchmark_prices.as_deref();
    let mut wanted = request.assets.tickers().to_vec();
    let beside = request
        .benchmark
        .iter()
        .filter(|ticker| own_file.is_none() && request.assets.position(ticker.as_str()).is_none());
    wanted.extend(beside.cloned());
    let raw = RawFile::read(&request.prices, Some(wanted))?;
    let columns = raw.tickers.into_iter().zip(raw.table.columns);
    let columns = columns.map(|(ticker, prices)| Column::new(ticker, prices)).collect();
    let mut panel = Panel::new(&raw.name, raw.table.dates, columns);
    if let (Some(path), Some(ticker)) = (own_file, &request.benchmark) {
        let other = RawFile::read(path, Some(vec![ticker.clone()]))?;
        panel.columns.push(Column::new(ticker.clone(), spread(&other.table, &panel.dates)));
    }
    if let Some(path) = &request.factors {
        panel.risk_free_decimals = Some(factors::risk_free_decimals(path)?);
    }
    Ok(panel)
}

/// The first column of a table over other dates.
fn spread(table: &Table, dates: &[Date]) -> Vec<Option<f64>> {
    let mut rows: Vec<(Date, Option<f64>)> =
        table.dates.iter().copied().zip(table.columns.iter().flatten().copied()).collect();
    rows.sort_by_key(|row| row.0);
    let value =
        |date: &Date| rows.binary_search_by_key(date, |row| row.0).ok().and_then(|row| rows[row].1);
    dates.iter().map(value).collect()
}

/// A wide file, rows without any requested price dropped.
struct RawFile {
    name: String,
    tickers: Vec<Ticker>,
    table: Table,
}

impl RawFile {
    fn read(path: &Path, wanted: Option<Vec<Ticker>>) -> Result<Self> {
        let Source { file, name, bytes, content, handle } = Source::read(path, ACCEPTS)?;
        let (tickers, mut table) = if content == Content::Parquet {
            let tickers = match wanted {
                Some(tickers) => tickers,
                None => parquet_tickers(path, &file)?,
            };
            let table = wide_parquet::read(&file, handle, &tickers)?;
            (tickers, table)
        } else {
            let text = text(&file, &bytes)?;
            let tickers = match wanted {
                Some(tickers) => tickers,
                None => csv_tickers(&file, text)?,
            };
            let table = wide_csv::read(&file, text, &tickers)?;
            (tickers, table)
        };
        table.drop_empty_rows();
        Ok(Self { name, tickers, table })
    }
}

fn csv_tickers(file: &str, text: &str) -> Result<Vec<Ticker>> {
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| wide_csv::damaged(file, &error))?;
    tickers(header.iter().skip(1))
}

fn parquet_tickers(path: &Path, file: &str) -> Result<Vec<Ticker>> {
    let damaged = |reason: String| Error::Damaged { file: file.to_owned(), reason };
    let handle = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(handle)
        .map_err(|error| damaged(error.to_string()))?;
    let is_date = |name: &&str| name.eq_ignore_ascii_case("date") || *name == "__index_level_0__";
    let fields = builder.schema().fields();
    tickers(fields.iter().map(|field| field.name().as_str()).filter(|name| !is_date(name)))
}

fn tickers<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<Ticker>> {
    Ok(names.map(Ticker::new).collect::<walkfolio_core::Result<_>>()?)
}
