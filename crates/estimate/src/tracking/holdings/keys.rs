//! The keys of what the benchmark holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::super::basket::{Basket, newest_basket};
use super::super::review_aware::Review;
use super::rule::ByRule;
use crate::{Error, Result};

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
    pub(super) fn validate(&self, has_reviews: bool, faults: &mut Faults) {
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
