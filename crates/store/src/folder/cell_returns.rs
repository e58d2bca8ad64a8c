//! The returns of every cell of a grid, as a long table.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{Cell, GridRun};

use super::parquet::{self, Row};
use crate::{Error, Result};

/// One row for each cell and session: its number from 1 on, the session, its return after costs.
pub(super) fn cell_returns(grid: &GridRun) -> Result<Vec<u8>> {
    let rows = || {
        let cells = grid.cells.iter().enumerate();
        cells.flat_map(|(at, cell)| {
            let earned = cell.sessions.iter().zip(&cell.returns);
            earned.map(move |(session, value)| (at, *session, *value))
        })
    };
    parquet::write(&[
        Column::integers("cell", rows().map(|(at, ..)| parquet::number(at))),
        Column::sessions("date", rows().map(|(_, session, _)| Some(session))),
        Column::numbers("return", rows().map(|(.., value)| Some(value))),
    ])
}

/// Reads the returns into their cells.
///
/// # Errors
/// [`Error::File`] if it cannot be read; [`Error::Damaged`] where rows are not in the order of cells and
/// sessions, or a cell that ran has none, or another has some.
pub(super) fn read_into(path: &Path, cells: &mut [Cell]) -> Result<()> {
    let read = |row: &Row<'_>| {
        let number = row.integer_if_any("cell")?.and_then(|cell| usize::try_from(cell).ok());
        let at = number.and_then(|cell| cell.checked_sub(1)).filter(|at| *at < cells.len());
        let unknown = || row.bad("cell", format!("the grid has cells 1 to {}", cells.len()));
        let value = row.number("return")?;
        Ok((at.ok_or_else(unknown)?, row.date("date")?, value))
    };
    let rows = parquet::read(path, read)?;
    let bad = |row: Option<usize>, column: &str, reason: String| {
        let (path, column) = (path.to_owned(), column.to_owned());
        Err(Error::Damaged { path, row, column, reason })
    };
    for (index, pair) in rows.windows(2).enumerate() {
        if (pair[0].0, pair[0].1) >= (pair[1].0, pair[1].1) {
            let rule = "rows are in the order of cells and their sessions";
            return bad(Some(index + 1), "date", rule.to_owned());
        }
    }
    for (at, session, value) in rows {
        cells[at].sessions.push(session);
        cells[at].returns.push(value);
    }
    for (at, cell) in cells.iter().enumerate() {
        if cell.first.is_some() == cell.returns.is_empty() {
            let (has, is) = if cell.first.is_some() { ("no", "has") } else { ("some", "has not") };
            return bad(
                None,
                "cell",
                format!("cell {}, which {is} run, has {has} returns", at + 1),
            );
        }
    }
    Ok(())
}
