//! Price files as they are, for the detectors.

use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, Trim};
use walkfolio_core::Ticker;

use super::clean::Cleaning;
use super::panel::{Column, Panel, spread};
use crate::read::{ACCEPTS, Asked, PriceFile};
use crate::source::{Content, Source, stem};
use crate::table::Table;
use crate::vendor::{self, Header, Layout, ticker};
use crate::{Error, FileRequest, Result, factors, wide_csv, wide_parquet};

/// Everything in a price file of any layout that [`crate::load`] reads.
///
/// Wide files keep their order of rows, every column but the first being an asset. The columns of
/// other layouts, with volumes and events, are sorted.
///
/// # Errors
/// Those of [`crate::load`] for a file that cannot be read. Faults of prices are none, nor are those
/// of dates in a wide file.
/// # Examples
/// ```
/// use walkfolio_data::quality::{inspect, read_prices};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-panel.csv");
/// std::fs::write(&path, "date,XLE\n2024-01-02,50\n2024-01-02,-1\n")?;
/// let panel = read_prices(&path)?;
/// assert_eq!((panel.dates.len(), panel.columns.len()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_prices(path: &Path) -> Result<Panel> {
    let source = Source::read(path, ACCEPTS)?;
    let panel = of_source(&source)?;
    if panel.dates.is_empty() {
        return Err(Error::NoRows { file: source.file });
    }
    Ok(panel)
}

/// As [`read_prices`], from a stream; `name` stands for the file, in errors and as the ticker of a
/// file that does not name its own.
///
/// A line of more than 1 MiB ends the reading, and so does a chart response of more than 64 MiB.
///
/// # Errors
/// As [`read_prices`].
/// # Examples
/// ```
/// use walkfolio_data::quality::read_from;
///
/// let text = "date,close,volume\n2024-01-02,50,0\n";
/// let panel = read_from("XLE.csv", text.as_bytes())?;
/// assert_eq!(panel.columns[0].ticker.as_str(), "XLE");
/// assert_eq!(panel.columns[0].volumes, Some(vec![Some(0.0)]));
/// # Ok::<(), walkfolio_data::Error>(())
/// ```
pub fn read_from(name: &str, input: impl Read) -> Result<Panel> {
    of_source(&Source::stream(Path::new(name), input, ACCEPTS)?)
}

fn of_source(source: &Source) -> Result<Panel> {
    let names = names(source)?;
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    if source.content != Content::Json
        && Header::read(&source.file, &header)?.layout() == Layout::Wide
    {
        let is_date = |(place, name): &(usize, &&str)| match source.content {
            Content::Parquet => {
                wide_parquet::DATE_NAMES.iter().any(|date| name.eq_ignore_ascii_case(date))
            }
            _ => *place == 0,
        };
        let assets = header.iter().enumerate().filter(|column| !is_date(column));
        let assets = assets.map(|(_, name)| ticker(&source.file, name)).collect::<Result<_>>()?;
        return wide(source, assets);
    }
    let stem = stem(Path::new(&source.name)).unwrap_or_default();
    let head = stem.split([' ', '_']).next().unwrap_or_default();
    let named = Ticker::new(stem).or_else(|_| ticker(&source.file, head))?;
    let series = vendor::read(source, Layout::Auto, &named)?;
    Panel::of_series(&source.name, &series)
}

/// The columns that a request names, the benchmark last, and the decimals of its risk-free rate.
///
/// Wide files keep their order of rows; a benchmark of another file is spread over the dates of the
/// assets' file.
///
/// # Errors
/// As [`read_prices`], and [`walkfolio_core::Error::UnknownAsset`].
pub fn read_request(request: &FileRequest, layout: Layout) -> Result<Panel> {
    let own_file = request.benchmark_prices.as_deref();
    let mut wanted = request.assets.tickers().to_vec();
    let beside = request
        .benchmark
        .iter()
        .filter(|ticker| own_file.is_none() && request.assets.position(ticker.as_str()).is_none());
    wanted.extend(beside.cloned());
    let mut panel = requested(&request.price_files(), wanted, layout)?;
    if let (Some(path), Some(ticker)) = (own_file, &request.benchmark) {
        let other = requested(&[path], vec![ticker.clone()], layout)?.ordered();
        let own = &other.columns[0];
        let over = |values: &Vec<Option<f64>>| spread(&other.dates, values, &panel.dates);
        let mut column = Column::new(ticker.clone(), over(&own.prices));
        column.volumes = own.volumes.as_ref().map(over);
        panel.columns.push(column);
    }
    if let Some(path) = &request.factors {
        panel.risk_free_decimals = Some(factors::risk_free_decimals(path)?);
    }
    Ok(panel)
}

/// Some columns of files, folders or snapshots; a single wide file keeps its order of rows.
fn requested(paths: &[&Path], wanted: Vec<Ticker>, layout: Layout) -> Result<Panel> {
    let path = paths[0];
    if paths.len() == 1 && path.is_file() && matches!(layout, Layout::Auto | Layout::Wide) {
        let source = Source::read(path, ACCEPTS)?;
        let names = names(&source)?;
        if wanted.iter().all(|ticker| names.iter().any(|name| name == ticker.as_str())) {
            return wide(&source, wanted);
        }
    }
    let cleaning = &Cleaning::default();
    let read =
        PriceFile::read_all(paths, Asked { role: "prices", wanted: &wanted, layout, cleaning })?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let columns = read.columns(&wanted);
    Ok(Panel::new(&name, read.table.dates, columns))
}

fn wide(source: &Source, wanted: Vec<Ticker>) -> Result<Panel> {
    let mut table = if source.content == Content::Parquet {
        wide_parquet::read(&source.file, &source.data, &wanted)?
    } else {
        wide_csv::read(&source.file, &source.text()?, &wanted)?
    };
    table.drop_empty_rows();
    Ok(panel(&source.name, wanted, table))
}

fn panel(name: &str, tickers: Vec<Ticker>, table: Table) -> Panel {
    let columns = tickers.into_iter().zip(table.columns);
    let columns =
        columns.map(|(ticker, prices)| Column::new(ticker, prices.iter().collect())).collect();
    Panel::new(name, table.dates, columns)
}

/// The names of a table's columns; none of JSON.
fn names(source: &Source) -> Result<Vec<String>> {
    match source.content {
        Content::Json => Ok(Vec::new()),
        Content::Parquet => wide_parquet::names(&source.file, &source.data),
        _ => {
            let text = source.text()?;
            let mut reader =
                ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
            let header =
                reader.headers().map_err(|error| wide_csv::damaged(&source.file, &error))?;
            Ok(header.iter().map(str::to_owned).collect())
        }
    }
}
