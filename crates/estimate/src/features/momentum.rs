//! Momentum.

use libm::log;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::feature::{Feature, FeatureKey, check_windows};
use super::history::MonthEnd;
use crate::Result;

/// Log returns over so many months, up to the month-end before the last: the most recent month
/// is skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MomentumMonths(pub Vec<u32>);

impl Default for MomentumMonths {
    fn default() -> Self {
        Self(vec![1, 3, 6, 12])
    }
}

impl FeatureKey for MomentumMonths {
    fn validate(&self, faults: &mut Faults) {
        check_windows(&self.0, 1, faults);
    }

    fn features(&self, _: f64) -> Vec<Box<dyn Feature>> {
        let of = |&months: &u32| Box::new(Momentum { months }) as Box<dyn Feature>;
        self.0.iter().map(of).collect()
    }
}

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
