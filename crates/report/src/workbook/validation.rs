//! The choices of a cross-validation: a row for each path, and the backtest that it takes in each group.

use rust_xlsxwriter::Workbook;
use walkfolio_analysis::measure::definition;
use walkfolio_record::CrossValidation;

use super::sheet::{Kind, Sheet};
use super::{ASSETS, ROWS};
use crate::Result;

/// Backtests are numbered as in the sheet `Backtests`.
pub(super) fn sheet(book: &mut Workbook, found: &CrossValidation) -> Result<()> {
    let known = definition(&found.criterion);
    let label = known.map_or(found.criterion.as_str(), |definition| definition.label);
    let kind = known.map_or(Kind::General, |definition| Kind::of(definition.unit));
    let groups: Vec<String> = found
        .groups
        .iter()
        .take(ASSETS)
        .map(|(first, last)| format!("{first} to {last}"))
        .collect();
    let mut sheet = Sheet::new(book, "Cross-validation")?;
    let mut headings = vec![("Path", 34.0), (label, 18.0)];
    headings.extend(groups.iter().map(|group| (group.as_str(), 24.0)));
    sheet.heading(&headings)?;
    if let Some(reason) = &found.reason {
        sheet.row().text(reason)?;
    }
    if let Some((cell, value)) = found.best {
        sheet.row().text("best on all sessions")?.number(kind, Some(value))?;
        for _ in &groups {
            sheet.number(Kind::Count, Some((cell + 1) as f64))?;
        }
    }
    for (at, path) in found.paths.iter().enumerate().take(ROWS) {
        sheet.row().number(Kind::Count, Some((at + 1) as f64))?.number(kind, path.value)?;
        for cell in path.chosen.iter().take(ASSETS) {
            sheet.number(Kind::Count, Some((cell + 1) as f64))?;
        }
    }
    sheet.freeze(1, 1)
}
