//! Wide Parquet: a column of dates, and one column a ticker.

use walkfolio_core::Ticker;

use crate::parquet_file::{Cells, damaged, open};
use crate::source::Data;
use crate::table::{Table, Values, locate};
use crate::{Error, Result};

/// Names under which writers store the dates; the second is that of an unnamed pandas index.
const DATE_NAMES: [&str; 2] = ["date", "__index_level_0__"];

/// Whether a column of this name holds the dates.
pub(super) fn is_date(name: &str) -> bool {
    DATE_NAMES.iter().any(|date| name.eq_ignore_ascii_case(date))
}

/// So many columns are read at once: each holds a page of its own in memory.
const COLUMNS_AT_ONCE: usize = 32;

/// Reads the requested columns, some at a time; all others may hold anything.
pub(super) fn read(file: &str, data: &Data, wanted: &[Ticker]) -> Result<Table> {
    let stored = open(file, data)?;
    let names: Vec<&str> = stored.names().collect();
    let date_place = date_column(file, &names)?;
    let places = locate(file, &names, wanted)?;
    let mut table = Table::default();
    for piece in stored.pieces(&[date_place]) {
        for column in piece.map_err(|error| damaged(file, &error))? {
            table.dates.extend(Cells { file, column: &column }.dates(table.dates.len())?);
        }
    }
    table.lines.extend(1..=table.dates.len());
    let column = |_: &Ticker| Values::with_capacity(table.dates.len());
    table.columns = wanted.iter().map(column).collect();
    let groups = table.columns.chunks_mut(COLUMNS_AT_ONCE);
    for (columns, places) in groups.zip(places.chunks(COLUMNS_AT_ONCE)) {
        for piece in stored.pieces(places) {
            let piece = piece.map_err(|error| damaged(file, &error))?;
            for (column, stored) in columns.iter_mut().zip(&piece) {
                column.extend(Cells { file, column: stored }.prices()?);
            }
        }
    }
    Ok(table)
}

fn date_column(file: &str, names: &[&str]) -> Result<usize> {
    let named = DATE_NAMES
        .iter()
        .find_map(|date| names.iter().position(|name| name.eq_ignore_ascii_case(date)));
    named.ok_or_else(|| Error::NoDateColumn {
        file: file.to_owned(),
        found: "none of its columns is named date".to_owned(),
    })
}

#[cfg(test)]
mod tests;
