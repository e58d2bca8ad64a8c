//! The efficient frontiers of a run as a table.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{FrontierPortfolio, FrontierRow};

use super::parquet::{read, write};
use crate::{Error, Result};

pub(super) fn frontier(rows: &[FrontierRow]) -> Result<Vec<u8>> {
    let numbers = |name, pick: fn(&FrontierRow) -> f64| {
        Column::numbers(name, rows.iter().map(|row| Some(pick(row))))
    };
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("portfolio", rows.iter().map(|row| Some(row.portfolio.as_str()))),
        Column::counts("corner", rows.iter().map(|row| row.corner)),
        Column::numbers("risk_aversion", rows.iter().map(|row| row.risk_aversion)),
        numbers("expected_return", |row| row.expected_return),
        numbers("volatility", |row| row.volatility),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
        numbers("weight", |row| row.weight),
    ])
}

pub(super) fn read_frontier(path: &Path) -> Result<Vec<FrontierRow>> {
    let known = |name: &str| FrontierPortfolio::ALL.into_iter().find(|one| one.as_str() == name);
    read(path, |row| {
        let name = row.text("portfolio")?;
        let unknown =
            || Error::file("read", path, &format!("{name:?} is no portfolio of a frontier"));
        Ok(FrontierRow {
            date: row.date("date")?,
            portfolio: known(&name).ok_or_else(unknown)?,
            corner: row.count_u32("corner")?,
            risk_aversion: row.number_if_any("risk_aversion")?,
            expected_return: row.number("expected_return")?,
            volatility: row.number("volatility")?,
            asset: row.text("asset")?,
            weight: row.number("weight")?,
        })
    })
}
