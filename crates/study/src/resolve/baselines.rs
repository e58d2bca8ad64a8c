//! The portfolios that a result is compared with.

use walkfolio_core::number::shown;

use super::Faults;
use crate::spec::{EQUAL_WEIGHT, Spec};

/// How far weights may sum from 1.
const ROUNDING: f64 = 1e-9;

impl Faults<'_> {
    pub fn baselines(&mut self, spec: &Spec) {
        for (name, weights) in &spec.measure.baselines {
            let path = format!("measure.baselines.{name}");
            if name == EQUAL_WEIGHT {
                let hint = "give it another name, or remove it";
                self.push(&path, "is in every comparison already", hint);
            }
            for (asset, weight) in weights {
                let path = format!("{path}.{asset}");
                self.at_least_zero(&path, *weight);
                let assets = &spec.market.assets;
                if !spec.market.takes_all() && !assets.contains(asset) {
                    let hint = format!("one of: {}", assets.join(", "));
                    self.push(&path, format!("{asset} is not one of market.assets"), &hint);
                }
            }
            let sum: f64 = weights.values().sum();
            if (sum - 1.0).abs() > ROUNDING {
                let near = (sum * 1e6).round() / 1e6;
                let message = format!("sums to {}, not to 1", shown(near));
                self.push(&path, message, "weights are fractions: 0.6 is 60 %");
            }
        }
    }
}
