//! The baselines of a run, as a table.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{Baseline, BaselineRow, MeasureTable};

use super::parquet::{read, write};
use crate::{Error, Result};

/// The file.
pub(super) const BASELINES: &str = "baselines.parquet";

pub(super) fn baselines(all: &[Baseline]) -> Result<Vec<u8>> {
    let rows = || all.iter().flat_map(|one| one.rows.iter().map(move |row| (&one.name, row)));
    let numbers = |name, pick: fn(&BaselineRow) -> f64| {
        Column::numbers(name, rows().map(|(_, row)| Some(pick(row))))
    };
    write(&[
        Column::texts("baseline", rows().map(|(name, _)| Some(name.as_str()))),
        Column::sessions("date", rows().map(|(_, row)| Some(row.date))),
        numbers("return", |row| row.earned),
        numbers("turnover", |row| row.turnover),
        numbers("cost", |row| row.cost),
    ])
}

/// The baselines of a folder, their measures from `measures.json`.
pub(super) fn read_baselines(
    folder: &Path,
    mut measures: BTreeMap<String, MeasureTable>,
) -> Result<Vec<Baseline>> {
    let path = folder.join(BASELINES);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let rows = read(&path, |row| {
        let own = BaselineRow {
            date: row.date("date")?,
            earned: row.number("return")?,
            turnover: row.number("turnover")?,
            cost: row.number("cost")?,
        };
        Ok((row.text("baseline")?, own))
    })?;
    let mut all: Vec<Baseline> = Vec::new();
    for (name, row) in rows {
        if let Some(last) = all.last_mut().filter(|last| last.name == name) {
            last.rows.push(row);
            continue;
        }
        let own = measures.remove(&name).ok_or_else(|| {
            Error::file("read", &path, &format!("measures.json has none of {name}"))
        })?;
        all.push(Baseline { name, rows: vec![row], measures: own });
    }
    Ok(all)
}
