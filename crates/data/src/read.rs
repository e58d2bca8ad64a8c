//! Prices of requested tickers from a file, a folder of files or a snapshot, whatever the layout.

use std::collections::BTreeSet;
use std::path::Path;

use csv::ReaderBuilder;
use walkfolio_core::{Date, Note, Prices, Ticker, Universe};

use crate::point_in_time::{Named, split};
use crate::quality::{Cleaning, Column, Panel, clean};
use crate::snapshot::Snapshot;
use crate::source::{Accepts, Content, Source};
use crate::table::{Table, Values, check_order};
use crate::vendor::{self, Basis, Delisting, Header, Layout, Series};
use crate::{Error, Result, SourceRecord, wide_csv, wide_parquet};

mod folder;

use folder::{file_of, listing, stem_ticker};

pub(crate) const ACCEPTS: Accepts = Accepts {
    role: "prices",
    kinds: &[Content::Text, Content::Parquet, Content::Json],
    described: "CSV, Parquet or a Yahoo chart response",
};

/// Prices of the requested columns, sorted, rows without a requested price dropped.
#[derive(Debug)]
pub(crate) struct PriceFile {
    /// The file or folder, as it was given.
    pub(crate) file: String,
    pub(crate) table: Table,
    /// One record a file.
    pub(crate) records: Vec<SourceRecord>,
    /// How closes were adjusted.
    pub(crate) notes: Vec<Note>,
    /// What the last holders got, by ticker.
    pub(crate) delistings: Vec<(Ticker, Delisting)>,
    /// Prices that cleaning put where the file has none.
    pub(crate) filled: Vec<(Ticker, Date)>,
    /// What vendors ship beside prices: volumes and events.
    series: Vec<Series>,
}

/// What is read, and for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) role: &'static str,
    pub(crate) wanted: &'a [Ticker],
    pub(crate) layout: Layout,
    /// What a study says of rows out of order.
    pub(crate) cleaning: &'a Cleaning,
}

impl<'a> Asked<'a> {
    /// The tickers once each: a benchmark may be one of the assets.
    fn distinct(self) -> impl Iterator<Item = &'a Ticker> {
        let once = move |(at, ticker): &(usize, &Ticker)| !self.wanted[..*at].contains(ticker);
        self.wanted.iter().enumerate().filter(once).map(|(_, ticker)| ticker)
    }
}

impl PriceFile {
    /// Reads a file, or the folder that holds one file a ticker.
    pub(crate) fn read(path: &Path, asked: Asked<'_>) -> Result<Self> {
        if Snapshot::is_at(path) {
            return Self::of_snapshot(path, asked);
        }
        if path.is_dir() {
            return Self::of_folder(path, asked);
        }
        let source = Source::read(path, ACCEPTS)?;
        match layout(&source, asked)? {
            Layout::Wide => Self::wide(source, asked),
            layout => Self::of_file(source, Asked { layout, ..asked }),
        }
    }

    /// Reads several files and joins them by date; each ticker stands in one of them.
    pub(crate) fn read_all(paths: &[&Path], asked: Asked<'_>) -> Result<Self> {
        if let [only] = paths {
            return Self::read(only, asked);
        }
        let own = owners(paths, asked)?;
        let mut parts = Vec::new();
        for (at, path) in paths.iter().enumerate() {
            let mine = asked.wanted.iter().zip(&own).filter(|(_, own)| **own == at);
            let wanted: Vec<Ticker> = mine.map(|(ticker, _)| ticker.clone()).collect();
            if !wanted.is_empty() {
                let read = Self::read(path, Asked { wanted: &wanted, ..asked })?;
                parts.push((wanted, read));
            }
        }
        Ok(Self::joined(parts, asked.wanted))
    }

    /// Tables side by side over the union of their sessions, in the order of `wanted`.
    fn joined(mut parts: Vec<(Vec<Ticker>, Self)>, wanted: &[Ticker]) -> Self {
        let dates = parts.iter().flat_map(|(_, read)| &read.table.dates);
        let dates: BTreeSet<Date> = dates.copied().collect();
        let dates: Vec<Date> = dates.into_iter().collect();
        let mut columns = vec![Values::default(); wanted.len()];
        let places = |part: &[Ticker]| -> Vec<usize> {
            (0..wanted.len()).filter(|&at| part.contains(&wanted[at])).collect()
        };
        for (tickers, read) in &mut parts {
            let width = tickers.len();
            let own = read.table.take_over(&dates, 0..width);
            for (place, column) in places(tickers).into_iter().zip(own) {
                columns[place] = column.collect();
            }
        }
        let lines = (1..=dates.len()).collect();
        let names: Vec<&str> = parts.iter().map(|(_, read)| read.file.as_str()).collect();
        let mut all = Self {
            file: names.join(" and "),
            table: Table { dates, lines, columns },
            records: Vec::new(),
            notes: Vec::new(),
            delistings: Vec::new(),
            filled: Vec::new(),
            series: Vec::new(),
        };
        for (_, read) in parts {
            all.records.extend(read.records);
            all.notes.extend(read.notes);
            all.delistings.extend(read.delistings);
            all.series.extend(read.series);
        }
        all
    }

    fn wide(source: Source, asked: Asked<'_>) -> Result<Self> {
        let (table, format) = if source.content == Content::Parquet {
            (wide_parquet::read(&source.file, &source.data, asked.wanted)?, "wide Parquet")
        } else {
            (wide_csv::read(&source.file, &source.text()?, asked.wanted)?, "wide CSV")
        };
        // The bytes of a text are no longer needed.
        let Source { file, name, sha256, .. } = source;
        for (column, ticker) in table.columns.iter().zip(asked.wanted) {
            vendor::check_prices(&file, ticker.as_str(), column.iter())?;
        }
        let mut read = Self::checked(file, table, asked.cleaning)?;
        let dates = &read.table.dates;
        let (rows, first, last) = (dates.len(), dates[0], dates[dates.len() - 1]);
        let role = asked.role;
        let record = SourceRecord { role, name, format, sha256, rows, first, last, vintage: None };
        read.records.push(record);
        Ok(read)
    }

    /// A file of one ticker, or a long one.
    fn of_file(source: Source, asked: Asked<'_>) -> Result<Self> {
        let ticker = match asked.wanted {
            [only] => only.clone(),
            // A file of one ticker that is asked for several holds the one it is named after.
            _ => stem_ticker(Path::new(&source.name)).unwrap_or_else(|| asked.wanted[0].clone()),
        };
        let mut series = vendor::read(&source, asked.layout, &ticker)?;
        let Source { file, name, sha256, .. } = source;
        let known: Vec<Ticker> = series.iter().map(|series| series.ticker.clone()).collect();
        series.retain(|series| asked.wanted.contains(&series.ticker));
        let missing = |ticker: &&Ticker| !known.contains(ticker);
        if let Some(asset) = asked.wanted.iter().find(missing) {
            let (asset, place) = (asset.clone(), file);
            return Err(walkfolio_core::Error::UnknownAsset { asset, place, known }.into());
        }
        let dates = series.iter().flat_map(|series| &series.dates);
        let dates: BTreeSet<Date> = dates.copied().collect();
        let record = SourceRecord {
            role: asked.role,
            name,
            format: series[0].format,
            sha256,
            rows: dates.len(),
            first: dates.first().copied().unwrap_or_default(),
            last: dates.last().copied().unwrap_or_default(),
            vintage: None,
        };
        let series: Vec<_> = series.into_iter().map(|own| (file.clone(), own)).collect();
        Self::merge(file, series, vec![record], asked)
    }

    /// One file a ticker, found by its name; the other files are not opened.
    fn of_folder(path: &Path, asked: Asked<'_>) -> Result<Self> {
        let folder = path.display().to_string();
        let files = listing(path)?;
        let (mut series, mut records) = (Vec::new(), Vec::new());
        for ticker in asked.distinct() {
            let file = file_of(&folder, &files, ticker)?;
            let source = Source::read(file, ACCEPTS)?;
            let read = vendor::read(&source, asked.layout, ticker)?;
            let found = read.first().map(|own| own.ticker.to_string()).unwrap_or_default();
            let own = read.into_iter().find(|own| own.ticker == *ticker).ok_or_else(|| {
                Error::OtherTicker { file: source.file.clone(), asked: ticker.clone(), found }
            })?;
            records.push(record(
                asked.role,
                &own,
                (source.name.clone(), source.sha256.clone()),
                None,
            ));
            series.push((source.file, own));
        }
        Self::merge(folder, series, records, asked)
    }

    fn of_snapshot(path: &Path, asked: Asked<'_>) -> Result<Self> {
        let snapshot = Snapshot::open(path)?;
        let (mut series, mut records) = (Vec::new(), Vec::new());
        for ticker in asked.distinct() {
            let (entry, own) = snapshot.series(ticker)?;
            let name = (entry.file.clone(), entry.sha256.clone());
            records.push(record(asked.role, &own, name, entry.vintage.clone()));
            series.push((entry.file.clone(), own));
        }
        Self::merge(path.display().to_string(), series, records, asked)
    }

    /// Series side by side over the union of their sessions.
    fn merge(
        file: String,
        series: Vec<(String, Series)>,
        records: Vec<SourceRecord>,
        asked: Asked<'_>,
    ) -> Result<Self> {
        let dates: BTreeSet<Date> =
            series.iter().flat_map(|(_, own)| &own.dates).copied().collect();
        let dates: Vec<Date> = dates.into_iter().collect();
        let mut columns = Vec::with_capacity(asked.wanted.len());
        for ticker in asked.wanted {
            let mut column = vec![None; dates.len()];
            for (file, own) in series.iter().filter(|(_, own)| own.ticker == *ticker) {
                for (date, price) in own.dates.iter().zip(own.total_return(file)?) {
                    if let Ok(row) = dates.binary_search(date) {
                        column[row] = price;
                    }
                }
            }
            columns.push(column.into_iter().collect());
        }
        let lines = (1..=dates.len()).collect();
        let mut read = Self::checked(file, Table { dates, lines, columns }, asked.cleaning)?;
        read.records = records;
        let name = Path::new(&read.file).file_name().unwrap_or_default().to_string_lossy();
        read.notes = notes(&name, &series);
        read.delistings = series.iter().flat_map(|(_, own)| ended(own)).collect();
        read.series = series.into_iter().map(|(_, own)| own).collect();
        Ok(read)
    }

    fn checked(file: String, mut table: Table, cleaning: &Cleaning) -> Result<Self> {
        table.drop_empty_rows();
        let notes = table.tidy(cleaning);
        check_order(&file, &table.dates, &table.lines)?;
        if table.dates.is_empty() {
            let source = walkfolio_core::Error::Empty { what: "the price table" };
            return Err(Error::Market { file, source });
        }
        let (records, delistings, series) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { file, table, records, notes, delistings, filled: Vec::new(), series })
    }

    /// The assets of the first columns: one a ticker, or more where a long gap divides a series.
    pub(crate) fn named(
        &mut self,
        tickers: &[Ticker],
        longest: Option<usize>,
    ) -> Result<Vec<Named>> {
        let Some(longest) = longest else {
            let whole = |ticker: &Ticker| Named { asset: ticker.clone(), ticker: ticker.clone() };
            return Ok(tickers.iter().map(whole).collect());
        };
        let (named, notes) = split(&mut self.table, tickers, longest)?;
        self.notes.extend(notes);
        Ok(named)
    }

    /// The columns of `wanted` once each, with what their vendor ships beside prices.
    pub(crate) fn columns(&self, wanted: &[Ticker]) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for (ticker, prices) in wanted.iter().zip(&self.table.columns) {
            // A benchmark among the assets is one column of the file.
            if columns.iter().any(|column| column.ticker == *ticker) {
                continue;
            }
            let column = Column::new(ticker.clone(), prices.iter().collect());
            let own = self.series.iter().find(|own| own.ticker == *ticker);
            columns.push(match own {
                Some(own) => column.beside(own, &self.table.dates),
                None => column,
            });
        }
        columns
    }

    /// Applies a study's policies to the columns of `wanted`, and notes what they did.
    pub(crate) fn clean(&mut self, wanted: &[Ticker], cleaning: &Cleaning) -> Result<()> {
        if cleaning.is_empty() {
            // Nobody asks for volumes and events any more.
            self.series = Vec::new();
            return Ok(());
        }
        let columns = self.columns(wanted);
        self.series = Vec::new();
        let name = Path::new(&self.file).file_name().unwrap_or_default().to_string_lossy();
        let before = self.table.dates.clone();
        let panel = Panel::new(&name, self.table.dates.clone(), columns);
        let cleaned = clean(panel, cleaning)
            .map_err(|finding| Error::Faulty { file: self.file.clone(), finding })?;
        for (ticker, prices) in wanted.iter().zip(&mut self.table.columns) {
            let own = cleaned.panel.columns.iter().find(|column| column.ticker == *ticker);
            if let Some(own) = own {
                *prices = own.prices.iter().copied().collect();
            }
        }
        let kept = |date: &Date| cleaned.panel.dates.binary_search(date).is_ok();
        let mut rows = before.iter();
        self.table.lines.retain(|_| rows.next().is_some_and(kept));
        self.table.dates = cleaned.panel.dates;
        self.filled = cleaned.filled;
        self.notes.extend(cleaned.notes);
        Ok(())
    }

    /// The prices of `universe`, whose columns begin with `first`; they are taken from the table.
    pub(crate) fn prices(
        &mut self,
        sessions: &[Date],
        universe: Universe,
        first: usize,
    ) -> Result<Prices> {
        let columns = self.table.take_over(sessions, first..first + universe.len());
        Prices::from_columns(sessions.to_vec(), universe, columns)
            .map_err(|source| self.fault(source))
    }

    pub(crate) fn fault(&self, source: walkfolio_core::Error) -> Error {
        Error::Market { file: self.file.clone(), source }
    }
}

/// Which of the files each wanted ticker stands in.
fn owners(paths: &[&Path], asked: Asked<'_>) -> Result<Vec<usize>> {
    let mut known = Vec::with_capacity(paths.len());
    for path in paths {
        known.push(tickers(path, asked.layout)?);
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

/// The layout that was asked for, or that the content tells.
///
/// A table whose columns bear the names of all requested tickers is wide, whatever they are called.
fn layout(source: &Source, asked: Asked<'_>) -> Result<Layout> {
    if asked.layout != Layout::Auto {
        return Ok(asked.layout);
    }
    if source.content == Content::Json {
        return Ok(Layout::YahooChart);
    }
    let names = names(source)?;
    let heads = |ticker: &Ticker| names.iter().any(|name| name == ticker.as_str());
    if !asked.wanted.is_empty() && asked.wanted.iter().all(heads) {
        return Ok(Layout::Wide);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(Header::read(&source.file, &names)?.layout())
}

/// The names of a table's columns.
fn names(source: &Source) -> Result<Vec<String>> {
    if source.content == Content::Parquet {
        return wide_parquet::names(&source.file, &source.data);
    }
    let text = source.text()?;
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| wide_csv::damaged(&source.file, &error))?;
    Ok(header.iter().map(str::to_owned).collect())
}

/// The tickers of a price file, of a folder with one file a ticker, or of a snapshot, sorted.
///
/// # Errors
/// Those of the file; a column of a wide table or a file whose name is no ticker.
pub fn tickers(path: &Path, asked: Layout) -> Result<Vec<Ticker>> {
    let mut found = if Snapshot::is_at(path) {
        Snapshot::open(path)?.tickers()
    } else if path.is_dir() {
        listing(path)?.iter().filter_map(|file| stem_ticker(file)).collect()
    } else {
        let source = Source::read(path, ACCEPTS)?;
        let cleaning = &Cleaning::default();
        let asked = Asked { role: "prices", wanted: &[], layout: asked, cleaning };
        let own = stem_ticker(Path::new(&source.name));
        match (layout(&source, asked)?, own) {
            (Layout::Wide, _) => wide_tickers(&source)?,
            (layout, own) => {
                let named = own.unwrap_or(Ticker::new("unnamed")?);
                let series = vendor::read(&source, layout, &named)?;
                series.into_iter().map(|series| series.ticker).collect()
            }
        }
    };
    found.sort();
    Ok(found)
}

/// The columns of a wide table but that of the dates.
fn wide_tickers(source: &Source) -> Result<Vec<Ticker>> {
    let names = names(source)?;
    let is_date = |name: &&String| !name.is_empty() && !name.eq_ignore_ascii_case("date");
    let ticker = |name: &String| {
        Ticker::new(name)
            .map_err(|fault| Error::Market { file: source.file.clone(), source: fault })
    };
    names.iter().filter(is_date).map(ticker).collect()
}

fn ended(series: &Series) -> impl Iterator<Item = (Ticker, Delisting)> {
    series.delistings.iter().map(|delisting| (series.ticker.clone(), *delisting))
}

fn record(
    role: &'static str,
    series: &Series,
    (name, sha256): (String, String),
    vintage: Option<String>,
) -> SourceRecord {
    SourceRecord {
        role,
        name,
        format: series.format,
        sha256,
        rows: series.dates.len(),
        first: series.dates[0],
        last: series.dates[series.dates.len() - 1],
        vintage,
    }
}

/// What the reader of a run must know about where returns come from.
fn notes(file: &str, series: &[(String, Series)]) -> Vec<Note> {
    let mut notes = Vec::new();
    let of = |keep: &dyn Fn(&Series) -> bool| {
        let names = series.iter().filter(|(_, own)| own.adjusted.is_none() && keep(own));
        names.map(|(_, own)| own.ticker.to_string()).collect::<Vec<_>>()
    };
    let unstated = of(&|own| own.basis == Basis::Unstated);
    if !unstated.is_empty() {
        notes.push(Note::warning(format!(
            "{file} does not say whether the closes of {} contain splits and dividends; they are used as they stand",
            some(&unstated)
        )));
    }
    let adjusted = of(&|own| matches!(own.basis, Basis::Raw | Basis::SplitAdjusted));
    if !adjusted.is_empty() {
        notes.push(Note::info(format!(
            "{file}: the closes of {} are adjusted here, by the events of the file",
            some(&adjusted)
        )));
    }
    let currencies: BTreeSet<&str> =
        series.iter().filter_map(|(_, own)| own.currency.as_deref()).collect();
    if currencies.len() > 1 {
        let currencies: Vec<&str> = currencies.into_iter().collect();
        notes.push(Note::warning(format!(
            "{file} has prices in {}; each return is in its own currency",
            currencies.join(", ")
        )));
    }
    notes
}

fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
