//! Daily, weekly and monthly factor returns in the raw form of Ken French's data library.
//!
//! A preamble that names the CRSP vintage, a header line that starts with a comma, rows
//! `20240328,    0.11, ...` (of a month: `202403, ...`) in percent, a blank line, a copyright line.
//! Annual tables that follow are not data.
//!
//! # Source
//! <https://mba.tuck.dartmouth.edu/pages/faculty/ken.french/data_library.html>

use jiff::ToSpan;
use walkfolio_core::Date;

use crate::horizon::Horizon;
use crate::table::{check_order, parse_date};
use crate::{Error, FactorError, Result};

/// The columns that are used: three factors and the risk-free rate.
pub(crate) const COLUMNS: [&str; 4] = ["Mkt-RF", "SMB", "HML", "RF"];

/// The codes of a missing value, in percent as written.
const MISSING: [f64; 3] = [-99.99, -999.0, -999.99];

/// No market, and no factor of it, has moved so far in a day or a month; in percent.
const LARGEST: f64 = 300.0;

/// Below this largest move of the market, in percent, the file is taken to hold fractions.
const SMALLEST_PERCENT: f64 = 0.3;

/// How far apart the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Day,
    Week,
    Month,
}

impl Step {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
        }
    }

    /// The end of the week or month before one that ends on `date`; a day's is the day before.
    pub(crate) fn before(self, date: Date) -> Date {
        match self {
            Self::Day => date.saturating_sub(1.day()),
            Self::Week => date.saturating_sub(7.days()),
            Self::Month => date.first_of_month().saturating_sub(1.day()),
        }
    }
}

/// A table as its file has it, in fractions.
#[derive(Debug, PartialEq)]
pub(crate) struct FrenchTable {
    /// `202503` of "using the 202503 CRSP database".
    pub(crate) vintage: Option<String>,
    pub(crate) step: Step,
    /// Names of the file's columns that are not used.
    pub(crate) unused: Vec<String>,
    /// The day of each row, or the last day of its week or month.
    pub(crate) dates: Vec<Date>,
    pub(crate) lines: Vec<usize>,
    /// The values of [`COLUMNS`] by rows, `None` where the file has a missing code.
    pub(crate) rows: Vec<[Option<f64>; 4]>,
    /// The most decimals with which the risk-free rate is written.
    pub(crate) risk_free_decimals: usize,
}

impl FrenchTable {
    /// Leaves what is known, and perturbed values where later rows remain.
    pub(crate) fn cut(&mut self, horizon: &Horizon) {
        // The dates of a table increase.
        let rows = self.dates.partition_point(|date| horizon.keeps(*date));
        self.dates.truncate(rows);
        self.lines.truncate(rows);
        self.rows.truncate(rows);
        for (date, row) in self.dates.iter().zip(&mut self.rows) {
            for (at, cell) in row.iter_mut().enumerate() {
                *cell = cell.map(|value| horizon.value(*date, at, value));
            }
        }
    }
}

/// Reads and checks a text of the library.
pub(crate) fn read(file: &str, text: &str) -> Result<FrenchTable> {
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let mut vintage = None;
    let header = lines.by_ref().find_map(|(_, line)| {
        vintage = vintage.take().or_else(|| vintage_of(line));
        line.starts_with(',').then(|| line.split(',').map(str::trim).collect::<Vec<_>>())
    });
    let header = header.unwrap_or_default();
    let places = places(file, &header)?;
    let unused = header.iter().filter(|name| !name.is_empty() && !COLUMNS.contains(name));
    let mut table = FrenchTable {
        vintage,
        step: Step::Day,
        unused: unused.map(|&name| name.to_owned()).collect(),
        dates: Vec::new(),
        lines: Vec::new(),
        rows: Vec::new(),
        risk_free_decimals: 0,
    };
    let mut end = None;
    for (line, text) in lines {
        let row = Row { file, line, cells: text.split(',').map(str::trim).collect() };
        match end {
            None if !text.starts_with(|c: char| c.is_ascii_digit()) => end = Some(line),
            None => table.push(&row, &places, header.len())?,
            Some(end) if row.date().is_ok() => {
                return Err(FactorError::SecondTable { file: file.to_owned(), line, end }.into());
            }
            Some(_) => {}
        }
    }
    table.check(file)?;
    Ok(table)
}

/// The number before "CRSP database".
fn vintage_of(line: &str) -> Option<String> {
    let before = line.split("CRSP").next().filter(|before| before.len() < line.len())?;
    let word = before.split_whitespace().next_back()?;
    (word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.to_owned())
}

fn places(file: &str, header: &[&str]) -> Result<[usize; 4]> {
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|&name| name == column);
        *place = found.ok_or_else(|| FactorError::NoHeader { file: file.to_owned(), column })?;
    }
    Ok(places)
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

    fn percent(&self, place: usize, column: &str) -> Result<Option<f64>> {
        let text = self.cells[place];
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((!MISSING.contains(&value)).then_some(value)),
            _ => Err(Error::BadCell {
                file: self.file.to_owned(),
                line: self.line,
                column: column.to_owned(),
                value: text.to_owned(),
                rule: "a factor return must be a number in percent",
            }),
        }
    }
}

impl FrenchTable {
    /// The decimals of the risk-free rate of days: that of a week or a month is larger, and rounds
    /// to less.
    pub(crate) fn daily_decimals(&self) -> Option<usize> {
        (self.step == Step::Day).then_some(self.risk_free_decimals)
    }

    fn push(&mut self, row: &Row<'_>, places: &[usize; 4], width: usize) -> Result<()> {
        let date = row.date()?;
        let is_month = row.cells[0].len() == 6;
        if is_month != (self.step == Step::Month) {
            if !self.dates.is_empty() {
                return Err(FactorError::Mixed { file: row.file.to_owned(), line: row.line }.into());
            }
            self.step = Step::Month;
        }
        let (file, line, found) = (row.file.to_owned(), row.line, row.cells.len());
        if found != width {
            return Err(Error::RaggedRow { file, line, expected: width, found });
        }
        let mut values = [None; 4];
        for ((value, &place), column) in values.iter_mut().zip(places).zip(COLUMNS) {
            *value = row.percent(place, column)?;
            if let Some(value) = value.filter(|value| value.abs() > LARGEST) {
                let column = column.to_owned();
                return Err(FactorError::Implausible { file, column, date, value }.into());
            }
        }
        let decimals = row.cells[places[3]].split_once('.').map_or(0, |(_, digits)| digits.len());
        self.risk_free_decimals = self.risk_free_decimals.max(decimals);
        self.dates.push(date);
        self.lines.push(line);
        // Divided, as everybody does: a product with 0.01 differs in the last bit.
        self.rows.push(values.map(|value| value.map(|percent| percent / 100.0)));
        Ok(())
    }

    fn check(&mut self, file: &str) -> Result<()> {
        let (Some(&first), Some(&last)) = (self.dates.first(), self.dates.last()) else {
            return Err(Error::NoRows { file: file.to_owned() });
        };
        check_order(file, &self.dates, &self.lines)?;
        let steps = self.dates.len() - 1;
        let days = last.duration_since(first).as_hours() as f64 / 24.0;
        // Daily rows are 1.2 to 1.5 days apart, weekly ones 7; a few rows may span a closure.
        if self.step == Step::Day && steps >= 5 && days > 4.0 * steps as f64 {
            self.step = Step::Week;
        }
        let market = self.rows.iter().filter_map(|row| row[0]).map(|value| 100.0 * value.abs());
        let (rows, largest) = market.fold((0, 0.0_f64), |(n, max), value| (n + 1, max.max(value)));
        if rows >= 60 && largest < SMALLEST_PERCENT {
            return Err(FactorError::NotPercent { file: file.to_owned(), rows, largest }.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
