//! How much of its benchmark's gains and losses a portfolio had.

use serde::Serialize;
use walkfolio_stats::measures::performance::annual_return;

use super::series::Series;

/// Months of a year.
const MONTHS: f64 = 12.0;

/// Up and down capture by months: the portfolio's annualized compounded return over the months in which the
/// benchmark gained, divided by the benchmark's own over the same months; and the same of its losses.
///
/// `((prod(1 + r_p))^(12 / n) - 1) / ((prod(1 + r_b))^(12 / n) - 1)` over the `n` months with `r_b > 0`, or with
/// `r_b < 0`.
///
/// # Units
/// Ratios: 1 is as much as the benchmark. Months that the benchmark has only in part are left out.
/// # Source
/// Morningstar (2011), Upside and Downside Capture Ratios, methodology paper.
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, track::{Capture, Series}};
///
/// let month = |month| Date::constant(2024, month, 1);
/// let series = Series {
///     dates: vec![month(1), month(2)],
///     own: vec![0.05, -0.02],
///     benchmark: vec![Some(0.10), Some(-0.04)],
/// };
/// let found = Capture::of(&series).unwrap();
/// // (1.05^12 - 1) / (1.10^12 - 1) and (0.98^12 - 1) / (0.96^12 - 1)
/// assert!((found.up.unwrap() - 0.795_856_3 / 2.138_428_4).abs() < 1e-6);
/// assert!((found.down.unwrap() - 0.215_283_3 / 0.387_290_5).abs() < 1e-6);
/// assert_eq!((found.up_months, found.down_months), (1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capture {
    /// Months in which the benchmark gained.
    pub up_months: usize,
    /// Months in which it lost.
    pub down_months: usize,
    /// Of its gains.
    pub up: Option<f64>,
    /// Of its losses.
    pub down: Option<f64>,
}

impl Capture {
    /// The captures of a series; `None` without a month of a benchmark.
    pub fn of(series: &Series) -> Option<Self> {
        let months: Vec<(f64, f64)> = series
            .groups(|date| (date.year(), date.month()))
            .into_iter()
            .filter_map(|rows| Some((series.earned(rows.clone()), series.benchmark_earned(rows)?)))
            .collect();
        if months.is_empty() {
            return None;
        }
        let some = |wanted: fn(f64) -> bool| -> Vec<(f64, f64)> {
            months.iter().copied().filter(|(_, benchmark)| wanted(*benchmark)).collect()
        };
        let (up, down) = (some(|b| b > 0.0), some(|b| b < 0.0));
        Some(Self {
            up_months: up.len(),
            down_months: down.len(),
            up: ratio(&up),
            down: ratio(&down),
        })
    }
}

fn ratio(months: &[(f64, f64)]) -> Option<f64> {
    let (own, benchmark): (Vec<f64>, Vec<f64>) = months.iter().copied().unzip();
    let ratio = annual_return(&own, MONTHS)? / annual_return(&benchmark, MONTHS)?;
    ratio.is_finite().then_some(ratio)
}
