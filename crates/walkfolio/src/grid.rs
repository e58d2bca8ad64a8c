//! A grid: one backtest for every combination of swept keys.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::{Observer, Silent};
use walkfolio_core::{Date, Row};
use walkfolio_data::Loaded;

use crate::checkpoint::{Checkpoints, KeptCell};
use crate::luck::Luck;
use crate::manifest::{Manifest, Status};
use crate::run::{Prepared, event_rows};
use crate::study::Study;
use crate::tables::{LedgerRow, MeasureSet};
use crate::{Error, Result};

/// The backtests of a grid.
#[derive(Debug, Clone)]
pub struct GridRun {
    /// What was run on which data.
    pub manifest: Manifest,
    /// The swept keys.
    pub keys: Vec<String>,
    /// One backtest per combination, the last key varying fastest.
    pub cells: Vec<Cell>,
    /// Notes, warnings and fallbacks, with the cell they belong to.
    pub ledger: Vec<(Option<usize>, LedgerRow)>,
    /// How much of the best may be luck.
    pub luck: Option<Luck>,
    /// What is wrong with its data, as `data-report.json` has it, where the folder holds one.
    pub data_report: Option<Value>,
}

/// One backtest of a grid.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The values of the swept keys.
    pub settings: Vec<Value>,
    /// How it ended.
    pub status: CellStatus,
    /// Why it failed.
    pub message: Option<String>,
    /// First session on which its weights earn.
    pub first: Option<Date>,
    /// Its measures, unless it failed.
    pub measures: Option<MeasureSet>,
    /// The same as if trading were free, where the study charges for it.
    pub without_costs: Option<MeasureSet>,
    /// Its returns after costs, one a session from its first decision on.
    pub returns: Vec<f64>,
    /// The row of the first of them in the market.
    pub start: Option<Row>,
}

/// How a cell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellStatus {
    /// It ran to the end of the sample.
    Complete,
    /// Equity was gone before the end.
    Ruined,
    /// It could not be run; the message says why.
    Failed,
    /// The grid was stopped before it.
    NotRun,
}

impl CellStatus {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Ruined => "ruined",
            Self::Failed => "failed",
            Self::NotRun => "not_run",
        }
    }
}

impl Cell {
    /// A measure of the full sample, or of a regime as `regime.key`; as if trading were free with
    /// `without_costs.` before either.
    pub fn measure(&self, key: &str) -> Option<f64> {
        if let Some(key) = key.strip_prefix(WITHOUT_COSTS) {
            return find(self.without_costs.as_ref()?, key);
        }
        find(self.measures.as_ref()?, key)
    }
}

/// Before the keys of measures as if trading were free.
const WITHOUT_COSTS: &str = "without_costs.";

fn find(measures: &MeasureSet, key: &str) -> Option<f64> {
    match key.split_once('.') {
        None => measures.full.get(key),
        Some((regime, key)) => {
            let (_, table) = measures.regimes.iter().find(|(name, _)| name == regime)?;
            table.get(key)
        }
    }
}

impl GridRun {
    /// The keys of all measures in the cells: the full sample's, then each regime's with its prefix.
    pub fn measure_keys(&self) -> Vec<String> {
        let Some(set) = self.cells.iter().find_map(|cell| cell.measures.as_ref()) else {
            return Vec::new();
        };
        let mut keys: Vec<String> = set.full.iter().map(|(key, _)| key.to_owned()).collect();
        let names = self.manifest.resolved["regime"].as_array().into_iter().flatten();
        for name in names.filter_map(|regime| regime["name"].as_str()) {
            keys.extend(set.full.iter().map(|(key, _)| format!("{name}.{key}")));
        }
        if self.cells.iter().any(|cell| cell.without_costs.is_some()) {
            keys.extend(keys.clone().iter().map(|key| format!("{WITHOUT_COSTS}{key}")));
        }
        keys
    }
}

/// The type of the values of a swept key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// All are whole numbers.
    Integers,
    /// All are numbers.
    Numbers,
    /// Anything else, shown as text.
    Texts,
}

impl Swept {
    /// The type of some values.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let values: Vec<&Value> = values.into_iter().collect();
        if values.iter().all(|value| value.is_i64()) {
            Self::Integers
        } else if values.iter().all(|value| value.is_number()) {
            Self::Numbers
        } else {
            Self::Texts
        }
    }

    /// A value as text.
    pub fn text(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// A value in a few letters: of a table only what is not the same in `all` values of its key.
    ///
    /// # Examples
    /// ```
    /// use serde_json::json;
    /// use walkfolio::Swept;
    ///
    /// let (free, fixed) = (json!({ "min": -1, "max": 1 }), json!({ "value": 0 }));
    /// assert_eq!(Swept::label(&free, &[&free, &fixed]), "max 1, min -1");
    /// assert_eq!(Swept::label(&json!(3), &[]), "3");
    /// ```
    pub fn label(value: &Value, all: &[&Value]) -> String {
        let Value::Object(entries) = value else { return Self::text(value) };
        let differs = |key: &str| all.iter().any(|other| other.get(key) != value.get(key));
        let own: Vec<String> = entries
            .iter()
            .filter(|(key, _)| differs(key))
            .map(|(key, value)| format!("{key} {}", Self::text(value)))
            .collect();
        if own.is_empty() { "–".to_owned() } else { own.join(", ") }
    }
}

impl Study {
    /// Runs every cell of the study's grid, in parallel.
    ///
    /// A cell that fails is a row with its reason; it does not end the others. Cells that change
    /// the market load their own, from `data` where it is given.
    ///
    /// # Errors
    /// None of a single cell's; [`Error::Interrupted`] if no cell was run.
    pub fn run_grid(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<GridRun> {
        self.run_grid_kept(loaded, data, (observer, None))
    }

    /// As [`Study::run_grid`], keeping each cell that is done and taking up those done before.
    ///
    /// # Errors
    /// As [`Study::run_grid`], and if a cell cannot be kept.
    pub fn run_grid_kept(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        (observer, checkpoints): (&dyn Observer, Option<&Checkpoints>),
    ) -> Result<GridRun> {
        let started = Instant::now();
        let keys: Vec<String> = self.config().grid().keys().cloned().collect();
        let combinations = combinations(self.config().grid());
        observer.begin(combinations.len());
        let shared = Shared { loaded, prepared: self.prepare(&loaded.market)?, data };
        let done: Vec<(Cell, Vec<LedgerRow>)> = combinations
            .par_iter()
            .enumerate()
            .map(|(index, settings)| {
                let values: Vec<Value> = settings.iter().map(|(_, value)| value.clone()).collect();
                if let Some(kept) = checkpoints.and_then(|all| all.cell(index, &values)?.cell()) {
                    observer.decided();
                    return Ok(kept);
                }
                let (cell, ledger) = self.run_cell(settings, &shared, observer);
                if let (Some(all), true) = (checkpoints, cell.status != CellStatus::NotRun) {
                    all.keep_cell(index, &KeptCell::new(&cell, &ledger))?;
                }
                observer.decided();
                Ok((cell, ledger))
            })
            .collect::<Result<_>>()?;
        if done.iter().all(|(cell, _)| cell.status == CellStatus::NotRun) {
            return Err(Error::Interrupted);
        }
        let stopped = done.iter().any(|(cell, _)| cell.status == CellStatus::NotRun);
        let failed = done.iter().all(|(cell, _)| cell.status == CellStatus::Failed);
        let status = match (stopped, failed) {
            (true, _) => Status::Interrupted,
            (false, true) => Status::Failed,
            (false, false) => Status::Complete,
        };
        let mut manifest = Manifest::new(self, loaded, status);
        if failed {
            manifest.error = done.first().and_then(|(cell, _)| cell.message.clone());
        }
        manifest.decisions = done.len();
        manifest.seconds.decide = started.elapsed().as_secs_f64();
        let general = loaded.notes.iter().chain(self.notes());
        let mut ledger: Vec<_> = general.map(|note| (None, LedgerRow::note(None, note))).collect();
        let mut cells = Vec::with_capacity(done.len());
        for (index, (cell, rows)) in done.into_iter().enumerate() {
            ledger.extend(rows.into_iter().map(|row| (Some(index), row)));
            cells.push(cell);
        }
        let luck = self.luck(&shared.prepared.market, &keys, &cells);
        Ok(GridRun { manifest, keys, cells, ledger, luck, data_report: None })
    }

    fn run_cell(
        &self,
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
        match self.backtest_cell(settings, shared) {
            Ok((outcome, notes)) => {
                let ruined = outcome.simulation.ruined.is_some();
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
        &self,
        settings: &[(String, Value)],
        shared: &Shared<'_>,
    ) -> Result<(crate::run::Outcome, Vec<LedgerRow>)> {
        let study = self.cell(settings)?;
        let notes = study.notes().iter().map(|note| LedgerRow::note(None, note)).collect();
        let reads = |prefix: &str| settings.iter().any(|(key, _)| key.starts_with(prefix));
        let prepared = if reads("market") {
            study.prepare(&study.market(shared.data)?.market)?
        } else if reads("walk_forward") {
            study.prepare(&shared.loaded.market)?
        } else {
            shared.prepared.clone()
        };
        let outcome = study.backtest(&prepared, &Silent, None)?;
        Ok((outcome, notes))
    }
}

/// What the cells of a grid have in common.
struct Shared<'a> {
    loaded: &'a Loaded,
    prepared: Prepared,
    data: Option<&'a Path>,
}

/// Every combination of the values of some keys, the last key varying fastest.
pub(crate) fn combinations(grid: &BTreeMap<String, Vec<Value>>) -> Vec<Vec<(String, Value)>> {
    let mut all = vec![Vec::new()];
    for (key, values) in grid {
        all = all
            .into_iter()
            .flat_map(|settings: Vec<(String, Value)>| {
                values.iter().map(move |value| {
                    let mut settings = settings.clone();
                    settings.push((key.clone(), value.clone()));
                    settings
                })
            })
            .collect();
    }
    all
}
