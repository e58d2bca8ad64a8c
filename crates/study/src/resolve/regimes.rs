//! Regimes, and the settings that they switch.

use walkfolio_estimate::regime::{Reads, RegimeChoice};

use super::Faults;
use crate::nearest::nearest;
use crate::spec::{BenchmarkSpec, Spec};
use crate::switches::{Rule, branches};

impl Faults<'_> {
    /// Names, rules and what the regimes read; the rules of `[[when]]`.
    pub fn regimes(&mut self, spec: &Spec) -> Vec<Rule> {
        for (index, regime) in spec.regime.iter().enumerate() {
            let path = format!("regime[{index}]");
            self.part(&path, |faults| regime.validate(faults));
            self.regime_name(spec, index);
            self.regime_reads(spec, (&path, regime));
        }
        self.regime_features(spec);
        self.rules(spec)
    }

    fn regime_name(&mut self, spec: &Spec, index: usize) {
        let (path, name) = (format!("regime[{index}].name"), spec.regime[index].name());
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            let message = format!("\"{name}\" cannot name a regime");
            self.push(&path, message, "use ASCII letters, digits, - and _");
        }
        if spec.regime[..index].iter().any(|other| other.name() == name) {
            self.push(&path, format!("two regimes are named \"{name}\""), "give each its own name");
        }
    }

    /// What a regime reads must be in the market, as far as that is known before the prices.
    fn regime_reads(&mut self, spec: &Spec, (path, regime): (&str, &RegimeChoice)) {
        let market = &spec.market;
        match regime.reads() {
            Reads::Series(None) if market.benchmark.is_none() => {
                let hint = "add of = \"...\", or benchmark = \"...\" to [market]";
                self.push(path, "reads the benchmark, and there is none", hint);
            }
            Reads::Series(Some(name)) if !market.takes_all() => {
                let benchmark = match &market.benchmark {
                    Some(BenchmarkSpec::Ticker(ticker)) => Some(ticker),
                    _ => None,
                };
                let known: Vec<String> = market.assets.iter().chain(benchmark).cloned().collect();
                if !known.iter().any(|other| other == name) {
                    let message = format!("{name} is neither an asset nor the benchmark");
                    let hint = nearest(name, &known)
                        .unwrap_or_else(|| format!("one of: {}", known.join(", ")));
                    self.push(&format!("{path}.of"), message, &hint);
                }
            }
            Reads::Assets if market.assets.len() < 2 && !market.takes_all() => {
                self.push(path, "compares assets, and there is one", "name more market.assets");
            }
            Reads::Factor(name) => {
                let path = format!("{path}.factor");
                let Some(factors) = &market.factors else {
                    let hint = "add factors = \"french3\" to [market]";
                    return self.push(&path, "reads a factor, and there are none", hint);
                };
                let known = factors.model.factors();
                if !known.contains(&name) {
                    let message = format!("{name} is not a factor of {}", factors.model.as_str());
                    self.push(&path, message, &format!("one of: {}", known.join(", ")));
                }
            }
            Reads::Series(_) | Reads::Assets => {}
        }
    }

    /// The regimes that a classifier is told of.
    fn regime_features(&mut self, spec: &Spec) {
        let Some(classifier) = spec.select.classifier() else { return };
        let names: Vec<String> = spec.regime.iter().map(|one| one.name().to_owned()).collect();
        for (index, name) in classifier.features.regimes.0.iter().enumerate() {
            if !names.contains(name) {
                let path = format!("select.features.regimes[{index}]");
                let hint = match &names[..] {
                    [] => "add [[regime]] with a name and a kind".to_owned(),
                    all => {
                        nearest(name, all).unwrap_or_else(|| format!("one of: {}", all.join(", ")))
                    }
                };
                self.push(&path, format!("no [[regime]] is named \"{name}\""), &hint);
            }
        }
    }

    fn rules(&mut self, spec: &Spec) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (index, when) in spec.when.iter().enumerate() {
            let path = format!("when[{index}]");
            match Rule::of(when, &spec.regime) {
                Ok(rule) => rules.push(rule),
                Err(fault) => {
                    let below = format!("{path}.{}", fault.path);
                    self.push(&below, fault.message, &fault.hint.unwrap_or_default());
                }
            }
            if when.set.is_empty() {
                self.push(
                    &format!("{path}.set"),
                    "is empty",
                    "add keys under allocate or estimate",
                );
            }
            for key in when.set.keys() {
                if !key.starts_with("allocate.") && !key.starts_with("estimate.") {
                    let path = format!("{path}.set.{key}");
                    let hint = "use keys under allocate or estimate";
                    self.push(&path, "cannot be switched", hint);
                }
            }
        }
        if !spec.when.is_empty() && spec.tune.is_some() {
            let message = "switches settings, and [tune] chooses them";
            self.push("when", message, "remove one of the two");
        }
        if rules.len() == spec.when.len()
            && let Err(message) = branches(&rules, &spec.regime)
        {
            self.push("when", message, "write fewer [[when]], or use fewer regimes in them");
        }
        rules
    }
}
