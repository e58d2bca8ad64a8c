//! Daily, weekly and monthly factor returns in the raw form of Ken French's data library.
//!
//! A preamble that names the CRSP vintage, a header line that starts with a comma, rows
//! `20240328,    0.11, ...` (of a month: `202403, ...`) in percent, a blank line, a copyright line.
//! Annual tables that follow are not data. Files of other regions have the same form.
//!
//! # Source
//! <https://mba.tuck.dartmouth.edu/pages/faculty/ken.french/data_library.html>

use walkfolio_core::Date;

use crate::factors::table::{Cell, FactorTable, Place, Step, Unit, places};
use crate::table::parse_date;
use crate::{Error, FactorError, Result};

/// Whether a text has the form of the library: a header that starts with a comma, above a day, a month
/// or a year of digits alone.
pub(crate) fn is_of_library(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with(','));
    lines.next().is_some_and(|_| {
        let first = lines.next().and_then(|line| line.split(',').next()).unwrap_or_default().trim();
        // Anything shorter numbers the rows of another table.
        matches!(first.len(), 0 | 4 | 6 | 8) && first.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Reads and checks a text of the library.
pub(crate) fn read(file: &str, text: &str, unit: Unit) -> Result<FactorTable> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let mut vintage = None;
    let header = lines.by_ref().find_map(|(_, line)| {
        vintage = vintage.take().or_else(|| vintage_of(line));
        line.starts_with(',').then(|| line.split(',').map(str::trim).collect::<Vec<_>>())
    });
    let header = header.unwrap_or_default();
    let places = places(file, &header)?;
    if places.is_empty() {
        return Err(FactorError::NoHeader { file: file.to_owned(), column: "Mkt-RF" }.into());
    }
    let mut table = FactorTable::new(&header, &places, unit);
    table.vintage = vintage;
    let mut end = None;
    for (line, text) in lines {
        let row = Row { file, line, cells: text.split(',').map(str::trim).collect() };
        match end {
            None if !text.starts_with(|c: char| c.is_ascii_digit()) => end = Some(line),
            None => push(&mut table, &row, &places, header.len())?,
            Some(end) if row.date().is_ok() => {
                return Err(FactorError::SecondTable { file: file.to_owned(), line, end }.into());
            }
            Some(_) => {}
        }
    }
    table.checked(file)
}

/// The number before "CRSP database".
fn vintage_of(line: &str) -> Option<String> {
    let before = line.split("CRSP").next().filter(|before| before.len() < line.len())?;
    let word = before.split_whitespace().next_back()?;
    (word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.to_owned())
}

struct Row<'a> {
    file: &'a str,
    line: usize,
    cells: Vec<&'a str>,
}

impl Row<'_> {
    /// The day of the row, or the last day of its month.
    fn date(&self) -> Result<Date> {
        let text = self.cells[0];
        let date = match text.len() {
            4 => return Err(FactorError::Annual { file: self.file.to_owned() }.into()),
            6 => parse_date(&format!("{text}01")).map(Date::last_of_month),
            _ => parse_date(text),
        };
        date.ok_or_else(|| Error::BadDate {
            file: self.file.to_owned(),
            line: self.line,
            value: text.to_owned(),
            rule: "a day written 20240328, or a month written 202403",
        })
    }
}

fn push(table: &mut FactorTable, row: &Row<'_>, places: &[Place], width: usize) -> Result<()> {
    let date = row.date()?;
    let is_month = row.cells[0].len() == 6;
    if is_month != (table.step == Step::Month) {
        if !table.dates.is_empty() {
            return Err(FactorError::Mixed { file: row.file.to_owned(), line: row.line }.into());
        }
        table.step = Step::Month;
    }
    let (file, line, found) = (row.file, row.line, row.cells.len());
    if found != width {
        return Err(Error::RaggedRow { file: file.to_owned(), line, expected: width, found });
    }
    let cells = places.iter().map(|place| row.cells[place.at]);
    table.push(&Cell { file, line, date }, cells)
}

#[cfg(test)]
mod tests;
