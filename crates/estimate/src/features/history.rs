//! The month-ends of a past, and its log returns.

use std::sync::OnceLock;

use libm::log;
use walkfolio_core::{Date, Error as CoreError, Listing, Need, Past, Row, month_end_rows};

use crate::{Error, Result};

/// A past with its month-ends; log returns are kept once they were asked for.
#[derive(Debug)]
pub struct History<'a> {
    past: Past<'a>,
    ends: Vec<Row>,
    /// By month-end, the count of its month since year 0.
    months: Vec<i64>,
    assets: Vec<OnceLock<LogReturns>>,
    benchmark: OnceLock<LogReturns>,
}

/// Log returns on the rows `first..`, without a gap.
#[derive(Debug)]
struct LogReturns {
    first: Row,
    values: Vec<f64>,
}

impl<'a> History<'a> {
    /// Finds the month-ends of a past.
    pub fn new(past: &Past<'a>) -> Self {
        let ends = month_end_rows(past.dates(), past.decision_date());
        let months = ends.iter().map(|&row| month_count(past.dates()[row])).collect();
        let assets = (0..past.universe().len()).map(|_| OnceLock::new()).collect();
        Self { past: *past, ends, months, assets, benchmark: OnceLock::new() }
    }

    /// The rows of the month-ends, oldest first.
    pub fn month_ends(&self) -> &[Row] {
        &self.ends
    }

    /// The month-end of an index into [`History::month_ends`].
    ///
    /// # Errors
    /// [`Error::TooFewMonths`] if there are not so many.
    pub fn at(&self, index: usize) -> Result<MonthEnd<'_, 'a>> {
        let short = Error::TooFewMonths {
            what: "the past",
            months: self.ends.len(),
            least: index.saturating_add(1),
        };
        let row = *self.ends.get(index).ok_or(short)?;
        Ok(MonthEnd { history: self, past: self.past.before(row + 1)?, index })
    }

    /// The last known month-end.
    ///
    /// # Errors
    /// [`Error::TooFewMonths`] if none is known.
    pub fn last(&self) -> Result<MonthEnd<'_, 'a>> {
        self.at(self.ends.len().saturating_sub(1))
    }

    fn asset_log_returns(&self, asset: usize) -> &LogReturns {
        self.assets[asset].get_or_init(|| {
            LogReturns::of(self.past.listing(asset), |row| self.past.price(row, asset))
        })
    }

    fn benchmark_log_returns(&self) -> &LogReturns {
        self.benchmark.get_or_init(|| {
            LogReturns::of(0..self.past.rows(), |row| self.past.benchmark_price(row))
        })
    }
}

impl LogReturns {
    /// `ln(P_t / P_{t-1})` where both prices are known.
    fn of(rows: Listing, price: impl Fn(Row) -> Option<f64>) -> Self {
        let first = rows.clone().find(|&row| price(row).is_some()).unwrap_or(rows.end);
        let prices: Vec<f64> = (first..rows.end).map_while(price).collect();
        let values = prices.windows(2).map(|pair| log(pair[1] / pair[0])).collect();
        Self { first: first + 1, values }
    }

    /// The last `days` values up to a row.
    fn up_to(&self, row: Row, days: usize) -> Option<&[f64]> {
        let end = (row + 1).checked_sub(self.first)?;
        self.values.get(end.checked_sub(days)?..end)
    }
}

/// What is known at the close of a month: no method reaches a later row.
#[derive(Debug, Clone, Copy)]
pub struct MonthEnd<'h, 'a> {
    history: &'h History<'a>,
    past: Past<'a>,
    index: usize,
}

impl<'h, 'a> MonthEnd<'h, 'a> {
    /// The rows up to the month-end; its own row is the last.
    pub fn past(&self) -> &Past<'a> {
        &self.past
    }

    /// The row of the month-end.
    pub fn row(&self) -> Row {
        self.history.ends[self.index]
    }

    /// The date of the month-end.
    pub fn date(&self) -> Date {
        self.past.dates()[self.row()]
    }

    /// The row of the month-end so many calendar months earlier, if there is one.
    pub fn month_end_before(&self, months: u32) -> Option<Row> {
        let known = &self.history.months[..=self.index];
        let wanted = known[self.index] - i64::from(months);
        // Without a month that has no session, it is so many places before.
        let guess = self.index.checked_sub(months as usize).filter(|&at| known[at] == wanted);
        let at = guess.or_else(|| known.binary_search(&wanted).ok())?;
        Some(self.history.ends[at])
    }

    /// An asset's price at the month-end so many calendar months earlier, if it was listed.
    pub fn price_before(&self, months: u32, asset: usize) -> Option<f64> {
        self.past.price(self.month_end_before(months)?, asset)
    }

    /// An asset's log returns of the last `days` rows, oldest first; `None` if one is missing.
    pub fn log_returns(&self, asset: usize, days: usize) -> Option<&'h [f64]> {
        self.history.asset_log_returns(asset).up_to(self.row(), days)
    }

    /// The benchmark's log returns of the last `days` rows, oldest first; `None` if one is missing.
    ///
    /// # Errors
    /// [`walkfolio_core::Error::Absent`] if the market has no benchmark.
    pub fn benchmark_log_returns(&self, days: usize) -> Result<Option<&'h [f64]>> {
        if let Err(CoreError::Absent { what, .. }) = self.past.benchmark(0) {
            return Err(CoreError::Absent { what, needed_by: "a feature of the study" }.into());
        }
        Ok(self.history.benchmark_log_returns().up_to(self.row(), days))
    }

    /// The assets that meet a need at the month-end, in the order of their names:
    /// [`Past::eligible`] without its search for month-ends.
    pub fn eligible(&self, need: Need) -> Vec<usize> {
        let history = need.history_months.map(|months| self.month_end_before(months));
        self.past.eligible_since(need.rows, history)
    }
}

fn month_count(date: Date) -> i64 {
    12 * i64::from(date.year()) + i64::from(date.month())
}
