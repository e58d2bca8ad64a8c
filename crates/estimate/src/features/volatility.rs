//! Volatility.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::feature::{Feature, FeatureKey, check_windows};
use super::history::MonthEnd;
use crate::Result;

/// Annualized standard deviations of the last so many daily log returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct VolatilityDays(pub Vec<u32>);

impl Default for VolatilityDays {
    fn default() -> Self {
        Self(vec![20, 60])
    }
}

impl FeatureKey for VolatilityDays {
    fn validate(&self, faults: &mut Faults) {
        check_windows(&self.0, 2, faults);
    }

    fn features(&self, periods_per_year: f64) -> Vec<Box<dyn Feature>> {
        let of = |&days: &u32| {
            Box::new(Volatility { days: days as usize, periods_per_year }) as Box<dyn Feature>
        };
        self.0.iter().map(of).collect()
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
