//! A record made ready: aligned series and what several measures share.

use std::ops::Range;

use walkfolio_core::Note;

use super::line::{Line, least_squares};
use super::monthly;
use super::needs::Needs;
use super::record::{RebalanceRecord, Record};
use super::series::active_returns;
use crate::Covered;

/// What the functions of the table read.
pub(super) struct Period<'a> {
    pub portfolio: &'a [f64],
    pub benchmark: Option<Covered<'a>>,
    pub cash: Option<Covered<'a>>,
    pub market_excess: Option<Covered<'a>>,
    /// `r_p - r_f`, where there is a risk-free rate; without such a series `r_p`.
    pub excess: Covered<'a>,
    /// `r_p - r_b`; empty without a benchmark.
    pub active: Vec<f64>,
    /// The same from returns compounded by calendar month.
    pub monthly_active: Vec<f64>,
    pub benchmark_line: Option<Line>,
    pub market_line: Option<Line>,
    pub rebalances: &'a [RebalanceRecord<'a>],
    pub rebalance_sessions: usize,
    pub periods_per_year: f64,
    pub is_wiped_out: bool,
}

impl<'a> Period<'a> {
    pub fn new(record: &Record<'a>, notes: &mut Vec<Note>) -> Self {
        let portfolio = Covered::from(record.portfolio);
        let mut aligned =
            |what, series: &Option<Covered<'a>>| aligned(what, series.as_ref(), &portfolio, notes);
        let benchmark = aligned("benchmark", &record.benchmark);
        let cash = aligned("cash", &record.cash);
        let market_excess = aligned("market_excess", &record.market_excess);
        let excess = cash.as_ref().map_or_else(|| portfolio.clone(), |cash| portfolio.less(cash));
        let active = benchmark.as_ref().map(|b| portfolio.less(b).values().to_vec());
        let line = |x: &Covered<'_>, y: &Covered<'_>| {
            let (_, x, y) = x.common(y);
            least_squares(x, y)
        };
        Self {
            portfolio: record.portfolio,
            monthly_active: benchmark
                .as_ref()
                .map(|b| monthly_active(record, &portfolio, b))
                .unwrap_or_default(),
            benchmark_line: benchmark.as_ref().and_then(|b| line(b, &portfolio)),
            market_line: market_excess.as_ref().and_then(|market| line(market, &excess)),
            benchmark,
            cash,
            market_excess,
            excess,
            active: active.unwrap_or_default(),
            rebalances: record.rebalances,
            rebalance_sessions: record.rebalance_sessions,
            periods_per_year: record.periods_per_year,
            is_wiped_out: record.wiped_out.is_some(),
        }
    }

    /// The periods of a year, for a figure per year of these returns: one alone has none.
    pub fn year(&self, returns: &[f64]) -> Option<f64> {
        (returns.len() > 1).then_some(self.periods_per_year)
    }

    /// The sessions that a measure is taken from.
    pub fn rows(&self, needs: Needs) -> Range<usize> {
        let none = 0..0;
        match needs {
            Needs::Nothing => 0..self.portfolio.len(),
            Needs::Cash => self.excess.rows(),
            Needs::Benchmark => self.benchmark.as_ref().map_or(none, Covered::rows),
            Needs::Market => {
                self.market_excess.as_ref().map_or(none, |market| market.common(&self.excess).0)
            }
        }
    }
}

fn monthly_active(record: &Record<'_>, own: &Covered<'_>, benchmark: &Covered<'_>) -> Vec<f64> {
    let (rows, own, benchmark) = own.common(benchmark);
    let Some(dates) = record.dates.get(rows).filter(|_| own_dates(record)) else {
        return Vec::new();
    };
    let of = |returns| monthly::compounded(dates, returns);
    active_returns(&of(own), &of(benchmark))
}

/// Whether each return has its date.
fn own_dates(record: &Record<'_>) -> bool {
    record.dates.len() == record.portfolio.len()
}

/// A series if it is of the same sessions: one that is shifted would be measured wrongly.
fn aligned<'a>(
    what: &str,
    series: Option<&Covered<'a>>,
    portfolio: &Covered<'_>,
    notes: &mut Vec<Note>,
) -> Option<Covered<'a>> {
    let (found, expected) = (series?.sessions(), portfolio.sessions());
    if found == expected {
        return series.cloned();
    }
    notes.push(Note::warning(format!(
        "the length of {what} is {found}, that of the portfolio {expected}: it is left out"
    )));
    None
}
