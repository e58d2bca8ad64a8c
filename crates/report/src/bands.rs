//! The regimes of a study as they are shaded in charts.

use serde::Serialize;
use serde_json::Value;
use walkfolio_record::Manifest;

/// A regime inside the backtest.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Band {
    name: String,
    first: String,
    last: String,
}

/// The study's regimes, cut to the backtest; those outside it are left out.
pub(crate) fn bands(manifest: &Manifest) -> Vec<Band> {
    let (Some(start), Some(end)) = (manifest.first, manifest.last) else { return Vec::new() };
    let (start, end) = (start.to_string(), end.to_string());
    let regimes = manifest.resolved["regime"].as_array().into_iter().flatten();
    regimes.filter_map(|regime| band(regime, &start, &end)).collect()
}

/// ISO dates compare as text.
fn band(regime: &Value, start: &str, end: &str) -> Option<Band> {
    let first = regime["first"].as_str().unwrap_or(start).max(start);
    let last = regime["last"].as_str().unwrap_or(end).min(end);
    let name = regime["name"].as_str()?.to_owned();
    (first <= last).then(|| Band { name, first: first.to_owned(), last: last.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regime_is_cut_to_the_backtest() {
        let regime = serde_json::json!({ "name": "late", "first": "2020-01-01" });
        let cut = band(&regime, "2020-03-01", "2021-01-01").unwrap();
        assert_eq!((cut.first.as_str(), cut.last.as_str()), ("2020-03-01", "2021-01-01"));
        assert_eq!(band(&regime, "2018-01-01", "2019-01-01"), None);
    }
}
