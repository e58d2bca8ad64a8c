//! A backtest from its folder.

use std::path::Path;

use walkfolio_record::{AllMeasures, Kind, MeasureSet, Run};

use super::json::{read_data_report, read_json, read_manifest};
use super::{
    account, attribution, baselines, benchmark_holdings, damage, factors, frontier, learning,
    parquet, regimes as states, robustness,
};
use crate::{Error, Result};

/// Reads a backtest from its folder.
///
/// What is read fits together: every decision has one row for each asset of the manifest, in its
/// order; dates ascend; numbers are finite.
///
/// # Errors
/// [`Error::File`] with the file that is missing or not what it should be; [`Error::Damaged`] with the
/// file, row and column that do not fit.
pub fn read_run(path: &Path) -> Result<Run> {
    let manifest = read_manifest(path)?;
    if manifest.kind != Kind::Backtest {
        return Err(Error::file("read", path, &"it is a grid, not one backtest"));
    }
    let AllMeasures { full, regimes, without_costs, benchmark, account, baselines: simple } =
        read_json(&path.join("measures.json"))?;
    let file = |name: &str| Some(path.join(name)).filter(|path| path.is_file());
    let risk = file("risk.parquet").map(|path| learning::read_risk(&path));
    let frontier = file("frontier.parquet").map(|path| frontier::read_frontier(&path));
    let held = file("benchmark_holdings.parquet");
    let held = held.map(|path| benchmark_holdings::read_holdings(&path));
    let known = file("regimes.parquet").map(|path| states::read_regimes(&path));
    let factors = file("factors.parquet").map(|path| factors::read_factors(&path));
    let learned = file("classifier.parquet").map(|_| learning::read_classifier(path));
    let run = Run {
        risk: risk.transpose()?.unwrap_or_default(),
        frontier: frontier.transpose()?.unwrap_or_default(),
        benchmark_holdings: held.transpose()?.unwrap_or_default(),
        baselines: baselines::read_baselines(path, simple)?,
        regimes: known.transpose()?.unwrap_or_default(),
        factors: factors.transpose()?,
        account: account::read_account(path, account)?,
        attribution: attribution::read_attribution(path)?,
        robustness: robustness::read_robustness(path)?,
        classifier: learned.transpose()?,
        decisions: parquet::read_decisions(&path.join("decisions.parquet"))?,
        ledger: parquet::read_ledger(&path.join("ledger.parquet"))?,
        timings: parquet::read_timings(&path.join("timings.parquet"))?,
        returns: parquet::read_returns(&path.join("returns.parquet"))?,
        measures: MeasureSet { full, regimes },
        without_costs,
        benchmark,
        data_report: read_data_report(path)?,
        manifest,
    };
    damage::check_run(path, &run)?;
    Ok(run)
}

/// The times of a run's decisions, in microseconds: what differs from run to run.
///
/// # Errors
/// As [`read_run`], of `timings.parquet`.
pub fn read_times(path: &Path) -> Result<Vec<u64>> {
    let rows = parquet::read_timings(&path.join("timings.parquet"))?;
    Ok(rows.iter().map(|row| row.micros).collect())
}
