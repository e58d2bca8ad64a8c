//! Views of Black-Litterman: of the study, or of a dated file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Faults, Past, StatedView};

use crate::Result;

/// What is expected of a combination of assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketView {
    /// The assets with their weights: one of 1 is an absolute view, 1 and -1 are a relative one.
    ///
    /// Example: `assets = { XLK = 1.0, XLF = -1.0 }`
    pub assets: BTreeMap<String, f64>,
    /// The expected return of the combination.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `return = 0.02`
    #[serde(rename = "return")]
    pub expected: f64,
    /// How certain it is: 1 holds exactly, 0 is no view.
    ///
    /// Unit: share.
    #[serde(default = "half")]
    pub confidence: f64,
    /// The day from which on it is known.
    ///
    /// Example: `from = 2020-01-02`
    #[schemars(schema_with = "day")]
    pub from: Date,
    /// The last day on which it is held.
    ///
    /// Example: `until = 2020-12-31`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "day")]
    pub until: Option<Date>,
}

fn day(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "format": "date" })
}

fn half() -> f64 {
    0.5
}

impl MarketView {
    pub(super) fn validate(&self, faults: &mut Faults) {
        if !self.assets.values().any(|weight| *weight != 0.0) {
            faults.push("assets", "names no asset", "write { XLK = 1.0 }");
        }
        faults.fraction("confidence", self.confidence, "1 holds exactly, 0 is no view");
        if let Some(until) = self.until.filter(|until| *until < self.from) {
            let message = format!("{until} is before from, {}", self.from);
            faults.push("until", message, "swap the two");
        }
    }
}

/// A view that is held at a decision.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    /// Which one, in words.
    pub label: String,
    pub assets: BTreeMap<String, f64>,
    pub expected: f64,
    pub confidence: f64,
}

impl Held {
    /// Its row of `P` over some assets, or the first of its assets that is not among them.
    pub fn row(&self, past: &Past<'_>, assets: &[usize]) -> Result<Vec<f64>, &str> {
        let mut row = vec![0.0; assets.len()];
        for (name, weight) in &self.assets {
            let asset = past.universe().position(name);
            match asset.and_then(|asset| assets.iter().position(|&other| other == asset)) {
                Some(at) => row[at] = *weight,
                None => return Err(name),
            }
        }
        Ok(row)
    }
}

/// The views that are held at a decision: those of the study, then those of the file.
///
/// # Errors
/// If the market has no views of the file.
pub(super) fn held(
    stated: &[MarketView],
    file: Option<&str>,
    past: &Past<'_>,
) -> Result<Vec<Held>> {
    let Some(last) = past.dates().last().copied() else { return Ok(Vec::new()) };
    let is_held = |from: Date, until: Option<Date>, confidence: f64| {
        from <= last && until.is_none_or(|until| last <= until) && confidence > 0.0
    };
    let stated = stated.iter().enumerate();
    let own = stated.filter(|(_, view)| is_held(view.from, view.until, view.confidence));
    let own = own.map(|(k, view)| Held {
        label: format!("view {}", k + 1),
        assets: view.assets.clone(),
        expected: view.expected,
        confidence: view.confidence,
    });
    let mut all: Vec<Held> = own.collect();
    let Some(file) = file else { return Ok(all) };
    // The newest of each combination.
    let mut newest: BTreeMap<String, (Date, &StatedView)> = BTreeMap::new();
    for (date, view) in past.views(&views_name(file))? {
        newest.insert(combination(&view.assets), (*date, view));
    }
    for (name, (date, view)) in newest {
        if let Some(expected) = view.expected
            && is_held(date, view.until, view.confidence)
        {
            let label = format!("the view {name} of {date}");
            let (assets, confidence) = (view.assets.clone(), view.confidence);
            all.push(Held { label, assets, expected, confidence });
        }
    }
    Ok(all)
}

/// The name under which a market has the views of a file.
pub fn views_name(file: &str) -> String {
    format!("views of {file}")
}

/// Weights of assets in words: `XLK - XLF`.
fn combination(assets: &BTreeMap<String, f64>) -> String {
    let mut text = String::new();
    for (name, weight) in assets {
        let size = weight.abs();
        let size = if size == 1.0 { String::new() } else { format!("{size} ") };
        let sign = match (text.is_empty(), *weight < 0.0) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        };
        text = format!("{text}{sign}{size}{name}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_is_written_as_a_sum() {
        let assets = [("A", 1.0), ("B", -0.5), ("C", 0.25)].map(|(n, w)| (n.to_owned(), w));
        assert_eq!(combination(&assets.into()), "A - 0.5 B + 0.25 C");
    }
}
