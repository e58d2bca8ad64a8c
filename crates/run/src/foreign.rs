//! A series of returns from elsewhere, as a record that has every figure of a run but no decisions: the tear
//! sheet of a fund, of an account, of another program's backtest.

mod aligned;
mod error;
mod kind;
mod series_file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use walkfolio_core::{Date, hex, periods_per_year};
use walkfolio_record::{
    Kind as RunKind, Manifest, MeasureSet, MeasureTable, ReturnRow, Run, Seconds, Status,
};
use walkfolio_stats::Covered;
use walkfolio_stats::measures::{Record, measure};
use walkfolio_study::Spec;

use crate::manifest::BUILD;

pub use error::SeriesError;
pub use kind::Kind;
pub use series_file::{ReadSeries, SeriesFile};

/// A smaller part of the periods of a year is not regular.
const REGULAR: f64 = 0.75;
/// Fewer rows are not counted.
const FEW: usize = 12;

/// What is known of a series beside its file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// What it is called; the name of its column or file without one.
    pub name: Option<&'a str>,
    /// The risk-free rate, a fraction a year, compounded; without one returns are not reduced.
    pub risk_free: Option<f64>,
    /// Periods in a year; none to find out from the dates.
    pub periods_per_year: Option<f64>,
}

/// A series and its benchmark as a run without decisions.
///
/// The benchmark is compounded over the periods of the series. Measures that need trades or factors are left
/// undefined; all else is measured by the functions that measure backtests.
///
/// # Timing
/// The first return of a series of returns is earned from one step before its date, that of prices from the
/// first price.
/// # Errors
/// Those of [`SeriesError`].
/// # Examples
/// ```
/// use walkfolio_run::foreign::{Around, SeriesFile, run_of};
///
/// let folder = std::env::temp_dir();
/// let path = folder.join("walkfolio-doc-fund.csv");
/// std::fs::write(&path, "date,fund\n2024-01-31,0.02\n2024-02-29,-0.01\n2024-03-28,0.03\n")?;
/// let file = SeriesFile { path: &path, column: None, kind: None };
/// let run = run_of(&file, None, &Around::default())?;
/// assert_eq!(run.manifest.study, "fund");
/// let earned = run.measures.full.get("cumulative_return").unwrap_or_default();
/// assert!((earned - (1.02 * 0.99 * 1.03 - 1.0)).abs() < 1e-15);
/// // Three months: the figures are a year's of twelve periods.
/// assert_eq!(run.manifest.resolved.periods_per_year.number(), Some(12.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_of(
    file: &SeriesFile<'_>,
    benchmark: Option<&SeriesFile<'_>>,
    around: &Around<'_>,
) -> Result<Run, SeriesError> {
    let own = file.read("returns")?;
    let base = own.base.unwrap_or_else(|| aligned::before(&own.dates));
    let other = benchmark.map(|file| file.read("benchmark")).transpose()?;
    let beside = other.as_ref().map(|other| beside(&own, other, base)).transpose()?;
    let year = match around.periods_per_year {
        Some(stated) => stated,
        None => regular(&own, base)?,
    };
    let cash = around.risk_free.map(|rate| libm::pow(1.0 + rate, 1.0 / year) - 1.0);
    let rows = rows(&own, beside.as_deref(), cash);
    let name = around.name.map_or_else(|| own.name.clone(), str::to_owned);
    let measured = Measured { rows: &rows, dates: &own.dates, year };
    Ok(Run {
        measures: set(measured.own(&own.returns)),
        benchmark: other.as_ref().and_then(|_| measured.benchmark()).map(set),
        manifest: manifest(&name, [Some(&own), other.as_ref()], year)?,
        returns: rows,
        decisions: Vec::new(),
        ledger: Vec::new(),
        timings: Vec::new(),
        risk: Vec::new(),
        frontier: Vec::new(),
        benchmark_holdings: Vec::new(),
        baselines: Vec::new(),
        regimes: Vec::new(),
        factors: None,
        account: None,
        attribution: None,
        robustness: None,
        classifier: None,
        without_costs: None,
        data_report: None,
    })
}

/// The benchmark's returns over the periods of the series, at least one of which it must have.
fn beside(
    own: &ReadSeries,
    other: &ReadSeries,
    base: Date,
) -> Result<Vec<Option<f64>>, SeriesError> {
    let found = aligned::over(other, &own.dates, base)?;
    if found.iter().any(Option::is_some) {
        return Ok(found);
    }
    Err(SeriesError::NoCommon {
        file: other.source.name.clone(),
        benchmark: other.source.range(),
        series: own.source.range(),
    })
}

/// Periods in a year by the dates of a series, of which too many must not be missing.
fn regular(own: &ReadSeries, base: Date) -> Result<f64, SeriesError> {
    let by_steps = periods_per_year(&own.dates).unwrap_or(1.0);
    let days = own.dates.last().and_then(|last| base.until(*last).ok()).map_or(0, |s| s.get_days());
    let counted = own.dates.len() as f64 * 365.25 / f64::from(days.max(1));
    // Few rows say little of a year.
    if own.dates.len() < FEW || counted > REGULAR * by_steps {
        return Ok(by_steps);
    }
    let (file, column) = (own.source.name.clone(), own.name.clone());
    Err(SeriesError::Irregular { file, column, by_steps, counted: counted.round() })
}

fn set(full: MeasureTable) -> MeasureSet {
    MeasureSet { full, regimes: Vec::new() }
}

fn rows(own: &ReadSeries, benchmark: Option<&[Option<f64>]>, cash: Option<f64>) -> Vec<ReturnRow> {
    let row = |(at, (date, earned)): (usize, (&Date, &f64))| ReturnRow {
        date: *date,
        portfolio: *earned,
        gross: *earned,
        benchmark: benchmark.and_then(|returns| returns[at]),
        cash,
        turnover: 0.0,
        cost: 0.0,
    };
    own.dates.iter().zip(&own.returns).enumerate().map(row).collect()
}

/// What is measured.
struct Measured<'a> {
    rows: &'a [ReturnRow],
    dates: &'a [Date],
    year: f64,
}

impl Measured<'_> {
    fn own(&self, returns: &[f64]) -> MeasureTable {
        let benchmark = Covered::of(self.rows.iter().map(|row| row.benchmark));
        self.table(0..self.rows.len(), returns, benchmark.filter(|b| !b.values().is_empty()))
    }

    /// The benchmark as a portfolio of its own, over the periods that it has.
    fn benchmark(&self) -> Option<MeasureTable> {
        let covered = Covered::of(self.rows.iter().map(|row| row.benchmark))?;
        let some = !covered.values().is_empty();
        some.then(|| self.table(covered.rows(), covered.values(), None))
    }

    fn table(
        &self,
        rows: std::ops::Range<usize>,
        returns: &[f64],
        benchmark: Option<Covered<'_>>,
    ) -> MeasureTable {
        let cash = self.rows[rows.clone()].iter().map(|row| row.cash);
        let has_cash = self.rows.iter().any(|row| row.cash.is_some());
        let dates = &self.dates[rows];
        let record = Record {
            benchmark,
            cash: has_cash.then(|| Covered::of(cash)).flatten(),
            periods_per_year: self.year,
            ..Record::new(dates, returns)
        };
        MeasureTable::of(&measure(&record), dates, self.rows.len())
    }
}

/// The manifest: the study in it holds what figures depend on, and no decision.
fn manifest(
    name: &str,
    series: [Option<&ReadSeries>; 2],
    periods_per_year: f64,
) -> Result<Manifest, SeriesError> {
    let [own, other] = series;
    let sources: Vec<_> = series.iter().flatten().map(|one| one.source.clone()).collect();
    let texts: Vec<&str> = sources.iter().map(|source| source.sha256.as_str()).collect();
    let hash = <sha2::Sha256 as sha2::Digest>::digest(texts.concat());
    Ok(Manifest {
        format: 1,
        study: name.to_owned(),
        kind: RunKind::Backtest,
        status: Status::Complete,
        error: None,
        synthetic: false,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: "unknown".to_owned(),
        build: BUILD.to_owned(),
        hash: hex(&hash),
        sources,
        data: None,
        assets: Vec::new(),
        complete_from: None,
        survivors: None,
        benchmark: other.map(|other| other.name.clone()),
        resolved: spec(name, periods_per_year)?,
        notes: Vec::new(),
        regimes: Vec::new(),
        decisions: 0,
        first: own.and_then(|own| own.dates.first().copied()),
        last: own.and_then(|own| own.dates.last().copied()),
        ruined: None,
        started: Timestamp::UNIX_EPOCH,
        threads: 1,
        seconds: Seconds::default(),
        files: BTreeMap::new(),
    })
}

/// A study that holds the periods of a year and decides nothing.
fn spec(name: &str, periods_per_year: f64) -> Result<Spec, SeriesError> {
    let tree = serde_json::json!({
        "name": name,
        "periods_per_year": periods_per_year,
        "market": { "assets": [name] },
        "walk_forward": { "every": "month" },
        "allocate": { "objective": { "kind": "equal_weight" }, "bounds": { "min": 0.0, "max": 1.0 } },
    });
    Spec::from_tree(&tree).map_err(|error| SeriesError::NotDescribed(error.to_string()))
}
