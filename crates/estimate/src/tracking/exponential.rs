//! Newer rows weigh more than older ones.

use libm::pow;
use walkfolio_core::{Need, Past};

use super::estimator::TrackingEstimator;
use super::moments::TrackingMoments;
use crate::{Needs, Result};

/// The moments of one window whose rows weigh half as much every so many rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential {
    /// Rows of the window.
    pub rows: usize,
    /// Rows after which a return weighs half as much.
    pub half_life: f64,
}

impl TrackingEstimator for Exponential {
    fn needs(&self) -> Needs {
        Needs::returns(self.rows)
    }

    fn is_ready(&self, past: &Past<'_>, _: &[usize], _: Need) -> bool {
        past.benchmark(self.rows).is_ok()
    }

    fn moments(&self, past: &Past<'_>, assets: &[usize], _: Need) -> Result<TrackingMoments> {
        let weights = exponential_weights(self.rows, self.half_life);
        let returns = past.returns(assets, self.rows)?;
        TrackingMoments::weighted(&returns, past.benchmark(self.rows)?, &weights)
    }
}

/// Weights of rows that halve every so many days: `0.5^(age / half_life_days)`.
///
/// The newest row has age 0. An infinite half-life weighs all rows alike; one that is not positive is
/// taken as its limit, the newest row alone.
///
/// # Shape and units
/// One weight for each of `rows`, oldest first, the last is 1.
/// # Source
/// J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5.
/// # Examples
/// ```
/// let weights = walkfolio_estimate::tracking::exponential_weights(3, 1.0);
/// assert_eq!(weights, [0.25, 0.5, 1.0]);
/// ```
pub fn exponential_weights(rows: usize, half_life_days: f64) -> Vec<f64> {
    let weight = |age: usize| match age {
        0 => 1.0,
        _ if half_life_days > 0.0 => pow(0.5, age as f64 / half_life_days),
        _ => 0.0,
    };
    (0..rows).rev().map(weight).collect()
}

/// Weights that halve every so many rows and sum to 1.
pub(crate) fn weights_to_one(rows: usize, half_life: f64) -> Vec<f64> {
    let mut weights = exponential_weights(rows, half_life);
    let sum: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= sum;
    }
    weights
}
