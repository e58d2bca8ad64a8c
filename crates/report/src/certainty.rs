//! How certain the figures that matter are, by the stationary block bootstrap.

use walkfolio::inference::bootstrap::{
    Bootstrap, Difference, Interval, information_ratio, mean_return_annual, sharpe_difference,
    sharpe_ratio, tracking_error,
};
use walkfolio::{MeasureTable, ReturnRow};

use crate::format::{decimals, p_value};
use crate::period::Period;

/// Fewer sessions than these are too few to resample.
pub(crate) const LEAST_SESSIONS: usize = 60;
/// An interval belongs to a figure if its estimate is that figure.
const SAME: f64 = 1e-9;

/// The figures that have an interval.
pub(crate) const KEYS: [&str; 4] =
    ["sharpe_ratio", "mean_return_annual", "tracking_error", "information_ratio"];

/// The 95 % intervals of a period's figures, and its Sharpe ratio against the benchmark's.
pub(crate) struct Certainty {
    own: [Option<Interval>; KEYS.len()],
    benchmark: [Option<Interval>; KEYS.len()],
    /// The portfolio's Sharpe ratio less the benchmark's.
    pub difference: Option<Difference>,
}

/// The returns that figures are taken from.
pub(crate) struct Sample {
    /// The portfolio's, after costs.
    pub own: Vec<f64>,
    /// The benchmark's.
    pub benchmark: Option<Vec<f64>>,
    cash: Option<Vec<f64>>,
}

impl Certainty {
    /// Resamples a period; equal runs, equal intervals.
    pub(crate) fn of(period: &Period<'_>, periods_per_year: f64) -> Self {
        if period.rows.len() < LEAST_SESSIONS {
            return Self { own: [None; 4], benchmark: [None; 4], difference: None };
        }
        let sample = Sample::of(period.rows);
        let settings = Bootstrap::default();
        let excess = sample.excess(&sample.own);
        let active = sample.active();
        let relative = |figure: Figure| figure(active.as_deref()?, periods_per_year, &settings);
        let own = [
            sharpe_ratio(&excess, periods_per_year, &settings),
            mean_return_annual(&sample.own, periods_per_year, &settings),
            relative(tracking_error),
            relative(information_ratio),
        ];
        let beside = sample.benchmark.as_deref();
        let benchmark = [
            beside.and_then(|b| sharpe_ratio(&sample.excess(b), periods_per_year, &settings)),
            beside.and_then(|b| mean_return_annual(b, periods_per_year, &settings)),
            None,
            None,
        ];
        let cash = sample.cash.as_deref();
        let difference = beside
            .and_then(|b| sharpe_difference(&sample.own, b, cash, periods_per_year, &settings));
        Self {
            own: checked(own, Some(period.own)),
            benchmark: checked(benchmark, period.benchmark),
            difference,
        }
    }

    /// The interval of one of the portfolio's figures.
    pub(crate) fn own(&self, key: &str) -> Option<Interval> {
        self.own[KEYS.iter().position(|other| *other == key)?]
    }

    /// The interval of one of the benchmark's figures.
    pub(crate) fn benchmark(&self, key: &str) -> Option<Interval> {
        self.benchmark[KEYS.iter().position(|other| *other == key)?]
    }
}

type Figure = fn(&[f64], f64, &Bootstrap) -> Option<Interval>;

/// Only intervals whose estimate is the figure in the table beside them.
fn checked(
    found: [Option<Interval>; KEYS.len()],
    table: Option<&MeasureTable>,
) -> [Option<Interval>; KEYS.len()] {
    let mut found = found;
    for (interval, key) in found.iter_mut().zip(KEYS) {
        let figure = table.and_then(|table| table.get(key));
        *interval = interval.filter(|interval| is_of(interval, figure));
    }
    found
}

/// Whether an interval is that of a figure.
pub(crate) fn is_of(interval: &Interval, figure: Option<f64>) -> bool {
    figure.is_some_and(|value| (value - interval.estimate).abs() <= SAME * value.abs().max(1.0))
}

impl Sample {
    /// The returns of some sessions.
    pub(crate) fn of(rows: &[ReturnRow]) -> Self {
        Self {
            own: rows.iter().map(|row| row.portfolio).collect(),
            benchmark: rows.iter().map(|row| row.benchmark).collect(),
            cash: rows.iter().map(|row| row.cash).collect(),
        }
    }

    /// Returns above cash.
    fn excess(&self, returns: &[f64]) -> Vec<f64> {
        match &self.cash {
            Some(cash) => returns.iter().zip(cash).map(|(r, cash)| r - cash).collect(),
            None => returns.to_vec(),
        }
    }

    /// Returns above the benchmark's.
    pub(crate) fn active(&self) -> Option<Vec<f64>> {
        let benchmark = self.benchmark.as_deref()?;
        Some(self.own.iter().zip(benchmark).map(|(r, b)| r - b).collect())
    }
}

/// Whether a difference of two Sharpe ratios means anything, in words that claim no more than that.
pub(crate) fn verdict(difference: f64, distinguishable: bool) -> &'static str {
    match (distinguishable, difference < 0.0) {
        (false, _) => "cannot be told apart",
        (true, false) => "better",
        (true, true) => "worse",
    }
}

/// The Sharpe ratio against the benchmark's, in a sentence.
pub(crate) fn sentence(found: &Difference, benchmark: &str) -> String {
    let value = found.interval.estimate;
    let words = match (found.distinguishable, value < 0.0) {
        (false, _) => "the two cannot be told apart",
        (true, false) => "the strategy is better by more than chance explains",
        (true, true) => "the strategy is worse by more than chance explains",
    };
    format!(
        "Its Sharpe ratio is {} {} {benchmark}’s (95\u{202f}% interval of the difference {} to {}, {}): {words}.",
        decimals(value.abs(), 2),
        if value < 0.0 { "below" } else { "above" },
        decimals(found.interval.low, 2),
        decimals(found.interval.high, 2),
        p_value(found.p_value),
    )
}
