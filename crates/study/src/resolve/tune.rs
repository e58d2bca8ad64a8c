//! Settings that are chosen on past decisions, and targets.

use walkfolio_stats::measures::definitions;

use super::Faults;
use crate::nearest::nearest;
use crate::spec::Spec;

/// More combinations than this would make each choice a study of its own.
const MOST_CANDIDATES: f64 = 1000.0;

impl Faults<'_> {
    pub fn tune(&mut self, spec: &Spec) {
        let Some(tune) = &spec.tune else { return };
        self.at_least("tune.every_months", tune.every_months, 1);
        self.at_least("tune.look_back_months", tune.look_back_months, 1);
        if spec.market.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market]";
            self.push("tune", "compares tracking errors, but there is no benchmark", hint);
        }
        if tune.keys.is_empty() {
            self.push("tune.keys", "is empty", "add keys under allocate or estimate");
        }
        for (key, values) in &tune.keys {
            let path = format!("tune.keys.{key}");
            if !key.starts_with("allocate.") && !key.starts_with("estimate.") {
                let hint = "use keys under allocate or estimate";
                self.push(&path, "cannot be tuned", hint);
            }
            if values.is_empty() {
                self.push(&path, "has no values", "list at least one");
            }
        }
        let candidates: f64 = tune.keys.values().map(|values| values.len().max(1) as f64).product();
        if candidates > MOST_CANDIDATES {
            let message = format!("has {candidates} combinations, more than {MOST_CANDIDATES}");
            self.push("tune.keys", message, "list fewer values");
        }
    }

    pub fn targets(&mut self, spec: &Spec) {
        let keys: Vec<String> = definitions().iter().map(|d| d.key.to_owned()).collect();
        for (index, target) in spec.target.iter().enumerate() {
            let path = format!("target[{index}].measure");
            if !keys.contains(&target.measure) {
                let hint = nearest(&target.measure, &keys).unwrap_or_else(|| {
                    "one of the keys of measures.json, such as tracking_error".to_owned()
                });
                self.push(&path, format!("unknown measure \"{}\"", target.measure), &hint);
            }
            let path = format!("target[{index}]");
            match (target.min, target.max) {
                (None, None) => self.push(&path, "has neither min nor max", "add one of them"),
                (Some(min), Some(max)) if min > max => {
                    let message = format!("min {min} is larger than max {max}");
                    self.push(&path, message, "swap the two");
                }
                _ => {}
            }
        }
    }
}
