//! What a benchmark is made of: its holdings, prices of its names, and their capitalizations.

pub(crate) mod files;

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_core::number::decimals;
use walkfolio_core::{BenchmarkHoldings, Date, Dated, Market, Note, SignalKind, Ticker, Universe};

use crate::asked::Asked;
use crate::dated_values::{DatedValue, Values};
use crate::horizon::{Horizon, Role};
use crate::loaded::Loaded;
use crate::read::{read, tickers};
use crate::request::FileRequest;
use crate::signals::{by_asset, settled};
use crate::{Error, Result};
pub use files::BenchmarkFiles;

/// A name of the holdings that has no price counts, from this part of the weight on, as worth a note.
const NOTED: f64 = 1e-4;

/// Adds what the files say to a market.
///
/// # Errors
/// Those of the files; [`Error::BadHoldings`] for a weight below 0, a day without a positive one, or holdings of which
/// no name has prices.
pub(crate) fn add(request: &FileRequest, loaded: &mut Loaded) -> Result<()> {
    let files = &request.benchmark_files;
    let mut market = loaded.market.clone();
    let mut constituents = match &files.constituents {
        Some(path) => Some(prices(path, request, &market, loaded)?),
        None => None,
    };
    if let Some(path) = &files.capitalizations {
        let columns = &["market_cap", "capitalization", "value"];
        let read = Values { role: "capitalizations", columns, csv: &request.csv }.read(path)?;
        let to = constituents.as_ref().unwrap_or(&market);
        let records = by_asset(&read.values, to.universe());
        let file = (read.file, read.record);
        let horizon = Horizon::of(request.horizon.as_ref(), Role::Capitalizations);
        let name = SignalKind::MarketCap.name();
        let read = settled(name, records, (file, read.notes), (to.universe(), horizon))?;
        loaded.notes.extend(few(read.notes));
        loaded.sources.push(read.record);
        match &mut constituents {
            Some(own) => *own = own.clone().with_signal(read.signal)?,
            None => market = market.with_signal(read.signal)?,
        }
    }
    if let Some(path) = &files.holdings {
        let names = constituents.as_ref().unwrap_or(&market).universe();
        let holdings = holdings(path, request, names, loaded)?;
        market = market.with_benchmark_holdings(holdings);
    }
    if let Some(own) = constituents {
        market = market.with_constituents(own)?;
    }
    loaded.market = market;
    Ok(())
}

/// Names that lack something, said once.
fn few(notes: Vec<Note>) -> Vec<Note> {
    match &notes[..] {
        [] | [_] => notes,
        [first, rest @ ..] => {
            let more = rest.len();
            vec![Note::info(format!("{}, and of {more} more names", first.message))]
        }
    }
}

/// The market of all tickers of a price file, on the sessions of another market.
fn prices(
    path: &Path,
    request: &FileRequest,
    market: &Market,
    loaded: &mut Loaded,
) -> Result<Market> {
    let wanted: Vec<Ticker> = tickers(path, None, &request.csv)?;
    let horizon = Horizon::of(request.horizon.as_ref(), Role::Constituents);
    let asked = Asked {
        role: "constituents",
        wanted: &wanted,
        layout: None,
        csv: &request.csv,
        cleaning: &request.cleaning,
        events: !request.cleaning.is_empty(),
        bars: false,
        horizon,
    };
    let mut file = read(path, asked)?;
    file.table.fill_in(market.dates());
    let mut named = file.named(&wanted, request.point_in_time.max_gap)?;
    if horizon.is_some() {
        file.forget_unknown(&mut named);
    }
    let columns: Vec<Ticker> = named.iter().map(|own| own.asset.clone()).collect();
    file.clean(&columns, &request.cleaning, request.calendar)?;
    let prices = file.prices(market.dates(), Universe::from_tickers(columns)?, 0)?;
    let own = Market::new(prices).map_err(|source| file.error(source))?;
    loaded.sources.extend(file.records);
    loaded.notes.extend(file.notes);
    Ok(own)
}

/// The holdings of a file by date.
fn holdings(
    path: &Path,
    request: &FileRequest,
    names: &Universe,
    loaded: &mut Loaded,
) -> Result<Dated<BenchmarkHoldings>> {
    let columns = &["weight", "value"];
    let read = Values { role: "benchmark holdings", columns, csv: &request.csv }.read(path)?;
    let horizon = Horizon::of(request.horizon.as_ref(), Role::Holdings);
    let mut days: BTreeMap<Date, BTreeMap<String, f64>> = BTreeMap::new();
    for (at, DatedValue { date, name, value }) in read.values.into_iter().enumerate() {
        if horizon.is_some_and(|horizon| !horizon.keeps(date)) {
            continue;
        }
        let weight = horizon.map_or(value, |horizon| horizon.value(date, at, value));
        let bad = |reason| Error::BadHoldings { file: read.file.clone(), date, reason };
        if !(weight >= 0.0 && weight.is_finite()) {
            return Err(bad(format!("{name} has the weight {weight}; a weight is not negative")));
        }
        if days.entry(date).or_default().insert(name.clone(), weight).is_some() {
            return Err(bad(format!("{name} is listed twice")));
        }
    }
    let mut lacking: Vec<(f64, Date)> = Vec::new();
    let mut records = Vec::with_capacity(days.len());
    for (date, mut weights) in days {
        let sum: f64 = weights.values().sum();
        if sum <= 0.0 {
            let reason = "no weight is above 0".to_owned();
            return Err(Error::BadHoldings { file: read.file.clone(), date, reason });
        }
        for weight in weights.values_mut() {
            *weight /= sum;
        }
        let priced = weights.iter().filter(|(name, _)| names.position(name).is_some());
        lacking.push((1.0 - priced.map(|(_, weight)| weight).sum::<f64>(), date));
        records.push((date, BenchmarkHoldings { weights }));
    }
    let most =
        lacking.iter().copied().fold((0.0, Date::default()), |a, b| if b.0 > a.0 { b } else { a });
    if let Some((_, date)) =
        lacking.first().filter(|_| lacking.iter().all(|(part, _)| *part > 1.0 - NOTED))
    {
        let reason = "no name has prices".to_owned();
        let (file, date) = (read.file, *date);
        // An audit may leave a market without names that come later.
        if request.horizon.is_none() {
            return Err(Error::BadHoldings { file, date, reason });
        }
    }
    if most.0 > NOTED {
        let mean = lacking.iter().map(|(part, _)| part).sum::<f64>() / lacking.len() as f64;
        loaded.notes.push(Note::warning(format!(
            "{}: names without prices have {} % of the weight as a mean over {} days, at most {} % on {}; the others are scaled up",
            read.record.name,
            decimals(100.0 * mean, 2),
            lacking.len(),
            decimals(100.0 * most.0, 2),
            most.1
        )));
    }
    loaded.notes.extend(read.notes);
    loaded.sources.push(read.record);
    Ok(Dated::new("benchmark holdings", records))
}

#[cfg(test)]
mod tests;
