//! What measures are taken from.

use walkfolio_core::Date;

/// What measures are taken from: one contiguous period of a backtest.
///
/// All series have one value a session of `dates`, as fractions. [`Record::new`] fills everything
/// that is optional, so that a caller names only what it has.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_stats::measures::{Record, measure};
///
/// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day));
/// let record = Record {
///     benchmark: Some(&[0.00, 0.01, 0.00]),
///     periods_per_year: 4.0,
///     ..Record::new(&dates, &[0.00, 0.02, 0.02])
/// };
/// // Active 0, 0.01, 0.02: std 0.01, times sqrt(4).
/// assert!((measure(&record).get("tracking_error").unwrap() - 0.02).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The sessions of the period.
    pub dates: &'a [Date],
    /// Net simple returns of the portfolio.
    pub portfolio: &'a [f64],
    /// Simple returns of the benchmark.
    pub benchmark: Option<&'a [f64]>,
    /// The risk-free rate a session; without it `r_f = 0`, and a note says so.
    pub cash: Option<&'a [f64]>,
    /// Returns of the market above the risk-free rate (Mkt-RF).
    pub market_excess: Option<&'a [f64]>,
    /// The rebalances that turnover, cost, concentration and gross exposure are taken from.
    pub rebalances: &'a [RebalanceRecord<'a>],
    /// How many sessions the weights of `rebalances` earned: more than `dates` has where the
    /// returns are measured from a later date than the rebalances.
    pub rebalance_sessions: usize,
    /// Sessions a year.
    pub periods_per_year: f64,
    /// The session of the wipeout, the first with equity at or below zero, if it fell into the
    /// period or before it. Its return is -1 and the last one.
    pub wiped_out: Option<Date>,
}

impl<'a> Record<'a> {
    /// A record of a portfolio alone: 252 sessions a year, no benchmark, no rebalances.
    pub fn new(dates: &'a [Date], portfolio: &'a [f64]) -> Self {
        Self {
            dates,
            portfolio,
            benchmark: None,
            cash: None,
            market_excess: None,
            rebalances: &[],
            rebalance_sessions: dates.len(),
            periods_per_year: 252.0,
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
