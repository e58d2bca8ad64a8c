//! What measures are taken from.

use walkfolio_core::{Date, periods_per_year};

use crate::Covered;

/// What measures are taken from: one contiguous period of a backtest.
///
/// The portfolio has one return for each session of `dates`, as a fraction; a series next to it may cover
/// a part of them, and what needs it is measured there. [`Record::new`] fills everything that is
/// optional, so that a caller names only what it has.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_stats::measures::{Record, measure};
///
/// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day));
/// let record = Record {
///     benchmark: Some((&[0.00, 0.01, 0.00]).into()),
///     periods_per_year: 4.0,
///     ..Record::new(&dates, &[0.00, 0.02, 0.02])
/// };
/// // Active 0, 0.01, 0.02: std 0.01, times sqrt(4).
/// assert!((measure(&record).get("tracking_error").unwrap() - 0.02).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// The sessions of the period.
    pub dates: &'a [Date],
    /// Net simple returns of the portfolio.
    pub portfolio: &'a [f64],
    /// Simple returns of the benchmark.
    pub benchmark: Option<Covered<'a>>,
    /// The risk-free rate a session; without it `r_f = 0`, and a note says so.
    pub cash: Option<Covered<'a>>,
    /// Returns of the market above the risk-free rate (Mkt-RF).
    pub market_excess: Option<Covered<'a>>,
    /// The rebalances that turnover, cost, concentration and gross exposure are taken from.
    pub rebalances: &'a [RebalanceRecord<'a>],
    /// How many sessions the weights of `rebalances` earned: more than `dates` has where the
    /// returns are measured from a later date than the rebalances.
    pub rebalance_sessions: usize,
    /// Sessions a year: [`periods_per_year`] of the dates unless it is given.
    pub periods_per_year: f64,
    /// The session of the wipeout, the first with equity at or below zero, if it fell into the
    /// period or before it. Its return is -1 and the last one.
    pub wiped_out: Option<Date>,
}

impl<'a> Record<'a> {
    /// A record of a portfolio alone: no benchmark, no rebalances, as many sessions a year as the dates
    /// tell. One date tells nothing: its return is that of a year.
    pub fn new(dates: &'a [Date], portfolio: &'a [f64]) -> Self {
        Self {
            dates,
            portfolio,
            benchmark: None,
            cash: None,
            market_excess: None,
            rebalances: &[],
            rebalance_sessions: dates.len(),
            periods_per_year: periods_per_year(dates).unwrap_or(1.0),
            wiped_out: None,
        }
    }
}

/// Whether a rebalance is the initial trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// From cash into the first portfolio: it is no turnover.
    Initial,
    /// From one portfolio to the next.
    Rebalance,
}

/// One rebalance of a backtest.
#[derive(Debug, Clone, Copy)]
pub struct RebalanceRecord<'a> {
    /// The first session on which the weights earn.
    pub date: Date,
    /// The weights bought, by universe index, as fractions of equity.
    pub target: &'a [f64],
    /// One way: `0.5 * sum |w_target - w_drifted|`, a fraction of equity.
    pub turnover: f64,
    /// The cost that was charged, a fraction of equity; 0 where none was.
    pub cost: f64,
    /// Whether it counts as turnover.
    pub trade: Trade,
}
