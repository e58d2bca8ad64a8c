//! Parquet files: their columns as dates, numbers and texts.

use std::collections::BTreeMap;

use walkfolio_columns::{Column, Kind, Unit, Values as Stored, date_of};
use walkfolio_core::Date;

use crate::dialect::{Count, Weekends, candidates, is_unnamed, written_day};
use crate::source::Data;
use crate::table::DATE_RULE;
use crate::{Error, FormError, Result};

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

/// The columns that may hold values: neither the dates nor row numbers, and with a name.
pub(crate) fn value_places(
    file: &str,
    table: &walkfolio_columns::Table<Data>,
    date: Option<usize>,
) -> Result<Vec<usize>> {
    let names: Vec<&str> = table.names().collect();
    let mut counters = Vec::new();
    for place in candidates(&names, date) {
        if counts(file, table, place)? {
            counters.push(place);
        }
    }
    let has_values =
        |at: &usize| Some(*at) != date && !is_unnamed(names[*at]) && !counters.contains(at);
    Ok((0..names.len()).filter(has_values).collect())
}

/// Whether a column numbers the rows.
fn counts(file: &str, table: &walkfolio_columns::Table<Data>, place: usize) -> Result<bool> {
    let mut count = Count::default();
    for piece in table.pieces(&[place]) {
        for column in piece.map_err(|error| damaged(file, &error))? {
            // A column of texts or dates does not count.
            let Ok(cells) = (Cells { file, column: &column }).prices() else { return Ok(false) };
            if !cells.into_iter().all(|cell| count.take(cell)) {
                return Ok(false);
            }
        }
    }
    Ok(count.counts())
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

    /// Local days; `before` rows of the file have been read already.
    pub(crate) fn dates(&self, before: usize, days: &Days) -> Result<Vec<Date>> {
        let found: Vec<Result<Date, String>> = match (&self.column.values, &self.column.kind) {
            (Stored::Integers(values), Kind::Date) => each(values, date_of),
            (Stored::Integers(values), Kind::Timestamp { unit, .. }) => {
                each(values, |time| days.date(*unit, time))
            }
            (Stored::Bytes(_), Kind::Text) => self.texts()?.into_iter().map(day).collect(),
            _ => return Err(self.bad_type("dates must be dates, timestamps or texts")),
        };
        let with_place = found.into_iter().enumerate().map(|(row, date)| {
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

/// Which local day each time of a column is.
///
/// A time without a zone is that of the exchange's clock. One in UTC may be the exchange's midnight
/// of the next day, which the weekdays of the whole column show.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// Times of day, in seconds, at which the next day begins.
    next: Vec<u32>,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Days {
    /// Looks at a whole column, and refuses two rows of one day after each other.
    pub(crate) fn of(
        file: &str,
        table: &walkfolio_columns::Table<Data>,
        place: usize,
    ) -> Result<Self> {
        let Some(&Kind::Timestamp { unit, zoned }) = table.kind(place) else {
            return Ok(Self::default());
        };
        let mut seen: BTreeMap<u32, (Weekends, usize, i64)> = BTreeMap::new();
        let (mut row, mut before) = (0, None);
        for piece in table.pieces(&[place]) {
            let piece = piece.map_err(|error| damaged(file, &error))?;
            let Some(Stored::Integers(times)) = piece.first().map(|column| &column.values) else {
                continue;
            };
            for time in times {
                row += 1;
                let Some((day, second)) = time.map(|time| divided(unit, time)) else { continue };
                // A long table has rows of one time next to each other, for its tickers.
                if before.is_some_and(|(other, clock)| other == day && clock != second) && !zoned {
                    let value = time.unwrap_or_default().to_string();
                    return Err(Error::Intraday { file: file.to_owned(), line: row, value });
                }
                before = Some((day, second));
                if let Some(date) = date_of(day).filter(|_| zoned && second > 0) {
                    let own = seen.entry(second).or_insert((Weekends::default(), row, day));
                    own.0.take(date);
                }
            }
        }
        let mut next = Vec::new();
        for (second, (days, line, day)) in seen {
            let shown = days.is_next_day(second).ok_or_else(|| {
                let date = date_of(day).map(|date| date.to_string()).unwrap_or_default();
                let value = format!("{date} {:02}:{:02}Z", second / 3600, second / 60 % 60);
                Error::Form { file: file.to_owned(), source: FormError::Utc { line, value } }
            })?;
            next.extend(shown.then_some(second));
        }
        Ok(Self { next })
    }

    fn date(&self, unit: Unit, time: i64) -> Option<Date> {
        let (day, second) = divided(unit, time);
        date_of(day + i64::from(self.next.contains(&second)))
    }
}

/// The day since 1970 and the second in it.
fn divided(unit: Unit, time: i64) -> (i64, u32) {
    let seconds = time.div_euclid(unit.per_second());
    let second = u32::try_from(seconds.rem_euclid(SECONDS_A_DAY)).unwrap_or_default();
    (seconds.div_euclid(SECONDS_A_DAY), second)
}

fn each(values: &[Option<i64>], date: impl Fn(i64) -> Option<Date>) -> Vec<Result<Date, String>> {
    let one = |value: i64| date(value).ok_or_else(|| value.to_string());
    values.iter().map(|value| value.map_or_else(|| Err("null".to_owned()), one)).collect()
}

fn day(text: Option<&str>) -> Result<Date, String> {
    let text = text.ok_or("null")?;
    written_day(text.trim()).ok_or_else(|| text.to_owned())
}
