//! What was traded of each asset, by session: shares times the close that they were traded at.
//!
//! Closes that contain dividends know later dividends in their level, and are refused. Closes and volumes that both contain
//! splits, or neither of them, have the same product.

pub(crate) mod files;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_core::{Date, MarketImpact, Ticker};

use crate::Result;
use crate::asked::Asked;
use crate::dated_values::Values;
use crate::error::QuoteError;
use crate::horizon::{Horizon, Role};
use crate::loaded::{Loaded, SourceRecord};
use crate::quality::Cleaning;
use crate::read::{Found, found_all};
use crate::request::FileRequest;
use crate::series::{Basis, Series};
use crate::signals::settled;
pub use files::VolumeFiles;

/// Values of a name, in order of their dates.
type Dated = Vec<(Date, f64)>;

/// Adds traded values to a market, where they are asked for.
///
/// # Errors
/// Those of the files; [`QuoteError::NoTradedValue`] without volumes, or with closes that contain dividends.
pub(crate) fn add(request: &FileRequest, loaded: &mut Loaded) -> Result<()> {
    let Some(files) = &request.volumes else { return Ok(()) };
    let series = match (&files.volumes, &files.closes) {
        (Some(_), Some(_)) => Vec::new(),
        _ => series(request)?,
    };
    let mut own = Reading { request, loaded, file: None };
    let shares = match &files.volumes {
        Some(path) => own.stated(path, "volumes", &["volume", "shares", "value"])?,
        None => own.columns(&series, Series::volumes, NO_VOLUMES)?,
    };
    let closes = match &files.closes {
        Some(path) => own.stated(path, "closes", &["close", "price", "value"])?,
        None => own.columns(&series, Series::closes, NO_CLOSES)?,
    };
    let file = own.file.take().unwrap_or_else(|| unrecorded(request));
    let universe = loaded.market.universe();
    let records = universe.tickers().iter().map(|asset| {
        let of = |all: &BTreeMap<String, Dated>| all.get(named(asset, all)).cloned();
        of(&shares).zip(of(&closes)).map(|(shares, closes)| product(&shares, &closes))
    });
    let records = records.map(Option::unwrap_or_default).collect();
    let horizon = Horizon::of(request.horizon.as_ref(), Role::Volumes);
    let name = MarketImpact::TRADED_VALUE;
    let read = settled(name, records, (file, Vec::new()), (universe, horizon))?;
    loaded.notes.extend(read.notes);
    loaded.market = loaded.market.clone().with_signal(read.signal)?;
    Ok(())
}

const NO_VOLUMES: &str = "it has no column of volumes";
const NO_CLOSES: &str = "its closes contain dividends, which volumes do not";

impl Series {
    fn volumes(&self) -> Vec<Option<f64>> {
        self.volume.clone().unwrap_or_default()
    }

    fn closes(&self) -> Vec<Option<f64>> {
        if self.basis == Basis::TotalReturn { Vec::new() } else { self.close.iter().collect() }
    }
}

/// What is read, and the record of the volumes' own file.
struct Reading<'a> {
    request: &'a FileRequest,
    loaded: &'a mut Loaded,
    file: Option<(String, SourceRecord)>,
}

impl Reading<'_> {
    /// The values of a file of their own.
    fn stated(
        &mut self,
        path: &Path,
        role: &'static str,
        columns: &[&str],
    ) -> Result<BTreeMap<String, Dated>> {
        let read = Values { role, columns, csv: &self.request.csv }.read(path)?;
        let mut all: BTreeMap<String, Dated> = BTreeMap::new();
        for value in read.values {
            if value.value < 0.0 {
                let why = "a value is below 0";
                let (file, assets) = (read.file, value.name);
                return Err(QuoteError::NoTradedValue { file, assets, why }.into());
            }
            all.entry(value.name).or_default().push((value.date, value.value));
        }
        for own in all.values_mut() {
            own.sort_by_key(|(date, _)| *date);
        }
        self.loaded.sources.push(read.record.clone());
        self.loaded.notes.extend(read.notes);
        self.file.get_or_insert((read.file, read.record));
        Ok(all)
    }

    /// A column of the price files.
    fn columns(
        &self,
        series: &[(String, Series)],
        column: fn(&Series) -> Vec<Option<f64>>,
        why: &'static str,
    ) -> Result<BTreeMap<String, Dated>> {
        let mut all = BTreeMap::new();
        for (_, own) in series {
            let values = own.dates.iter().zip(column(own)).filter_map(|(date, value)| {
                value.filter(|value| *value >= 0.0).map(|value| (*date, value))
            });
            all.insert(own.ticker.to_string(), values.collect::<Dated>());
        }
        let tickers = || self.request.assets.tickers().iter();
        let lacks = |ticker: &&Ticker| all.get(ticker.as_str()).is_none_or(Vec::is_empty);
        let lacking: Vec<&str> = tickers().filter(lacks).map(Ticker::as_str).collect();
        let file = self.request.prices.display().to_string();
        match lacking[..] {
            [] => Ok(all),
            [first, ..] => {
                let more = lacking.len() - 1;
                let assets =
                    if more == 0 { first.to_owned() } else { format!("{first} and {more} more") };
                Err(QuoteError::NoTradedValue { file, assets, why }.into())
            }
        }
    }
}

/// The series of the price files; of wide tables, which have neither closes nor volumes, none.
fn series(request: &FileRequest) -> Result<Vec<(String, Series)>> {
    let asked = Asked {
        role: "prices",
        wanted: request.assets.tickers(),
        layout: request.layout,
        csv: &request.csv,
        cleaning: &Cleaning::default(),
        events: true,
        bars: false,
        horizon: None,
    };
    let found = found_all(&request.price_files(), asked)?.into_iter();
    let series = found.flat_map(|(_, read)| match read.found {
        Found::Series(series) => series,
        Found::Table(_) => Vec::new(),
    });
    Ok(series.collect())
}

/// The name of an asset in a file: its own, or that before `_2` where a long gap divides it.
fn named<'a>(asset: &'a Ticker, all: &BTreeMap<String, Dated>) -> &'a str {
    let name = asset.as_str();
    match name.rsplit_once('_') {
        Some((base, _)) if !all.contains_key(name) => base,
        _ => name,
    }
}

/// Products on the dates of both.
fn product(shares: &[(Date, f64)], closes: &[(Date, f64)]) -> Dated {
    let (mut at, mut values) = (0, Vec::with_capacity(shares.len()));
    for (date, volume) in shares {
        while closes.get(at).is_some_and(|(other, _)| other.cmp(date) == Ordering::Less) {
            at += 1;
        }
        if let Some((_, close)) = closes.get(at).filter(|(other, _)| other == date) {
            values.push((*date, volume * close));
        }
    }
    values
}

/// The price files, whose record is there already.
fn unrecorded(request: &FileRequest) -> (String, SourceRecord) {
    let name = request.prices.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let record = SourceRecord {
        role: "volumes",
        name,
        format: "column",
        sha256: String::new(),
        rows: 0,
        first: None,
        last: None,
        vintage: None,
    };
    (request.prices.display().to_string(), record)
}

#[cfg(test)]
mod tests;
