//! Factor returns over the intervals of a market's returns.
//!
//! The return of session `t` is earned over `(t-1, t]`, and so is what it is compared with: the rows
//! of the factor file in that interval are compounded. One row is taken as it is. Several give
//! `prod(1 + RF) - 1` for cash, `prod(1 + Mkt-RF + RF) - prod(1 + RF)` for the market and
//! `prod(1 + f) - 1` for every other factor.
//!
//! A row of a daily file covers its own session, one of a weekly or monthly file the time since the
//! row before it. An interval is covered if its rows cover all of it: what a file leaves out at its
//! beginning and its end has no factor returns, what it leaves out inside is an error.

use std::ops::Range;

use walkfolio_core::{Date, Factors, Listing, Matrix, Series, calendar};

use super::table::{FactorTable, RISK_FREE, Step};
use crate::{Error, FactorError, Result};

/// The factor that is the market's return above the risk-free rate.
const MARKET: &str = "Mkt-RF";
/// A session and the last day of a week or a month that it ends are at most so many days apart.
const NEAR_WEEK: i32 = 3;
const NEAR_MONTH: i32 = 4;
/// A weekend with a holiday before or after it, in days from close to close.
const LONG_WEEKEND: i32 = 4;
/// A longer time without a row, in days, is a hole in any daily file: closures of a week have
/// occurred, and holidays of eleven days in Asia.
const LONGEST_CLOSURE: i32 = 12;
/// A daily file that has this part of New York's sessions follows its calendar.
const FOLLOWS: f64 = 0.99;

/// The factors and the risk-free rate of a file by the sessions of a market.
pub(super) fn align(
    file: &str,
    table: &FactorTable,
    sessions: &[Date],
) -> Result<(Factors, Series)> {
    let k = table.columns.len() - 1;
    let (all, listing) = compounded(file, table, sessions)?;
    let mut values = Matrix::zeros(sessions.len(), k);
    let mut risk_free = vec![0.0; sessions.len()];
    for at in listing.clone() {
        for k in 0..k {
            values[(at, k)] = all[(at, k)];
        }
        risk_free[at] = all[(at, k)];
    }
    let names = table.columns[..k].to_vec();
    let factors = Factors::new(sessions, names, values, risk_free.clone(), listing.clone())?;
    let cash = Series::new("the risk-free rate", sessions, risk_free, listing)?;
    Ok((factors, cash))
}

/// Every column of a table over the intervals of a market's returns, and the sessions that have one.
pub(super) fn compounded(
    file: &str,
    table: &FactorTable,
    sessions: &[Date],
) -> Result<(Matrix, Listing)> {
    let rows = Rows::new(file, table);
    let found: Vec<Option<Range<usize>>> =
        (0..sessions.len()).map(|at| rows.interval(sessions, at)).collect();
    let listing = listing(&rows, sessions, &found)?;
    let mut values = Matrix::zeros(sessions.len(), table.columns.len());
    for at in listing.clone() {
        let own = found[at].clone().ok_or_else(|| rows.missing("row", sessions, at, None))?;
        rows.check_holes(&own, sessions, at)?;
        for (k, value) in rows.compounded(own, sessions, at)?.into_iter().enumerate() {
            values[(at, k)] = value;
        }
    }
    Ok((values, listing))
}

/// From the first to the last session whose interval the file covers.
fn listing(rows: &Rows<'_>, sessions: &[Date], found: &[Option<Range<usize>>]) -> Result<Listing> {
    let first = found.iter().position(Option::is_some);
    let last = found.iter().rposition(Option::is_some);
    let (file, dates) = (rows.file.to_owned(), &rows.table.dates);
    if let (Some(first), Some(last)) = (first, last) {
        return Ok(first..last + 1);
    }
    let (from, to) = (dates[0], dates[dates.len() - 1]);
    let inside = |at: &usize| sessions[at - 1] >= from && sessions[*at] <= to;
    match (1..sessions.len()).find(inside) {
        Some(at) if rows.table.step != Step::Day => Err(FactorError::Step {
            file,
            found: rows.table.step.name(),
            after: sessions[at - 1],
            date: sessions[at],
        }
        .into()),
        _ => Err(FactorError::NoCommonSession {
            file,
            first: from,
            last: to,
            market_first: sessions[0],
            market_last: sessions[sessions.len() - 1],
        }
        .into()),
    }
}

/// The rows of a factor file.
struct Rows<'a> {
    file: &'a str,
    table: &'a FactorTable,
    /// Whether a daily file has a row for each session of New York.
    follows_new_york: bool,
}

impl<'a> Rows<'a> {
    fn new(file: &'a str, table: &'a FactorTable) -> Self {
        let dates = &table.dates;
        let follows_new_york = table.step == Step::Day && {
            let sessions = calendar::sessions(dates[0], dates[dates.len() - 1]);
            let has = sessions.iter().filter(|date| dates.binary_search(date).is_ok()).count();
            has as f64 >= FOLLOWS * sessions.len() as f64
        };
        Self { file, table, follows_new_york }
    }

    /// The rows that cover the interval of a session's return; none if they do not cover all of it.
    ///
    /// The first session has no return: a daily row of its date is its own.
    fn interval(&self, sessions: &[Date], at: usize) -> Option<Range<usize>> {
        let (dates, date) = (&self.table.dates, sessions[at]);
        if at == 0 {
            let row = dates.binary_search(&date).ok().filter(|_| self.table.step == Step::Day)?;
            return Some(row..row + 1);
        }
        let after = sessions[at - 1];
        let own = match self.table.step {
            Step::Day => self.daily(after, date)?,
            Step::Week | Step::Month => self.ended_by(after)?..self.ended_by(date)?,
        };
        (!own.is_empty()).then_some(own)
    }

    /// The daily rows in `(after, date]`, if the file has begun and has not ended there.
    fn daily(&self, after: Date, date: Date) -> Option<Range<usize>> {
        let dates = &self.table.dates;
        let start = dates.partition_point(|row| *row <= after);
        let end = dates.partition_point(|row| *row <= date);
        let begun = start > 0 || !trades_between(after, *dates.get(start)?);
        let last = dates[dates.len() - 1];
        let lasts = end < dates.len() || last == date || !trades_after(last, date);
        (begun && lasts).then_some(start..end)
    }

    /// The number of rows up to the end of the week or month that a session ends, if it does.
    fn ended_by(&self, session: Date) -> Option<usize> {
        let dates = &self.table.dates;
        let is_end = |end: Date| match self.table.step {
            Step::Month => near_month_end(session, end),
            _ => days(session, end).abs() <= NEAR_WEEK,
        };
        let near = dates.partition_point(|row| days(*row, session) > NEAR_WEEK);
        let found = (near..dates.len().min(near + 2)).find(|&row| is_end(dates[row]));
        let before_all = || is_end(self.table.step.before(dates[0])).then_some(0);
        found.map(|row| row + 1).or_else(before_all)
    }

    /// An error if the file lacks rows between those of an interval.
    fn check_holes(&self, own: &Range<usize>, sessions: &[Date], at: usize) -> Result<()> {
        // Where one daily row covers a day or a weekend, nothing can be between.
        let short = |at: usize| days(sessions[at - 1], sessions[at]) <= LONG_WEEKEND;
        if at == 0 || (own.len() == 1 && short(at)) {
            return Ok(());
        }
        let dates = &self.table.dates;
        let is_hole = |before: Date, date: Date| match self.table.step {
            Step::Month => Step::Month.before(date) != before,
            Step::Week => days(before, date) > 7 + NEAR_WEEK,
            Step::Day => {
                days(before, date) > LONGEST_CLOSURE
                    || (self.follows_new_york && trades_between(before, date))
            }
        };
        let found = (own.start.max(1)..own.end).find(|&row| is_hole(dates[row - 1], dates[row]));
        match found {
            Some(row) => Err(self.missing("row", sessions, at, Some((dates[row - 1], dates[row])))),
            None => Ok(()),
        }
    }

    fn compounded(&self, own: Range<usize>, sessions: &[Date], at: usize) -> Result<Vec<f64>> {
        let value = |row: usize, k: usize| {
            self.table.rows[row][k].ok_or_else(|| {
                let date = self.table.dates[row];
                self.missing(&self.table.columns[k], sessions, at, Some((date, date)))
            })
        };
        let columns = self.table.columns.len();
        let one = |row: usize| (0..columns).map(|k| value(row, k)).collect::<Result<Vec<f64>>>();
        if own.len() == 1 {
            return one(own.start);
        }
        let excess = self.table.column(MARKET).zip(self.table.column(RISK_FREE));
        let (mut market, mut growth) = (1.0, vec![1.0; columns]);
        for row in own {
            let values = one(row)?;
            if let Some((excess, risk_free)) = excess {
                market *= 1.0 + values[excess] + values[risk_free];
            }
            for (growth, value) in growth.iter_mut().zip(values) {
                *growth *= 1.0 + value;
            }
        }
        let mut all: Vec<f64> = growth.iter().map(|growth| growth - 1.0).collect();
        if let Some((excess, risk_free)) = excess {
            all[excess] = market - growth[risk_free];
        }
        Ok(all)
    }

    /// The error of an interval without a value; `hole` is where in the file it is missing.
    fn missing(
        &self,
        column: &str,
        sessions: &[Date],
        at: usize,
        hole: Option<(Date, Date)>,
    ) -> Error {
        let place = match hole {
            Some((row, same)) if row == same => format!("on {row}"),
            Some((before, next)) => format!("between {before} and {next}"),
            None => format!("after {} and up to {}", sessions[at.max(1) - 1], sessions[at]),
        };
        let file = self.file.to_owned();
        FactorError::Missing { file, column: column.to_owned(), place, date: sessions[at] }.into()
    }
}

/// Whether a session is one of the last days of a month that ends on `end`.
pub(super) fn near_month_end(session: Date, end: Date) -> bool {
    let same = (end.year(), end.month()) == (session.year(), session.month());
    same && days(session, end) <= NEAR_MONTH
}

/// Whether New York trades on a day after `first` and before `last`.
fn trades_between(first: Date, last: Date) -> bool {
    last.yesterday().is_ok_and(|eve| trades_after(first, eve))
}

/// Whether New York trades on a day after `first`, up to `last`.
fn trades_after(first: Date, last: Date) -> bool {
    first.tomorrow().is_ok_and(|next| !calendar::sessions(next, last).is_empty())
}

/// Days from one date to another.
pub(super) fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests;
