//! A grid from its folder.

use std::path::Path;

use super::json::{read_data_report, read_json, read_manifest};
use super::parquet::{self, Table};
use crate::{Error, Result};
use walkfolio_record::{Cell, CellStatus, GridRun};
use walkfolio_record::{Kind, Manifest};
use walkfolio_record::{LedgerRow, MeasureSet, MeasureTable};
use walkfolio_study::combinations;

/// Reads a grid from its folder. The cells' returns are not in it and stay empty.
///
/// # Errors
/// [`Error::File`] with the file that is missing or not what it should be.
pub fn read_grid(path: &Path) -> Result<GridRun> {
    let manifest = read_manifest(path)?;
    if manifest.kind != Kind::Grid {
        return Err(Error::file("read", path, &"it is one backtest, not a grid"));
    }
    let swept = combinations(&manifest.resolved.grid);
    let table = path.join("grid.parquet");
    let mut cells = read_cells(&table, &manifest)?;
    if cells.len() != swept.len() {
        let reason = format!("it has {} rows, its study {} cells", cells.len(), swept.len());
        return Err(Error::file("read", &table, &reason));
    }
    for (cell, settings) in cells.iter_mut().zip(&swept) {
        cell.settings = settings.iter().map(|(_, value)| value.clone()).collect();
    }
    let luck = path.join("luck.json");
    Ok(GridRun {
        keys: swept.first().into_iter().flatten().map(|(key, _)| key.clone()).collect(),
        selection_bias: luck.is_file().then(|| read_json(&luck)).transpose()?,
        ledger: read_ledger(&path.join("ledger.parquet"))?,
        data_report: read_data_report(path)?,
        cells,
        manifest,
    })
}

fn read_cells(path: &Path, manifest: &Manifest) -> Result<Vec<Cell>> {
    let columns = parquet::column_names(path)?;
    let regimes: Vec<&str> =
        manifest.resolved.period.iter().map(|regime| regime.name.as_str()).collect();
    parquet::read(path, |table, row| {
        let words = table.text("status", row)?.ok_or_else(|| table.bad("status"))?;
        let status = status(&words).ok_or_else(|| table.bad("status"))?;
        let measured = matches!(status, CellStatus::Complete | CellStatus::Ruined);
        let of = |prefix: &str| -> Result<Option<MeasureSet>> {
            measured.then(|| measures(table, row, (&columns, &regimes, prefix))).transpose()
        };
        let free = of("without_costs.")?;
        let known = |set: &MeasureSet| set.full.iter().any(|(_, value)| value.is_some());
        Ok(Cell {
            settings: Vec::new(),
            status,
            message: table.text("message", row)?,
            first: table.date("first_decision", row)?,
            measures: of("")?,
            without_costs: free.filter(known),
            returns: Vec::new(),
            start: None,
        })
    })
}

/// The measures of one cell behind a prefix; a regime without any is left out.
fn measures(
    table: &Table<'_>,
    row: usize,
    (columns, regimes, prefix): (&[String], &[&str], &str),
) -> Result<MeasureSet> {
    let of = |before: String| -> Result<MeasureTable> {
        let value = |key: &str| {
            let name = format!("{before}{key}");
            let found = columns.contains(&name).then(|| table.number(&name, row)).transpose()?;
            Ok((key.to_owned(), found.flatten()))
        };
        let keys = walkfolio_stats::measures::definitions().iter();
        keys.map(|definition| value(definition.key)).collect()
    };
    let mut set = MeasureSet { full: of(prefix.to_owned())?, regimes: Vec::new() };
    for name in regimes {
        let found = of(format!("{prefix}{name}."))?;
        if found.iter().any(|(_, value)| value.is_some()) {
            set.regimes.push(((*name).to_owned(), found));
        }
    }
    Ok(set)
}

fn status(words: &str) -> Option<CellStatus> {
    let all = [CellStatus::Complete, CellStatus::Ruined, CellStatus::Failed, CellStatus::NotRun];
    all.into_iter().find(|status| status.as_str() == words)
}

fn read_ledger(path: &Path) -> Result<Vec<(Option<usize>, LedgerRow)>> {
    let cells = parquet::read(path, |table, row| {
        let number = |cell| usize::try_from(cell).map_err(|_| table.bad("cell"));
        table.integer("cell", row)?.map(number).transpose()
    })?;
    Ok(cells.into_iter().zip(parquet::read_ledger(path)?).collect())
}
