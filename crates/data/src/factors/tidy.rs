//! Tables of dates and factors, in any order and spelling of the columns.

use walkfolio_core::Date;

use super::align::near_month_end;
use super::table::{Cell, FactorTable, Place, Step, Unit, places};
use crate::dialect::{self, CsvForm, Forms, Rows, Sheet, Uses, is_missing};
use crate::table::parse_date;
use crate::{FactorError, Result};

/// What stands for a missing value in [`FactorTable::push`].
const MISSING: &str = "-999";

/// Reads and checks a table of dates and numbers; `pick` finds the columns that are used among the names, which are
/// empty for dates and row numbers.
pub(super) fn read(
    file: &str,
    text: &str,
    unit: Unit,
    pick: impl Fn(&[&str]) -> Result<Vec<Place>>,
) -> Result<FactorTable> {
    let form = CsvForm::default();
    let sheet = Sheet::open(file, text, &form)?;
    let at = sheet.date_column()?.unwrap_or(0);
    let values = sheet.value_columns(Some(at))?;
    let named = |(at, name): (usize, &'_ String)| {
        if values.contains(&at) { name.clone() } else { String::new() }
    };
    let names: Vec<String> = sheet.names.iter().enumerate().map(named).collect();
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    let places = pick(&header)?;
    let numbers = places.iter().map(|place| place.at).collect();
    let uses = Uses { dates: vec![at], numbers, ..Uses::default() };
    let ((mut table, months), _) = dialect::read(&sheet, &uses, |forms| {
        let mut table = FactorTable::new(&header, &places, unit);
        let (mut rows, mut months) = (sheet.rows(forms)?, 0);
        while rows.next()? {
            rows.check_width()?;
            let (date, is_month) = match day(&rows.record[at]) {
                Some(found) => found,
                None => (rows.date(forms, at)?, false),
            };
            months += usize::from(is_month);
            if months > 0 && months <= table.dates.len() {
                return Err(FactorError::Mixed { file: file.to_owned(), line: rows.line }.into());
            }
            let cell = |place: &Place| cell(&rows, forms, (place.at, header[place.at]));
            let cells: Vec<String> = places.iter().map(cell).collect::<Result<_>>()?;
            let row = Cell { file, line: rows.line, date };
            table.push(&row, cells.iter().map(String::as_str))?;
        }
        Ok((table, months))
    })?;
    if table.dates.windows(2).all(|pair| pair[1] < pair[0]) {
        table.dates.reverse();
        table.lines.reverse();
        table.rows.reverse();
    }
    if months > 0 {
        table.step = Step::Month;
    }
    table.checked(file)
}

/// A number as [`FactorTable::push`] takes it, with its digits where it is written plainly.
fn cell(rows: &Rows<'_>, forms: &Forms, (place, column): (usize, &str)) -> Result<String> {
    let text = &rows.record[place];
    if is_missing(text) {
        return Ok(MISSING.to_owned());
    }
    let number = forms.number(text);
    let number = number.ok_or_else(|| rows.bad_cell(column, text, "a return must be a number"))?;
    Ok(if text.parse() == Ok(number) { text.to_owned() } else { number.to_string() })
}

/// As [`read`], of factors and the risk-free rate.
pub(super) fn factors(file: &str, text: &str, unit: Option<Unit>) -> Result<FactorTable> {
    let pick = |header: &[&str]| {
        let places = places(file, header)?;
        let file = file.to_owned();
        match (places.is_empty(), unit) {
            (true, _) => Err(FactorError::NoHeader { file, column: "Mkt-RF" }.into()),
            // What is no table of factors is not asked for a unit.
            (false, None) => Err(FactorError::NoUnit { file }.into()),
            (false, Some(_)) => Ok(places),
        }
    };
    let mut table = read(file, text, unit.unwrap_or(Unit::Percent), pick)?;
    months_by_day(file, &mut table)?;
    Ok(table)
}

/// A day, with or without midnight, or the last day of a month written `2024-03` or `202403`.
fn day(text: &str) -> Option<(Date, bool)> {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    if let Some(date) = parse_date(date) {
        return Some((date, false));
    }
    let month = match date.len() {
        6 => parse_date(&format!("{date}01")),
        7 => parse_date(&format!("{date}-01")),
        _ => None,
    };
    month.map(|date| (date.last_of_month(), true))
}

/// Rows of months by days: those of their ends; whether the first of a month begins or ends one is not
/// told.
pub(super) fn months_by_day(file: &str, table: &mut FactorTable) -> Result<()> {
    let dates = &mut table.dates;
    if table.step == Step::Month {
        return Ok(());
    }
    let [first, .., last] = dates[..] else { return Ok(()) };
    let days = last.duration_since(first).as_hours() as f64 / 24.0;
    if days < 24.0 * (dates.len() - 1) as f64 {
        return Ok(());
    }
    if let Some(date) = dates.iter().find(|date| !near_month_end(**date, date.last_of_month())) {
        return Err(FactorError::WhichMonth { file: file.to_owned(), date: *date }.into());
    }
    for date in dates {
        *date = date.last_of_month();
    }
    table.step = Step::Month;
    Ok(())
}
