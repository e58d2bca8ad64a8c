//! What a backtest achieved: returns, risk, tracking, tails, concentration and turnover.
//!
//! [`measure`] takes a [`Record`], one contiguous period of a backtest, and gives every figure of
//! the table that [`definitions`] returns, in its order. To add a figure, write its function in the
//! file of its group and give it a row in `measures/table.rs`; nothing else lists the keys.
//!
//! Returns are simple returns as fractions. A figure that is not defined (too few sessions, no
//! benchmark, no variance) is `None`, never NaN.

pub mod concentration;
mod definition;
pub mod drawdown;
pub(crate) mod moments;
pub mod monthly;
pub mod performance;
mod period;
pub mod relative;
pub mod shape;
mod table;
pub mod tail;
pub mod turnover;

use walkfolio_core::{Date, Note};

pub use definition::{Better, Definition, Unit, definitions};
use period::Period;

/// What measures are taken from: one contiguous period of a backtest.
///
/// All series have one value a session of `dates`, as fractions. [`Record::new`] fills everything
/// that is optional, so that a caller names only what it has.
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
    /// The session on which equity fell to zero, if it did by the end of the period. Its return is
    /// -1 and the last one.
    pub ruined: Option<Date>,
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
            ruined: None,
        }
    }
}

/// Whether a rebalance is the one that first invests the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// From cash into the first portfolio: it is no turnover.
    FirstPurchase,
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

/// The figures of one period, in the order of [`definitions`].
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    values: Vec<(&'static str, Option<f64>)>,
    notes: Vec<Note>,
}

impl Measures {
    /// The value of a key; `None` if it is not defined for the period or there is no such key.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.values.iter().find(|(name, _)| *name == key).and_then(|(_, value)| *value)
    }

    /// Every key with its value, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, Option<f64>)> + '_ {
        self.values.iter().copied()
    }

    /// What a reader of the figures must know.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// Takes every measure of a period.
///
/// # Shape and units
/// Fractions, not percent; see each [`Definition`]. A series whose length is not that of the
/// portfolio is left out, with a warning.
/// # Examples
/// ```
/// use walkfolio_stats::measures::{Record, measure};
/// use walkfolio_core::Date;
///
/// let dates = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let measures = measure(&Record::new(&dates, &[0.10, -0.20]));
/// // 1.1 * 0.8 = 0.88, which is 20 % below 1.1.
/// assert!((measures.get("cumulative_return").unwrap() + 0.12).abs() < 1e-15);
/// assert!((measures.get("max_drawdown").unwrap() + 0.20).abs() < 1e-15);
/// assert_eq!(measures.get("tracking_error"), None);
/// ```
pub fn measure(record: &Record<'_>) -> Measures {
    let mut notes = Vec::new();
    let period = Period::new(record, &mut notes);
    let mut values = Vec::with_capacity(definitions().len());
    for definition in definitions() {
        let value = definition.value(&period);
        if value.is_some_and(|value| !value.is_finite()) {
            let key = definition.key;
            notes.push(Note::warning(format!("{key} is not a finite number and is left out")));
        }
        values.push((definition.key, value.filter(|value| value.is_finite())));
    }
    Measures { values, notes }
}

#[cfg(test)]
mod tests;
