//! Where returns and risk came from, as tables.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{AttributionTables, ContributionRow, Effect, EffectRow, Part, StyleRow};

use super::names::Table;
use super::parquet::{Row, read, word, write};
use crate::Result;

pub(super) const CONTRIBUTIONS: &str = "contributions.parquet";
pub(super) const EFFECTS: &str = "effects.parquet";
pub(super) const STYLE: &str = "style.parquet";

/// A column of numbers that may be empty.
type Figure = (
    &'static str,
    fn(&ContributionRow) -> Option<f64>,
    fn(&mut ContributionRow) -> &mut Option<f64>,
);

const FIGURES: [Figure; 9] = [
    ("weight", |row| row.weight, |row| &mut row.weight),
    ("return_annual", |row| row.return_annual, |row| &mut row.return_annual),
    ("return_total", |row| row.return_total, |row| &mut row.return_total),
    ("volatility", |row| row.volatility, |row| &mut row.volatility),
    ("expected_volatility", |row| row.expected_volatility, |row| &mut row.expected_volatility),
    ("active_weight", |row| row.active_weight, |row| &mut row.active_weight),
    ("active_return_annual", |row| row.active_return_annual, |row| &mut row.active_return_annual),
    ("tracking_error", |row| row.tracking_error, |row| &mut row.tracking_error),
    (
        "expected_tracking_error",
        |row| row.expected_tracking_error,
        |row| &mut row.expected_tracking_error,
    ),
];

/// The tables that have rows.
pub(super) fn tables(found: &AttributionTables) -> Result<Vec<Table>> {
    let mut tables = vec![(CONTRIBUTIONS, contributions(&found.contributions)?)];
    if !found.effects.is_empty() {
        tables.push((EFFECTS, effects(&found.effects)?));
    }
    if !found.style.is_empty() {
        tables.push((STYLE, style(&found.style)?));
    }
    Ok(tables)
}

fn contributions(rows: &[ContributionRow]) -> Result<Vec<u8>> {
    let mut columns = vec![
        Column::texts("period", rows.iter().map(|row| Some(row.period.as_str()))),
        Column::texts("part", rows.iter().map(|row| Some(row.part.as_str()))),
        Column::texts("asset", rows.iter().map(|row| row.asset.as_deref())),
    ];
    columns.extend(FIGURES.iter().map(|(name, of, _)| Column::numbers(name, rows.iter().map(of))));
    write(&columns)
}

fn effects(rows: &[EffectRow]) -> Result<Vec<u8>> {
    write(&[
        Column::texts("period", rows.iter().map(|row| Some(row.period.as_str()))),
        Column::texts("effect", rows.iter().map(|row| Some(row.effect.as_str()))),
        Column::texts("group", rows.iter().map(|row| row.group.as_deref())),
        Column::numbers("portfolio_weight", rows.iter().map(|row| row.portfolio_weight)),
        Column::numbers("reference_weight", rows.iter().map(|row| row.reference_weight)),
        Column::numbers("annual", rows.iter().map(|row| Some(row.annual))),
        Column::numbers("linked", rows.iter().map(|row| row.linked)),
    ])
}

fn style(rows: &[StyleRow]) -> Result<Vec<u8>> {
    write(&[
        Column::texts("period", rows.iter().map(|row| Some(row.period.as_str()))),
        Column::texts("series", rows.iter().map(|row| Some(row.series.as_str()))),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
        Column::numbers("weight", rows.iter().map(|row| Some(row.weight))),
        Column::numbers("r_squared", rows.iter().map(|row| row.r_squared)),
        Column::numbers("tracking_error", rows.iter().map(|row| Some(row.tracking_error))),
        Column::numbers("selection", rows.iter().map(|row| Some(row.selection))),
    ])
}

/// The attribution of a run's folder; none of a run that has none.
pub(super) fn read_attribution(folder: &Path) -> Result<Option<AttributionTables>> {
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    let Some(contributions) = file(CONTRIBUTIONS) else { return Ok(None) };
    let effects = file(EFFECTS).map(|path| read(&path, effect_row)).transpose()?;
    let style = file(STYLE).map(|path| read(&path, style_row)).transpose()?;
    Ok(Some(AttributionTables {
        contributions: read(&contributions, contribution_row)?,
        effects: effects.unwrap_or_default(),
        style: style.unwrap_or_default(),
    }))
}

fn contribution_row(row: &Row<'_>) -> Result<ContributionRow> {
    let mut read = ContributionRow {
        period: row.text("period")?,
        part: word(row, "part", &Part::ALL, Part::as_str)?,
        asset: row.text_if_any("asset")?,
        weight: None,
        return_annual: None,
        return_total: None,
        volatility: None,
        expected_volatility: None,
        active_weight: None,
        active_return_annual: None,
        tracking_error: None,
        expected_tracking_error: None,
    };
    for (name, _, place) in FIGURES {
        *place(&mut read) = row.number_if_any(name)?;
    }
    Ok(read)
}

fn effect_row(row: &Row<'_>) -> Result<EffectRow> {
    Ok(EffectRow {
        period: row.text("period")?,
        effect: word(row, "effect", &Effect::ALL, Effect::as_str)?,
        group: row.text_if_any("group")?,
        portfolio_weight: row.number_if_any("portfolio_weight")?,
        reference_weight: row.number_if_any("reference_weight")?,
        annual: row.number("annual")?,
        linked: row.number_if_any("linked")?,
    })
}

fn style_row(row: &Row<'_>) -> Result<StyleRow> {
    Ok(StyleRow {
        period: row.text("period")?,
        series: row.text("series")?,
        asset: row.text("asset")?,
        weight: row.number("weight")?,
        r_squared: row.number_if_any("r_squared")?,
        tracking_error: row.number("tracking_error")?,
        selection: row.number("selection")?,
    })
}
