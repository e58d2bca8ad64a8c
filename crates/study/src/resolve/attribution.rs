//! What the attribution of returns is taken by.

use std::collections::{BTreeMap, BTreeSet};

use walkfolio_core::number::shown;

use super::Faults;
use crate::spec::{AttributionSpec, ReferenceSpec, Spec};

/// How far weights may sum from 1.
const ROUNDING: f64 = 1e-9;

impl Faults<'_> {
    pub fn attribution(&mut self, spec: &Spec) {
        let Some(attribution) = &spec.attribution else { return };
        self.attribution_groups(spec, attribution);
        self.reference(spec, attribution);
        self.attribution_assets(spec, "attribution.style", &attribution.style);
        let Some(factors) = &spec.market.factors else {
            if !attribution.factors.is_empty() {
                let hint = "add factors = \"french3\" to [market], or remove it";
                self.push("attribution.factors", "names factors, and there are none", hint);
            }
            return;
        };
        let known = factors.model.factors();
        for (at, name) in attribution.factors.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let message = format!("{name} is not a factor of market.factors");
                let hint = format!("one of: {}", known.join(", "));
                self.push(&format!("attribution.factors[{at}]"), message, &hint);
            }
        }
    }

    /// Each asset in one group, and no other name.
    fn attribution_groups(&mut self, spec: &Spec, attribution: &AttributionSpec) {
        let groups = &attribution.groups;
        let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, assets) in groups {
            let path = format!("attribution.groups.{name}");
            if assets.is_empty() {
                self.push(&path, "has no asset", "name some of market.assets");
            }
            self.attribution_assets(spec, &path, assets);
            for (at, asset) in assets.iter().enumerate() {
                if let Some(other) = owner.insert(asset, name) {
                    let message = if other == name {
                        format!("{asset} is listed twice")
                    } else {
                        format!("{asset} is in {other} and in {name}: its return would count twice")
                    };
                    self.push(&format!("{path}[{at}]"), message, "name each asset once");
                }
            }
        }
        let lacks = |asset: &&String| !owner.contains_key(asset.as_str());
        let missing: Vec<&str> =
            spec.market.assets.iter().filter(lacks).map(String::as_str).collect();
        if !groups.is_empty() && !spec.market.takes_all() && !missing.is_empty() {
            let message = format!("no group has {}", missing.join(", "));
            let hint = "put each of market.assets into a group: effects must add up to the whole";
            self.push("attribution.groups", message, hint);
        }
    }

    fn reference(&mut self, spec: &Spec, attribution: &AttributionSpec) {
        let (path, Some(reference)) = ("attribution.reference", &attribution.reference) else {
            return;
        };
        let Some(benchmark) = &spec.market.benchmark else {
            let hint = "add benchmark = \"...\" to [market], or remove it";
            self.push(path, "stands for the benchmark, and there is none", hint);
            return;
        };
        match reference {
            ReferenceSpec::Benchmark {} if !spec.market.takes_all() => {
                let assets = &spec.market.assets;
                let lacks = |name: &&str| !assets.iter().any(|asset| asset == name);
                if let Some(name) = benchmark.tickers().into_iter().find(lacks) {
                    let message = format!(
                        "is the benchmark, and {name} is not one of market.assets: what it holds is not known"
                    );
                    let hint = "write { kind = \"style\" }, or weights of your own";
                    self.push(path, message, hint);
                }
            }
            ReferenceSpec::Weights { weights } => self.reference_weights(spec, weights),
            _ => {}
        }
    }

    fn reference_weights(&mut self, spec: &Spec, weights: &BTreeMap<String, f64>) {
        let path = "attribution.reference.weights";
        let names: Vec<String> = weights.keys().cloned().collect();
        self.attribution_assets(spec, path, &names);
        for (name, weight) in weights {
            self.at_least_zero(&format!("{path}.{name}"), *weight);
        }
        let sum: f64 = weights.values().sum();
        if (sum - 1.0).abs() > ROUNDING {
            self.push(path, format!("sum to {}, not to 1", shown(sum)), "scale them");
        }
    }

    /// Names of a list must be assets, and stand in it once.
    pub(super) fn attribution_assets(&mut self, spec: &Spec, path: &str, names: &[String]) {
        let assets = &spec.market.assets;
        let known: BTreeSet<&str> = assets.iter().map(String::as_str).collect();
        let takes_all = spec.market.takes_all();
        for (at, name) in names.iter().enumerate().filter(|_| names != ["*"]) {
            if !takes_all && !known.contains(name.as_str()) {
                let hint = format!("one of: {}", assets.join(", "));
                let message = format!("{name} is not one of market.assets");
                let at = if path.ends_with("weights") {
                    format!("{path}.{name}")
                } else {
                    format!("{path}[{at}]")
                };
                self.push(&at, message, &hint);
            }
        }
    }
}
