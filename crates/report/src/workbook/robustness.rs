//! Variants of a run, and its portfolios in episodes and shocks, as they are in its tables.

use rust_xlsxwriter::Workbook;
use walkfolio_analysis::definitions;
use walkfolio_record::{RobustnessTables, StressRow, VariantRow};

use super::sheet::{Kind, ROWS, Sheet};
use crate::Result;

/// A sheet of variants and one of episodes and shocks, where there are any.
pub(super) fn sheets(book: &mut Workbook, found: &RobustnessTables) -> Result<()> {
    if !found.variants.is_empty() {
        variants(book, &found.variants)?;
    }
    if found.stress.is_empty() { Ok(()) } else { stress(book, &found.stress) }
}

fn variants(book: &mut Workbook, rows: &[VariantRow]) -> Result<()> {
    let mut sheet = Sheet::new(book, "Variants")?;
    let mut headings = vec![("Kind", 12.0), ("Number", 9.0), ("Status", 10.0), ("Message", 20.0)];
    headings.extend(definitions().iter().map(|definition| (definition.label, 14.0)));
    sheet.heading(&headings)?;
    for row in rows.iter().take(ROWS) {
        sheet.row().text(row.kind.as_str())?.number(Kind::Count, Some(f64::from(row.number)))?;
        sheet.text(row.status.as_str())?.text(row.message.as_deref().unwrap_or(""))?;
        for definition in definitions() {
            let value = row.measures.as_ref().and_then(|table| table.get(definition.key));
            sheet.number(Kind::of(definition.unit), value)?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 2)
}

fn stress(book: &mut Workbook, rows: &[StressRow]) -> Result<()> {
    let mut sheet = Sheet::new(book, "Stress")?;
    sheet.heading(&[
        ("Scenario", 18.0),
        ("Decision", 12.0),
        ("Asset", 14.0),
        ("Weight or part covered", 21.0),
        ("Return", 11.0),
        ("Contribution", 12.0),
        ("Benchmark", 11.0),
    ])?;
    for row in rows.iter().take(ROWS) {
        sheet.row().text(&row.scenario)?.date(row.date)?;
        sheet.text(row.asset.as_deref().unwrap_or("portfolio"))?;
        for value in [Some(row.weight), row.value, row.contribution, row.benchmark] {
            sheet.number(Kind::Percent, value)?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 3)
}
