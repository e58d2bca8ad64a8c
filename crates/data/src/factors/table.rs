//! A table of factor returns as its file has it, in fractions.

use jiff::ToSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::horizon::Horizon;
use crate::table::check_order;
use crate::{Error, FactorError, Result};

/// The columns that are known, in the order of tables; the risk-free rate is the last.
const KNOWN: [&str; 7] = ["Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom", RISK_FREE];

/// The column of the risk-free rate.
pub(crate) const RISK_FREE: &str = "RF";

/// The codes of a missing value, as written.
const MISSING: [f64; 3] = [-99.99, -999.0, -999.99];

/// No market, and no factor of it, has moved so far in a day or a month; in percent.
const LARGEST: f64 = 300.0;

/// Below this largest move of the market, in percent, the file is taken to hold fractions.
const SMALLEST_PERCENT: f64 = 0.3;
/// Above this mean absolute move of the market, a file is taken to hold percent, not fractions.
const LARGEST_FRACTION: f64 = 0.15;
/// Fewer rows say nothing about a unit.
const ENOUGH: usize = 60;

/// The unit of returns and rates in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 1 is one percent.
    Percent,
    /// 0.01 is one percent.
    Fraction,
}

impl Unit {
    /// A number of the file as a fraction.
    pub(crate) fn fraction(self, value: f64) -> f64 {
        match self {
            // Divided, as everybody does: a product with 0.01 differs in the last bit.
            Self::Percent => value / 100.0,
            Self::Fraction => value,
        }
    }
}

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

/// A known column of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Its name here.
    pub(crate) name: &'static str,
    /// Its position in the file.
    pub(crate) at: usize,
}

/// The known columns of a header, in our order: `Mkt-RF`, `mkt_rf` and `MKT RF` are one name.
pub(crate) fn places(file: &str, header: &[&str]) -> Result<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    for name in KNOWN {
        let mut found = (0..header.len()).filter(|&at| known(header[at]) == Some(name));
        let Some(at) = found.next() else { continue };
        if let Some(second) = found.next() {
            let (file, column) = (file.to_owned(), name.to_owned());
            return Err(Error::DuplicateColumn { file, column, first: at + 1, second: second + 1 });
        }
        places.push(Place { name, at });
    }
    Ok(places)
}

/// What a column is, by its name in any spelling.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name = match letters.collect::<String>().to_ascii_lowercase().as_str() {
        "mktrf" | "mktexcess" | "mktminusrf" | "marketrf" | "marketexcess" | "marketminusrf"
        | "excessmarket" => "Mkt-RF",
        "smb" => "SMB",
        "hml" => "HML",
        "rmw" => "RMW",
        "cma" => "CMA",
        // Files of other regions call it winners minus losers.
        "mom" | "umd" | "wml" | "momentum" => "Mom",
        "rf" | "riskfree" | "riskfreerate" => RISK_FREE,
        _ => return None,
    };
    Some(name)
}

/// Where a row stands in its file.
pub(crate) struct Cell<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: usize,
    pub(crate) date: Date,
}

/// A table as its file has it, in fractions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FactorTable {
    /// `202503` of "using the 202503 CRSP database".
    pub(crate) vintage: Option<String>,
    pub(crate) step: Step,
    unit: Unit,
    /// Names of the columns.
    pub(crate) columns: Vec<String>,
    /// Names of the file's columns that are not used.
    pub(crate) unused: Vec<String>,
    /// The day of each row, or the last day of its week or month.
    pub(crate) dates: Vec<Date>,
    pub(crate) lines: Vec<usize>,
    /// The values of `columns` by rows, `None` where the file has a missing code.
    pub(crate) rows: Vec<Vec<Option<f64>>>,
    /// The most decimals with which the risk-free rate is written.
    pub(crate) risk_free_decimals: Option<usize>,
}

impl FactorTable {
    /// A table without rows.
    pub(crate) fn new(header: &[&str], places: &[Place], unit: Unit) -> Self {
        let used = |at: &usize| places.iter().any(|place| place.at == *at);
        let unused = (0..header.len()).filter(|at| !used(at) && !header[*at].is_empty());
        Self {
            vintage: None,
            step: Step::Day,
            unit,
            columns: places.iter().map(|place| place.name.to_owned()).collect(),
            unused: unused.map(|at| header[at].to_owned()).collect(),
            dates: Vec::new(),
            lines: Vec::new(),
            rows: Vec::new(),
            risk_free_decimals: None,
        }
    }

    /// Adds a row, its cells in the order of the columns.
    pub(crate) fn push<'a>(
        &mut self,
        row: &Cell<'a>,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<()> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (text, column) in cells.zip(&self.columns) {
            let value = number(text, column, (row, self.unit))?;
            let percent = value.map(|value| match self.unit {
                Unit::Percent => value,
                Unit::Fraction => 100.0 * value,
            });
            if let Some(value) = percent.filter(|value| value.abs() > LARGEST) {
                let (file, column, date) = (row.file.to_owned(), column.clone(), row.date);
                return Err(FactorError::Implausible { file, column, date, value }.into());
            }
            if column == RISK_FREE {
                let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
                self.risk_free_decimals = self.risk_free_decimals.max(Some(decimals));
            }
            values.push(value.map(|value| self.unit.fraction(value)));
        }
        self.dates.push(row.date);
        self.lines.push(row.line);
        self.rows.push(values);
        Ok(())
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The decimals of the risk-free rate of days in percent: that of a week or a month is larger, and
    /// rounds to less.
    pub(crate) fn daily_decimals(&self) -> Option<usize> {
        let decimals = self.risk_free_decimals.filter(|_| self.step == Step::Day)?;
        Some(if self.unit == Unit::Fraction { decimals.saturating_sub(2) } else { decimals })
    }

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

    /// The table, once its dates increase and its unit is plausible.
    pub(crate) fn checked(mut self, file: &str) -> Result<Self> {
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
        self.check_unit(file)?;
        Ok(self)
    }

    fn check_unit(&self, file: &str) -> Result<()> {
        let Some(at) = self.column(KNOWN[0]) else { return Ok(()) };
        let market = self.rows.iter().filter_map(|row| row[at]).map(f64::abs);
        let (rows, sum, largest) = market
            .fold((0, 0.0, 0.0_f64), |(n, sum, max), value| (n + 1, sum + value, max.max(value)));
        let file = || file.to_owned();
        match self.unit {
            Unit::Percent if rows >= ENOUGH && 100.0 * largest < SMALLEST_PERCENT => {
                Err(FactorError::NotPercent { file: file(), rows, largest: 100.0 * largest }.into())
            }
            Unit::Fraction if rows >= ENOUGH && sum > LARGEST_FRACTION * rows as f64 => {
                let mean = sum / rows as f64;
                Err(FactorError::NotFraction { file: file(), rows, mean }.into())
            }
            _ => Ok(()),
        }
    }
}

fn number(text: &str, column: &str, (row, unit): (&Cell<'_>, Unit)) -> Result<Option<f64>> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((!MISSING.contains(&value)).then_some(value)),
        _ => Err(Error::BadCell {
            file: row.file.to_owned(),
            line: row.line,
            column: column.to_owned(),
            value: text.to_owned(),
            rule: match unit {
                Unit::Percent => "a factor return must be a number in percent",
                Unit::Fraction => "a factor return must be a number, a fraction",
            },
        }),
    }
}
