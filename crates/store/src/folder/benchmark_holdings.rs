//! How far a run was from the benchmark's holdings, as a table.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::HoldingsRow;

use super::parquet::{read, write};
use crate::Result;

pub(super) fn holdings(rows: &[HoldingsRow]) -> Result<Vec<u8>> {
    let numbers = |name, pick: fn(&HoldingsRow) -> f64| {
        Column::numbers(name, rows.iter().map(|row| Some(pick(row))))
    };
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::sessions("of", rows.iter().map(|row| Some(row.of))),
        Column::counts("names", rows.iter().map(|row| row.names)),
        numbers("known", |row| row.known),
        numbers("active_share", |row| row.active_share),
        numbers("tracking_error", |row| row.tracking_error),
    ])
}

pub(super) fn read_holdings(path: &Path) -> Result<Vec<HoldingsRow>> {
    read(path, |row| {
        Ok(HoldingsRow {
            date: row.date("date")?,
            of: row.date("of")?,
            names: row.count_u32("names")?,
            known: row.number("known")?,
            active_share: row.number("active_share")?,
            tracking_error: row.number("tracking_error")?,
        })
    })
}
