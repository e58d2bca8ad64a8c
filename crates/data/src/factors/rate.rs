//! A risk-free rate of the user's own, over the intervals of a market's returns.
//!
//! A rate per year is in force from its date until the next one, and the last for as long as a row of
//! its file usually lasts. Over `(t-1, t]` it earns `prod (1 + r)^(days / 365) - 1`, a factor for each rate
//! in force there, in calendar days: what is earned by a close was known at the close before, or at the
//! last change since. A rate per period is the return of the time since the row before it, and joined as the
//! risk-free rate of factor files is.

use std::ops::Range;
use std::path::PathBuf;

use walkfolio_core::{Date, Series};

use super::align::{self, days};
use super::table::{FactorTable, Place, RISK_FREE, Unit};
use super::tidy;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::source::{Accepts, Content, Source};
use crate::{Error, FactorError, Result, archive, french, source};

const ACCEPTS: Accepts = Accepts {
    role: "a risk-free rate",
    kinds: &[Content::Text, Content::Zip],
    described: "CSV or a file of Ken French's library",
};

/// The days of a year of a rate.
const YEAR: f64 = 365.0;
/// A rate of days holds over a long weekend.
const SHORTEST: i32 = 4;
/// A longer time without a row, in days, is a hole in a file of days.
const LONGEST_CLOSURE: i32 = 12;

/// The time that a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A year: an annual rate, compounded.
    Year,
    /// The time from row to row.
    Period,
}

/// Where a risk-free rate comes from.
///
/// # Examples
/// See [`read_risk_free`].
#[derive(Debug, Clone, PartialEq)]
pub enum RiskFree {
    /// One rate for all time, a fraction.
    Constant(f64, Per),
    /// A table whose first column holds dates, or a factor file of Ken French's library.
    File {
        /// The file.
        path: PathBuf,
        /// The column of the rate; not needed where there is one, or one named `RF`.
        column: Option<String>,
        /// The unit of its numbers.
        unit: Unit,
        /// The time that each is for.
        per: Per,
    },
}

/// A risk-free rate by the sessions of a market, and where it comes from.
#[derive(Debug, Clone)]
pub struct LoadedRate {
    /// The return of cash over the interval of each session's return, a fraction.
    pub series: Series,
    /// Its file, if it has one.
    pub record: Option<SourceRecord>,
}

/// Reads a risk-free rate for the sessions of a market.
///
/// # Timing
/// The value of session `t` is earned over `(t-1, t]`; the first session has none. Sessions that the file
/// does not cover at its beginning and its end have no value either.
/// # Errors
/// Those of a file; a hole inside of it, with the dates; a file without the column.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_data::{Per, RiskFree, read_risk_free};
///
/// let sessions = [Date::constant(2024, 1, 5), Date::constant(2024, 1, 8)];
/// let rate = read_risk_free(&RiskFree::Constant(0.05, Per::Year), &sessions, None)?;
/// // A weekend has three days.
/// let expected = 1.05_f64.powf(3.0 / 365.0) - 1.0;
/// assert!((rate.series.value(1).unwrap() - expected).abs() < 1e-15);
/// assert_eq!(rate.series.value(0), None);
/// # Ok::<(), walkfolio_data::Error>(())
/// ```
pub fn read_risk_free(
    rate: &RiskFree,
    sessions: &[Date],
    horizon: Option<&Horizon>,
) -> Result<LoadedRate> {
    let (values, listing, record) = match rate {
        RiskFree::Constant(rate, Per::Period) => {
            (vec![*rate; sessions.len()], 1..sessions.len(), None)
        }
        RiskFree::Constant(rate, Per::Year) => {
            let (values, listing) = constant(*rate, sessions);
            (values, listing, None)
        }
        RiskFree::File { path, column, unit, per } => {
            let source = Source::read(path, ACCEPTS)?;
            let mut table = table(&source, column.as_deref(), *unit)?;
            if let Some(horizon) = horizon {
                table.cut(horizon);
            }
            let ((values, listing), record) = of_table(source, table, *per, sessions)?;
            (values, listing, Some(record))
        }
    };
    let series = Series::new("the risk-free rate", sessions, values, listing)?;
    Ok(LoadedRate { series, record })
}

/// Values by session, and the sessions that have one.
type Values = (Vec<f64>, Range<usize>);

fn of_table(
    source: Source,
    mut table: FactorTable,
    per: Per,
    sessions: &[Date],
) -> Result<(Values, SourceRecord)> {
    let (first, last) = (table.dates.first().copied(), table.dates.last().copied());
    if first.is_none() {
        return Err(Error::NoRows { file: source.file });
    }
    let (rows, file) = (table.dates.len(), &source.file);
    let values = match per {
        Per::Year => annual(file, &table, sessions)?,
        Per::Period => {
            tidy::months_by_day(file, &mut table)?;
            let (all, listing) = align::compounded(file, &table, sessions)?;
            (all.iter_rows().map(|row| row[0]).collect(), listing)
        }
    };
    let record = SourceRecord {
        role: "risk_free",
        name: source.name,
        format: "table of rates",
        sha256: source.sha256,
        rows,
        first,
        last,
        vintage: table.vintage,
    };
    Ok((values, record))
}

/// The column of a rate, alone.
fn table(source: &Source, column: Option<&str>, unit: Unit) -> Result<FactorTable> {
    let file = &source.file;
    let unpacked;
    let bytes = if source.content == Content::Zip {
        unpacked = archive::unpack(file, source.data.bytes())?;
        &unpacked
    } else {
        source.data.bytes()
    };
    let text = source::text(file, bytes)?;
    if !french::is_of_library(&text) {
        return tidy::read(file, &text, unit, |header| place(file, header, column));
    }
    let mut table = french::read(file, &text, unit)?;
    let names: Vec<&str> =
        std::iter::once("").chain(table.columns.iter().map(String::as_str)).collect();
    let at = place(file, &names, column)?[0].at - 1;
    for row in &mut table.rows {
        *row = vec![row[at]];
    }
    table.columns = vec![RISK_FREE.to_owned()];
    Ok(table)
}

/// The column of a header that is named, or the only one, or the one whose name says what it is.
fn place(file: &str, header: &[&str], column: Option<&str>) -> Result<Vec<Place>> {
    let mut named = (0..header.len()).filter(|at| !header[*at].is_empty());
    let at = match column {
        Some(column) => named.find(|at| header[*at] == column),
        None if named.clone().count() == 1 => named.next(),
        None => named.find(|at| super::table::known(header[*at]) == Some(RISK_FREE)),
    };
    let at = at.ok_or_else(|| FactorError::NoRate {
        file: file.to_owned(),
        column: column.map_or_else(|| RISK_FREE.to_owned(), str::to_owned),
        found: header.iter().filter(|name| !name.is_empty()).map(|&name| name.to_owned()).collect(),
    })?;
    Ok(vec![Place { name: RISK_FREE, at }])
}

/// A rate for all time.
fn constant(rate: f64, sessions: &[Date]) -> Values {
    let grown = |pair: &[Date]| growth(rate, days(pair[0], pair[1])) - 1.0;
    let values = std::iter::once(0.0).chain(sessions.windows(2).map(grown));
    (values.collect(), 1..sessions.len())
}

/// What 1 becomes in some days.
fn growth(rate: f64, days: i32) -> f64 {
    libm::pow(1.0 + rate, f64::from(days) / YEAR)
}

/// The rates of a table that are known, by date.
struct Rates<'a> {
    file: &'a str,
    known: Vec<(Date, f64)>,
    /// Days that a row usually lasts.
    usual: i32,
}

fn annual(file: &str, table: &FactorTable, sessions: &[Date]) -> Result<Values> {
    let rows = table.dates.iter().zip(&table.rows);
    let known: Vec<(Date, f64)> = rows.filter_map(|(date, row)| Some((*date, row[0]?))).collect();
    let mut gaps: Vec<i32> = known.windows(2).map(|pair| days(pair[0].0, pair[1].0)).collect();
    gaps.sort_unstable();
    let Some(&usual) = gaps.get(gaps.len() / 2) else {
        return Err(FactorError::OneRate { file: file.to_owned() }.into());
    };
    if let Some((date, value)) = known.iter().find(|(_, rate)| *rate <= -1.0) {
        let (file, column, value) = (file.to_owned(), RISK_FREE.to_owned(), 100.0 * value);
        return Err(FactorError::Implausible { file, column, date: *date, value }.into());
    }
    let rates = Rates { file, known, usual };
    let mut values = vec![0.0; sessions.len()];
    let mut listing: Option<Range<usize>> = None;
    for at in 1..sessions.len() {
        if let Some(value) = rates.over(sessions[at - 1], sessions[at])? {
            values[at] = value;
            listing = Some(listing.map_or(at, |listing| listing.start)..at + 1);
        }
    }
    let listing = listing.ok_or_else(|| FactorError::NoCommonSession {
        file: file.to_owned(),
        first: rates.known[0].0,
        last: rates.known[rates.known.len() - 1].0,
        market_first: sessions[0],
        market_last: sessions[sessions.len() - 1],
    })?;
    Ok((values, listing))
}

impl Rates<'_> {
    /// What cash earns from one close to another, if rates are known for all of that time.
    fn over(&self, from: Date, to: Date) -> Result<Option<f64>> {
        let next = self.known.partition_point(|(date, _)| *date <= from);
        let Some(first) = next.checked_sub(1) else { return Ok(None) };
        let last = self.known[self.known.len() - 1].0;
        if days(last, to) > self.usual.max(SHORTEST) {
            return Ok(None);
        }
        let (mut grown, mut start) = (1.0, from);
        for row in first..self.known.len() {
            let (date, rate) = self.known[row];
            let end = self.known.get(row + 1).map_or(to, |(next, _)| *next);
            if days(date, end) > self.longest() {
                return Err(self.hole((date, end), to));
            }
            let end = end.min(to);
            grown *= growth(rate, days(start, end));
            start = end;
            if end >= to {
                break;
            }
        }
        Ok(Some(grown - 1.0))
    }

    /// Days without a row that are no hole.
    fn longest(&self) -> i32 {
        if self.usual <= SHORTEST { LONGEST_CLOSURE } else { self.usual + self.usual / 2 }
    }

    fn hole(&self, (before, next): (Date, Date), date: Date) -> Error {
        let (file, column) = (self.file.to_owned(), "rate".to_owned());
        FactorError::Missing { file, column, place: format!("between {before} and {next}"), date }
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: i8, day: i8) -> Date {
        Date::constant(2024, month, day)
    }

    fn read(name: &str, text: &str, per: Per, sessions: &[Date]) -> Result<Vec<Option<f64>>> {
        let path = std::env::temp_dir().join(format!("walkfolio-rate-{name}.csv"));
        std::fs::write(&path, text).unwrap();
        let rate = RiskFree::File { path, column: None, unit: Unit::Percent, per };
        let read = read_risk_free(&rate, sessions, None)?;
        Ok((0..sessions.len()).map(|at| read.series.value(at)).collect())
    }

    fn close(found: &[Option<f64>], expected: &[Option<f64>]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.is_some(), expected.is_some(), "{found:?} {expected:?}");
            assert!((found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-15);
        }
    }

    #[test]
    fn an_annual_rate_is_earned_from_its_date_on() {
        let text = "DATE,DTB3\n2024-01-04,4\n2024-01-05,5\n2024-01-08,.\n2024-01-09,6\n";
        let sessions =
            [day(1, 3), day(1, 4), day(1, 5), day(1, 8), day(1, 9), day(1, 12), day(1, 19)];
        let found = read("days", text, Per::Year, &sessions).unwrap();
        let grown = |rate: f64, days: f64| Some((1.0 + rate).powf(days / 365.0) - 1.0);
        // 8 January has no rate: that of the 5th holds. The 9th's holds no longer than a long weekend.
        let expected = [
            None,
            None,
            grown(0.04, 1.0),
            grown(0.05, 3.0),
            grown(0.05, 1.0),
            grown(0.06, 3.0),
            None,
        ];
        close(&found, &expected);
    }

    #[test]
    fn an_interval_of_several_rates_is_their_product() {
        let text = "month,rate\n2024-01-01,4\n2024-02-01,5\n2024-03-01,6\n";
        let found = read("months", text, Per::Year, &[day(1, 15), day(2, 15), day(3, 15)]).unwrap();
        let over = |a: f64, days_a: f64, b: f64, days_b: f64| {
            Some(a.powf(days_a / 365.0) * b.powf(days_b / 365.0) - 1.0)
        };
        let expected = [None, over(1.04, 17.0, 1.05, 14.0), over(1.05, 15.0, 1.06, 14.0)];
        close(&found, &expected);
    }

    #[test]
    fn a_rate_per_period_is_joined_as_that_of_factors() {
        let text = "date,rf\n2024-01-03,0.01\n2024-01-04,0.02\n2024-01-05,0.03\n";
        let found = read("period", text, Per::Period, &[day(1, 2), day(1, 3), day(1, 5)]).unwrap();
        close(&found, &[None, Some(0.0001), Some(1.0002 * 1.0003 - 1.0)]);
    }

    #[test]
    fn row_numbers_are_no_rate() {
        let sessions = [day(1, 2), day(1, 3), day(1, 4)];
        let expected = [None, Some(0.0001), Some(0.0002)];
        for (name, text) in [
            ("unnamed", ",date,rate\n0,2024-01-03,0.01\n1,2024-01-04,0.02\n"),
            ("numbered", "#,date,rate\n1,2024-01-03,0.01\n2,2024-01-04,0.02\n"),
            ("index", "date,rate,index\n2024-01-03,0.01,1\n2024-01-04,0.02,2\n"),
        ] {
            close(&read(name, text, Per::Period, &sessions).unwrap(), &expected);
        }
        let named = "date,index\n2024-01-03,0.01\n2024-01-04,0.02\n";
        close(&read("called-index", named, Per::Period, &sessions).unwrap(), &expected);
    }

    #[test]
    fn a_hole_and_a_missing_column_are_named() {
        let hole = "date,r\n2024-01-02,5\n2024-01-03,5\n2024-01-04,5\n2024-02-01,5\n2024-02-02,5\n";
        let sessions = [day(1, 3), day(1, 4), day(1, 5)];
        let messages = [
            read("hole", hole, Per::Year, &sessions).unwrap_err(),
            read("two", "date,a,b\n2024-01-02,5,4\n", Per::Year, &sessions).unwrap_err(),
            read("one", "date,a\n2024-01-02,5\n", Per::Year, &sessions).unwrap_err(),
            read("far", "date,a\n2020-01-02,5\n2020-01-03,5\n", Per::Year, &sessions).unwrap_err(),
        ];
        let folder = std::env::temp_dir().join("walkfolio-rate-").display().to_string();
        let messages = messages.map(|error| {
            format!("{error}\n  hint: {}", error.hint().unwrap_or_default()).replace(&folder, "")
        });
        insta::assert_snapshot!(messages.join("\n"), @"
        hole.csv has no rate between 2024-01-04 and 2024-02-01, for the return of 2024-01-05
          hint: fill in the row from another vintage, or remove the session from the prices if the exchange was closed
        two.csv has no column RF of a rate; it has a, b
          hint: name the column of the rate
        one.csv has fewer than two rates: how long one lasts is not told
          hint: state it as a constant rate
        far.csv (from 2020-01-02 to 2020-01-03) has no session in common with the prices (from 2024-01-03 to 2024-01-05)
          hint: supply factors and prices of the same period
        ");
    }
}
