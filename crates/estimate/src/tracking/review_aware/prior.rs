//! What the benchmark is believed to hold since its last review.

use std::collections::BTreeMap;

use libm::exp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Need, Past, Row};

use super::named::column;
use super::score::momentum_score;
use crate::{Error, Result};

/// A portfolio that stands in for the benchmark's holdings since the review:
/// `p ~ base * exp(clip(score, -clip, clip))` at the review, drifted since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "A portfolio that stands in for the benchmark's holdings: `base * exp(score)` at the last review, drifted since; the score is risk-adjusted momentum."
)]
pub struct Prior {
    /// How many rows of returns it counts as.
    ///
    /// Unit: sessions.
    ///
    /// Example: `rows = 20.0`
    pub rows: f64,
    /// Rows after which a return weighs half as much.
    ///
    /// Example: `half_life_days = 126.0`
    pub half_life_days: f64,
    /// Scores beyond this count as this.
    ///
    /// Unit: standard deviations.
    #[serde(default = "clip")]
    pub clip: f64,
    /// Weight of each asset at a score of 0, up to a common factor; 1 where an asset is not named.
    ///
    /// Unit: any, as a common factor does not matter.
    ///
    /// Example: `base = { XLK = 2.0, XLF = 1.0 }`
    #[serde(default)]
    pub base: BTreeMap<String, f64>,
}

impl Prior {
    pub(super) fn validate(&self, faults: &mut Faults) {
        faults.above_zero("rows", self.rows, "remove `prior` to do without");
        faults.above_zero("half_life_days", self.half_life_days, "");
        faults.above_zero("clip", self.clip, "");
        for (name, weight) in &self.base {
            faults.at_least_zero(&format!("base.{name}"), *weight);
        }
    }

    /// The weight of each asset at a score of 0, by universe index.
    fn base(&self, past: &Past<'_>) -> Result<Vec<f64>> {
        let mut base = vec![1.0; past.universe().len()];
        for (name, &weight) in &self.base {
            base[column(past, name)?] = weight;
        }
        Ok(base)
    }

    /// The portfolio at the review, drifted to the last known row, over the given assets.
    pub(super) fn portfolio(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        review: Row,
        need: Need,
    ) -> Result<Vec<f64>> {
        let then = past.before(review + 1)?;
        let eligible = then.eligible(need);
        let scores = momentum_score(&then, &eligible)?;
        let base = self.base(past)?;
        let last = past.rows() - 1;
        let mut held = vec![0.0; past.universe().len()];
        for (&asset, score) in eligible.iter().zip(scores) {
            let drift = match (past.price(review, asset), past.price(last, asset)) {
                (Some(from), Some(to)) => to / from,
                _ => 0.0,
            };
            held[asset] = base[asset] * exp(score.clamp(-self.clip, self.clip)) * drift;
        }
        let sum: f64 = assets.iter().map(|&asset| held[asset]).sum();
        if sum <= 0.0 {
            let rows = eligible.len();
            return Err(Error::TooFewRows { what: "the prior portfolio", rows, least: 1 });
        }
        Ok(assets.iter().map(|&asset| held[asset] / sum).collect())
    }
}

fn clip() -> f64 {
    3.0
}
