//! The factors of a run as a table.

use std::path::Path;

use walkfolio_columns::Column;

use super::parquet::{column_names, read, write};
use crate::Result;
use walkfolio_record::{FactorRow, FactorTable};

/// Columns that are no factors.
const DATE: &str = "date";
const RISK_FREE: &str = "risk_free";

pub(super) fn factors(table: &FactorTable) -> Result<Vec<u8>> {
    let rows = || table.rows.iter();
    let mut columns = vec![Column::sessions(DATE, rows().map(|row| Some(row.date)))];
    for (place, name) in table.names.iter().enumerate() {
        let value = |row: &FactorRow| row.values.get(place).copied();
        columns.push(Column::numbers(name, rows().map(value)));
    }
    columns.push(Column::numbers(RISK_FREE, rows().map(|row| Some(row.risk_free))));
    write(&columns)
}

pub(super) fn read_factors(path: &Path) -> Result<FactorTable> {
    let names: Vec<String> = column_names(path)?
        .into_iter()
        .filter(|name| ![DATE, RISK_FREE].contains(&name.as_str()))
        .collect();
    let rows = read(path, |row| {
        Ok(FactorRow {
            date: row.date(DATE)?,
            values: names.iter().map(|name| row.number(name)).collect::<Result<_>>()?,
            risk_free: row.number(RISK_FREE)?,
        })
    })?;
    Ok(FactorTable { names, rows })
}
