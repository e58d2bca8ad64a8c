//! From files to a market.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use walkfolio_core::{Date, Market, Note, Ticker, Universe};

use crate::asked::Asked;
use crate::calendar::median_step;
use crate::check::{calendar_notes, collapse_notes};
use crate::currency::Rates;
use crate::horizon::{Horizon, Role};
use crate::loaded::{Loaded, SourceRecord};
use crate::point_in_time::{self, Index, Named, carried, equal_weighted};
use crate::price_file::PriceFile;
use crate::quality::Kind;
use crate::read::{read, read_all};
use crate::request::FileRequest;
use crate::{Result, StepsError, benchmark, factors, volumes};

/// Reads the files of a request into a checked market.
///
/// The sessions are the dates on which an asset or the benchmark has a price; files are merged over
/// the union of their sessions. Cash is the risk-free rate of the factors. Series are split at long
/// gaps before they are cleaned, so that no price is filled across one. With an index the benchmark
/// is made of the assets, and no prices of it are read. Delisting returns are those of a long price
/// file's column `delisting_return` and of the members' file.
///
/// # Shape and units
/// Prices are adjusted closes, one column a ticker; a series without adjusted closes is adjusted by
/// its own events, see [`Series::total_return`](crate::series::Series::total_return). Factor returns
/// are daily and in percent, as in Ken French's library, and become fractions.
/// # Errors
/// Every variant of [`Error`](crate::Error): the first problem found, with file, line, rule and value.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{FileRequest, load};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-prices.csv");
/// std::fs::write(&path, "date,XLE,XLF\n2024-01-02,50,20\n2024-01-03,52,25\n")?;
/// let loaded = load(&FileRequest::new(path, Universe::new(["XLF"])?))?;
/// assert_eq!(loaded.market.returns().value(1, 0), Some(0.25));
/// assert!(loaded.notes.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(request: &FileRequest) -> Result<Loaded> {
    let mut files = Files::read(request)?;
    let (rates, converted) = files.convert(request)?;
    let sessions = files.sessions();
    if let [date] = sessions[..] {
        return Err(StepsError::OneRow { file: files.prices.file, date }.into());
    }
    let market = files.assets(&sessions)?;
    let delistings = std::mem::take(&mut files.prices.delistings);
    let point_in_time = &request.point_in_time;
    let (market, members, dropped) = point_in_time::apply(
        market,
        &files.named,
        delistings,
        point_in_time,
        Horizon::of(request.horizon.as_ref(), Role::Members),
    )?;
    let market = match (&request.benchmark, point_in_time.index) {
        (None, _) => market,
        (Some(ticker), Some(Index::EqualWeight)) => {
            let index = equal_weighted(&market, ticker)?;
            market.with_benchmark(index)?
        }
        (Some(_), None) => files.with_benchmark(market, request, &sessions)?,
    };
    let name = request.prices.file_name().unwrap_or(request.prices.as_os_str());
    let (mut sources, mut notes) = files.records();
    sources.extend(rates);
    notes.extend(converted);
    sources.extend(members);
    notes.extend(dropped);
    notes.extend(calendar_notes(&name.to_string_lossy(), &market, request.calendar));
    notes.extend(collapse_notes(&market));
    if let (Some(path), None) = (own_benchmark(request), &request.benchmark) {
        notes.push(Note::info(format!("{} is not read: no benchmark is named", path.display())));
    }
    let mut loaded = Loaded { market, sources, notes, synthetic: false, account: None };
    benchmark::add(request, &mut loaded)?;
    volumes::add(request, &mut loaded)?;
    if let Some(own) = &request.factors {
        let attacked = Horizon::of(request.horizon.as_ref(), Role::Factors);
        let read = factors::load(own, &sessions, &request.cleaning, attacked)?;
        loaded.market = loaded.market.with_factors(read.factors).with_cash(read.cash);
        loaded.sources.extend(read.records);
        loaded.notes.extend(read.notes);
    }
    Ok(loaded)
}

/// The file of the benchmark's prices; an index of the assets needs none.
fn own_benchmark(request: &FileRequest) -> Option<&Path> {
    request.benchmark_prices.as_deref().filter(|_| request.point_in_time.index.is_none())
}

/// Steps so many times those of another file are those of another frequency.
const RARER: i32 = 4;

/// Whether a benchmark has about as many sessions as the assets: where it has not, each lacks prices.
fn same_steps(prices: &PriceFile, benchmark: &PriceFile) -> Result<()> {
    let step = |file: &PriceFile| median_step(&file.table.dates).filter(|days| *days > 0);
    let (Some(own), Some(other)) = (step(benchmark), step(prices)) else { return Ok(()) };
    let names = (benchmark.file.clone(), prices.file.clone());
    let (rare, step, frequent, other) = if own >= RARER * other {
        (names.0, own, names.1, other)
    } else if other >= RARER * own {
        (names.1, other, names.0, own)
    } else {
        return Ok(());
    };
    Err(StepsError::Frequencies { rare, step, frequent, other }.into())
}

/// The price files of a request, cleaned.
struct Files {
    prices: PriceFile,
    /// The benchmark's, if it has a file of its own.
    benchmark: Option<PriceFile>,
    /// The assets, whose columns are the first of `prices`; the benchmark's may follow.
    named: Vec<Named>,
}

impl Files {
    fn read(request: &FileRequest) -> Result<Self> {
        let (cleaning, calendar) = (&request.cleaning, request.calendar);
        let (assets, benchmark) = (request.assets.tickers(), request.benchmark_columns());
        let (mut prices, mut own) = Self::open(request, &benchmark)?;
        if let Some(own) = own.as_ref().filter(|_| cleaning.stated(Kind::Gap).is_none()) {
            same_steps(&prices, own)?;
        }
        if let Some(own) = &mut own {
            own.table.fill_in(&prices.table.dates);
            prices.table.fill_in(&own.table.dates);
        }
        let mut named = prices.named(assets, request.point_in_time.max_gap)?;
        if Horizon::of(request.horizon.as_ref(), Role::Prices).is_some() {
            prices.forget_unknown(&mut named);
        }
        let beside = benchmark.iter().take(prices.table.columns.len() - named.len());
        let columns: Vec<Ticker> =
            named.iter().map(|own| &own.asset).chain(beside).cloned().collect();
        let mut dropped = prices.clean(&columns, cleaning, calendar)?;
        if let Some(own) = &mut own {
            dropped.extend(own.clean(&benchmark, cleaning, calendar)?);
            own.drop_sessions(&dropped);
            prices.drop_sessions(&dropped);
        }
        let max_late = request.point_in_time.max_late;
        let (filled, late) = carried(&mut prices.table, &named, &prices.delistings, max_late);
        prices.filled.extend(filled);
        prices.notes.extend(late);
        Ok(Self { prices, benchmark: own, named })
    }

    /// The file of the assets, which may hold the benchmark's columns, or the one beside it.
    fn open(request: &FileRequest, benchmark: &[Ticker]) -> Result<(PriceFile, Option<PriceFile>)> {
        let own_file = own_benchmark(request);
        let in_prices = own_file.is_none() && request.point_in_time.index.is_none();
        let beside = benchmark.iter().filter(|_| in_prices);
        let wanted: Vec<Ticker> = request.assets.tickers().iter().chain(beside).cloned().collect();
        let attacked = |role| Horizon::of(request.horizon.as_ref(), role);
        let asked = Asked {
            role: "prices",
            wanted: &wanted,
            layout: request.layout,
            csv: &request.csv,
            cleaning: &request.cleaning,
            events: !request.cleaning.is_empty(),
            bars: false,
            horizon: attacked(Role::Prices),
        };
        let prices = read_all(&request.price_files(), asked)?;
        let own = match own_file {
            Some(path) if !benchmark.is_empty() => {
                let horizon = attacked(Role::Benchmark);
                let asked = Asked { role: "benchmark", wanted: benchmark, horizon, ..asked };
                Some(read(path, asked)?)
            }
            _ => None,
        };
        Ok((prices, own))
    }

    /// Brings all prices to one currency; the records of its rates, and what there is to say of them.
    fn convert(&mut self, request: &FileRequest) -> Result<(Vec<SourceRecord>, Vec<Note>)> {
        let Some(currency) = &request.currency else { return Ok((Vec::new(), Vec::new())) };
        let horizon = Horizon::of(request.horizon.as_ref(), Role::Rates);
        let mut rates = Rates::read(currency, horizon)?;
        let benchmark = request.benchmark_columns();
        let assets = self.named.iter().map(|own| &own.ticker);
        if let Some(file) = &mut self.benchmark {
            rates.convert(&mut self.prices.table, assets)?;
            rates.convert(&mut file.table, benchmark.iter())?;
        } else {
            // Columns of a benchmark follow those of the assets, where it is not an index of them.
            let last = self.prices.table.columns.len() - self.named.len();
            let columns = assets.chain(benchmark.iter().take(last));
            rates.convert(&mut self.prices.table, columns)?;
        }
        Ok(rates.records())
    }

    /// The dates of either file, sorted.
    fn sessions(&self) -> Vec<Date> {
        let mut dates = self.prices.table.dates.clone();
        if let Some(benchmark) = &self.benchmark {
            dates.extend(&benchmark.table.dates);
            dates.sort_unstable();
            dates.dedup();
        }
        dates
    }

    /// The market of the assets, in which prices that cleaning filled in are marked.
    fn assets(&mut self, sessions: &[Date]) -> Result<Market> {
        let assets = self.named.iter().map(|own| own.asset.clone()).collect();
        let prices = self.prices.prices(sessions, Universe::from_tickers(assets)?, 0)?;
        let market = Market::new(prices).map_err(|source| self.prices.error(source))?;
        if self.prices.filled.is_empty() {
            return Ok(market);
        }
        let mut by_asset: BTreeMap<&Ticker, BTreeSet<Date>> = BTreeMap::new();
        for (ticker, date) in &self.prices.filled {
            by_asset.entry(ticker).or_default().insert(*date);
        }
        let own = |named: &Named| by_asset.remove(&named.asset).unwrap_or_default();
        Ok(market.with_filled(self.named.iter().map(own).collect())?)
    }

    fn with_benchmark(
        &mut self,
        market: Market,
        request: &FileRequest,
        sessions: &[Date],
    ) -> Result<Market> {
        // In the assets' own file the benchmark's columns are those after them.
        let (file, column) = match &mut self.benchmark {
            Some(file) => (file, 0),
            None => (&mut self.prices, self.named.len()),
        };
        let universe = Universe::from_tickers(request.benchmark_columns())?;
        let mut benchmark = file.prices(sessions, universe, column)?;
        if let Some(blend) = &request.blend {
            benchmark = blend.prices(&benchmark)?;
        }
        market.with_benchmark(benchmark).map_err(|source| file.error(source))
    }

    /// Where the prices come from, and what there is to say of them.
    fn records(self) -> (Vec<SourceRecord>, Vec<Note>) {
        let (mut sources, mut notes) = (self.prices.records, self.prices.notes);
        if let Some(benchmark) = self.benchmark {
            sources.extend(benchmark.records);
            notes.extend(benchmark.notes);
        }
        (sources, notes)
    }
}
