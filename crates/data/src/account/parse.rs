//! Lines of a broker's export: tables with words above and below them.

use csv::{ReaderBuilder, Trim};
use walkfolio_core::Date;

use crate::dialect::{Decimal, is_missing, written_day, written_number};
use crate::{Error, Result};

/// A line of a file, its cells as texts.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

/// All lines of a file that have something in them.
#[derive(Debug)]
pub(super) struct Rows {
    /// For messages.
    pub file: String,
    pub all: Vec<Row>,
    decimal: Decimal,
}

impl Rows {
    pub fn of(file: &str, text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = delimiter(text);
        let mut builder = ReaderBuilder::new();
        builder.flexible(true).has_headers(false).trim(Trim::All).delimiter(delimiter as u8);
        let mut all = Vec::new();
        for record in builder.from_reader(text.as_bytes()).records() {
            let record = record.map_err(|error| Error::Damaged {
                file: file.to_owned(),
                reason: error.to_string(),
            })?;
            let line =
                record.position().map_or(0, |place| usize::try_from(place.line()).unwrap_or(0));
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                all.push(Row { line, cells });
            }
        }
        // Where semicolons are between cells, commas are inside numbers.
        let decimal = if delimiter == ';' { Decimal::Comma } else { Decimal::Point };
        Ok(Self { file: file.to_owned(), all, decimal })
    }

    /// The number of a cell; none where it is empty or a dash.
    pub fn number(&self, row: &Row, (place, column): (usize, &str)) -> Result<Option<f64>> {
        let text = row.cells.get(place).map_or("", String::as_str);
        if is_missing(text) || text == "n/a" || text.chars().all(|c| c == '-') {
            return Ok(None);
        }
        let number = written_number(text, self.decimal).filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| self.bad(row, column, text, "a number, or empty"))
    }

    /// No line says what is held.
    pub fn no_holdings(&self) -> Error {
        Error::NoHoldings { file: self.file.clone() }
    }

    /// A cell that is not what it must be.
    pub fn bad(&self, row: &Row, column: &str, text: &str, rule: &'static str) -> Error {
        let (file, line) = (self.file.clone(), row.line);
        Error::BadCell { file, line, column: column.to_owned(), value: text.to_owned(), rule }
    }
}

/// What is between the cells: what the first lines have most of.
pub(super) fn delimiter(text: &str) -> char {
    let most = |c: char| text.lines().take(30).map(|line| line.matches(c).count()).max();
    [',', ';', '\t'].into_iter().max_by_key(|c| most(*c)).unwrap_or(',')
}

/// The first day that is written in a text, in the order of American brokers where it is in numbers.
pub(super) fn day_in(text: &str) -> Option<Date> {
    if let Some(day) = written_day(text) {
        return Some(day);
    }
    let words = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let one = words.filter(|word| word.len() >= 6).find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        written_day(word).or_else(|| month_first(word))
    });
    one.or_else(|| in_words(text))
}

/// 05/17/2024.
fn month_first(text: &str) -> Option<Date> {
    let mut parts = text.split(['/', '-']);
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i16 = year.parse().ok().filter(|year| *year > 1900)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// May 17, 2024.
fn in_words(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.windows(3).find_map(|three| {
        let month = MONTHS.iter().position(|month| three[0].starts_with(month))?;
        let (day, year): (i8, i16) = (three[1].parse().ok()?, three[2].parse().ok()?);
        Date::new(year, i8::try_from(month + 1).ok()?, day).ok()
    })
}
