//! What a resolved study says, for those who read a run later.

use serde_json::Value;
use sha2::{Digest, Sha256};
use walkfolio_core::hex;

use crate::spec::{PeriodSpec, Spec};

impl Spec {
    /// Whether the objective is to track the benchmark.
    pub fn tracks(&self) -> bool {
        self.allocate.objective.tracks()
    }

    /// The probability from which on an asset is selected, where a classifier selects.
    pub fn threshold(&self) -> Option<f64> {
        self.select.classifier().map(|classifier| classifier.threshold)
    }

    /// The minimum number of assets that are selected, where not all are.
    pub fn min_selected(&self) -> Option<u32> {
        self.select.min_selected()
    }

    /// A period by its name.
    pub fn period(&self, name: &str) -> Option<&PeriodSpec> {
        self.period.iter().find(|period| period.name == name)
    }

    /// Whether a regime switches a key, or one below it.
    pub fn switches(&self, key: &str) -> bool {
        let below = |set: &String| {
            set.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.when.iter().any(|when| when.set.keys().any(below))
    }

    /// The policies that change prices by later rows, which looks ahead, as warnings begin with them:
    /// `clean.gap = interpolate`.
    pub fn cleans_ahead(&self) -> Vec<String> {
        let policies = self.clean.iter().flat_map(walkfolio_data::quality::Cleaning::rules);
        let ahead = policies.filter(|(kind, policy)| policy.looks_ahead(*kind));
        ahead.map(|(kind, policy)| policy.of(kind)).collect()
    }

    /// The study as JSON, its keys in the order of the alphabet.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// The value of a dotted key, such as those of a grid: `allocate.objective.lambda`. None for a key
    /// that the study neither states nor has a default for.
    pub fn value(&self, key: &str) -> Option<Value> {
        let whole = self.to_json();
        key.split('.').try_fold(&whole, |at, part| at.get(part)).cloned()
    }

    /// SHA-256 of the study, in hexadecimal digits.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.to_json().to_string().as_bytes()))
    }
}
