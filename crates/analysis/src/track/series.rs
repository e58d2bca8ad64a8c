//! Returns of a portfolio and of its benchmark.

use std::ops::Range;

use walkfolio_core::Date;
use walkfolio_record::ReturnRow;
use walkfolio_stats::measures::performance::final_wealth;

/// Returns of a portfolio and, where it has one, of its benchmark.
///
/// # Shape and units
/// As many dates as returns; simple returns after costs as fractions. `benchmark` is empty where there is
/// none, else one entry a date, none where it has no return.
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, track::Series};
///
/// let series = Series {
///     dates: vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)],
///     own: vec![0.1, 0.1],
///     benchmark: Vec::new(),
/// };
/// assert!((series.earned(0..2) - 0.21).abs() < 1e-15);
/// assert_eq!(series.benchmark_earned(0..2), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The date at whose end each return is earned.
    pub dates: Vec<Date>,
    /// The portfolio's returns.
    pub own: Vec<f64>,
    /// The benchmark's.
    pub benchmark: Vec<Option<f64>>,
}

impl Series {
    /// The returns of a backtest.
    pub fn of(rows: &[ReturnRow]) -> Self {
        let compared = rows.iter().any(|row| row.benchmark.is_some());
        let benchmark = rows.iter().filter(|_| compared).map(|row| row.benchmark);
        Self {
            dates: rows.iter().map(|row| row.date).collect(),
            own: rows.iter().map(|row| row.portfolio).collect(),
            benchmark: benchmark.collect(),
        }
    }

    /// The portfolio's compounded return over some rows.
    pub fn earned(&self, rows: Range<usize>) -> f64 {
        final_wealth(&self.own[rows]) - 1.0
    }

    /// The benchmark's over the same rows; none where it lacks one of them.
    pub fn benchmark_earned(&self, rows: Range<usize>) -> Option<f64> {
        Some(final_wealth(&self.of_benchmark(rows)?) - 1.0)
    }

    /// The benchmark's returns of some rows, where it has them all.
    pub(super) fn of_benchmark(&self, rows: Range<usize>) -> Option<Vec<f64>> {
        let returns = self.benchmark.get(rows)?;
        returns.iter().copied().collect::<Option<_>>().filter(|found: &Vec<f64>| !found.is_empty())
    }

    /// The rows of each group of neighbours that have the same key, in order.
    pub(super) fn groups<K: PartialEq>(&self, key: impl Fn(Date) -> K) -> Vec<Range<usize>> {
        let mut start = 0;
        let groups = self.dates.chunk_by(|a, b| key(*a) == key(*b)).map(|group| {
            let rows = start..start + group.len();
            start = rows.end;
            rows
        });
        groups.collect()
    }
}
