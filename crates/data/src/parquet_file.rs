//! Parquet files: their columns as dates, numbers and texts.

use walkfolio_columns::{Column, Kind, Unit, Values as Stored, date_of};
use walkfolio_core::Date;

use crate::source::Data;
use crate::table::{DATE_RULE, parse_date};
use crate::{Error, Result};

/// Opens a file, and refuses one that claims more than its bytes can tell.
pub(crate) fn open(file: &str, data: &Data) -> Result<walkfolio_columns::Table<Data>> {
    walkfolio_columns::Table::open(data.try_clone(file)?).map_err(|error| damaged(file, &error))
}

pub(crate) fn damaged(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), reason: reason.to_string() }
}

/// The names of all columns.
pub(crate) fn names(file: &str, data: &Data) -> Result<Vec<String>> {
    let table = walkfolio_columns::Table::header(data.try_clone(file)?);
    let table = table.map_err(|error| damaged(file, &error))?;
    Ok(table.names().map(str::to_owned).collect())
}

/// Some rows of a file's column, as prices, dates or texts.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'a> {
    pub(crate) file: &'a str,
    pub(crate) column: &'a Column,
}

impl<'a> Cells<'a> {
    /// Numbers; NaN is how pandas stores a missing value in a column of floats.
    pub(crate) fn prices(&self) -> Result<Vec<Option<f64>>> {
        Ok(match (&self.column.values, &self.column.kind) {
            (Stored::Numbers(values), _) => {
                values.iter().map(|value| value.filter(|value| !value.is_nan())).collect()
            }
            (Stored::Integers(values), Kind::Int32 | Kind::Int64) => {
                values.iter().map(|value| value.map(|value| value as f64)).collect()
            }
            // pandas stores a column of missing values only as null.
            (Stored::Missing(rows), Kind::Null) => vec![None; *rows],
            _ => return Err(self.bad_type("prices must be numbers")),
        })
    }

    /// Dates; `before` rows of the file have been read already.
    pub(crate) fn dates(&self, before: usize) -> Result<Vec<Date>> {
        let days: Vec<Result<Date, String>> = match (&self.column.values, &self.column.kind) {
            (Stored::Integers(values), Kind::Date) => days(values, Some),
            (Stored::Integers(values), Kind::Timestamp { unit, zoned: false }) => {
                days(values, |time| midnight(*unit, time))
            }
            (Stored::Bytes(_), Kind::Text) => self.texts()?.into_iter().map(day).collect(),
            _ => {
                let rule = "dates must be dates, timestamps without a time zone or texts";
                return Err(self.bad_type(rule));
            }
        };
        let with_place = days.into_iter().enumerate().map(|(row, date)| {
            date.map_err(|value| Error::BadDate {
                file: self.file.to_owned(),
                line: before + row + 1,
                value,
                rule: DATE_RULE,
            })
        });
        with_place.collect()
    }

    /// Tickers, of which no row may lack its own.
    pub(crate) fn tickers(&self) -> Result<Vec<&'a str>> {
        if self.column.kind != Kind::Text {
            return Err(self.bad_type("tickers must be texts"));
        }
        let found: Option<Vec<&str>> = self.texts()?.into_iter().collect();
        found.ok_or_else(|| damaged(self.file, &format!("a row has no {}", self.column.name)))
    }

    fn texts(&self) -> Result<Vec<Option<&'a str>>> {
        let Stored::Bytes(values) = &self.column.values else { return Ok(Vec::new()) };
        let text = |value: &'a Option<walkfolio_columns::ByteArray>| {
            value.as_ref().map(walkfolio_columns::ByteArray::as_utf8).transpose()
        };
        values.iter().map(|value| text(value).map_err(|error| damaged(self.file, &error))).collect()
    }

    fn bad_type(&self, rule: &'static str) -> Error {
        let (file, column) = (self.file.to_owned(), self.column.name.clone());
        Error::ColumnType { file, column, found: self.column.kind.to_string(), rule }
    }
}

/// A time of day would make two rows of one session.
fn midnight(unit: Unit, time: i64) -> Option<i64> {
    const SECONDS_A_DAY: i64 = 86_400;
    let per_day = SECONDS_A_DAY * unit.per_second();
    (time % per_day == 0).then_some(time / per_day)
}

fn days(values: &[Option<i64>], to_day: impl Fn(i64) -> Option<i64>) -> Vec<Result<Date, String>> {
    let date = |value: i64| to_day(value).and_then(date_of).ok_or_else(|| value.to_string());
    values.iter().map(|value| value.map_or_else(|| Err("null".to_owned()), date)).collect()
}

fn day(text: Option<&str>) -> Result<Date, String> {
    let text = text.ok_or("null")?;
    parse_date(text.trim()).ok_or_else(|| text.to_owned())
}
