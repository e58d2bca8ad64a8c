//! Keys of settings that a regime switches.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings that hold at a decision while a regime is in a state, by the last close before it.
///
/// All that apply are set in the order of the study, a later one over an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenSpec {
    /// The state; where several regimes have a state of this name, the name of the regime, with `state`.
    ///
    /// Example: `regime = "bear"`
    pub regime: String,
    /// The state of the regime that `regime` names.
    ///
    /// Example: `state = "bear"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// It applies while the probability of the state is at least this, whichever state is the most probable
    /// one; for a regime with probabilities.
    ///
    /// Unit: probability.
    ///
    /// Example: `min_probability = 0.8`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_probability: Option<f64>,
    /// Values by dotted key under `allocate` or `estimate`.
    ///
    /// Example: `set = { "allocate.objective.lambda" = 0.5 }`
    pub set: BTreeMap<String, serde_json::Value>,
}
