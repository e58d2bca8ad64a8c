//! Variants of a run, and its portfolios in episodes and shocks, as tables.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{
    CellStatus, CrossValidation, MeasureTable, RobustnessTables, StressRow, VariantKind, VariantRow,
};
use walkfolio_stats::measures::definitions;

use super::names::Table;
use super::parquet::{Row, read, word, write};
use crate::Result;

pub(super) const VARIANTS: &str = "variants.parquet";
pub(super) const STRESS: &str = "stress.parquet";
pub(super) const PATHS: &str = "paths.parquet";

/// The paths of a cross-validation: a row for each path and group, with the cell (from 1 on) that was chosen
/// without it and the figure of the whole path.
pub(super) fn paths(found: &CrossValidation) -> Result<Vec<u8>> {
    let rows = || {
        let paths = found.paths.iter().enumerate();
        paths.flat_map(|(at, path)| {
            let groups = found.groups.iter().zip(&path.chosen).enumerate();
            groups.map(move |(group, (dates, cell))| (at, group, dates, *cell, path.value))
        })
    };
    let number = |at: usize| i64::try_from(at + 1).ok();
    write(&[
        Column::integers("path", rows().map(|row| number(row.0))),
        Column::integers("group", rows().map(|row| number(row.1))),
        Column::sessions("first", rows().map(|row| Some(row.2.0))),
        Column::sessions("last", rows().map(|row| Some(row.2.1))),
        Column::integers("cell", rows().map(|row| number(row.3))),
        Column::numbers("value", rows().map(|row| row.4)),
    ])
}

/// The tables that have rows.
pub(super) fn tables(found: &RobustnessTables) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    if !found.variants.is_empty() {
        tables.push((VARIANTS, variants(&found.variants)?));
    }
    if !found.stress.is_empty() {
        tables.push((STRESS, stress(&found.stress)?));
    }
    Ok(tables)
}

fn variants(rows: &[VariantRow]) -> Result<Vec<u8>> {
    let mut columns = vec![
        Column::texts("kind", rows.iter().map(|row| Some(row.kind.as_str()))),
        Column::counts("number", rows.iter().map(|row| row.number)),
        Column::texts("status", rows.iter().map(|row| Some(row.status.as_str()))),
        Column::texts("message", rows.iter().map(|row| row.message.as_deref())),
        Column::sessions("first", rows.iter().map(|row| row.first)),
    ];
    columns.extend(definitions().iter().map(|definition| {
        let value = |row: &VariantRow| row.measures.as_ref()?.get(definition.key);
        Column::numbers(definition.key, rows.iter().map(value))
    }));
    write(&columns)
}

fn stress(rows: &[StressRow]) -> Result<Vec<u8>> {
    write(&[
        Column::texts("scenario", rows.iter().map(|row| Some(row.scenario.as_str()))),
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("asset", rows.iter().map(|row| row.asset.as_deref())),
        Column::numbers("weight", rows.iter().map(|row| Some(row.weight))),
        Column::numbers("value", rows.iter().map(|row| row.value)),
        Column::numbers("contribution", rows.iter().map(|row| row.contribution)),
        Column::numbers("benchmark", rows.iter().map(|row| row.benchmark)),
    ])
}

/// The tables of a run's folder; none of a run that has neither.
pub(super) fn read_robustness(folder: &Path) -> Result<Option<RobustnessTables>> {
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    let (variants, stress) = (file(VARIANTS), file(STRESS));
    if variants.is_none() && stress.is_none() {
        return Ok(None);
    }
    let variants = variants.map(|path| read(&path, variant_row)).transpose()?;
    let stress = stress.map(|path| read(&path, stress_row)).transpose()?;
    Ok(Some(RobustnessTables {
        variants: variants.unwrap_or_default(),
        stress: stress.unwrap_or_default(),
    }))
}

fn variant_row(row: &Row<'_>) -> Result<VariantRow> {
    let status = word(row, "status", &CellStatus::ALL, CellStatus::as_str)?;
    let measure = |key: &'static str| Ok((key.to_owned(), row.number_if_any(key)?));
    let measures: MeasureTable =
        definitions().iter().map(|definition| measure(definition.key)).collect::<Result<_>>()?;
    let is_measured = matches!(status, CellStatus::Complete | CellStatus::Ruined);
    Ok(VariantRow {
        kind: word(row, "kind", &VariantKind::ALL, VariantKind::as_str)?,
        number: row.count_u32("number")?,
        status,
        message: row.text_if_any("message")?,
        first: row.date_if_any("first")?,
        measures: is_measured.then_some(measures),
    })
}

fn stress_row(row: &Row<'_>) -> Result<StressRow> {
    Ok(StressRow {
        scenario: row.text("scenario")?,
        date: row.date("date")?,
        asset: row.text_if_any("asset")?,
        weight: row.number("weight")?,
        value: row.number_if_any("value")?,
        contribution: row.number_if_any("contribution")?,
        benchmark: row.number_if_any("benchmark")?,
    })
}
