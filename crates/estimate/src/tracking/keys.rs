//! The keys of tracking.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::holdings::Holdings;
use super::review_aware::Review;

/// How the moments of a tracking error are estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "Least squares against the benchmark's returns: `min ||R w - r_M||^2`.")]
pub struct Tracking {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// An asset with fewer returns than the window, but so many, may be held: the window then
    /// shrinks to what all assets have. Only with `review`.
    ///
    /// Example: `shortest_days = 126`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortest_days: Option<u32>,
    /// Rows after which a return weighs half as much; without it all weigh the same.
    ///
    /// Example: `half_life_days = 60.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life_days: Option<f64>,
    /// Pull towards what is held already, which lowers turnover: a ridge of so many mean second moments.
    ///
    /// Unit: mean second moments of the returns.
    ///
    /// Example: `ridge_to_holdings = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge_to_holdings: Option<f64>,
    /// What is known of the benchmark's reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// What the benchmark holds, from its own file or by its rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdings: Option<Holdings>,
}
