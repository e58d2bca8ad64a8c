//! Contributions and effects of a run, of every period, as they are in its tables.

use rust_xlsxwriter::Workbook;
use walkfolio_record::{AttributionTables, ContributionRow, EffectRow};

use super::sheet::{Kind, ROWS, Sheet};
use crate::Result;

/// A sheet of contributions, and one of effects where there are any.
pub(super) fn sheets(book: &mut Workbook, found: &AttributionTables) -> Result<()> {
    contributions(book, &found.contributions)?;
    if found.effects.is_empty() { Ok(()) } else { effects(book, &found.effects) }
}

fn contributions(book: &mut Workbook, rows: &[ContributionRow]) -> Result<()> {
    let mut sheet = Sheet::new(book, "Contributions")?;
    sheet.heading(&[
        ("Period", 16.0),
        ("Part", 12.0),
        ("Asset", 14.0),
        ("Weight", 10.0),
        ("Return a year", 13.0),
        ("Return compounded", 18.0),
        ("Volatility", 11.0),
        ("Expected volatility", 18.0),
        ("Active weight", 13.0),
        ("Active return a year", 19.0),
        ("Tracking error", 14.0),
        ("Expected tracking error", 22.0),
    ])?;
    for row in rows.iter().take(ROWS) {
        sheet.row().text(&row.period)?.text(row.part.as_str())?;
        sheet.text(row.asset.as_deref().unwrap_or(""))?;
        for value in [
            row.weight,
            row.return_annual,
            row.return_total,
            row.volatility,
            row.expected_volatility,
            row.active_weight,
            row.active_return_annual,
            row.tracking_error,
            row.expected_tracking_error,
        ] {
            sheet.number(Kind::Percent, value)?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 3)
}

fn effects(book: &mut Workbook, rows: &[EffectRow]) -> Result<()> {
    let mut sheet = Sheet::new(book, "Effects")?;
    sheet.heading(&[
        ("Period", 16.0),
        ("Effect", 12.0),
        ("Group", 16.0),
        ("Portfolio weight", 15.0),
        ("Reference weight", 16.0),
        ("A year", 11.0),
        ("Linked", 11.0),
    ])?;
    for row in rows.iter().take(ROWS) {
        sheet.row().text(&row.period)?.text(row.effect.as_str())?;
        sheet.text(row.group.as_deref().unwrap_or(""))?;
        for value in [row.portfolio_weight, row.reference_weight, Some(row.annual), row.linked] {
            sheet.number(Kind::Percent, value)?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 3)
}
