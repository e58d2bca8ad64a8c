//! A grid from its folder.

use std::path::Path;

use serde_json::Value;

use super::json::{read_data_report, read_json, read_manifest};
use super::parquet::{self, Row};
use super::{cell_returns, damage};
use crate::{Error, Result};
use walkfolio_record::{ACCOUNT, Kind, Manifest, WITHOUT_COSTS};
use walkfolio_record::{Cell, CellStatus, GridRun};
use walkfolio_record::{MeasureSet, MeasureTable};
use walkfolio_stats::measures::definitions;
use walkfolio_study::{Swept, combinations};

/// Reads a grid from its folder.
///
/// What is read fits together: there is one row for each combination of the study's settings, in their
/// order; a cell has measures and returns exactly if it ran; numbers are finite; the ledger and the
/// selection bias name cells that exist. Measures that the file lacks are undefined, as those of an earlier
/// version are.
///
/// # Errors
/// [`Error::File`] with the file that is missing or not what it should be; [`Error::Damaged`] with the
/// file, row and column that do not fit.
pub fn read_grid(path: &Path) -> Result<GridRun> {
    let manifest = read_manifest(path)?;
    if manifest.kind != Kind::Grid {
        return Err(Error::file("read", path, &"it is one backtest, not a grid"));
    }
    let table = path.join("grid.parquet");
    known_columns(&table, &manifest)?;
    let mut cells = read_cells(&table, &manifest)?;
    let swept = &manifest.resolved.grid;
    // A damaged study may have more combinations than memory.
    let count = swept.values().try_fold(1_usize, |all, values| all.checked_mul(values.len()));
    if count != Some(cells.len()) {
        let expected = count.map_or_else(|| "too many".to_owned(), |count| count.to_string());
        let reason = format!("it has {} rows, its study {expected} cells", cells.len());
        return Err(Error::file("read", &table, &reason));
    }
    for (cell, settings) in cells.iter_mut().zip(combinations(swept)) {
        cell.settings = settings.into_iter().map(|(_, value)| value).collect();
    }
    cell_returns::read_into(&path.join("cell_returns.parquet"), &mut cells)?;
    let luck = path.join("luck.json");
    let grid = GridRun {
        keys: swept.keys().cloned().collect(),
        selection_bias: luck.is_file().then(|| read_json(&luck)).transpose()?,
        ledger: parquet::read_grid_ledger(&path.join("ledger.parquet"), cells.len())?,
        data_report: read_data_report(path)?,
        cells,
        manifest,
    };
    same_settings(&table, &grid)?;
    damage::check_selection_bias(path, &grid)?;
    Ok(grid)
}

/// What a column's name may begin with: the measures of a period, gross of costs or not, or of an account.
fn prefixes(manifest: &Manifest) -> Vec<String> {
    let periods = || manifest.resolved.period.iter().map(|period| format!("{}.", period.name));
    let own = || std::iter::once(String::new()).chain(periods());
    let mut all: Vec<String> = own().collect();
    all.extend(own().map(|prefix| format!("{WITHOUT_COSTS}{prefix}")));
    if manifest.resolved.account.is_some() {
        all.extend(own().map(|prefix| format!("{ACCOUNT}{prefix}")));
    }
    all
}

/// Whether every column is one of a grid's. A measure whose column has another name would be missed
/// in silence otherwise.
fn known_columns(path: &Path, manifest: &Manifest) -> Result<()> {
    let prefixes = prefixes(manifest);
    let measure = |name: &str| {
        let key = |prefix: &String| name.strip_prefix(prefix.as_str());
        let mut keys = prefixes.iter().filter_map(key);
        keys.any(|key| definitions().iter().any(|definition| definition.key == key))
    };
    let own = |name: &str| {
        ["cell", "status", "message", "first_decision"].contains(&name)
            || manifest.resolved.grid.contains_key(name)
    };
    let names = parquet::column_names(path)?;
    for (place, name) in names.iter().enumerate() {
        let reason = if names[..place].contains(name) {
            "it is there twice"
        } else if own(name) || measure(name) {
            continue;
        } else {
            "it is neither a swept key nor a measure"
        };
        let (path, column) = (path.to_owned(), name.clone());
        return Err(Error::Damaged { path, row: None, column, reason: reason.to_owned() });
    }
    Ok(())
}

fn read_cells(path: &Path, manifest: &Manifest) -> Result<Vec<Cell>> {
    let names = parquet::column_names(path)?;
    let periods: Vec<&str> =
        manifest.resolved.period.iter().map(|period| period.name.as_str()).collect();
    parquet::read(path, |row| {
        let words = row.text("status")?;
        let status = status(&words)
            .ok_or_else(|| row.bad("status", format!("it is {words:?}, which no cell's is")))?;
        let measured = matches!(status, CellStatus::Complete | CellStatus::Ruined);
        let (message, first) = (row.text_if_any("message")?, row.date_if_any("first_decision")?);
        let own = measures(row, &names, &periods, "")?;
        let free = measures(row, &names, &periods, WITHOUT_COSTS)?;
        let account = measures(row, &names, &periods, ACCOUNT)?;
        let is =
            |column: &str, found| row.bad(column, format!("it is {found}, the cell is {words}"));
        if measured != first.is_some() {
            return Err(is("first_decision", if measured { "empty" } else { "not empty" }));
        }
        if message.is_some() != (status == CellStatus::Failed) {
            return Err(is("message", if message.is_some() { "not empty" } else { "empty" }));
        }
        let unexpected = known(&own)
            .or_else(|| Some(format!("{WITHOUT_COSTS}{}", known(&free)?)))
            .or_else(|| Some(format!("{ACCOUNT}{}", known(&account)?)));
        if let (Some(column), false) = (unexpected, measured) {
            return Err(is(&column, "not empty"));
        }
        Ok(Cell {
            settings: Vec::new(),
            status,
            message,
            first,
            measures: measured.then_some(own),
            without_costs: known(&free).map(|_| free),
            account: known(&account).map(|_| account),
            returns: Vec::new(),
            sessions: Vec::new(),
        })
    })
}

/// The measures of one cell behind a prefix; a period without any is left out.
fn measures(
    row: &Row<'_>,
    columns: &[String],
    periods: &[&str],
    prefix: &str,
) -> Result<MeasureSet> {
    let of = |before: String| -> Result<MeasureTable> {
        let value = |key: &str| {
            let name = format!("{before}{key}");
            let found = columns.contains(&name).then(|| row.number_if_any(&name)).transpose()?;
            Ok((key.to_owned(), found.flatten()))
        };
        definitions().iter().map(|definition| value(definition.key)).collect()
    };
    let mut set = MeasureSet { full: of(prefix.to_owned())?, regimes: Vec::new() };
    for name in periods {
        let found = of(format!("{prefix}{name}."))?;
        if found.iter().any(|(_, value)| value.is_some()) {
            set.regimes.push(((*name).to_owned(), found));
        }
    }
    Ok(set)
}

/// The first measure that has a value, as its column is named.
fn known(set: &MeasureSet) -> Option<String> {
    let of = |table: &MeasureTable| {
        table.iter().find(|(_, value)| value.is_some()).map(|(key, _)| key.to_owned())
    };
    let mut regimes = set.regimes.iter();
    of(&set.full)
        .or_else(|| regimes.find_map(|(name, table)| Some(format!("{name}.{}", of(table)?))))
}

fn status(words: &str) -> Option<CellStatus> {
    let all = [CellStatus::Complete, CellStatus::Ruined, CellStatus::Failed, CellStatus::NotRun];
    all.into_iter().find(|status| status.as_str() == words)
}

/// Whether the rows are of the settings that the study sweeps, in their order.
fn same_settings(path: &Path, grid: &GridRun) -> Result<()> {
    let swept = &grid.manifest.resolved.grid;
    let kinds: Vec<Swept> = swept.values().map(Swept::of).collect();
    let rows = parquet::read(path, |row| {
        let number = row.integer_if_any("cell")?;
        let expected = i64::try_from(row.index() + 1).ok();
        if number != expected {
            return Err(row.bad("cell", "cells are numbered from 1 on, in their order"));
        }
        for ((key, kind), expected) in
            grid.keys.iter().zip(&kinds).zip(&grid.cells[row.index()].settings)
        {
            let (found, expected) = match kind {
                Swept::Integers => (row.integer_if_any(key)?.map(Value::from), expected.clone()),
                Swept::Numbers => {
                    (row.number_if_any(key)?.map(Value::from), Value::from(expected.as_f64()))
                }
                Swept::Texts => {
                    (row.text_if_any(key)?.map(Value::from), Value::from(Swept::text(expected)))
                }
            };
            if found.as_ref() != Some(&expected) {
                let found = found.unwrap_or_default();
                return Err(row.bad(key, format!("it is {found}, the study has {expected} here")));
            }
        }
        Ok(())
    });
    rows.map(|_| ())
}
