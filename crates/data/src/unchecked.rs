//! Price files as they are, for the detectors.

use std::io::Read;
use std::path::Path;

use walkfolio_core::{Note, NoteKind, Ticker};

use crate::asked::Asked;
use crate::dialect::CsvForm;
use crate::layout::{Contents, Input, Layout, read_series};
use crate::quality::{Cleaning, Column, Panel, spread};
use crate::read::{ACCEPTS, input, read_all, tickers};
use crate::request::FileRequest;
use crate::series::ticker;
use crate::source::{Source, stem};
use crate::table::{Table, Values};
use crate::{Error, Result, factors};

/// Everything in a price file of any layout that [`crate::load`] reads, or in a folder of them.
///
/// Wide files keep their order of rows, every column but the first being an asset. The columns of
/// other layouts, with volumes and events, are sorted.
///
/// # Errors
/// Those of [`crate::load`] for a file that cannot be read. Wrong prices are not errors, nor are wrong
/// dates in a wide file.
/// # Examples
/// ```
/// use walkfolio_data::quality::inspect;
/// use walkfolio_data::read_prices;
///
/// let path = std::env::temp_dir().join("walkfolio-doc-panel.csv");
/// std::fs::write(&path, "date,XLE\n2024-01-02,50\n2024-01-02,-1\n")?;
/// let panel = read_prices(&path)?;
/// assert_eq!((panel.dates.len(), panel.columns.len()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_prices(path: &Path) -> Result<Panel> {
    let csv = &CsvForm::default();
    if path.is_dir() {
        let found = tickers(path, None, csv)?;
        if found.is_empty() {
            return Err(Error::NoRows { file: path.display().to_string() });
        }
        return requested(&[path], &found, (None, csv));
    }
    let source = Source::read(path, ACCEPTS)?;
    let file = source.file.clone();
    let panel = of_source(source)?;
    if panel.dates.is_empty() {
        return Err(Error::NoRows { file });
    }
    Ok(panel)
}

/// As [`read_prices`], from a stream; `name` is the file's in errors, and the ticker of a
/// file that does not name its own.
///
/// A line of more than 1 MiB ends the reading, and so does a chart response of more than 64 MiB.
///
/// # Errors
/// As [`read_prices`].
/// # Examples
/// ```
/// use walkfolio_data::read_from;
///
/// let text = "date,close,volume\n2024-01-02,50,0\n";
/// let panel = read_from("XLE.csv", text.as_bytes())?;
/// assert_eq!(panel.columns[0].ticker.as_str(), "XLE");
/// assert_eq!(panel.columns[0].volumes, Some(vec![Some(0.0)]));
/// # Ok::<(), walkfolio_data::Error>(())
/// ```
pub fn read_from(name: &str, input: impl Read) -> Result<Panel> {
    of_source(Source::stream(Path::new(name), input, ACCEPTS)?)
}

/// The source ends here: its bytes are gone before the panel is made of a wide table.
fn of_source(source: Source) -> Result<Panel> {
    let stem = stem(Path::new(&source.name)).unwrap_or_default();
    let head = stem.split([' ', '_']).next().unwrap_or_default();
    let named = Ticker::new(stem).or_else(|_| ticker(&source.file, head));
    // A wide file may have any name.
    let unnamed = Ticker::new("unnamed")?;
    let csv = &CsvForm::default();
    let file = input(&source, &[], named.as_ref().unwrap_or(&unnamed), csv);
    if Layout::of(&file, None)? == Layout::Wide {
        let assets = Layout::Wide.tickers(&file)?;
        let (table, notes) = wide(&Input { wanted: &assets, ..file })?;
        let name = source.name.clone();
        drop(source);
        return Ok(Panel { notes, ..of_table(&name, table, assets) });
    }
    let (series, notes) = read_series(&input(&source, &[], &named?, csv), None)?;
    Ok(Panel { notes, ..Panel::of_series(&source.name, &series)? })
}

/// The columns that a request names, the benchmark last, and the decimals of its risk-free rate.
///
/// Wide files keep their order of rows; a benchmark of another file is spread over the dates of the
/// assets' file.
///
/// # Errors
/// As [`read_prices`], and [`walkfolio_core::Error::UnknownAsset`].
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{FileRequest, read_request};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-request.csv");
/// std::fs::write(&path, "date,XLF,XLE\n2024-01-02,20,50\n")?;
/// let panel = read_request(&FileRequest::new(path, Universe::new(["XLE"])?))?;
/// assert_eq!(panel.columns[0].prices, [Some(50.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_request(request: &FileRequest) -> Result<Panel> {
    let layout = request.layout;
    let own_file = request.benchmark_prices.as_deref();
    let mut wanted = request.assets.tickers().to_vec();
    let benchmark = request.benchmark_columns();
    let others = benchmark
        .iter()
        .filter(|ticker| own_file.is_none() && request.assets.position(ticker.as_str()).is_none());
    wanted.extend(others.cloned());
    let csv = &request.csv;
    let mut panel = requested(&request.price_files(), &wanted, (layout, csv))?;
    panel.calendar = request.calendar;
    if let Some(path) = own_file.filter(|_| !benchmark.is_empty()) {
        let other = requested(&[path], &benchmark, (layout, csv))?;
        let other = other.ordered();
        let over = |values: &Vec<Option<f64>>| spread(&other.dates, values, &panel.dates);
        let columns: Vec<Column> = other
            .columns
            .iter()
            .map(|own| Column {
                volumes: own.volumes.as_ref().map(over),
                ..Column::new(own.ticker.clone(), over(&own.prices))
            })
            .collect();
        panel.columns.extend(columns);
    }
    if let Some(own) = &request.factors {
        panel.risk_free_decimals = factors::risk_free_decimals(own)?;
    }
    Ok(panel)
}

/// Some columns of files, folders or snapshots; a single wide file keeps its order of rows.
fn requested(
    paths: &[&Path],
    wanted: &[Ticker],
    (layout, csv): (Option<Layout>, &CsvForm),
) -> Result<Panel> {
    let path = paths[0];
    if paths.len() == 1 && path.is_file() {
        let source = Source::read(path, ACCEPTS)?;
        let file = input(&source, wanted, &wanted[0], csv);
        if Layout::of(&file, layout)? == Layout::Wide {
            let (table, notes) = wide(&file)?;
            let name = source.name.clone();
            drop(source);
            return Ok(Panel { notes, ..of_table(&name, table, wanted.to_vec()) });
        }
    }
    let cleaning = &Cleaning::default();
    let events = true;
    let asked =
        Asked { role: "prices", wanted, layout, csv, cleaning, events, bars: false, horizon: None };
    let read = read_all(paths, asked)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let columns = read.columns(wanted);
    let notes = read.notes.into_iter().filter(|note| note.kind == NoteKind::Note).collect();
    Ok(Panel { notes, ..Panel::new(&name, read.table.dates, columns) })
}

/// The requested columns of a wide file.
fn wide(file: &Input<'_>) -> Result<(Table, Vec<Note>)> {
    Ok(match Layout::Wide.read(file)? {
        Contents::Columns { mut table, notes, .. } => {
            table.drop_empty_rows();
            (table, notes)
        }
        Contents::Series(_, notes) => (Table::default(), notes),
    })
}

/// Column by column, so that the table is not in memory twice.
fn of_table(name: &str, table: Table, tickers: Vec<Ticker>) -> Panel {
    let column = |(ticker, prices): (Ticker, Values)| Column::new(ticker, prices.iter().collect());
    let columns = tickers.into_iter().zip(table.columns).map(column).collect();
    Panel::new(name, table.dates, columns)
}
