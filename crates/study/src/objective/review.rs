//! What is known of the benchmark's reviews.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;
use walkfolio_estimate::{AdHoc, Prior, Reviews, Tilt};

use super::form::{Setting, path};
use crate::date::DateText;

/// What is known of the benchmark's reviews: a factor fund renews its holdings at them and drifts
/// between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSpec {
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
    pub ad_hoc: Option<AdHocSpec>,
    /// A portfolio that stands in for the benchmark's holdings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<PriorSpec>,
    /// A push towards the assets with the largest momentum scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tilt: Option<TiltSpec>,
}

/// Reviews that follow a jump of market volatility: one month-end after a monthly change above a
/// quantile of all earlier ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdHocSpec {
    /// The assets whose equal-weighted portfolio stands for the market.
    ///
    /// Example: `assets = ["XLE", "XLF", "XLK"]`
    pub assets: Vec<String>,
    /// Rows of the volatility's window.
    #[serde(default = "ad_hoc_days")]
    pub volatility_days: u32,
    /// The quantile.
    ///
    /// Unit: probability.
    #[serde(default = "ad_hoc_quantile")]
    pub quantile: f64,
    /// Earlier changes that are needed.
    ///
    /// Unit: monthly changes.
    #[serde(default = "ad_hoc_changes")]
    pub least_changes: u32,
    /// No month-end before this date counts.
    ///
    /// Example: `since = 2014-01-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub since: Option<Date>,
    /// Months, 1 to 12, in which no such review takes effect.
    ///
    /// Unit: months of a year.
    ///
    /// Example: `quiet_months = [5, 11]`
    #[serde(default)]
    pub quiet_months: Vec<u32>,
}

/// A portfolio that stands in for the benchmark's holdings: `base * exp(score)` at the last review,
/// drifted since; the score is risk-adjusted momentum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorSpec {
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
    #[serde(default = "prior_clip")]
    pub clip: f64,
    /// Weight of each asset at a score of 0, up to a common factor; 1 where an asset is not named.
    ///
    /// Unit: any, as a common factor does not matter.
    ///
    /// Example: `base = { XLK = 2.0, XLF = 1.0 }`
    #[serde(default)]
    pub base: BTreeMap<String, f64>,
}

/// A push towards the assets with the largest momentum scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TiltSpec {
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

impl ReviewSpec {
    pub(super) fn validate(&self, setting: &Setting, faults: &mut Faults) {
        if self.months.is_empty() && self.ad_hoc.is_none() {
            faults.push(&path("review.months"), "names no review", "write [5, 11]");
        }
        faults.fraction(&path("review.stale"), self.stale, "1 leaves older returns alone");
        if let Some(tilt) = &self.tilt {
            faults.above_zero(&path("review.tilt.decay_days"), tilt.decay_days, "");
        }
        check_months(&path("review.months"), &self.months, faults);
        if let Some(rule) = &self.ad_hoc {
            rule.validate(setting, faults);
        }
        if let Some(prior) = &self.prior {
            prior.validate(setting, faults);
        }
    }

    pub(super) fn reviews(&self, setting: &Setting) -> Reviews {
        let ad_hoc = self.ad_hoc.as_ref().map(|rule| rule.resolved(setting));
        Reviews { months: numbers(&self.months), ad_hoc }
    }

    pub(super) fn prior(&self, setting: &Setting) -> Option<Prior> {
        self.prior.as_ref().map(|prior| prior.resolved(setting))
    }

    pub(super) fn tilt(&self) -> Option<Tilt> {
        let tilt = self.tilt.as_ref()?;
        Some(Tilt { strength: tilt.strength, decay_rows: tilt.decay_days })
    }
}

impl AdHocSpec {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let key = |name: &str| path(&format!("review.ad_hoc.{name}"));
        for (index, name) in self.assets.iter().enumerate() {
            if !setting.assets.contains(name) {
                setting.unknown_asset(&key(&format!("assets[{index}]")), name, faults);
            }
        }
        if self.assets.is_empty() {
            faults.push(&key("assets"), "names no asset", "name some of market.assets");
        }
        faults.window(&key("volatility_days"), self.volatility_days, 2, "a volatility");
        faults.fraction(&key("quantile"), self.quantile, "0.95 is the largest twentieth");
        check_months(&key("quiet_months"), &self.quiet_months, faults);
    }

    fn resolved(&self, setting: &Setting) -> AdHoc {
        let at = |name: &String| setting.assets.iter().position(|asset| asset == name);
        AdHoc {
            assets: self.assets.iter().filter_map(at).collect(),
            volatility_rows: self.volatility_days as usize,
            quantile: self.quantile,
            least_changes: self.least_changes as usize,
            since: self.since,
            quiet_months: numbers(&self.quiet_months),
        }
    }
}

impl PriorSpec {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let key = |name: &str| path(&format!("review.prior.{name}"));
        faults.above_zero(&key("rows"), self.rows, "remove `prior` to do without");
        faults.above_zero(&key("half_life_days"), self.half_life_days, "");
        faults.above_zero(&key("clip"), self.clip, "");
        for (name, weight) in &self.base {
            let path = key(&format!("base.{name}"));
            faults.at_least_zero(&path, *weight);
            if !setting.assets.contains(name) {
                setting.unknown_asset(&path, name, faults);
            }
        }
    }

    fn resolved(&self, setting: &Setting) -> Prior {
        let weight = |name: &String| self.base.get(name).copied().unwrap_or(1.0);
        Prior {
            rows: self.rows,
            half_life: self.half_life_days,
            base: setting.assets.iter().map(weight).collect(),
            clip: self.clip,
        }
    }
}

fn check_months(path: &str, months: &[u32], faults: &mut Faults) {
    for _ in months.iter().filter(|month| !(1..=12).contains(*month)) {
        faults.push(path, "a month is a number from 1 to 12", "5 is May");
    }
}

/// Months that are checked.
fn numbers(months: &[u32]) -> Vec<i8> {
    months.iter().filter_map(|&month| i8::try_from(month).ok()).collect()
}

fn one() -> f64 {
    1.0
}

fn ad_hoc_days() -> u32 {
    63
}

fn ad_hoc_quantile() -> f64 {
    0.95
}

fn ad_hoc_changes() -> u32 {
    24
}

fn prior_clip() -> f64 {
    3.0
}
