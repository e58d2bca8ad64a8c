//! A grid against some of its cells made again.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::Observer;
use walkfolio_data::Loaded;
use walkfolio_record::{GridRun, Status};
use walkfolio_store::SavedCell;
use walkfolio_study::{Study, combinations};

use super::clock::has_clock;
use super::compare::Alike;
use super::{
    BELIEVED, Fault, Verification, believed, compare_files, same_build, same_data, second_opinion,
};
use crate::grid::{Shared, assembled, judge, selection_bias};
use crate::manifest::manifest;
use crate::spread::spread;
use crate::{Error, Result};

/// What a note says of a search that a clock stopped.
const OUT_OF_TIME: &str = "its limit of time";

/// A grid as its folder states it.
#[derive(Debug, Clone)]
pub struct StatedGrid {
    /// What its tables say. Cells that are not made again are taken from here.
    pub read: GridRun,
    /// What was found wrong with its data, made again by the caller.
    pub data_report: Option<Value>,
    /// Its files by name, without manifest and report.
    pub tables: BTreeMap<String, Vec<u8>>,
}

/// Makes at most so many cells of a grid again, spread evenly, and compares each table; every decision
/// of these cells is then bounded by another method. Gives back the grid with them in their places.
///
/// `data` is the folder of the market, where it had one: cells that change it load their own.
///
/// # Errors
/// [`Error::OtherData`] if the data differ from those of the grid; [`Error::Interrupted`].
pub fn verify_grid(
    study: &Study,
    stated: &StatedGrid,
    (loaded, data): (&Loaded, Option<&Path>),
    cells: usize,
    observer: &dyn Observer,
) -> Result<(Verification, GridRun)> {
    same_data(&stated.read.manifest, loaded)?;
    let made = manifest(study, loaded, Status::Running)?;
    let is_same_build = same_build(&made, &stated.read.manifest);
    let shared = Shared::new(study, (loaded, data), observer.interrupt())?;
    let all = study.cells();
    let chosen = spread(all, cells);
    let mut found = Verification {
        cells: chosen.iter().map(|at| at + 1).collect(),
        all_cells: all,
        is_same_build,
        ..Verification::default()
    };
    let mut again = cells_again(&shared, &chosen, (&stated.read, observer))?;
    for (at, (_, opinion)) in &mut again {
        found.add(std::mem::take(opinion), *at);
    }
    let done = (0..all).map(|at| match again.remove(&at) {
        Some((saved, _)) => saved,
        None => as_stated(&stated.read, at),
    });
    let mut grid = assembled(&shared, made, done.collect());
    let bias = selection_bias(&shared, &grid);
    judge(&mut grid, bias);
    grid.data_report.clone_from(&stated.data_report);
    grid.manifest = believed(grid.manifest, &stated.read.manifest);
    let tables = walkfolio_store::grid_tables(&grid)?;
    let stated = (&stated.read.manifest, &stated.tables);
    let alike = if is_same_build { Alike::Exactly } else { Alike::Nearly };
    compare_files(&mut found, stated, (&grid.manifest, &tables), alike)?;
    unchecked(&mut found);
    Ok((found, grid))
}

/// The chosen cells by their place, each with what another method says of its decisions.
fn cells_again(
    shared: &Shared<'_>,
    chosen: &[usize],
    (stated, observer): (&GridRun, &dyn Observer),
) -> Result<BTreeMap<usize, (SavedCell, Verification)>> {
    let combinations = combinations(shared.study.config().grid());
    observer.begin(chosen.len());
    let again = |&at: &usize| {
        if observer.cancelled() {
            return Err(Error::Interrupted);
        }
        let made = shared.make(&combinations[at]);
        let mut opinion = match &made.from {
            Some((study, outcome)) => second_opinion(outcome, study, 0)?,
            None => Verification::default(),
        };
        let mut saved = made.saved;
        if made.from.is_some_and(|(study, _)| has_clock(&study)) {
            let stated = as_stated(stated, at);
            if [&saved, &stated].iter().any(|one| was_stopped(one)) {
                let what = "allocate.search.seconds stopped a search, measures may differ";
                opinion.unchecked.push(format!("cell {}: {what}", at + 1));
                saved = stated;
            }
        }
        if observer.interrupt().is_raised() {
            return Err(Error::Interrupted);
        }
        observer.decided();
        Ok((at, (saved, opinion)))
    };
    chosen.par_iter().map(again).collect()
}

/// Whether a clock stopped a search of a cell, by what its ledger says.
fn was_stopped(saved: &SavedCell) -> bool {
    saved.ledger.iter().any(|row| row.message.contains(OUT_OF_TIME))
}

/// A cell that is not made again.
fn as_stated(read: &GridRun, at: usize) -> SavedCell {
    let rows = read.ledger.iter().filter(|(cell, _)| *cell == Some(at));
    SavedCell { cell: read.cells[at].clone(), ledger: rows.map(|(_, row)| row.clone()).collect() }
}

/// Names what is believed.
fn unchecked(found: &mut Verification) {
    found.unchecked.push(BELIEVED.to_owned());
    let left = found.all_cells - found.cells.len();
    if left > 0 {
        let what =
            "measures in grid.parquet, returns in cell_returns.parquet, rows of ledger.parquet";
        found.unchecked.push(format!("{left} of {} cells: {what}", found.all_cells));
    }
}

impl Verification {
    /// Adds what another method says of the decisions of a cell.
    fn add(&mut self, cell: Self, at: usize) {
        self.decisions += cell.decisions;
        self.confirmed += cell.confirmed;
        self.fallbacks += cell.fallbacks;
        self.unconfirmed += cell.unconfirmed;
        self.worst_gap = self.worst_gap.max(cell.worst_gap);
        self.unchecked.extend(cell.unchecked);
        let place = |fault: Fault| Fault::new("grid.parquet", Some(at), "", fault.what);
        self.faults.extend(cell.faults.into_iter().map(place));
    }
}
