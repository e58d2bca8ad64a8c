//! Features of prices.

use libm::log;

use super::feature::Feature;
use super::history::MonthEnd;
use crate::Result;

/// Momentum that skips the most recent month: `ln(P_{q-1} / P_{q-1-months})`, prices of month-ends,
/// `q` the last of them.
///
/// # Source
/// Jegadeesh & Titman (1993), Returns to buying winners and selling losers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Momentum {
    /// Months between the two prices.
    pub months: u32,
}

impl Feature for Momentum {
    fn name(&self) -> String {
        format!("momentum_{}m", self.months)
    }

    fn rows(&self) -> usize {
        0
    }

    fn months(&self) -> u32 {
        self.months.saturating_add(1)
    }

    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>> {
        let prices = at.price_before(1, asset).zip(at.price_before(self.months(), asset));
        Ok(prices.map(|(to, from)| log(to / from)))
    }
}

/// Volatility a year: the standard deviation (`ddof = 1`) of the log returns of the last `days`
/// sessions, times `sqrt(periods_per_year)`.
///
/// Missing unless there are two of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Volatility {
    /// Sessions of the window.
    pub days: usize,
    /// Sessions a year.
    pub periods_per_year: f64,
}

impl Feature for Volatility {
    fn name(&self) -> String {
        format!("volatility_{}d", self.days)
    }

    fn rows(&self) -> usize {
        self.days
    }

    fn months(&self) -> u32 {
        0
    }

    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>> {
        let window = at.log_returns(asset, self.days).filter(|window| window.len() > 1);
        Ok(window.map(|window| {
            let mean = window.iter().sum::<f64>() / window.len() as f64;
            let square: f64 = window.iter().map(|value| (value - mean) * (value - mean)).sum();
            (square / (window.len() - 1) as f64 * self.periods_per_year).sqrt()
        }))
    }
}

/// Pearson correlation of the log returns of the last `days` sessions with the benchmark's.
///
/// Missing where either did not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correlation {
    /// Sessions of the window.
    pub days: usize,
}

impl Feature for Correlation {
    fn name(&self) -> String {
        format!("correlation_{}d", self.days)
    }

    fn rows(&self) -> usize {
        self.days
    }

    fn months(&self) -> u32 {
        0
    }

    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>> {
        let benchmark = at.benchmark_log_returns(self.days)?;
        let windows = at.log_returns(asset, self.days).zip(benchmark);
        Ok(windows.and_then(|(asset, benchmark)| correlation(asset, benchmark)))
    }
}

fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mut x_sum, mut y_sum) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        x_sum += x;
        y_sum += y;
    }
    let (x_mean, y_mean) = (x_sum / n, y_sum / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - x_mean, y - y_mean);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let scale = xx.sqrt() * yy.sqrt();
    (scale > 0.0).then(|| (xy / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_by_hand() {
        // Deviations (-1, 0, 1) and (-1, 2, -1) / 3 are orthogonal; (1, 3, 2) has xy = 1, xx = yy = 2.
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[0.0, 1.0, 0.0]), Some(0.0));
        assert!((correlation(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap() - 0.5).abs() < 1e-15);
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[7.0; 3]), None);
        assert_eq!(correlation(&[], &[]), None);
    }
}
