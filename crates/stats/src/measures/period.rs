//! A record made ready: aligned series and what several measures share.

use walkfolio_core::Note;

use super::line::{Line, least_squares};
use super::monthly;
use super::record::{RebalanceRecord, Record};
use super::series::{active_returns, risk_free_excess};

/// What the functions of the table read.
pub(super) struct Period<'a> {
    pub portfolio: &'a [f64],
    pub benchmark: Option<&'a [f64]>,
    pub cash: Option<&'a [f64]>,
    /// `r_p - r_f`.
    pub excess: Vec<f64>,
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
        let portfolio = record.portfolio;
        let mut aligned = |what, series: Option<&'a [f64]>| aligned(what, series, portfolio, notes);
        let benchmark = aligned("benchmark", record.benchmark);
        let cash = aligned("cash", record.cash);
        let market_excess = aligned("market_excess", record.market_excess);
        let excess = risk_free_excess(portfolio, cash);
        let active = benchmark.map(|b| active_returns(portfolio, b)).unwrap_or_default();
        Self {
            portfolio,
            benchmark,
            cash,
            monthly_active: monthly_active(record, benchmark),
            benchmark_line: benchmark.and_then(|b| least_squares(b, portfolio)),
            market_line: market_excess.and_then(|market| least_squares(market, &excess)),
            excess,
            active,
            rebalances: record.rebalances,
            rebalance_sessions: record.rebalance_sessions,
            periods_per_year: record.periods_per_year,
            is_wiped_out: record.wiped_out.is_some(),
        }
    }

    /// The periods of a year, for a figure per year: one return alone has none.
    pub fn year(&self) -> Option<f64> {
        (self.portfolio.len() > 1).then_some(self.periods_per_year)
    }
}

fn monthly_active(record: &Record<'_>, benchmark: Option<&[f64]>) -> Vec<f64> {
    let Some(benchmark) = benchmark else { return Vec::new() };
    let of = |returns| monthly::compounded(record.dates, returns);
    active_returns(&of(record.portfolio), &of(benchmark))
}

/// A series if it has a value for every session: one that is shifted would be measured wrongly.
fn aligned<'a>(
    what: &str,
    series: Option<&'a [f64]>,
    portfolio: &[f64],
    notes: &mut Vec<Note>,
) -> Option<&'a [f64]> {
    let (found, expected) = (series?.len(), portfolio.len());
    if found == expected {
        return series;
    }
    notes.push(Note::warning(format!(
        "the length of {what} is {found}, that of the portfolio {expected}: it is left out"
    )));
    None
}
