//! Tracking by what the benchmark holds.
//!
//! A manager takes the holdings of today and asks what they would have earned: the moments then know the benchmark of
//! tomorrow and not that of last year. Holdings are those of a file, or are reconstructed by the rule of the index.
//!
//! - `rule`: the holdings of a momentum index, from prices and capitalizations;
//! - `basket`: what holdings would have earned.

mod basket;
mod rule;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Need, Past};

pub use basket::{Basket, newest_basket};
pub use rule::ByRule;

use super::review_aware::{Review, ReviewAware};
use super::sources::{Source, blended, counted_as};
use super::{Tracking, TrackingEstimator, TrackingMoments, exponential_weights};
use crate::{Error, Needs, Result};

/// What the benchmark holds, and how much its past returns count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "What the benchmark holds: the returns that its current holdings would have had over the window are tracked, next to the benchmark's own. Holdings are those of `market.files.benchmark_holdings`, or reconstructed `by_rule`."
)]
pub struct Holdings {
    /// How many rows of returns they count as.
    ///
    /// Unit: sessions.
    ///
    /// Example: `rows = 20.0`
    pub rows: f64,
    /// Rows after which a return weighs half as much.
    ///
    /// Example: `half_life_days = 252.0`
    pub half_life_days: f64,
    /// The rule of a momentum index, in place of a file of holdings. Its reviews are those of `review`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_rule: Option<ByRule>,
}

impl Holdings {
    fn validate(&self, has_reviews: bool, faults: &mut Faults) {
        faults.above_zero("rows", self.rows, "remove `holdings` to do without");
        faults.above_zero("half_life_days", self.half_life_days, "");
        let Some(rule) = &self.by_rule else { return };
        faults.part("by_rule", |faults| rule.validate(faults));
        if !has_reviews {
            let hint = "add [allocate.objective.review]";
            faults.push(
                "by_rule",
                "holds what an index takes at its reviews, and none are described",
                hint,
            );
        }
    }

    /// What the benchmark is known, or by its rule believed, to hold at the last known row.
    ///
    /// # Errors
    /// [`Error::NoBenchmarkHoldings`] before the first holdings.
    pub fn basket(&self, past: &Past<'_>, review: Option<&Review>) -> Result<Basket> {
        let found = match (&self.by_rule, review) {
            (Some(rule), Some(review)) => rule.basket(past, &review.rows(past)?),
            (Some(_), None) => None,
            (None, _) => newest_basket(past),
        };
        found.ok_or(Error::NoBenchmarkHoldings)
    }
}

/// Moments of the benchmark's own returns, review-aware if there is a `review`, together with those of the returns that
/// its holdings would have had.
///
/// With the row weights `wp` and `wb` of [`ReviewAware`], `h` the holdings at the last known row and
/// `wh = rows * 0.5^(age / half_life) / sum 0.5^(age / half_life)`, the returns `r_B = sum_i h_i x_i` of the holdings over
/// the window join the others: `H = sum (wb + wp + wh) x x' / S`, `g = sum (wb x (x'p) + wp x r_M + wh x r_B) / S`, `S` the
/// sum of all weights. A name without a return on a row leaves its part to the others there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoldingsAware<'a> {
    rows: usize,
    half_life: Option<f64>,
    reviewed: Option<ReviewAware<'a>>,
    holdings: &'a Holdings,
}

impl HoldingsAware<'_> {
    /// A study with `holdings`.
    pub(super) fn of(keys: &Tracking) -> Option<Box<dyn TrackingEstimator + '_>> {
        Some(Box::new(HoldingsAware {
            rows: keys.window as usize,
            half_life: keys.half_life_days,
            reviewed: ReviewAware::of_keys(keys),
            holdings: keys.holdings.as_ref()?,
        }))
    }

    /// The benchmark's own returns and the prior portfolio's.
    fn own(&self, past: &Past<'_>, assets: &[usize], need: Need) -> Result<(usize, Vec<Source>)> {
        if let Some(reviewed) = &self.reviewed {
            return reviewed.sources(past, assets, need);
        }
        let weights = match self.half_life {
            Some(half_life) => exponential_weights(self.rows, half_life),
            None => vec![1.0; self.rows],
        };
        let returns = past.benchmark(self.rows)?.to_vec();
        Ok((self.rows, vec![Source { weights, returns }]))
    }
}

impl TrackingEstimator for HoldingsAware<'_> {
    fn validate(&self, faults: &mut Faults) {
        if let Some(reviewed) = &self.reviewed {
            reviewed.validate(faults);
        }
        let has_reviews = self.reviewed.is_some();
        faults.part("holdings", |faults| self.holdings.validate(has_reviews, faults));
    }

    fn names(&self) -> Vec<(String, &str)> {
        self.reviewed.as_ref().map(TrackingEstimator::names).unwrap_or_default()
    }

    fn needs(&self) -> Needs {
        let own = || Needs::returns(self.rows);
        self.reviewed.as_ref().map_or_else(own, TrackingEstimator::needs)
    }

    fn is_ready(&self, past: &Past<'_>, assets: &[usize], need: Need) -> bool {
        let own = past.benchmark_returns_known() >= self.needs().rows;
        own && self.moments(past, assets, need).is_ok()
    }

    fn moments(&self, past: &Past<'_>, assets: &[usize], need: Need) -> Result<TrackingMoments> {
        let (rows, mut sources) = self.own(past, assets, need)?;
        let review = self.reviewed.as_ref().map(|own| own.review);
        let basket = self.holdings.basket(past, review)?;
        let Holdings { rows: counted, half_life_days, .. } = *self.holdings;
        let weights = counted_as(counted, half_life_days, rows);
        sources.push(Source { weights, returns: basket.returns(past, rows)? });
        let moments = blended(&past.returns(assets, rows)?, &sources)?;
        match &self.reviewed {
            Some(reviewed) => reviewed.tilted(moments, past, assets),
            None => Ok(moments),
        }
    }

    fn has_reviews(&self) -> bool {
        self.reviewed.is_some()
    }

    fn is_reviewed(&self, past: &Past<'_>) -> bool {
        self.reviewed.as_ref().is_some_and(|own| own.is_reviewed(past))
    }

    fn basket(&self, past: &Past<'_>) -> Option<Basket> {
        let review = self.reviewed.as_ref().map(|own| own.review);
        self.holdings.basket(past, review).ok()
    }
}

#[cfg(test)]
mod tests;
