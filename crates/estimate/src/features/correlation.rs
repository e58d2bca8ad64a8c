//! Correlation with the benchmark.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::feature::{Feature, FeatureKey, check_windows};
use super::history::MonthEnd;
use crate::Result;

/// Correlations of daily log returns with the benchmark's over the last so many sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CorrelationDays(pub Vec<u32>);

impl Default for CorrelationDays {
    fn default() -> Self {
        Self(vec![60])
    }
}

impl FeatureKey for CorrelationDays {
    fn validate(&self, faults: &mut Faults) {
        check_windows(&self.0, 2, faults);
    }

    fn features(&self, _: f64) -> Vec<Box<dyn Feature>> {
        let of = |&days: &u32| Box::new(Correlation { days: days as usize }) as Box<dyn Feature>;
        self.0.iter().map(of).collect()
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
