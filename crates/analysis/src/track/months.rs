//! The distribution of monthly returns.

use serde::Serialize;
use walkfolio_stats::measures::monthly::compounded;

use super::series::Series;

/// Fewer months than a year's show no distribution.
const FEWEST: usize = 12;
/// Widths of a bar of the histogram, the narrowest that needs at most [`BARS`] bars is taken.
const WIDTHS: [f64; 8] = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0];
/// Most bars of the histogram.
const BARS: f64 = 24.0;
/// A month that is less than this part of a bar below an edge is at it: compounding rounds.
const ROUNDING: f64 = 1e-9;

/// Monthly returns, compounded, the first and last month as far as the series goes.
///
/// # Units
/// Fractions.
/// # Examples
/// See [`Track`](super::Track).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Months {
    /// How many there are.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their median.
    pub median: f64,
    /// Their standard deviation, with `n - 1`.
    pub standard_deviation: f64,
    /// Where the first bar begins, a multiple of `width`.
    pub low: f64,
    /// The width of every bar.
    pub width: f64,
    /// How many months are in each bar; a bar holds its lower end.
    pub counts: Vec<usize>,
}

impl Months {
    /// The months of a series; `None` of fewer than twelve.
    pub fn of(series: &Series) -> Option<Self> {
        let mut months = compounded(&series.dates, &series.own);
        if months.len() < FEWEST {
            return None;
        }
        months.sort_by(f64::total_cmp);
        let (count, middle) = (months.len(), months.len() / 2);
        let mean = months.iter().sum::<f64>() / count as f64;
        let square: f64 = months.iter().map(|month| (month - mean) * (month - mean)).sum();
        let (low, high) = (months[0], months[count - 1]);
        let fits = |width: &&f64| (high - low) / **width <= BARS;
        let width = *WIDTHS.iter().find(fits).unwrap_or(&WIDTHS[WIDTHS.len() - 1]);
        let bar = |month: f64| (month / width + ROUNDING).floor();
        let first = bar(low);
        let mut counts = vec![0];
        for month in &months {
            while bar(*month) >= first + counts.len() as f64 {
                counts.push(0);
            }
            if let Some(bar) = counts.last_mut() {
                *bar += 1;
            }
        }
        Some(Self {
            count,
            mean,
            median: if count.is_multiple_of(2) {
                0.5 * (months[middle - 1] + months[middle])
            } else {
                months[middle]
            },
            standard_deviation: (square / (count - 1) as f64).sqrt(),
            low: first * width,
            width,
            counts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkfolio_core::Date;

    #[test]
    fn months_are_counted_in_bars_of_a_round_width() {
        let dates = (1..=12).map(|month| Date::constant(2024, month, 1)).collect();
        let own = vec![0.0, 0.01, 0.01, 0.02, -0.05, 0.03, 0.1, 0.0, 0.0, 0.01, -0.01, 0.0];
        let found = Months::of(&Series { dates, own, benchmark: Vec::new() }).unwrap();
        assert_eq!((found.count, found.width, found.counts.iter().sum::<usize>()), (12, 0.01, 12));
        assert!((found.low + 0.05).abs() < 1e-15);
        assert!((found.mean - 0.01).abs() < 1e-15 && (found.median - 0.005).abs() < 1e-15);
        // Four months of exactly nothing are in the bar that begins there.
        assert_eq!(found.counts[5], 4);
        assert_eq!((found.counts[0], found.counts.last()), (1, Some(&1)));
    }

    #[test]
    fn fewer_than_a_year_of_months_show_nothing() {
        let dates = (1..=11).map(|month| Date::constant(2024, month, 1)).collect();
        assert_eq!(Months::of(&Series { dates, own: vec![0.0; 11], benchmark: Vec::new() }), None);
    }
}
