//! The worst drawdowns: from which peak, how deep, and when the loss was made good.

use serde::Serialize;
use walkfolio_core::Date;

use super::series::Series;

/// How many are listed.
const LISTED: usize = 10;

/// A fall below the highest value so far, until that value is reached again.
///
/// # Timing
/// `peak` is the last date at the highest value; none where that is the starting value. `recovery` is the
/// first date at or above it again; none where the series ends below it.
/// # Units
/// `depth = value at the trough / value at the peak - 1`, a negative fraction; lengths in periods.
/// # Source
/// Magdon-Ismail & Atiya (2004), Maximum Drawdown, Risk 17(10).
/// # Examples
/// See [`Track`](super::Track).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawdown {
    /// The last date at the highest value.
    pub peak: Option<Date>,
    /// The date of the lowest value.
    pub trough: Date,
    /// The first date on which the loss was made good.
    pub recovery: Option<Date>,
    /// The loss at the trough.
    pub depth: f64,
    /// Periods from the peak to the trough.
    pub to_trough: usize,
    /// Periods from the trough to the recovery, or to the end of the series.
    pub from_trough: usize,
    /// What the benchmark returned from the peak to the trough.
    pub benchmark: Option<f64>,
}

/// A drawdown by rows: the first below the peak, the lowest, the first that is not below.
struct Fall {
    first: usize,
    trough: usize,
    end: usize,
    depth: f64,
}

/// The ten worst, the worst first; of equals the earlier.
pub(super) fn worst(series: &Series) -> Vec<Drawdown> {
    let mut falls = falls(&series.own);
    falls.sort_by(|a, b| a.depth.total_cmp(&b.depth));
    falls.truncate(LISTED);
    falls.iter().map(|fall| drawdown(series, fall)).collect()
}

fn falls(returns: &[f64]) -> Vec<Fall> {
    let (mut wealth, mut peak) = (1.0_f64, 1.0_f64);
    let mut found: Vec<Fall> = Vec::new();
    let mut open: Option<Fall> = None;
    for (row, simple_return) in returns.iter().enumerate() {
        // What is lost cannot come back through two negative signs.
        wealth = (wealth * (1.0 + simple_return)).max(0.0);
        if wealth >= peak {
            peak = wealth;
            found.extend(open.take().map(|fall| Fall { end: row, ..fall }));
            continue;
        }
        let depth = wealth / peak - 1.0;
        let fall = open.get_or_insert(Fall { first: row, trough: row, end: returns.len(), depth });
        if depth < fall.depth {
            (fall.trough, fall.depth) = (row, depth);
        }
    }
    found.extend(open);
    found
}

fn drawdown(series: &Series, fall: &Fall) -> Drawdown {
    let date = |row: usize| series.dates.get(row).copied();
    Drawdown {
        peak: fall.first.checked_sub(1).and_then(date),
        trough: series.dates[fall.trough],
        recovery: date(fall.end),
        depth: fall.depth,
        to_trough: fall.trough + 1 - fall.first,
        from_trough: fall.end.min(series.dates.len() - 1) - fall.trough,
        benchmark: series.benchmark_earned(fall.first..fall.trough + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkfolio_stats::measures::drawdown::max_drawdown;

    fn series(own: &[f64]) -> Series {
        let day = |at: usize| Date::constant(2024, 1, 1 + i8::try_from(at).unwrap());
        Series {
            dates: (0..own.len()).map(day).collect(),
            own: own.to_vec(),
            benchmark: Vec::new(),
        }
    }

    #[test]
    fn the_worst_stands_first_and_one_that_lasts_has_no_recovery() {
        // 0.9, 0.99, 1.0098 (a peak), 0.80784, 0.90: the second never recovers.
        let found = worst(&series(&[-0.1, 0.1, 0.02, -0.2, 0.114]));
        assert_eq!(found.len(), 2);
        assert!((found[0].depth + 0.2).abs() < 1e-15);
        assert_eq!((found[0].recovery, found[0].to_trough, found[0].from_trough), (None, 1, 1));
        // The first begins at the starting value.
        assert_eq!((found[1].peak, found[1].recovery), (None, Some(Date::constant(2024, 1, 3))));
        assert!((found[1].depth + 0.1).abs() < 1e-15);
    }

    #[test]
    fn the_worst_is_the_maximum_drawdown() {
        let own = [0.01, -0.03, 0.02, -0.05, 0.1, -0.2, 0.05, -0.01];
        assert_eq!(worst(&series(&own))[0].depth, max_drawdown(&own).unwrap());
    }

    #[test]
    fn a_series_that_only_gains_has_none() {
        assert!(worst(&series(&[0.1, 0.0, 0.2])).is_empty());
        assert!(worst(&series(&[])).is_empty());
    }

    #[test]
    fn after_a_wipeout_nothing_recovers() {
        let found = worst(&series(&[0.1, -1.0, 0.5]));
        assert_eq!((found[0].depth, found[0].recovery), (-1.0, None));
    }
}
