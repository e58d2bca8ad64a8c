//! From files to a market.

use std::path::Path;

use walkfolio_core::{Date, Market, Note, Prices, Ticker, Universe};

use crate::check::{calendar_notes, collapse_notes};
use crate::source::{Accepts, Content, Source, text};
use crate::table::{Table, check_order};
use crate::{Error, FileRequest, Loaded, Result, SourceRecord, factors, wide_csv, wide_parquet};

/// Reads the files of a request into a checked market.
///
/// The sessions are the dates on which an asset or the benchmark has a price. Cash is the
/// risk-free rate of the factors.
///
/// # Shape and units
/// Prices are adjusted closes, one column a ticker; factor returns are daily and in percent, as in
/// Ken French's library, and become fractions.
/// # Errors
/// Every variant of [`Error`]: the first fault found, with file, line, rule and value.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_market::{FileRequest, load};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-prices.csv");
/// std::fs::write(&path, "date,XLE,XLF\n2024-01-02,50,20\n2024-01-03,52,25\n")?;
/// let loaded = load(&FileRequest {
///     prices: path,
///     benchmark_prices: None,
///     factors: None,
///     assets: Universe::new(["XLF"])?,
///     benchmark: None,
/// })?;
/// assert_eq!(loaded.market.returns().value(1, 0), Some(0.25));
/// assert!(loaded.notes.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(request: &FileRequest) -> Result<Loaded> {
    let assets = request.assets.tickers();
    let own_file = request.benchmark_prices.as_deref();
    let beside = request.benchmark.iter().filter(|_| own_file.is_none());
    let wanted: Vec<Ticker> = assets.iter().chain(beside).cloned().collect();
    let prices = PriceFile::read(&request.prices, "prices", &wanted)?;
    let separate = match (own_file, &request.benchmark) {
        (Some(path), Some(ticker)) => {
            Some(PriceFile::read(path, "benchmark", std::slice::from_ref(ticker))?)
        }
        _ => None,
    };
    let sessions = sessions(&prices, separate.as_ref());
    let market = market(request, &sessions, &prices, separate.as_ref())?;
    let mut notes = calendar_notes(&prices.record.name, &sessions);
    notes.extend(collapse_notes(&market));
    if let (Some(path), None) = (own_file, &request.benchmark) {
        notes.push(Note::info(format!("{} is not read: no benchmark is named", path.display())));
    }
    let mut sources = vec![prices.record];
    sources.extend(separate.map(|file| file.record));
    let mut loaded = Loaded { market, sources, notes, synthetic: false };
    if let Some(path) = &request.factors {
        let read = factors::load(path, &sessions)?;
        loaded.market = loaded.market.with_factors(read.factors).with_cash(read.cash);
        loaded.sources.push(read.record);
        loaded.notes.extend(read.notes);
    }
    Ok(loaded)
}

/// A price file with the requested columns, sorted, rows without a requested price dropped.
struct PriceFile {
    file: String,
    table: Table,
    record: SourceRecord,
}

impl PriceFile {
    fn read(path: &Path, role: &'static str, wanted: &[Ticker]) -> Result<Self> {
        let accepts = Accepts {
            role: "prices",
            kinds: &[Content::Text, Content::Parquet],
            described: "CSV or Parquet",
        };
        let source = Source::read(path, accepts)?;
        let sha256 = source.sha256();
        let Source { file, name, bytes, content, handle } = source;
        let (mut table, format) = if content == Content::Parquet {
            (wide_parquet::read(&file, handle, wanted)?, "wide Parquet")
        } else {
            (wide_csv::read(&file, text(&file, &bytes)?, wanted)?, "wide CSV")
        };
        table.drop_empty_rows();
        check_order(&file, &table.dates, &table.lines)?;
        let (Some(&first), Some(&last)) = (table.dates.first(), table.dates.last()) else {
            let source = walkfolio_core::Error::Empty { what: "the price table" };
            return Err(Error::Market { file, source });
        };
        let rows = table.dates.len();
        let record = SourceRecord { role, name, format, sha256, rows, first, last, vintage: None };
        Ok(Self { file, table, record })
    }

    fn prices(&self, sessions: &[Date], universe: Universe, first: usize) -> Result<Prices> {
        let columns = self.table.over(sessions).into_iter().skip(first).take(universe.len());
        Prices::new(sessions.to_vec(), universe, columns.collect())
            .map_err(|source| self.fault(source))
    }

    fn fault(&self, source: walkfolio_core::Error) -> Error {
        Error::Market { file: self.file.clone(), source }
    }
}

/// The dates of either file, sorted.
fn sessions(prices: &PriceFile, benchmark: Option<&PriceFile>) -> Vec<Date> {
    let mut dates = prices.table.dates.clone();
    if let Some(benchmark) = benchmark {
        dates.extend(&benchmark.table.dates);
        dates.sort_unstable();
        dates.dedup();
    }
    dates
}

fn market(
    request: &FileRequest,
    sessions: &[Date],
    prices: &PriceFile,
    separate: Option<&PriceFile>,
) -> Result<Market> {
    let assets = prices.prices(sessions, request.assets.clone(), 0)?;
    let market = Market::new(assets).map_err(|source| prices.fault(source))?;
    let Some(ticker) = &request.benchmark else { return Ok(market) };
    // In the assets' own file the benchmark is the column after them.
    let (file, column) = separate.map_or((prices, request.assets.len()), |file| (file, 0));
    let universe = Universe::from_tickers(vec![ticker.clone()])?;
    let benchmark = file.prices(sessions, universe, column)?;
    market.with_benchmark(benchmark).map_err(|source| file.fault(source))
}
