//! A grid: one backtest for every combination of swept keys.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::Observer;
use walkfolio_core::{Interrupt, Note};
use walkfolio_data::Loaded;

use crate::account::{Accounted, account};
use crate::backtest::{backtest, event_rows};
use crate::load::market;
use crate::manifest::manifest;
use crate::outcome::{Outcome, Prepared, prepare};
use crate::session::Session;
use crate::{Error, Result};
use walkfolio_record::{Cell, CellStatus, GridRun, LedgerRow, Manifest, SelectionBias, Status};
use walkfolio_store::{Checkpoints, SavedCell};
use walkfolio_study::combinations;
use walkfolio_study::{AccountSpec, Study};

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
    let combinations = combinations(study.config().grid());
    observer.begin(combinations.len());
    let shared = Shared::new(study, (loaded, data), observer.interrupt())?;
    let done: Vec<SavedCell> = combinations
        .par_iter()
        .enumerate()
        .map(|(index, settings)| {
            let values: Vec<Value> = settings.iter().map(|(_, value)| value.clone()).collect();
            if let Some(saved) = checkpoints.and_then(|all| all.cell(index, &values)) {
                observer.decided();
                return Ok(saved);
            }
            let not_run = || Ok(SavedCell { cell: not_run(settings), ledger: Vec::new() });
            if observer.cancelled() {
                return not_run();
            }
            let saved = shared.make(settings).saved;
            if observer.interrupt().is_raised() {
                return not_run();
            }
            if let Some(all) = checkpoints {
                all.save_cell(index, &saved)?;
            }
            observer.decided();
            Ok(saved)
        })
        .collect::<Result<_>>()?;
    if done.iter().all(|saved| saved.cell.status == CellStatus::NotRun) {
        return Err(Error::Interrupted);
    }
    manifest.seconds.decide = started.elapsed().as_secs_f64();
    let mut grid = assembled(&shared, manifest, done);
    let bias = selection_bias(&shared, &grid);
    judge(&mut grid, bias);
    Ok(grid)
}

/// Runs some cells of a grid, by their numbers from 0 on, and saves each where the whole grid looks for it:
/// [`run_grid_session`] with the same checkpoints runs the others and puts all together, with the bits of a grid
/// that was run at once. A cell that is there already is not run again.
///
/// # Errors
/// [`Error::NoCell`] for a number that no cell has; if a cell cannot be saved.
pub fn run_cells(
    study: &Study,
    (loaded, data): (&Loaded, Option<&Path>),
    cells: &[usize],
    (observer, checkpoints): (&dyn Observer, &Checkpoints),
) -> Result<()> {
    let combinations = combinations(study.config().grid());
    let all = combinations.len();
    if let Some(&cell) = cells.iter().find(|cell| **cell >= all) {
        return Err(Error::NoCell { cell, all });
    }
    observer.begin(cells.len());
    let shared = Shared::new(study, (loaded, data), observer.interrupt())?;
    cells.par_iter().try_for_each(|&index| {
        let settings = &combinations[index];
        let values: Vec<Value> = settings.iter().map(|(_, value)| value.clone()).collect();
        if checkpoints.cell(index, &values).is_none() {
            let saved = shared.make(settings).saved;
            if observer.interrupt().is_raised() {
                return Err(Error::Interrupted);
            }
            checkpoints.save_cell(index, &saved)?;
        }
        observer.decided();
        Ok(())
    })
}

/// Adds how far the best cell can be believed, with a warning where a validation is not possible.
pub(crate) fn judge(grid: &mut GridRun, bias: Option<SelectionBias>) {
    let validation = bias.as_ref().and_then(|bias| bias.cross_validation.as_ref());
    if let Some(reason) = validation.and_then(|one| one.reason.as_ref()) {
        let note = Note::warning(format!("robustness.cross_validation: {reason}"));
        grid.ledger.push((None, LedgerRow::of_note(None, &note)));
    }
    grid.selection_bias = bias;
}

/// The grid of its cells, all but their selection bias.
pub(crate) fn assembled(
    shared: &Shared<'_>,
    mut manifest: Manifest,
    done: Vec<SavedCell>,
) -> GridRun {
    let Shared { study, loaded, .. } = shared;
    let stopped = done.iter().any(|saved| saved.cell.status == CellStatus::NotRun);
    let failed = done.iter().all(|saved| saved.cell.status == CellStatus::Failed);
    manifest.status = match (stopped, failed) {
        (true, _) => Status::Interrupted,
        (false, true) => Status::Failed,
        (false, false) => Status::Complete,
    };
    if failed {
        manifest.error = done.first().and_then(|saved| saved.cell.message.clone());
    }
    manifest.decisions = done.len();
    let general = loaded.notes.iter().chain(study.notes());
    let mut ledger: Vec<_> = general.map(|note| (None, LedgerRow::of_note(None, note))).collect();
    let mut cells = Vec::with_capacity(done.len());
    for (index, saved) in done.into_iter().enumerate() {
        ledger.extend(saved.ledger.into_iter().map(|row| (Some(index), row)));
        cells.push(saved.cell);
    }
    let keys = study.config().grid().keys().cloned().collect();
    GridRun { manifest, keys, cells, ledger, selection_bias: None, data_report: None }
}

/// How far the best cell can be believed; nothing of a part of a grid.
pub(crate) fn selection_bias(shared: &Shared<'_>, grid: &GridRun) -> Option<SelectionBias> {
    if grid.manifest.status == Status::Interrupted {
        return None;
    }
    let market = &shared.prepared.market;
    walkfolio_analysis::selection_bias(shared.study, market, &grid.keys, &grid.cells)
}

pub(crate) fn not_run(settings: &[(String, Value)]) -> Cell {
    Cell {
        settings: settings.iter().map(|(_, value)| value.clone()).collect(),
        status: CellStatus::NotRun,
        message: None,
        first: None,
        measures: None,
        without_costs: None,
        account: None,
        returns: Vec::new(),
        sessions: Vec::new(),
    }
}

/// What the cells of a grid have in common.
pub(crate) struct Shared<'a> {
    pub(crate) study: &'a Study,
    loaded: &'a Loaded,
    prepared: Prepared,
    data: Option<&'a Path>,
    interrupt: Interrupt,
}

/// A cell that was run.
pub(crate) struct Made {
    /// What it leaves.
    pub(crate) saved: SavedCell,
    /// The study and the backtest that it is from, unless it failed.
    pub(crate) from: Option<(Study, Outcome)>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(
        study: &'a Study,
        (loaded, data): (&'a Loaded, Option<&'a Path>),
        interrupt: Interrupt,
    ) -> Result<Self> {
        Ok(Self { study, loaded, prepared: prepare(study, &loaded.market)?, data, interrupt })
    }

    /// Runs a cell; one that fails says why, in its row and in the ledger.
    pub(crate) fn make(&self, settings: &[(String, Value)]) -> Made {
        let mut cell = not_run(settings);
        match self.backtest(settings) {
            Ok((study, outcome, account)) => {
                let ruined = outcome.simulation.wiped_out.is_some();
                cell.status = if ruined { CellStatus::Ruined } else { CellStatus::Complete };
                cell.first = Some(outcome.market.dates()[outcome.simulation.rows.start]);
                let events = event_rows(&outcome).into_iter().filter(|row| row.kind != "solve");
                let said = account.iter().flat_map(|own| &own.notes);
                let said = said.map(|(date, note)| LedgerRow::of_note(*date, note));
                let ledger = events.chain(said).collect();
                cell.measures = Some(outcome.measures.clone());
                cell.without_costs.clone_from(&outcome.without_costs);
                cell.account = account.map(|own| own.run.measures);
                cell.returns.clone_from(&outcome.simulation.net);
                let first = outcome.simulation.rows.start;
                let dates = &outcome.market.dates()[first..first + cell.returns.len()];
                cell.sessions = dates.to_vec();
                Made { saved: SavedCell { cell, ledger }, from: Some((study, outcome)) }
            }
            Err(error) => {
                cell.status = CellStatus::Failed;
                cell.message = Some(error.to_string());
                let note = Note::warning(format!("the backtest failed: {error}"));
                let ledger = vec![LedgerRow::of_note(None, &note)];
                Made { saved: SavedCell { cell, ledger }, from: None }
            }
        }
    }

    /// The backtest of a cell. What its settings drop of the study's other keys is no event: each row
    /// of the grid states its settings.
    fn backtest(
        &self,
        settings: &[(String, Value)],
    ) -> Result<(Study, Outcome, Option<Accounted>)> {
        let study = self.study.with_settings(settings)?;
        let own = (!same_market(self.study, &study)).then(|| market(&study, self.data));
        let own = own.transpose()?;
        let loaded = own.as_ref().unwrap_or(self.loaded);
        let whole = &loaded.market;
        let study = study.on(whole)?;
        let moves = settings.iter().any(|(key, _)| key.starts_with("walk_forward"));
        let prepared = match &own {
            None if !moves => self.prepared.clone(),
            _ => prepare(&study, whole)?,
        };
        let outcome = backtest(&study, &prepared, &Within(&self.interrupt), None)?;
        let account = account(&study, loaded, &outcome)?;
        Ok((study, outcome, account))
    }
}

/// Watches the walk of a cell, which the flag of its grid ends in the middle.
pub(crate) struct Within<'a>(pub(crate) &'a Interrupt);

impl Observer for Within<'_> {
    fn interrupt(&self) -> Interrupt {
        self.0.clone()
    }
}

/// Whether two studies are loaded with the same market: prices, what is done to them, and signals.
pub(crate) fn same_market(one: &Study, other: &Study) -> bool {
    let read = |study: &Study| {
        let config = study.config();
        let classifier = config.selection().classifier();
        let signals = classifier.map(|classifier| classifier.features.extra.0.clone());
        let market = (config.spec().market.clone(), config.spec().clean.clone());
        let account = config.spec().account.as_ref().map(AccountSpec::files);
        (market, signals.unwrap_or_default(), study.estimator_files(), account)
    };
    read(one) == read(other)
}
