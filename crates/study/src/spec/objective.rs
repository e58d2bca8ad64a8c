//! Keys of `allocate.objective`: what is made best.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_optimize::Settings;

use super::{DateText, yes};

/// What is made best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ObjectiveSpec {
    /// Least squares against the benchmark's returns: `min ||R w - r_M||^2`.
    TrackingError {
        /// Rows of the window.
        ///
        /// Example: `window_days = 252`
        window_days: u32,
        /// An asset with fewer returns than the window, but so many, may be held: the window then
        /// shrinks to what all assets have. Only with `review`.
        ///
        /// Example: `shortest_days = 126`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shortest_days: Option<u32>,
        /// Rows after which a return weighs half as much; without it all weigh the same.
        ///
        /// Example: `half_life_days = 60.0`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        half_life_days: Option<f64>,
        /// Pull towards what is held already: a ridge of so many mean second moments.
        ///
        /// Unit: mean second moments of the returns.
        ///
        /// Example: `stay_near = 0.1`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stay_near: Option<f64>,
        /// What is known of the benchmark's reviews.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<ReviewSpec>,
    },
    /// `min risk_aversion / 2 w' Sigma w - mu'w`, with the penalties of `[allocate]`.
    MeanVariance {
        /// Aversion to risk, in the unit of `estimate.units`.
        ///
        /// Unit: return for a variance of 1.
        #[serde(default = "one")]
        risk_aversion: f64,
    },
    /// `max rho'w - lambda sqrt(w' Sigma w)`.
    RobustUtility {
        /// Aversion to risk, in the unit of `estimate.units`.
        ///
        /// Unit: return for a volatility of 1.
        ///
        /// Example: `lambda = 0.10`
        lambda: f64,
    },
    /// `max N(w) / max(TEV(w), tev_floor) - lambda sqrt(w' Sigma w)`, the global maximum with a
    /// proven bound.
    InformationRatio {
        /// Aversion to risk, in the unit of `estimate.units`.
        ///
        /// Unit: the ratio for a volatility of 1.
        ///
        /// Example: `lambda = 0.10`
        lambda: f64,
        /// Tracking errors below this count as this, in the unit of `estimate.units`; 2 % a year by
        /// default, none where the benchmark cannot be held.
        ///
        /// Unit: fraction.
        ///
        /// Example: `tev_floor = 0.02`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tev_floor: Option<f64>,
        /// Whether the benchmark itself may be held.
        #[serde(default = "yes")]
        benchmark_tradable: bool,
        /// What is divided by the tracking error.
        #[serde(default)]
        numerator: NumeratorSpec,
        /// How far the proven bound may be from the value.
        ///
        /// Unit: fraction of the ratio, where that is above 1.
        #[serde(default = "ratio_tolerance")]
        tolerance: f64,
    },
}

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

/// The numerator of an information ratio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumeratorSpec {
    /// `rho'w`.
    #[default]
    Total,
    /// `(rho - rho_b 1)'w`, the return above the benchmark's.
    Active,
}

fn one() -> f64 {
    1.0
}

fn ratio_tolerance() -> f64 {
    Settings::default().ratio_tolerance
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
