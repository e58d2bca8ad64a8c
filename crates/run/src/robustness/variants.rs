//! Backtests with moved decisions and on resampled histories.

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};
use walkfolio_backtest::Observer;
use walkfolio_core::{Date, Interrupt, Market, Row};
use walkfolio_data::Loaded;
use walkfolio_record::{Cell, CellStatus, RobustnessTables, VariantKind, VariantRow};
use walkfolio_store::{Checkpoints, SavedCell};
use walkfolio_study::{RobustnessSpec, Study, StudyPolicy, WorldsSpec};

use super::worlds::{Pools, resampled};
use crate::backtest::{backtest, backtest_at, decision_rows};
use crate::grid::{Within, not_run};
use crate::outcome::{Outcome, Prepared, prepare};
use crate::spread::spread;
use crate::{Error, Result};

/// Offsets of a schedule that are tried; of more, evenly some.
const MOST_OFFSETS: usize = 63;

/// Which variants are run.
pub(crate) enum Which<'a> {
    /// All of them.
    All,
    /// At most so many, spread evenly; the others are taken as they are stated.
    Some(usize, &'a RobustnessTables),
}

/// The rows of the variants that were run.
pub(super) struct Found {
    pub rows: Vec<VariantRow>,
    /// Whether none is missing.
    pub complete: bool,
}

/// One variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Variant {
    kind: VariantKind,
    number: u32,
}

/// What all variants have in common.
struct Shared<'a> {
    study: &'a Study,
    market: &'a Arc<Market>,
    /// The rows of the run's own decisions.
    rows: Vec<Row>,
    /// With moved decisions: measured over the sessions that all of them have.
    common: Option<Study>,
    worlds: Option<(&'a WorldsSpec, Pools)>,
    interrupt: Interrupt,
}

/// The variants of a study, in the order of their kinds and numbers.
pub(super) fn rows(
    study: &Study,
    spec: &RobustnessSpec,
    outcome: &Outcome,
    which: &Which<'_>,
    (observer, checkpoints): (&dyn Observer, Option<&Checkpoints>),
) -> Result<Found> {
    let rows: Vec<Row> = outcome.walk.steps.iter().map(|step| step.row).collect();
    let all = all(spec, &rows, outcome.market.rows());
    if all.is_empty() {
        return Ok(Found { rows: Vec::new(), complete: true });
    }
    let shared = Shared::new(study, spec, (&outcome.market, rows), observer.interrupt())?;
    let stated = stated(which, &all);
    observer.begin(all.len());
    let done: Vec<SavedCell> = all
        .par_iter()
        .enumerate()
        .filter(|(at, _)| stated[*at].is_none())
        .map(|(at, variant)| shared.saved((at, *variant), observer, checkpoints))
        .collect::<Result<_>>()?;
    let mut done = done.into_iter();
    let rows: Vec<VariantRow> = all
        .iter()
        .zip(stated)
        .filter_map(|(variant, stated)| match stated {
            Some(row) => Some(row.clone()),
            None => Some(row(*variant, done.next()?.cell)),
        })
        .collect();
    let complete = rows.iter().all(|row| row.status != CellStatus::NotRun);
    Ok(Found { rows, complete })
}

/// How many variants a study has on its market: backtests with moved decisions and on resampled histories.
///
/// # Errors
/// As [`run`](crate::run()).
pub fn variants(study: &Study, loaded: &Loaded) -> Result<usize> {
    let study = &study.on(&loaded.market)?;
    let Some(spec) = &study.config().spec().robustness else { return Ok(0) };
    let (market, rows) = decided_rows(study, loaded)?;
    Ok(all(spec, &rows, market.rows()).len())
}

/// Runs some variants, by their numbers from 0 on, and saves each where the whole run looks for it:
/// [`run_session`](crate::run_session) with the same checkpoints makes the others and the run itself, with the
/// bits of a run that was made at once. A variant that is there already is not run again.
///
/// # Errors
/// [`Error::NoCell`] for a number that no variant has; if one cannot be saved.
pub fn run_variants(
    study: &Study,
    loaded: &Loaded,
    numbers: &[usize],
    (observer, checkpoints): (&dyn Observer, &Checkpoints),
) -> Result<()> {
    let study = &study.on(&loaded.market)?;
    let no_cell = |cell: usize, all: usize| Error::NoCell { cell, all };
    let Some(spec) = &study.config().spec().robustness else {
        return numbers.first().map_or(Ok(()), |first| Err(no_cell(*first, 0)));
    };
    let (market, rows) = decided_rows(study, loaded)?;
    let all = all(spec, &rows, market.rows());
    if let Some(&number) = numbers.iter().find(|number| **number >= all.len()) {
        return Err(no_cell(number, all.len()));
    }
    let shared = Shared::new(study, spec, (&market, rows), observer.interrupt())?;
    observer.begin(numbers.len());
    numbers.par_iter().try_for_each(|&number| {
        let saved = shared.saved((number, all[number]), observer, Some(checkpoints))?;
        if saved.cell.status == CellStatus::NotRun { Err(Error::Interrupted) } else { Ok(()) }
    })
}

/// The market of a study's period, and the rows of its decisions on it.
fn decided_rows(study: &Study, loaded: &Loaded) -> Result<(Arc<Market>, Vec<Row>)> {
    let Prepared { market } = prepare(study, &loaded.market)?;
    let rows = decision_rows(study, &market, &StudyPolicy::new(study)?, &mut Vec::new())?;
    Ok((market, rows))
}

/// The variants of a study whose decisions are on these rows.
fn all(spec: &RobustnessSpec, rows: &[Row], end: Row) -> Vec<Variant> {
    let of = |kind: VariantKind| move |number: u32| Variant { kind, number };
    let worlds = spec.bootstrap.as_ref().map_or(0, |bootstrap| bootstrap.worlds);
    let moved = offsets(spec, rows, end).into_iter().map(of(VariantKind::StartDate));
    moved.chain((1..=worlds).map(of(VariantKind::World))).collect()
}

/// The offsets of a schedule: from 0 on, below the sessions from one decision to the next.
fn offsets(spec: &RobustnessSpec, rows: &[Row], end: Row) -> Vec<u32> {
    if !spec.start_dates {
        return Vec::new();
    }
    let mut gaps: Vec<Row> = rows.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let gap = gaps.get(gaps.len() / 2).copied().unwrap_or(1);
    // The first decision must earn something.
    let room = rows.first().map_or(1, |first| end.saturating_sub(first + 1).max(1));
    let chosen = spread(gap.min(room), MOST_OFFSETS);
    chosen.into_iter().filter_map(|offset| u32::try_from(offset).ok()).collect()
}

/// By variant, the row that is taken as it is stated.
fn stated<'a>(which: &Which<'a>, all: &[Variant]) -> Vec<Option<&'a VariantRow>> {
    let Which::Some(most, tables) = which else { return vec![None; all.len()] };
    let again = spread(all.len(), *most);
    let is = |variant: &Variant, row: &VariantRow| {
        row.kind == variant.kind && row.number == variant.number
    };
    all.iter()
        .enumerate()
        .map(|(at, variant)| {
            let row = tables.variants.get(at).filter(|row| is(variant, row));
            row.filter(|_| !again.contains(&at))
        })
        .collect()
}

fn row(variant: Variant, cell: Cell) -> VariantRow {
    VariantRow {
        kind: variant.kind,
        number: variant.number,
        status: cell.status,
        message: cell.message,
        first: cell.first,
        measures: cell.measures.map(|measures| measures.full),
    }
}

impl Variant {
    /// Its place in the keys of a checkpoint.
    fn settings(self) -> Vec<(String, Value)> {
        vec![
            ("kind".to_owned(), json!(self.kind.as_str())),
            ("number".to_owned(), json!(self.number)),
        ]
    }
}

impl<'a> Shared<'a> {
    fn new(
        study: &'a Study,
        spec: &'a RobustnessSpec,
        (market, rows): (&'a Arc<Market>, Vec<Row>),
        interrupt: Interrupt,
    ) -> Result<Self> {
        let pools = |one| Ok::<_, crate::Error>((one, Pools::of(study, market, one)?));
        let worlds = spec.bootstrap.as_ref().map(pools).transpose()?;
        let offsets = offsets(spec, &rows, market.rows());
        let last = offsets.last().zip(rows.first());
        let lag = study.config().execution().lag_rows;
        let start = last.map(|(offset, first)| first + *offset as usize + lag);
        let start = start.map(|row| market.dates()[row.min(market.rows() - 1)]);
        let common = start.map(|start| measured_from(study, start)).transpose()?;
        Ok(Self { study, market, rows, common, worlds, interrupt })
    }

    /// The variant, from its checkpoint or by running it.
    fn saved(
        &self,
        (at, variant): (usize, Variant),
        observer: &dyn Observer,
        checkpoints: Option<&Checkpoints>,
    ) -> Result<SavedCell> {
        let settings = variant.settings();
        let values: Vec<Value> = settings.iter().map(|(_, value)| value.clone()).collect();
        if let Some(saved) = checkpoints.and_then(|all| all.cell(at, &values)) {
            observer.decided();
            return Ok(saved);
        }
        let not_made = || Ok(SavedCell { cell: not_run(&settings), ledger: Vec::new() });
        if observer.cancelled() {
            return not_made();
        }
        let cell = self.cell(variant, &settings);
        if self.interrupt.is_raised() {
            return not_made();
        }
        let saved = SavedCell { cell, ledger: Vec::new() };
        if let Some(all) = checkpoints {
            all.save_cell(at, &saved)?;
        }
        observer.decided();
        Ok(saved)
    }

    fn cell(&self, variant: Variant, settings: &[(String, Value)]) -> Cell {
        let mut cell = not_run(settings);
        match self.backtest(variant) {
            Ok(outcome) => {
                let ruined = outcome.simulation.wiped_out.is_some();
                cell.status = if ruined { CellStatus::Ruined } else { CellStatus::Complete };
                cell.first = Some(outcome.market.dates()[outcome.simulation.rows.start]);
                cell.measures = Some(outcome.measures);
            }
            Err(error) => {
                cell.status = CellStatus::Failed;
                cell.message = Some(error.to_string());
            }
        }
        cell
    }

    fn backtest(&self, variant: Variant) -> Result<Outcome> {
        let watch = Within(&self.interrupt);
        if let (VariantKind::World, Some((spec, pools))) = (variant.kind, &self.worlds) {
            let sources = pools.sources(spec, variant.number as usize);
            let market = Arc::new(resampled(self.market, &sources)?);
            return backtest(self.study, &Prepared { market }, &watch, None);
        }
        let end = self.market.rows();
        let moved = self.rows.iter().map(|row| row + variant.number as usize);
        let rows: Vec<Row> = moved.filter(|row| *row < end).collect();
        let prepared = Prepared { market: Arc::clone(self.market) };
        backtest_at(self.common.as_ref().unwrap_or(self.study), &prepared, &rows, &watch)
    }
}

/// The study measured from a date on, or from its own where that is later.
fn measured_from(study: &Study, date: Date) -> Result<Study> {
    let own = study.config().spec().measure.first;
    let first = own.map_or(date, |own| own.max(date));
    let settings = [("measure.first".to_owned(), json!(first.to_string()))];
    Ok(study.with_settings(&settings)?)
}
