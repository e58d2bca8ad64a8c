//! The states of a run's regimes as a table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::RegimeRow;

use super::parquet::{column_names, read, write};
use crate::Result;

/// What the columns of probabilities begin with.
const PROBABILITY: &str = "probability_";

pub(super) fn regimes(rows: &[RegimeRow]) -> Result<Vec<u8>> {
    let mut columns = vec![
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::sessions("known", rows.iter().map(|row| Some(row.known))),
        Column::texts("regime", rows.iter().map(|row| Some(row.regime.as_str()))),
        Column::texts("state", rows.iter().map(|row| row.state.as_deref())),
        Column::numbers("value", rows.iter().map(|row| row.value)),
    ];
    let states: BTreeSet<&String> = rows.iter().flat_map(|row| row.probabilities.keys()).collect();
    for state in states {
        let name = format!("{PROBABILITY}{state}");
        let probability = |row: &RegimeRow| row.probabilities.get(state).copied();
        columns.push(Column::numbers(&name, rows.iter().map(probability)));
    }
    write(&columns)
}

pub(super) fn read_regimes(path: &Path) -> Result<Vec<RegimeRow>> {
    let states: Vec<String> = column_names(path)?
        .iter()
        .filter_map(|name| name.strip_prefix(PROBABILITY))
        .map(str::to_owned)
        .collect();
    read(path, |row| {
        let mut probabilities = BTreeMap::new();
        for state in &states {
            let probability = row.number_if_any(&format!("{PROBABILITY}{state}"))?;
            probabilities.extend(probability.map(|value| (state.clone(), value)));
        }
        Ok(RegimeRow {
            date: row.date("date")?,
            known: row.date("known")?,
            regime: row.text("regime")?,
            state: row.text_if_any("state")?,
            value: row.number_if_any("value")?,
            probabilities,
        })
    })
}
