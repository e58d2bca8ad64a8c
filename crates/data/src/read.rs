//! Prices of requested tickers from a file, a folder of files or a snapshot, whatever the layout.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkfolio_core::{Date, Note, Ticker};

use crate::asked::Asked;
use crate::dialect::{CsvForm, Sheet};
use crate::layout::{Contents, Input, Layout, read_series, stated_ticker};
use crate::loaded::SourceRecord;
use crate::price_file::PriceFile;
use crate::series::Series;
use crate::snapshot::Snapshot;
use crate::source::{Accepts, Content, Source, text};
use crate::table::Table;
use crate::{Error, Result};

mod folder;

use folder::{Listing, file_of, stem_ticker};

pub(crate) const ACCEPTS: Accepts = Accepts {
    role: "prices",
    kinds: &[Content::Text, Content::Parquet, Content::Json],
    described: "CSV, Excel, Parquet or a Yahoo chart response",
};

/// Reads several files and joins them by date; each ticker is in one of them.
pub(crate) fn read_all(paths: &[&Path], asked: Asked<'_>) -> Result<PriceFile> {
    if let [only] = paths {
        return read(only, asked);
    }
    let own = owners(paths, asked)?;
    let mut parts = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let mine = asked.wanted.iter().zip(&own).filter(|(_, own)| **own == at);
        let wanted: Vec<Ticker> = mine.map(|(ticker, _)| ticker.clone()).collect();
        if !wanted.is_empty() {
            let read = read(path, Asked { wanted: &wanted, ..asked })?;
            parts.push((wanted, read));
        }
    }
    Ok(PriceFile::joined(parts, asked.wanted))
}

/// What several files hold, each with the requested tickers that are in it.
pub(crate) fn found_all(
    paths: &[&Path],
    asked: Asked<'_>,
) -> Result<Vec<(Vec<Ticker>, Contained)>> {
    if let [only] = paths {
        return Ok(vec![(asked.wanted.to_vec(), found(only, asked)?)]);
    }
    let own = owners(paths, asked)?;
    let mut all = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let mine = asked.wanted.iter().zip(&own).filter(|(_, own)| **own == at);
        let wanted: Vec<Ticker> = mine.map(|(ticker, _)| ticker.clone()).collect();
        if !wanted.is_empty() {
            let read = found(path, Asked { wanted: &wanted, ..asked })?;
            all.push((wanted, read));
        }
    }
    Ok(all)
}

/// What a file or a folder holds of the requested tickers.
pub(crate) enum Found {
    /// A wide table, its columns in the order of the request.
    Table(Table),
    /// Series, each with the file that it is from.
    Series(Vec<(String, Series)>),
}

/// What was found, before anything is made of it.
pub(crate) struct Contained {
    /// The file or folder, as it was given.
    pub(crate) file: String,
    pub(crate) found: Found,
    /// One record a file; that of a table has yet to be made.
    pub(crate) records: Vec<SourceRecord>,
    /// The record of a table needs its dates: its format, name and hash.
    wide: Option<(&'static str, String, String)>,
    pub(crate) notes: Vec<Note>,
}

impl Contained {
    /// The record of a table with rows of some dates.
    pub(crate) fn table_record(
        &mut self,
        role: &'static str,
        dates: impl ExactSizeIterator<Item = Date>,
    ) -> Option<SourceRecord> {
        let (format, name, sha256) = self.wide.take()?;
        Some(record(role, dates, format, (name, sha256)))
    }
}

/// Reads a file, or the folder that holds one file per ticker.
pub(crate) fn read(path: &Path, asked: Asked<'_>) -> Result<PriceFile> {
    let mut read = found(path, asked)?;
    let notes = std::mem::take(&mut read.notes);
    let found = std::mem::replace(&mut read.found, Found::Series(Vec::new()));
    let mut prices = match found {
        Found::Table(table) => {
            let mut prices = PriceFile::of_table(read.file.clone(), table, asked)?;
            let dates = prices.table.dates.iter().copied();
            let record = read.table_record(asked.role, dates);
            prices.records.extend(record);
            prices
        }
        Found::Series(series) => PriceFile::of_series(read.file, series, read.records, asked)?,
    };
    prices.notes.extend(notes);
    Ok(prices)
}

/// Reads a file or a folder, as it is.
pub(crate) fn found(path: &Path, asked: Asked<'_>) -> Result<Contained> {
    if Snapshot::is_at(path) {
        return of_snapshot(path, asked);
    }
    if path.is_dir() {
        return of_folder(path, asked);
    }
    let source = Source::read(path, ACCEPTS)?;
    let named = match asked.wanted {
        [only] => Some(only.clone()),
        // A file of one ticker that is asked for several holds the one it is named after.
        several => stem_ticker(Path::new(&source.name)).or_else(|| several.first().cloned()),
    };
    let named = named.map_or_else(|| Ticker::new("unnamed"), Ok)?;
    let input = Input { bars: asked.bars, ..input(&source, asked.wanted, &named, asked.csv) };
    match Layout::of(&input, asked.layout)?.read(&input)? {
        Contents::Columns { table, format, notes } => {
            // The bytes of a text are no longer needed.
            let Source { file, name, sha256, .. } = source;
            let (found, wide) = (Found::Table(table), Some((format, name, sha256)));
            Ok(Contained { file, found, records: Vec::new(), wide, notes })
        }
        Contents::Series(series, notes) => of_file(source, series, notes, asked),
    }
}

pub(crate) fn input<'a>(
    source: &'a Source,
    wanted: &'a [Ticker],
    named: &'a Ticker,
    csv: &'a CsvForm,
) -> Input<'a> {
    let Source { file, content, data, .. } = source;
    Input { file, content: *content, data, wanted, named, bars: false, csv }
}

/// A file of one ticker, or a long one.
fn of_file(
    source: Source,
    mut series: Vec<Series>,
    notes: Vec<Note>,
    asked: Asked<'_>,
) -> Result<Contained> {
    let Source { file, name, sha256, .. } = source;
    let known: Vec<Ticker> = series.iter().map(|series| series.ticker.clone()).collect();
    series.retain(|series| asked.wanted.contains(&series.ticker));
    let missing = |ticker: &&Ticker| !known.contains(ticker);
    if let Some(asset) = asked.wanted.iter().find(missing) {
        let (asset, place) = (asset.clone(), file);
        return Err(walkfolio_core::Error::UnknownAsset { asset, place, known }.into());
    }
    let dates: BTreeSet<Date> = series.iter().flat_map(|series| &series.dates).copied().collect();
    let format = series[0].format;
    let record = record(asked.role, dates.into_iter(), format, (name, sha256));
    let series = series.into_iter().map(|own| (file.clone(), own)).collect();
    Ok(Contained { file, found: Found::Series(series), records: vec![record], wide: None, notes })
}

/// One file a ticker, found by its name; the other files are not opened.
fn of_folder(path: &Path, asked: Asked<'_>) -> Result<Contained> {
    let folder = path.display().to_string();
    let listing = Listing::of(path)?;
    let files = listing.files.as_slice();
    let (mut series, mut records) = (Vec::new(), Vec::new());
    let mut notes = Vec::new();
    let named = named(files, asked.csv);
    for ticker in asked.distinct() {
        let stating = named.iter().filter(|(own, _)| own == ticker).map(|(_, file)| *file);
        let file = file_of(&folder, (files, &stating.collect::<Vec<_>>()), ticker)?;
        let source = Source::read(file, ACCEPTS)?;
        let input = Input { bars: asked.bars, ..input(&source, &[], ticker, asked.csv) };
        let (read, inferred) = read_series(&input, asked.layout)?;
        notes.extend(inferred);
        let found = read.first().map(|own| own.ticker.to_string()).unwrap_or_default();
        let own = read.into_iter().find(|own| own.ticker == *ticker).ok_or_else(|| {
            Error::OtherTicker { file: source.file.clone(), asked: ticker.clone(), found }
        })?;
        let file = (source.name, source.sha256);
        records.push(record(asked.role, own.dates.iter().copied(), own.format, file));
        series.push((source.file, own));
    }
    let mut said: Vec<Note> = listing.note(path).into_iter().collect();
    said.extend(counted(path, &notes));
    let found = Found::Series(series);
    Ok(Contained { file: folder, found, records, wide: None, notes: said })
}

/// What is said of several files, said once of their folder.
fn counted(folder: &Path, notes: &[Note]) -> Vec<Note> {
    let said = |note: &Note| note.message.split_once(": ").map(|(_, said)| said.to_owned());
    let name = folder.file_name().unwrap_or_default().display();
    let mut all: Vec<Note> = Vec::new();
    for note in notes {
        let files = notes.iter().filter(|other| said(other) == said(note)).count();
        let once = match said(note) {
            Some(said) if files > 1 => Note::info(format!("{name}: {said} ({files} files)")),
            _ => note.clone(),
        };
        if !all.contains(&once) {
            all.push(once);
        }
    }
    all
}

/// The files that state their ticker in a column, which beats the name of the file.
fn named<'a>(files: &'a [PathBuf], csv: &CsvForm) -> Vec<(Ticker, &'a Path)> {
    let of = |file: &'a PathBuf| Some((symbol(file, csv)?, file.as_path()));
    files.iter().filter_map(of).collect()
}

/// The ticker in the first row of a text.
fn symbol(path: &Path, csv: &CsvForm) -> Option<Ticker> {
    const HEAD: u64 = 16 << 10;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let file = path.display().to_string();
    // The head may end inside a letter.
    let end = head.iter().rposition(|byte| *byte == b'\n')?;
    let text = text(&file, &head[..=end]).ok()?;
    stated_ticker(&Sheet::open(&file, &text, csv).ok()?)
}

fn of_snapshot(path: &Path, asked: Asked<'_>) -> Result<Contained> {
    let snapshot = Snapshot::open(path)?;
    let (mut series, mut records) = (Vec::new(), Vec::new());
    for ticker in asked.distinct() {
        let (entry, mut own) = snapshot.series(ticker)?;
        own.open = own.open.filter(|_| asked.bars);
        let file = (entry.file.clone(), entry.sha256.clone());
        let record = record(asked.role, own.dates.iter().copied(), own.format, file);
        records.push(SourceRecord { vintage: entry.vintage.clone(), ..record });
        series.push((entry.file.clone(), own));
    }
    let (file, found) = (path.display().to_string(), Found::Series(series));
    Ok(Contained { file, found, records, wide: None, notes: Vec::new() })
}

/// The record of a file with prices on some dates, which increase.
fn record(
    role: &'static str,
    dates: impl ExactSizeIterator<Item = Date>,
    format: &'static str,
    (name, sha256): (String, String),
) -> SourceRecord {
    let rows = dates.len();
    let (mut first, mut last) = (None, None);
    for date in dates {
        first.get_or_insert(date);
        last = Some(date);
    }
    let workbook = Path::new(&name).extension().is_some_and(|own| own.eq_ignore_ascii_case("xlsx"));
    let format = if workbook { "Excel workbook" } else { format };
    SourceRecord { role, name, format, sha256, rows, first, last, vintage: None }
}

/// Which of the files holds each wanted ticker.
fn owners(paths: &[&Path], asked: Asked<'_>) -> Result<Vec<usize>> {
    let mut known = Vec::with_capacity(paths.len());
    for path in paths {
        known.push(tickers(path, asked.layout, asked.csv)?);
    }
    let owner = |ticker: &Ticker| {
        let mut found = (0..paths.len()).filter(|&at| known[at].contains(ticker));
        let file = |at: usize| paths[at].display().to_string();
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            (Some(first), Some(second)) => {
                let (first, second) = (file(first), file(second));
                Err(Error::TickerTwice { ticker: ticker.clone(), first, second })
            }
            (None, _) => Err(walkfolio_core::Error::UnknownAsset {
                asset: ticker.clone(),
                place: (0..paths.len()).map(file).collect::<Vec<_>>().join(" and "),
                known: known.iter().flatten().cloned().collect(),
            }
            .into()),
        }
    };
    asked.wanted.iter().map(owner).collect()
}

/// The tickers of a price file, of a folder with one file per ticker, or of a snapshot, sorted.
///
/// `layout` is that of the file, if its content may mislead; `csv` is how its cells are written.
///
/// # Errors
/// Those of the file; a column of a wide table or a file whose name is not a ticker.
/// # Examples
/// ```
/// use walkfolio_data::{CsvForm, tickers};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-tickers.csv");
/// std::fs::write(&path, "date,XLF,XLE\n2024-01-02,20,50\n")?;
/// let found: Vec<String> = tickers(&path, None, &CsvForm::default())?.iter().map(ToString::to_string).collect();
/// assert_eq!(found, ["XLE", "XLF"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn tickers(path: &Path, layout: Option<Layout>, csv: &CsvForm) -> Result<Vec<Ticker>> {
    let mut found = if Snapshot::is_at(path) {
        Snapshot::open(path)?.tickers()
    } else if path.is_dir() {
        let listing = Listing::of(path)?;
        let inside = named(&listing.files, csv);
        let of = |file: &PathBuf| {
            let own = inside.iter().find(|(_, other)| *other == file);
            own.map(|(ticker, _)| ticker.clone()).or_else(|| stem_ticker(file))
        };
        listing.files.iter().filter_map(of).collect()
    } else {
        let source = Source::read(path, ACCEPTS)?;
        let named = stem_ticker(Path::new(&source.name)).map_or_else(|| Ticker::new("unnamed"), Ok);
        let named = named?;
        let input = input(&source, &[], &named, csv);
        Layout::of(&input, layout)?.tickers(&input)?
    };
    found.sort();
    Ok(found)
}
