//! What is known of a benchmark's reviews, and when its holdings are renewed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row, month_end_rows};

use super::calendar::{AdHoc, check_months, month};
use super::prior::Prior;
use crate::Result;

/// What is known of the benchmark's reviews: a factor fund renews its holdings at them and drifts
/// between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Months, 1 to 12, at whose last session scheduled reviews take effect.
    ///
    /// Unit: months of a year.
    ///
    /// Example: `months = [5, 11]`
    pub months: Vec<u32>,
    /// What a return from before the last review weighs, relative to one after it.
    ///
    /// Unit: fraction.
    #[serde(default = "one")]
    pub stale: f64,
    /// Reviews that follow a jump of market volatility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad_hoc: Option<AdHoc>,
    /// A portfolio that stands in for the benchmark's holdings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// A push towards the assets with the largest momentum scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tilt: Option<Tilt>,
}

/// A push of the cross moments towards the assets with the largest scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "A push towards the assets with the largest momentum scores.")]
pub struct Tilt {
    /// Its size, as a part of the mean second moment for a score of 1.
    ///
    /// Unit: mean second moments of the returns.
    ///
    /// Example: `strength = 0.05`
    pub strength: f64,
    /// Rows after a review in which it falls by the factor e.
    ///
    /// Example: `decay_days = 40.0`
    pub decay_days: f64,
}

impl Review {
    /// The month-end rows at which reviews have taken effect, oldest first.
    ///
    /// # Errors
    /// [`Error::UnknownAsset`](crate::Error::UnknownAsset) if the volatility is that of an asset
    /// that the market does not have.
    pub fn rows(&self, past: &Past<'_>) -> Result<Vec<Row>> {
        let ends = month_end_rows(past.dates(), past.decision_date());
        let ad_hoc = match &self.ad_hoc {
            None => None,
            Some(rule) => Some(rule.months_after_jumps(past, &ends)?),
        };
        let scheduled = |row: Row| self.months.contains(&month(past, row));
        let extra = |index: usize| ad_hoc.as_ref().is_some_and(|effective| effective[index]);
        let due = |&(index, &row): &(usize, &Row)| scheduled(row) || extra(index);
        Ok(ends.iter().enumerate().filter(due).map(|(_, &row)| row).collect())
    }

    pub(super) fn validate(&self, faults: &mut Faults) {
        if self.months.is_empty() && self.ad_hoc.is_none() {
            faults.push("months", "names no review", "write [5, 11]");
        }
        faults.fraction("stale", self.stale, "1 leaves older returns alone");
        if let Some(tilt) = &self.tilt {
            faults.above_zero("tilt.decay_days", tilt.decay_days, "");
        }
        check_months("months", &self.months, faults);
        if let Some(rule) = &self.ad_hoc {
            faults.part("ad_hoc", |faults| rule.validate(faults));
        }
        if let Some(prior) = &self.prior {
            faults.part("prior", |faults| prior.validate(faults));
        }
    }

    pub(super) fn names(&self) -> Vec<(String, &str)> {
        let market = self.ad_hoc.iter().flat_map(|rule| rule.assets.iter().enumerate());
        let market =
            market.map(|(index, name)| (format!("review.ad_hoc.assets[{index}]"), &name[..]));
        let base = self.prior.iter().flat_map(|prior| prior.base.keys());
        let base = base.map(|name| (format!("review.prior.base.{name}"), &name[..]));
        market.chain(base).collect()
    }
}

fn one() -> f64 {
    1.0
}
