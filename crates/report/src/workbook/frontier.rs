//! The efficient frontiers of a run: a row a portfolio, a column an asset.

use rust_xlsxwriter::Workbook;
use walkfolio_record::{FrontierPortfolio, FrontierRow, Run};

use super::sheet::{ASSETS, Kind, ROWS, Sheet};
use crate::Result;

/// Corners, chosen portfolio and equal weights of every decision; of an asset alone its own weight is 1.
pub(super) fn sheet(book: &mut Workbook, run: &Run) -> Result<()> {
    let assets: Vec<&str> = run.manifest.assets.iter().take(ASSETS).map(String::as_str).collect();
    let mut sheet = Sheet::new(book, "Frontier")?;
    let mut headings = vec![
        ("Date", 12.0),
        ("Portfolio", 13.0),
        ("Corner", 8.0),
        ("Risk aversion", 13.0),
        ("Expected return", 15.0),
        ("Volatility", 11.0),
    ];
    headings.extend(assets.iter().map(|asset| (*asset, 9.0)));
    sheet.heading(&headings)?;
    let same = |a: &FrontierRow, b: &FrontierRow| {
        let place = |row: &FrontierRow| (row.date, row.portfolio, row.corner);
        a.portfolio != FrontierPortfolio::Asset && place(a) == place(b)
    };
    for rows in run.frontier.chunk_by(same).take(ROWS) {
        let first = &rows[0];
        let corner = Some(f64::from(first.corner)).filter(|corner| *corner > 0.0);
        sheet
            .row()
            .date(first.date)?
            .text(first.portfolio.as_str())?
            .number(Kind::Count, corner)?;
        sheet.number(Kind::Number, first.risk_aversion)?;
        sheet.number(Kind::Percent, Some(first.expected_return))?;
        sheet.number(Kind::Percent, Some(first.volatility))?;
        for asset in &assets {
            let own = rows.iter().find(|row| row.asset == *asset);
            sheet.number(Kind::Percent, own.map(|row| row.weight))?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 2)
}
