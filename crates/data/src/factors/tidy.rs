//! Tables of dates and factors, in any order and spelling of the columns.

use walkfolio_core::Date;

use super::align::near_month_end;
use super::table::{Cell, FactorTable, Place, Step, Unit, places};
use crate::csv_file::{damaged, is_missing, line_of, reader};
use crate::table::{DATE_RULE, parse_date};
use crate::{Error, FactorError, Result};

/// What stands for a missing value in [`FactorTable::push`].
const MISSING: &str = "-999";

/// Reads and checks a table whose first column holds dates; `pick` finds the columns that are used.
pub(super) fn read(
    file: &str,
    text: &str,
    unit: Unit,
    pick: impl Fn(&[&str]) -> Result<Vec<Place>>,
) -> Result<FactorTable> {
    let mut reader = reader(text);
    let header = reader.headers().map_err(|error| damaged(file, &error))?.clone();
    let header: Vec<&str> = header.iter().collect();
    let places = pick(&header)?;
    let mut table = FactorTable::new(&header, &places, unit);
    let mut months = 0;
    for record in reader.records() {
        let record = record.map_err(|error| damaged(file, &error))?;
        let line = line_of(text, &record);
        if record.len() != header.len() {
            let (expected, found) = (header.len(), record.len());
            return Err(Error::RaggedRow { file: file.to_owned(), line, expected, found });
        }
        let (date, is_month) = day(&record[0]).ok_or_else(|| Error::BadDate {
            file: file.to_owned(),
            line,
            value: record[0].to_owned(),
            rule: DATE_RULE,
        })?;
        months += usize::from(is_month);
        if months > 0 && months <= table.dates.len() {
            return Err(FactorError::Mixed { file: file.to_owned(), line }.into());
        }
        let cell = |place: &Place| match &record[place.at] {
            text if is_missing(text) || text == "." => MISSING.to_owned(),
            text => text.to_owned(),
        };
        let cells: Vec<String> = places.iter().map(cell).collect();
        let row = Cell { file, line, date };
        table.push(&row, cells.iter().map(String::as_str))?;
    }
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
