//! Wide Parquet: a column of dates, and one column a ticker.

use walkfolio_core::Ticker;

use crate::dialect::is_date_name;
use crate::parquet_file::{Cells, Days, damaged, open};
use crate::source::Data;
use crate::table::{Table, Values, locate};
use crate::{Error, Result};

/// So many columns are read at once: each holds a page of its own in memory.
const COLUMNS_AT_ONCE: usize = 32;

/// Reads the requested columns, some at a time; all others may hold anything.
pub(super) fn read(file: &str, data: &Data, wanted: &[Ticker]) -> Result<Table> {
    let stored = open(file, data)?;
    let names: Vec<&str> = stored.names().collect();
    let date_place = date_column(file, &names)?;
    let places = locate(file, &names, wanted)?;
    let days = Days::of(file, &stored, date_place)?;
    let mut table = Table::default();
    for piece in stored.pieces(&[date_place]) {
        for column in piece.map_err(|error| damaged(file, &error))? {
            table.dates.extend(Cells { file, column: &column }.dates(table.dates.len(), &days)?);
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

/// The place of the dates: one named `date`, or else the last or first that may hold them, where
/// pandas and others store an index.
pub(crate) fn date_place(names: &[&str]) -> Option<usize> {
    let named = |date: &str| names.iter().position(|name| name.eq_ignore_ascii_case(date));
    let ends = [names.len().checked_sub(1), Some(0)];
    let may = |at: &usize| names.get(*at).is_some_and(|name| is_date_name(name));
    let end = || ends.into_iter().flatten().find(may);
    // The second is that of an unnamed pandas index.
    named("date").or_else(|| named("__index_level_0__")).or_else(end)
}

fn date_column(file: &str, names: &[&str]) -> Result<usize> {
    date_place(names).ok_or_else(|| Error::NoDateColumn {
        file: file.to_owned(),
        found: "none of its columns is named date".to_owned(),
    })
}

#[cfg(test)]
mod tests;
