//! Tracking by what the benchmark holds.
//!
//! A manager takes the holdings of today and asks what they would have earned: the moments then know the benchmark of
//! tomorrow and not that of last year. Holdings are those of a file, or are reconstructed by the rule of the index.
//!
//! - `keys`: whose holdings, and how much they count;
//! - `rule`: the holdings of a momentum index, from prices and capitalizations.

mod keys;
mod rule;

use walkfolio_core::{Faults, Need, Past};

pub use keys::Holdings;
pub use rule::ByRule;

use super::basket::Basket;
use super::estimator::TrackingEstimator;
use super::exponential::exponential_weights;
use super::moments::TrackingMoments;
use super::review_aware::ReviewAware;
use super::sources::{Source, blended, counted_as};
use crate::{Needs, Result};

/// Moments of the benchmark's own returns, review-aware if there is a `review`, together with those of the returns that
/// its holdings would have had.
///
/// With the row weights `wp` and `wb` of [`ReviewAware`], `h` the holdings at the last known row and
/// `wh = rows * 0.5^(age / half_life) / sum 0.5^(age / half_life)`, the returns `r_B = sum_i h_i x_i` of the holdings over
/// the window join the others: `H = sum (wb + wp + wh) x x' / S`, `g = sum (wb x (x'p) + wp x r_M + wh x r_B) / S`, `S` the
/// sum of all weights. A name without a return on a row leaves its part to the others there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoldingsAware<'a> {
    /// Rows of the window.
    pub rows: usize,
    /// Rows after which a return of the benchmark weighs half as much; all weigh the same without it.
    pub half_life: Option<f64>,
    /// What is known of the benchmark's reviews.
    pub reviewed: Option<ReviewAware<'a>>,
    /// What it holds.
    pub holdings: &'a Holdings,
}

impl HoldingsAware<'_> {
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
