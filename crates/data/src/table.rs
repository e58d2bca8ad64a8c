//! A wide table of prices, as its file has it.

use std::collections::BTreeSet;
use std::sync::Arc;

use walkfolio_core::{Date, Ticker};

use crate::horizon::Horizon;
use crate::{Error, Result};

mod tidy;
mod values;

pub use values::Values;

/// Dates and the requested columns, before any check of the prices.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// Dates in the file's order.
    pub(crate) dates: Vec<Date>,
    /// The line or row of each date, counted from 1.
    pub(crate) lines: Vec<usize>,
    /// One column a requested ticker, in the order of the request.
    pub(crate) columns: Vec<Values>,
}

impl Table {
    /// Drops the rows on which no requested column has a value: they are not sessions of it.
    pub(crate) fn drop_empty_rows(&mut self) {
        let keep: Vec<bool> = (0..self.dates.len())
            .map(|row| self.columns.iter().any(|column| column.get(row).is_some()))
            .collect();
        self.keep_rows(&keep);
    }

    /// Drops the rows of some dates.
    pub(crate) fn drop_dates(&mut self, dropped: &BTreeSet<Date>) {
        let keep: Vec<bool> = self.dates.iter().map(|date| !dropped.contains(date)).collect();
        self.keep_rows(&keep);
    }

    fn keep_rows(&mut self, keep: &[bool]) {
        if keep.iter().all(|keep| *keep) {
            return;
        }
        retain(&mut self.dates, keep);
        retain(&mut self.lines, keep);
        for column in &mut self.columns {
            *column = column.kept(keep);
        }
    }

    /// Leaves what is known, and perturbed values where later rows remain.
    pub(crate) fn cut(&mut self, horizon: &Horizon) {
        let keep: Vec<bool> = self.dates.iter().map(|date| horizon.keeps(*date)).collect();
        for (at, column) in self.columns.iter_mut().enumerate() {
            let value = |(date, value): (&Date, Option<f64>)| {
                value.map(|value| horizon.value(*date, at, value))
            };
            let all: Values = self.dates.iter().zip(column.iter()).map(value).collect();
            *column = all.kept(&keep);
        }
        retain(&mut self.dates, &keep);
        retain(&mut self.lines, &keep);
    }

    /// Adds empty rows on those of `dates` between its first row and its last; both are sorted.
    pub(crate) fn fill_in(&mut self, dates: &[Date]) {
        let (Some(&first), Some(&last)) = (self.dates.first(), self.dates.last()) else { return };
        let lacks = |date: &&Date| {
            (first..=last).contains(*date) && self.dates.binary_search(date).is_err()
        };
        let mut all: Vec<Date> = dates.iter().filter(lacks).copied().collect();
        if all.is_empty() {
            return;
        }
        all.extend(&self.dates);
        all.sort_unstable();
        let width = self.columns.len();
        let columns = self.take_over(&all, 0..width).map(Iterator::collect).collect();
        // A row that is not in the file is told by the one before it.
        let line = |date: &Date| match self.dates.binary_search(date) {
            Ok(row) => self.lines[row],
            Err(row) => self.lines[row - 1],
        };
        let lines = all.iter().map(line).collect();
        *self = Self { dates: all, lines, columns };
    }

    /// Hands out some columns over `sessions`, all of which are sorted; empty where the file has no
    /// row. What is handed out is no longer here: a large table is not in memory twice.
    pub(crate) fn take_over(
        &mut self,
        sessions: &[Date],
        columns: std::ops::Range<usize>,
    ) -> impl Iterator<Item = impl Iterator<Item = Option<f64>>> {
        let rows: Arc<[Option<usize>]> =
            sessions.iter().map(|date| self.dates.binary_search(date).ok()).collect();
        self.columns[columns].iter_mut().map(move |column| {
            let (own, rows) = (std::mem::take(column), Arc::clone(&rows));
            (0..rows.len()).map(move |row| own.get(rows[row]?))
        })
    }
}

/// Checks that dates increase, in the file's own line numbers.
pub(crate) fn check_order(file: &str, dates: &[Date], lines: &[usize]) -> Result<()> {
    use walkfolio_core::Error as Core;
    let wrong = dates.windows(2).zip(lines.windows(2)).find(|(pair, _)| pair[1] <= pair[0]);
    let Some((pair, lines)) = wrong else { return Ok(()) };
    let (previous, date) = (pair[0], pair[1]);
    let source = if date == previous {
        Core::DuplicateDate { date, first: lines[0], second: lines[1] }
    } else {
        Core::UnsortedDates { date, previous, row: lines[1] }
    };
    Err(Error::Market { file: file.to_owned(), source })
}

/// The positions of the requested names among a file's columns.
pub(crate) fn locate(file: &str, header: &[&str], wanted: &[Ticker]) -> Result<Vec<usize>> {
    wanted
        .iter()
        .map(|ticker| {
            let mut found = (0..header.len()).filter(|&index| header[index] == ticker.as_str());
            let first = found.next().ok_or_else(|| unknown(file, header, ticker))?;
            match found.next() {
                None => Ok(first),
                Some(second) => Err(Error::DuplicateColumn {
                    file: file.to_owned(),
                    column: ticker.to_string(),
                    first: first + 1,
                    second: second + 1,
                }),
            }
        })
        .collect()
}

fn unknown(file: &str, header: &[&str], ticker: &Ticker) -> Error {
    let names = header.iter().filter(|name| !name.eq_ignore_ascii_case("date"));
    walkfolio_core::Error::UnknownAsset {
        asset: ticker.clone(),
        place: file.to_owned(),
        known: names.filter_map(|name| Ticker::new(name).ok()).collect(),
    }
    .into()
}

fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    values.retain(|_| flags.next().copied().unwrap_or(true));
}

/// A date written `2024-03-28` or `20240328`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let digits: [u8; 8] = match bytes {
        [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] | [y0, y1, y2, y3, m0, m1, d0, d1] => {
            [*y0, *y1, *y2, *y3, *m0, *m1, *d0, *d1]
        }
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        digits[range].iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'))
    };
    let (month, day) = (i8::try_from(number(4..6)).ok()?, i8::try_from(number(6..8)).ok()?);
    Date::new(number(0..4), month, day).ok()
}

/// A date column must hold these texts.
pub(crate) const DATE_RULE: &str = "a day such as 2024-03-28";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_two_forms_only() {
        let expected = Some(Date::constant(2024, 2, 29));
        assert_eq!(parse_date("2024-02-29"), expected);
        assert_eq!(parse_date("20240229"), expected);
        for text in [
            "2023-02-29",
            "02/29/2024",
            "2024-2-29",
            "2024-02-29 00:00:00",
            "",
            "2024/02/29",
            "+0240229",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn rows_without_a_requested_price_are_no_sessions() {
        let day = |day| Date::constant(2024, 1, day);
        let mut table = Table {
            dates: vec![day(1), day(2), day(3)],
            lines: vec![2, 3, 4],
            columns: [[None, Some(1.0), None], [None, None, Some(2.0)]]
                .map(Values::from_iter)
                .to_vec(),
        };
        table.drop_empty_rows();
        assert_eq!(table.lines, [3, 4]);
        assert_eq!(table.columns, [vec![Some(1.0), None], vec![None, Some(2.0)]]);
    }
}
