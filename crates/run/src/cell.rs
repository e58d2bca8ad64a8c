//! A backtest of a grid as its folder holds it: settings, measures and returns, without decisions.

use walkfolio_record::{Cell, CellStatus, GridRun, Kind, Manifest, ReturnRow, Run, Status};

use walkfolio_study::Study;

use crate::verify::of_manifest;
use crate::{Error, Result};

/// One cell of a grid as a run without decisions, by its number from 1 on: what its tear sheet is made of. Nothing is
/// computed again; the benchmark's returns are not in a grid's folder, its measures are.
///
/// # Errors
/// [`Error::Study`] for a number that no cell has, and if the study in the manifest is not valid;
/// [`Error::EmptyCell`] for a cell that failed or was not run.
/// # Examples
/// ```no_run
/// # fn example(grid: &walkfolio_record::GridRun) -> Result<(), walkfolio_run::Error> {
/// let third = walkfolio_run::cell_run(grid, 3)?;
/// assert_eq!(third.returns.len(), grid.cells[2].returns.len());
/// # Ok(())
/// # }
/// ```
pub fn cell_run(grid: &GridRun, number: usize) -> Result<Run> {
    let study = of_manifest(&grid.manifest)?.cell(number)?;
    let all = grid.cells.len();
    let cell = number.checked_sub(1).and_then(|at| grid.cells.get(at));
    let cell = cell.ok_or(Error::NoCell { cell: number, all })?;
    let Some(measures) = &cell.measures else {
        let reason = cell.message.clone().unwrap_or_else(|| "it was not run".to_owned());
        return Err(Error::EmptyCell { cell: number, reason });
    };
    Ok(Run {
        manifest: manifest(grid, &study, (number, cell)),
        measures: measures.clone(),
        without_costs: cell.without_costs.clone(),
        returns: rows(cell),
        benchmark: None,
        baselines: Vec::new(),
        decisions: Vec::new(),
        ledger: ledger(grid, number),
        timings: Vec::new(),
        risk: Vec::new(),
        frontier: Vec::new(),
        benchmark_holdings: Vec::new(),
        regimes: Vec::new(),
        factors: None,
        account: None,
        attribution: None,
        robustness: None,
        classifier: None,
        data_report: None,
    })
}

/// The manifest of the grid, of one cell.
fn manifest(grid: &GridRun, study: &Study, (number, cell): (usize, &Cell)) -> Manifest {
    let ruined = (cell.status == CellStatus::Ruined).then(|| cell.sessions.last().copied());
    Manifest {
        study: format!("{}, cell {number}", grid.manifest.study),
        kind: Kind::Backtest,
        status: Status::Complete,
        error: None,
        resolved: study.config().spec().clone(),
        decisions: 0,
        first: cell.sessions.first().copied(),
        last: cell.sessions.last().copied(),
        ruined: ruined.flatten(),
        ..grid.manifest.clone()
    }
}

fn rows(cell: &Cell) -> Vec<ReturnRow> {
    let row = |(date, earned): (&_, &f64)| ReturnRow {
        date: *date,
        portfolio: *earned,
        gross: *earned,
        benchmark: None,
        cash: None,
        turnover: 0.0,
        cost: 0.0,
    };
    cell.sessions.iter().zip(&cell.returns).map(row).collect()
}

/// What the grid's ledger says of the cell.
fn ledger(grid: &GridRun, number: usize) -> Vec<walkfolio_record::LedgerRow> {
    let own = grid.ledger.iter().filter(|(cell, _)| cell.is_some_and(|cell| cell + 1 == number));
    own.map(|(_, row)| row.clone()).collect()
}
