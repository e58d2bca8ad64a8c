//! What the study of a run states, as far as figures depend on it.

use serde_json::Value;
use walkfolio_core::Date;
use walkfolio_record::Manifest;

/// Periods in a year where a study does not say.
const DAILY: f64 = 252.0;
/// The probability from which on an asset counts as held where a study does not say.
const THRESHOLD: f64 = 0.5;

/// Periods in a year.
pub fn periods_per_year(manifest: &Manifest) -> f64 {
    manifest.resolved["periods_per_year"].as_f64().unwrap_or(DAILY)
}

/// Whether the study's objective is to track its benchmark.
pub fn tracks(manifest: &Manifest) -> bool {
    manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error"
}

/// The probability from which on an asset counts as selected.
pub fn threshold(manifest: &Manifest) -> f64 {
    manifest.resolved["select"]["threshold"].as_f64().unwrap_or(THRESHOLD)
}

/// From when on figures are measured, where the study says so.
pub(crate) fn measured_from(manifest: &Manifest) -> Option<Date> {
    date(&manifest.resolved["measure"]["first"])
}

/// The first and last day of a regime, as the study has them.
pub(crate) fn regime(manifest: &Manifest, name: &str) -> (Option<Date>, Option<Date>) {
    let all = manifest.resolved["regime"].as_array().into_iter().flatten();
    let found = all.into_iter().find(|regime| regime["name"] == name);
    found.map_or((None, None), |regime| (date(&regime["first"]), date(&regime["last"])))
}

/// Whether the study fills in prices by a line to later ones.
pub(crate) fn looks_ahead(manifest: &Manifest) -> bool {
    let policies = manifest.resolved["clean"].as_object();
    policies.is_some_and(|own| own.values().any(|policy| policy["kind"] == "interpolate"))
}

fn date(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}
