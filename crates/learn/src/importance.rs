//! How much features matter.

use serde::{Deserialize, Serialize};

/// How much a feature matters to a model.
///
/// # Source
/// XGBoost, `Booster.get_score` with `importance_type` "gain", "weight" and "cover".
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Importance {
    /// Average gain of the splits on the feature; 0 without splits.
    pub gain: f64,
    /// Number of splits on the feature.
    pub weight: u32,
    /// Average sum of second derivatives of the nodes that these splits part; 0 without splits.
    pub cover: f64,
}
