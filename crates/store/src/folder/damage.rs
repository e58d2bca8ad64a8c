//! Whether the files of a run fit together, so that nobody who reads a run has to doubt its shape.

use std::path::Path;

use walkfolio_core::Date;
use walkfolio_record::{Comparison, DecisionRow, GridRun, Run};

use super::baselines::BASELINES;
use crate::{Error, Result};

/// A table's file, for errors that name the row and the column.
struct Table<'a> {
    folder: &'a Path,
    name: &'static str,
}

/// Whether the tables of a run fit together: every decision has one row for each asset of the manifest,
/// in its order, dates ascend, and numbers are finite. [`crate::read_run`] checks this; `folder` is
/// only named in errors.
///
/// # Errors
/// [`Error::Damaged`] with the first file, row and column that do not fit.
pub fn check_run(folder: &Path, run: &Run) -> Result<()> {
    let table = |name| Table { folder, name };
    manifest(&table("run.json"), run)?;
    decisions(&table("decisions.parquet"), run)?;
    returns(&table("returns.parquet"), run)?;
    let timings = run.timings.iter().map(|row| row.date);
    table("timings.parquet").ascending("date", timings)?;
    if let Some(factors) = &run.factors {
        let file = table("factors.parquet");
        file.ascending("date", factors.rows.iter().map(|row| row.date))?;
        for (row, one) in factors.rows.iter().enumerate() {
            for (name, value) in factors.names.iter().zip(&one.values) {
                file.finite(row, name, *value)?;
            }
            file.finite(row, "risk_free", one.risk_free)?;
        }
    }
    risk(&table("risk.parquet"), run)?;
    account(&table("account.parquet"), &table("account_orders.parquet"), run)?;
    regimes(&table("regimes.parquet"), run)?;
    frontier(&table("frontier.parquet"), run)?;
    holdings(&table("benchmark_holdings.parquet"), run)?;
    baselines(&table(BASELINES), run)?;
    learned(&table("predictions.parquet"), run)
}

/// Whether what is said of a grid's cells names cells that exist.
pub(super) fn check_selection_bias(folder: &Path, grid: &GridRun) -> Result<()> {
    let Some(found) = &grid.selection_bias else { return Ok(()) };
    let (file, cells) = (Table { folder, name: "luck.json" }, grid.cells.len());
    let exists = |key: &str, cell: usize, of: usize| {
        let reason = || format!("it is {cell}; there are {of}, counted from 0");
        if cell < of { Ok(()) } else { Err(file.bad(None, key, reason())) }
    };
    exists("best", found.best, cells)?;
    if found.sharpe_ratios.len() != cells {
        let reason = format!("it has {} for {cells} cells", found.sharpe_ratios.len());
        return Err(file.bad(None, "sharpe_ratios", reason));
    }
    if let Some(tracking) = &found.tracking {
        exists("tracking.best", tracking.best, cells)?;
        let all = [&tracking.tracking_errors, &tracking.differences];
        if let Some(short) = all.into_iter().find(|all| all.len() != cells) {
            let reason = format!("it has {} for {cells} cells", short.len());
            return Err(file.bad(None, "tracking", reason));
        }
    }
    if found.first > found.last {
        let reason = format!("{} is before {}, the first", found.last, found.first);
        return Err(file.bad(None, "last", reason));
    }
    for (at, winner) in found.winners.iter().enumerate() {
        let key = |name: &str| format!("winners[{at}].{name}");
        exists(&key("cell"), winner.cell, cells)?;
        let other = |name, other: &Option<Comparison>| {
            other.map_or(Ok(()), |other| exists(&key(name), other.cell, cells))
        };
        other("runner_up.cell", &winner.runner_up)?;
        other("own.cell", &winner.own)?;
        for (place, _) in &winner.slice {
            exists(&key("slice"), *place, grid.keys.len())?;
        }
    }
    Ok(())
}

fn manifest(file: &Table<'_>, run: &Run) -> Result<()> {
    if run.manifest.resolved.periods_per_year.number().is_none() {
        let reason = "it is \"auto\"; a run states the number that its prices tell";
        return Err(file.bad(None, "resolved.periods_per_year", reason));
    }
    let assets = &run.manifest.assets;
    if assets.is_empty() {
        return Err(file.bad(None, "assets", "it is empty"));
    }
    let repeated = |(at, name): &(usize, &String)| assets[..*at].contains(name);
    match assets.iter().enumerate().find(repeated) {
        Some((at, name)) => Err(file.bad(None, "assets", format!("[{at}] repeats {name}"))),
        None => Ok(()),
    }
}

/// One row for each decision and asset, in the manifest's order.
fn decisions(file: &Table<'_>, run: &Run) -> Result<()> {
    let assets = &run.manifest.assets;
    for (row, found) in run.decisions.iter().enumerate() {
        let expected = &assets[row % assets.len()];
        if found.asset != *expected {
            let reason = format!("it is {:?}, the manifest has {expected:?} here", found.asset);
            return Err(file.bad(Some(row), "asset", reason));
        }
        let first: &DecisionRow = &run.decisions[row - row % assets.len()];
        if found.date != first.date {
            let reason = format!("it is {}, the decision began with {}", found.date, first.date);
            return Err(file.bad(Some(row), "date", reason));
        }
        if found.traded != first.traded || found.traded < found.date {
            let reason = format!(
                "it is {}, the decision of {} trades on one day from then on",
                found.traded, found.date
            );
            return Err(file.bad(Some(row), "traded", reason));
        }
        file.finite(row, "weight", found.weight)?;
        file.finite(row, "drifted", found.drifted)?;
        file.finite(row, "probability", found.probability.unwrap_or(0.0))?;
    }
    if !run.decisions.len().is_multiple_of(assets.len()) {
        let reason = format!("the last decision has fewer rows than {} assets", assets.len());
        return Err(file.bad(Some(run.decisions.len()), "asset", reason));
    }
    file.ascending("date", run.decisions.iter().step_by(assets.len()).map(|row| row.date))
}

fn returns(file: &Table<'_>, run: &Run) -> Result<()> {
    file.ascending("date", run.returns.iter().map(|row| row.date))?;
    for (row, one) in run.returns.iter().enumerate() {
        let columns = [
            ("portfolio", one.portfolio),
            ("gross", one.gross),
            ("benchmark", one.benchmark.unwrap_or(0.0)),
            ("cash", one.cash.unwrap_or(0.0)),
            ("turnover", one.turnover),
            ("cost", one.cost),
        ];
        for (column, value) in columns {
            file.finite(row, column, value)?;
        }
    }
    Ok(())
}

/// Dates ascend, numbers are finite, and orders are of the run's assets.
fn account(days: &Table<'_>, orders: &Table<'_>, run: &Run) -> Result<()> {
    let Some(account) = &run.account else { return Ok(()) };
    days.ascending("date", account.days.iter().map(|row| row.date))?;
    for (row, one) in account.days.iter().enumerate() {
        let columns = [
            ("value", one.value),
            ("return", one.net.unwrap_or(0.0)),
            ("cash", one.cash),
            ("long", one.long),
            ("short", one.short),
            ("dividends", one.dividends),
            ("proceeds", one.proceeds),
            ("financing", one.financing),
            ("commissions", one.commissions),
            ("costs", one.costs),
            ("flows", one.flows),
            ("bought", one.bought),
            ("traded", one.traded),
            ("forced", one.forced),
            ("margin_used", one.margin_used.unwrap_or(0.0)),
        ];
        columns.iter().try_for_each(|(column, value)| days.finite(row, column, *value))?;
    }
    for (row, one) in account.orders.iter().enumerate() {
        if !run.manifest.assets.contains(&one.asset) {
            let reason = format!("{:?} is not an asset of the run", one.asset);
            return Err(orders.bad(Some(row), "asset", reason));
        }
        let columns = [
            ("shares", one.shares),
            ("price", one.price),
            ("cost", one.cost),
            ("commission", one.commission),
        ];
        columns.iter().try_for_each(|(column, value)| orders.finite(row, column, *value))?;
    }
    Ok(())
}

fn risk(file: &Table<'_>, run: &Run) -> Result<()> {
    for (row, one) in run.risk.iter().enumerate() {
        file.finite(row, "active_weight", one.active_weight)?;
        file.finite(row, "marginal", one.marginal)?;
        file.finite(row, "contribution", one.contribution)?;
        file.finite(row, "tail", one.tail.unwrap_or(0.0))?;
    }
    Ok(())
}

/// Every session has one row for each regime of the study, in its order, with a state that it has.
fn regimes(file: &Table<'_>, run: &Run) -> Result<()> {
    let stated = &run.manifest.resolved.regime;
    for (row, one) in run.regimes.iter().enumerate() {
        let Some(regime) = stated.get(row % stated.len().max(1)) else {
            return Err(file.bad(Some(row), "regime", "the study has no regimes"));
        };
        if regime.name() != one.regime {
            let reason = format!("it is {:?}, the study has {:?} here", one.regime, regime.name());
            return Err(file.bad(Some(row), "regime", reason));
        }
        if let Some(state) = &one.state
            && !regime.states().contains(&state.as_str())
        {
            let reason = format!("{state:?} is not a state of {}", one.regime);
            return Err(file.bad(Some(row), "state", reason));
        }
        file.finite(row, "value", one.value.unwrap_or(0.0))?;
        for (state, probability) in &one.probabilities {
            file.finite(row, &format!("probability_{state}"), *probability)?;
        }
    }
    let sessions = run.regimes.iter().step_by(stated.len().max(1));
    file.ascending("date", sessions.map(|row| row.date))
}

fn frontier(file: &Table<'_>, run: &Run) -> Result<()> {
    for (row, one) in run.frontier.iter().enumerate() {
        file.finite(row, "risk_aversion", one.risk_aversion.unwrap_or(0.0))?;
        file.finite(row, "expected_return", one.expected_return)?;
        file.finite(row, "volatility", one.volatility)?;
        file.finite(row, "weight", one.weight)?;
    }
    Ok(())
}

fn holdings(file: &Table<'_>, run: &Run) -> Result<()> {
    file.ascending("date", run.benchmark_holdings.iter().map(|row| row.date))?;
    for (row, one) in run.benchmark_holdings.iter().enumerate() {
        file.finite(row, "known", one.known)?;
        file.finite(row, "active_share", one.active_share)?;
        file.finite(row, "tracking_error", one.tracking_error)?;
    }
    Ok(())
}

fn baselines(file: &Table<'_>, run: &Run) -> Result<()> {
    for one in &run.baselines {
        file.ascending("date", one.rows.iter().map(|row| row.date))?;
    }
    Ok(())
}

fn learned(file: &Table<'_>, run: &Run) -> Result<()> {
    let rows = run.classifier.iter().flat_map(|classifier| &classifier.predictions);
    for (row, one) in rows.enumerate() {
        file.finite(row, "probability", one.probability)?;
        file.finite(row, "weight_now", one.weight_now.unwrap_or(0.0))?;
    }
    Ok(())
}

impl Table<'_> {
    fn bad(&self, row: Option<usize>, column: &str, reason: impl Into<String>) -> Error {
        let path = self.folder.join(self.name);
        Error::Damaged { path, row, column: column.to_owned(), reason: reason.into() }
    }

    fn finite(&self, row: usize, column: &str, value: f64) -> Result<()> {
        if value.is_finite() {
            Ok(())
        } else {
            Err(self.bad(Some(row), column, format!("{value} is not a finite number")))
        }
    }

    /// Dates that are not after the one before. The row counts dates.
    fn ascending(&self, column: &str, dates: impl Iterator<Item = Date>) -> Result<()> {
        let mut last = None;
        for (row, date) in dates.enumerate() {
            if let Some(before) = last.filter(|before| *before >= date) {
                let reason = format!("{date} is not after {before}");
                return Err(self.bad(Some(row), column, reason));
            }
            last = Some(date);
        }
        Ok(())
    }
}
