//! The sheet of an account, a row a session.

use rust_xlsxwriter::Workbook;
use walkfolio_record::AccountRun;

use super::ROWS;
use super::sheet::{Kind, Sheet};
use crate::Result;

/// The columns of `account.parquet`.
pub(super) fn sheet(book: &mut Workbook, account: &AccountRun) -> Result<()> {
    let names = [
        "Cash",
        "Long",
        "Short",
        "Dividends",
        "Proceeds",
        "Financing",
        "Commissions",
        "Costs",
        "Flows",
        "Bought",
        "Traded",
        "Forced",
    ];
    let mut headings = vec![("Date", 12.0), ("Value", 14.0), ("Return", 11.0)];
    headings.extend(names.map(|name| (name, 13.0)));
    headings.push(("Margin used", 12.0));
    let mut sheet = Sheet::new(book, "Account")?;
    sheet.heading(&headings)?;
    for row in account.days.iter().take(ROWS) {
        sheet.row().date(row.date)?.number(Kind::General, Some(row.value))?;
        sheet.number(Kind::Fine, row.net)?;
        let amounts = [
            row.cash,
            row.long,
            row.short,
            row.dividends,
            row.proceeds,
            row.financing,
            row.commissions,
            row.costs,
            row.flows,
            row.bought,
            row.traded,
            row.forced,
        ];
        for amount in amounts {
            sheet.number(Kind::General, Some(amount))?;
        }
        sheet.number(Kind::Percent, row.margin_used)?;
    }
    sheet.filter()?;
    sheet.freeze(1, 1)
}
