//! How far decisions were from what the benchmark held.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::HoldingsRow;

/// Active share and the tracking error that the benchmark's holdings let expect, over the decisions that know them;
/// fractions, the tracking error a year.
///
/// # Examples
/// ```
/// use walkfolio_analysis::benchmark_holdings::BenchmarkHoldings;
/// use walkfolio_core::Date;
/// use walkfolio_record::HoldingsRow;
///
/// let row = |month, active_share, tracking_error| HoldingsRow {
///     date: Date::constant(2024, month, 1),
///     of: Date::constant(2023, 12, 29),
///     names: 125,
///     known: 0.98,
///     active_share,
///     tracking_error,
/// };
/// let found = BenchmarkHoldings::of(&[row(1, 0.4, 0.02), row(2, 0.5, 0.04)]).unwrap();
/// assert_eq!((found.decisions, found.active_share_last), (2, 0.5));
/// assert!((found.expected_mean - 0.03).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BenchmarkHoldings {
    /// Decisions that know holdings.
    pub decisions: usize,
    /// The day of the holdings that the last of them knows.
    pub of: Date,
    /// How many names they are.
    pub names: u32,
    /// The smallest part of the holdings with known prices.
    pub known_least: f64,
    /// The mean active share.
    pub active_share_mean: f64,
    /// That of the last decision.
    pub active_share_last: f64,
    /// The mean expected tracking error.
    pub expected_mean: f64,
    /// That of the last decision.
    pub expected_last: f64,
}

impl BenchmarkHoldings {
    /// What the rows of a run say; none without any.
    pub fn of(rows: &[HoldingsRow]) -> Option<Self> {
        let last = rows.last()?;
        let mean =
            |pick: fn(&HoldingsRow) -> f64| rows.iter().map(pick).sum::<f64>() / rows.len() as f64;
        Some(Self {
            decisions: rows.len(),
            of: last.of,
            names: last.names,
            known_least: rows.iter().map(|row| row.known).fold(1.0, f64::min),
            active_share_mean: mean(|row| row.active_share),
            active_share_last: last.active_share,
            expected_mean: mean(|row| row.tracking_error),
            expected_last: last.tracking_error,
        })
    }
}
