//! A grid: one backtest for every combination of swept keys.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::{Observer, Silent};
use walkfolio_data::Loaded;

use crate::load::market;
use crate::manifest::manifest;
use crate::outcome::{Outcome, Prepared, prepare};
use crate::run::{backtest, event_rows};
use crate::session::Session;
use crate::{Error, Result};
use walkfolio_record::Status;
use walkfolio_record::{Cell, CellStatus, GridRun, LedgerRow};
use walkfolio_store::SavedCell;
use walkfolio_study::Study;
use walkfolio_study::combinations;

/// Runs every cell of the study's grid, in parallel.
///
/// A cell that fails is a row with its reason; it does not end the others. Cells that change
/// the market load their own, from `data` where it is given.
///
/// # Errors
/// None of a single cell's; [`Error::Interrupted`] if no cell was run.
pub fn run_grid(
    study: &Study,
    loaded: &Loaded,
    data: Option<&Path>,
    observer: &dyn Observer,
) -> Result<GridRun> {
    let manifest = manifest(study, loaded, Status::Running)?;
    run_grid_session(study, loaded, data, Session { manifest, observer, checkpoints: None })
}

/// As [`run_grid`], with a manifest that is there already and with checkpoints: cells that they hold
/// are not run again.
///
/// # Errors
/// As [`run_grid`], and if a cell cannot be saved.
pub fn run_grid_session(
    study: &Study,
    loaded: &Loaded,
    data: Option<&Path>,
    session: Session<'_>,
) -> Result<GridRun> {
    let Session { mut manifest, observer, checkpoints } = session;
    let started = Instant::now();
    let keys: Vec<String> = study.config().grid().keys().cloned().collect();
    let combinations = combinations(study.config().grid());
    observer.begin(combinations.len());
    let shared = Shared { loaded, prepared: prepare(study, &loaded.market)?, data };
    let done: Vec<(Cell, Vec<LedgerRow>)> = combinations
        .par_iter()
        .enumerate()
        .map(|(index, settings)| {
            let values: Vec<Value> = settings.iter().map(|(_, value)| value.clone()).collect();
            if let Some(saved) = checkpoints.and_then(|all| all.cell(index, &values)) {
                observer.decided();
                return Ok((saved.cell, saved.ledger));
            }
            let (cell, ledger) = run_cell(study, settings, &shared, observer);
            let saved = SavedCell { cell, ledger };
            if let (Some(all), true) = (checkpoints, saved.cell.status != CellStatus::NotRun) {
                all.save_cell(index, &saved)?;
            }
            let SavedCell { cell, ledger } = saved;
            observer.decided();
            Ok((cell, ledger))
        })
        .collect::<Result<_>>()?;
    if done.iter().all(|(cell, _)| cell.status == CellStatus::NotRun) {
        return Err(Error::Interrupted);
    }
    let stopped = done.iter().any(|(cell, _)| cell.status == CellStatus::NotRun);
    let failed = done.iter().all(|(cell, _)| cell.status == CellStatus::Failed);
    manifest.status = match (stopped, failed) {
        (true, _) => Status::Interrupted,
        (false, true) => Status::Failed,
        (false, false) => Status::Complete,
    };
    if failed {
        manifest.error = done.first().and_then(|(cell, _)| cell.message.clone());
    }
    manifest.decisions = done.len();
    manifest.seconds.decide = started.elapsed().as_secs_f64();
    let general = loaded.notes.iter().chain(study.notes());
    let mut ledger: Vec<_> = general.map(|note| (None, LedgerRow::of_note(None, note))).collect();
    let mut cells = Vec::with_capacity(done.len());
    for (index, (cell, rows)) in done.into_iter().enumerate() {
        ledger.extend(rows.into_iter().map(|row| (Some(index), row)));
        cells.push(cell);
    }
    let selection_bias =
        walkfolio_analysis::selection_bias(study, &shared.prepared.market, &keys, &cells);
    Ok(GridRun { manifest, keys, cells, ledger, selection_bias, data_report: None })
}

fn run_cell(
    study: &Study,
    settings: &[(String, Value)],
    shared: &Shared<'_>,
    observer: &dyn Observer,
) -> (Cell, Vec<LedgerRow>) {
    let mut cell = Cell {
        settings: settings.iter().map(|(_, value)| value.clone()).collect(),
        status: CellStatus::NotRun,
        message: None,
        first: None,
        measures: None,
        without_costs: None,
        returns: Vec::new(),
        start: None,
    };
    if observer.cancelled() {
        return (cell, Vec::new());
    }
    match backtest_cell(study, settings, shared) {
        Ok((outcome, notes)) => {
            let ruined = outcome.simulation.wiped_out.is_some();
            cell.status = if ruined { CellStatus::Ruined } else { CellStatus::Complete };
            cell.first = Some(outcome.market.dates()[outcome.simulation.rows.start]);
            let events = event_rows(&outcome).into_iter().filter(|row| row.kind != "solve");
            let rows = notes.into_iter().chain(events).collect();
            cell.measures = Some(outcome.measures);
            cell.without_costs = outcome.without_costs;
            cell.start = Some(outcome.simulation.rows.start);
            cell.returns = outcome.simulation.net;
            (cell, rows)
        }
        Err(error) => {
            cell.status = CellStatus::Failed;
            cell.message = Some(error.to_string());
            (cell, Vec::new())
        }
    }
}

fn backtest_cell(
    study: &Study,
    settings: &[(String, Value)],
    shared: &Shared<'_>,
) -> Result<(Outcome, Vec<LedgerRow>)> {
    let study = study.cell(settings)?;
    let notes = study.notes().iter().map(|note| LedgerRow::of_note(None, note)).collect();
    let reads = |prefix: &str| settings.iter().any(|(key, _)| key.starts_with(prefix));
    let prepared = if reads("market") {
        prepare(&study, &market(&study, shared.data)?.market)?
    } else if reads("walk_forward") {
        prepare(&study, &shared.loaded.market)?
    } else {
        shared.prepared.clone()
    };
    let outcome = backtest(&study.on(&prepared.market)?, &prepared, &Silent, None)?;
    Ok((outcome, notes))
}

/// What the cells of a grid have in common.
struct Shared<'a> {
    loaded: &'a Loaded,
    prepared: Prepared,
    data: Option<&'a Path>,
}
