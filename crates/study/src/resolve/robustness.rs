//! What the evaluation beyond one path of history is made with.

use walkfolio_core::number::shown;

use super::Faults;
use crate::spec::{
    CriterionSpec, CrossValidationSpec, OthersSpec, RobustnessSpec, Spec, StressSpec,
};

/// More would not fit the table of a run.
const MOST_WORLDS: u32 = 100_000;
/// Combinations of left-out groups beyond which a choice takes longer than the backtests.
const MOST_SPLITS: f64 = 5_000.0;

impl Faults<'_> {
    pub fn robustness(&mut self, spec: &Spec) {
        let Some(robustness) = &spec.robustness else { return };
        self.robustness_of_a_grid(spec, robustness);
        if let Some(worlds) = &robustness.bootstrap {
            let path = "robustness.bootstrap";
            self.at_least(&format!("{path}.worlds"), worlds.worlds, 1);
            self.at_least(&format!("{path}.block"), worlds.block, 1);
            if worlds.worlds > MOST_WORLDS {
                let message = format!("must be at most {MOST_WORLDS}, found {}", worlds.worlds);
                self.push(&format!("{path}.worlds"), message, "");
            }
        }
        for (at, stress) in robustness.stress.iter().enumerate() {
            let path = format!("robustness.stress[{at}]");
            self.stress(spec, stress, &path);
            if robustness.stress[..at].iter().any(|other| other.name == stress.name) {
                let message = format!("two episodes or shocks are named \"{}\"", stress.name);
                self.push(&format!("{path}.name"), message, "give each its own name");
            }
        }
        if let Some(validation) = &robustness.cross_validation {
            self.cross_validation(spec, validation);
        }
    }

    /// Settings are validated in a grid, and everything else of one backtest.
    fn robustness_of_a_grid(&mut self, spec: &Spec, robustness: &RobustnessSpec) {
        if spec.grid.is_empty() && robustness.cross_validation.is_some() {
            let message = "chooses among the backtests of a grid, and there is none";
            let hint = "add grid = { \"allocate.max_holdings\" = [3, 4, 5] }, or remove it";
            self.push("robustness.cross_validation", message, hint);
        }
        let of_one = [
            ("start_dates", robustness.start_dates),
            ("bootstrap", robustness.bootstrap.is_some()),
            ("stress", !robustness.stress.is_empty()),
        ];
        for (key, _) in of_one.into_iter().filter(|(_, set)| *set && !spec.grid.is_empty()) {
            let message = "is of one backtest, and the study has a grid";
            let hint = "remove the grid, or run one of its cells: walkfolio run STUDY --cell 1";
            self.push(&format!("robustness.{key}"), message, hint);
        }
    }

    fn stress(&mut self, spec: &Spec, stress: &StressSpec, path: &str) {
        if stress.name.is_empty() {
            self.push(&format!("{path}.name"), "is empty", "name the episode or shock");
        }
        let is_episode = stress.first.is_some() || stress.last.is_some();
        let kinds = [is_episode, !stress.assets.is_empty(), !stress.factors.is_empty()];
        if kinds.into_iter().filter(|kind| *kind).count() != 1 {
            let hint = "write first and last of an episode, or assets or factors of a shock";
            self.push(path, "must have exactly one of first with last, assets and factors", hint);
            return;
        }
        match (stress.first, stress.last) {
            (Some(first), Some(last)) if first > last => {
                let message = format!("{first} is later than last = {last}");
                self.push(&format!("{path}.first"), message, "swap the two");
            }
            (Some(_), None) => {
                self.push(path, "has no last", "add the last session of the episode");
            }
            (None, Some(_)) => {
                self.push(path, "has no first", "add the first session of the episode");
            }
            _ => {}
        }
        if !is_episode && !stress.proxies.is_empty() {
            let message = "stand for assets without a price in an episode, and this is a shock";
            self.push(&format!("{path}.proxies"), message, "remove it");
        }
        if stress.others == OthersSpec::Conditional && stress.assets.is_empty() {
            let message = "says what other assets do in a shock of assets, and none is shocked";
            self.push(&format!("{path}.others"), message, "remove it");
        }
        self.stressed_names(spec, stress, path);
    }

    fn stressed_names(&mut self, spec: &Spec, stress: &StressSpec, path: &str) {
        let pairs = stress.proxies.iter().flat_map(|(one, other)| [one.clone(), other.clone()]);
        let pairs: Vec<String> = pairs.collect();
        self.attribution_assets(spec, &format!("{path}.proxies"), &pairs);
        let shocked: Vec<String> = stress.assets.keys().cloned().collect();
        self.attribution_assets(spec, &format!("{path}.assets"), &shocked);
        for (name, value) in stress.assets.iter().chain(&stress.factors) {
            if *value <= -1.0 && stress.assets.contains_key(name) {
                let message = format!("{name} must be above -1, found {}", shown(*value));
                self.push(&format!("{path}.assets.{name}"), message, "-0.3 loses 30 %");
            }
        }
        if stress.factors.is_empty() {
            return;
        }
        let path = format!("{path}.factors");
        let Some(factors) = &spec.market.factors else {
            let hint = "add factors = \"french3\" to [market], or shock assets";
            self.push(&path, "shocks factors, and there are none", hint);
            return;
        };
        let known = factors.model.factors();
        for name in stress.factors.keys().filter(|name| !known.contains(&name.as_str())) {
            let message = format!("{name} is not a factor of market.factors");
            self.push(&format!("{path}.{name}"), message, &format!("one of: {}", known.join(", ")));
        }
    }

    fn cross_validation(&mut self, spec: &Spec, validation: &CrossValidationSpec) {
        let path = "robustness.cross_validation";
        self.at_least(&format!("{path}.groups"), validation.groups, 2);
        self.at_least(&format!("{path}.test"), validation.test, 1);
        let (groups, test) = (validation.groups, validation.test);
        if groups >= 2 && test >= groups {
            let message = format!("{test} of {groups} groups leave nothing to choose on");
            self.push(&format!("{path}.test"), message, "leave out fewer groups");
        }
        let splits: f64 =
            (0..test.min(groups)).map(|k| f64::from(groups - k) / f64::from(k + 1)).product();
        if splits > MOST_SPLITS {
            let message = format!(
                "{test} of {groups} groups are {splits:.0} combinations, more than {MOST_SPLITS}"
            );
            self.push(&format!("{path}.groups"), message, "cut history into fewer groups");
        }
        if validation.criterion != CriterionSpec::SharpeRatio && spec.market.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market], or use sharpe_ratio";
            self.push(&format!("{path}.criterion"), "needs a benchmark, and there is none", hint);
        }
    }
}
