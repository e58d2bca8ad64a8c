//! What blends of models and of covariances share.

use schemars::{Schema, json_schema};
use walkfolio_core::Faults;

/// Weights sum to 1 up to what decimals leave.
const NEAR: f64 = 1e-9;

/// The weights of the parts of a blend are positive and sum to 1.
pub(crate) fn check_weights(weights: &[f64], faults: &mut Faults) {
    for (k, weight) in weights.iter().enumerate() {
        faults.above_zero(&format!("blend[{k}].weight"), *weight, "remove the part");
    }
    let sum: f64 = weights.iter().sum();
    if weights.is_empty() {
        let hint = "write [{ of = { kind = \"..\" }, weight = 0.5 }, ..]";
        faults.push("blend", "has no parts", hint);
    } else if (sum - 1.0).abs() > NEAR {
        let message = format!("has weights that sum to {sum:.6}, not to 1");
        faults.push("blend", message, "weights are fractions: 0.6 is 60 %");
    }
}

/// The schema of a choice inside itself: a reference to the table of a study that has it.
pub(crate) fn documented_at(key: &str) -> Schema {
    json_schema!({
        "$ref": format!("#/properties/estimate/properties/{key}"),
        "documentedAt": format!("estimate.{key}"),
    })
}
