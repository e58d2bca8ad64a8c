//! From files to a market.

use std::collections::{BTreeMap, BTreeSet};

use walkfolio_core::{Date, Market, Note, Ticker, Universe};

use crate::point_in_time::{self, Index, Named, PointInTime, equal_weighted};

use crate::check::{calendar_notes, collapse_notes};
use crate::quality::Cleaning;
use crate::read::{Asked, PriceFile};
use crate::vendor::Layout;
use crate::{FileRequest, Loaded, Result, factors};

/// Reads the files of a request into a checked market.
///
/// The sessions are the dates on which an asset or the benchmark has a price. Cash is the
/// risk-free rate of the factors.
///
/// # Shape and units
/// Prices are adjusted closes, one column a ticker; factor returns are daily and in percent, as in
/// Ken French's library, and become fractions.
/// # Errors
/// Every variant of [`Error`](crate::Error): the first fault found, with file, line, rule and value.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{FileRequest, load};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-prices.csv");
/// std::fs::write(&path, "date,XLE,XLF\n2024-01-02,50,20\n2024-01-03,52,25\n")?;
/// let loaded = load(&FileRequest {
///     prices: path,
///     also: Vec::new(),
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
    load_as(request, Layout::Auto)
}

/// As [`load`], with the layout of the price files given where their content may mislead.
///
/// Prices may be one file in any [`Layout`], a folder with one file a ticker (`SPY.csv`,
/// `spy.us.txt` or `spy_us_d.csv` for SPY), or a [snapshot](crate::snapshot). Files are merged over
/// the union of their sessions.
///
/// # Shape and units
/// As [`load`]. A series without adjusted closes is adjusted by its own events, see
/// [`Series::total_return`](crate::vendor::Series::total_return).
/// # Errors
/// As [`load`].
pub fn load_as(request: &FileRequest, layout: Layout) -> Result<Loaded> {
    load_cleaned(request, layout, &Cleaning::default())
}

/// As [`load_as`], cleaned by a study's policies; each file is looked at on its own.
///
/// # Errors
/// As [`load`], and [`Error::Faulty`](crate::Error::Faulty).
pub fn load_cleaned(request: &FileRequest, layout: Layout, cleaning: &Cleaning) -> Result<Loaded> {
    load_point_in_time(request, layout, cleaning, &PointInTime::default())
}

/// As [`load_cleaned`], with a universe that changes: see [`PointInTime`].
///
/// Series are split before they are cleaned, so that no price is filled across a long gap. With an
/// index the benchmark is made of the assets, and no prices of it are read. Delisting returns are
/// those of a long price file's column `delisting_return` and of the members' file.
///
/// # Errors
/// As [`load_cleaned`].
pub fn load_point_in_time(
    request: &FileRequest,
    layout: Layout,
    cleaning: &Cleaning,
    point_in_time: &PointInTime,
) -> Result<Loaded> {
    let assets = request.assets.tickers();
    let own_file = request.benchmark_prices.as_deref().filter(|_| point_in_time.index.is_none());
    let read = |_: &&Ticker| own_file.is_none() && point_in_time.index.is_none();
    let beside = request.benchmark.iter().filter(read);
    let wanted: Vec<Ticker> = assets.iter().chain(beside).cloned().collect();
    let mut prices = PriceFile::read_all(
        &request.price_files(),
        Asked { role: "prices", wanted: &wanted, layout, cleaning },
    )?;
    let mut separate = match (own_file, &request.benchmark) {
        (Some(path), Some(ticker)) => {
            let wanted = std::slice::from_ref(ticker);
            Some(PriceFile::read(path, Asked { role: "benchmark", wanted, layout, cleaning })?)
        }
        _ => None,
    };
    let named = prices.named(assets, point_in_time.split_gaps_over)?;
    let beside = &wanted[assets.len()..];
    let columns: Vec<Ticker> = named.iter().map(|own| &own.asset).chain(beside).cloned().collect();
    prices.clean(&columns, cleaning)?;
    if let (Some(file), Some(ticker)) = (&mut separate, &request.benchmark) {
        file.clean(std::slice::from_ref(ticker), cleaning)?;
    }
    let sessions = sessions(&prices, separate.as_ref());
    let market = assets_of(&named, &sessions, &mut prices)?;
    let market = with_filled(market, &named, &prices.filled)?;
    let delistings = std::mem::take(&mut prices.delistings);
    let (market, members, told) = point_in_time::apply(market, &named, delistings, point_in_time)?;
    let market = match (&request.benchmark, point_in_time.index) {
        (None, _) => market,
        (Some(ticker), Some(Index::EqualWeight)) => {
            let index = equal_weighted(&market, ticker)?;
            market.with_benchmark(index)?
        }
        (Some(ticker), None) => {
            // In the assets' own file the benchmark is the column after them.
            let (file, column) = match &mut separate {
                Some(file) => (file, 0),
                None => (&mut prices, named.len()),
            };
            let universe = Universe::from_tickers(vec![ticker.clone()])?;
            let benchmark = file.prices(&sessions, universe, column)?;
            market.with_benchmark(benchmark).map_err(|source| file.fault(source))?
        }
    };
    let name = request.prices.file_name().unwrap_or(request.prices.as_os_str());
    let mut notes = prices.notes.clone();
    notes.extend(separate.iter().flat_map(|file| file.notes.clone()));
    notes.extend(told);
    notes.extend(calendar_notes(&name.to_string_lossy(), &sessions));
    notes.extend(collapse_notes(&market));
    if let (Some(path), None) = (own_file, &request.benchmark) {
        notes.push(Note::info(format!("{} is not read: no benchmark is named", path.display())));
    }
    let mut sources = prices.records;
    sources.extend(separate.into_iter().flat_map(|file| file.records));
    sources.extend(members);
    let mut loaded = Loaded { market, sources, notes, synthetic: false };
    if let Some(path) = &request.factors {
        let read = factors::load(path, &sessions, cleaning)?;
        loaded.market = loaded.market.with_factors(read.factors).with_cash(read.cash);
        loaded.sources.push(read.record);
        loaded.notes.extend(read.notes);
    }
    Ok(loaded)
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

fn with_filled(market: Market, named: &[Named], filled: &[(Ticker, Date)]) -> Result<Market> {
    if filled.is_empty() {
        return Ok(market);
    }
    let mut by_asset: BTreeMap<&Ticker, BTreeSet<Date>> = BTreeMap::new();
    for (ticker, date) in filled {
        by_asset.entry(ticker).or_default().insert(*date);
    }
    let own = |named: &Named| by_asset.remove(&named.asset).unwrap_or_default();
    Ok(market.with_filled(named.iter().map(own).collect())?)
}

fn assets_of(named: &[Named], sessions: &[Date], prices: &mut PriceFile) -> Result<Market> {
    let universe = Universe::from_tickers(named.iter().map(|own| own.asset.clone()).collect())?;
    let assets = prices.prices(sessions, universe, 0)?;
    Market::new(assets).map_err(|source| prices.fault(source))
}
