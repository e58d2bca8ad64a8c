//! Which settings hold in which states: the rules of `[[when]]`, and every combination of them that can
//! apply at a decision.

use std::collections::BTreeSet;

use serde_json::Value;
use walkfolio_core::SettingFault;
use walkfolio_core::number::shown;
use walkfolio_estimate::regime::{Reading, RegimeChoice};

use crate::nearest::nearest;
use crate::spec::WhenSpec;

/// More combinations than this would make a study of each of them.
const MOST_BRANCHES: usize = 64;
/// More combinations of states than this are not looked through.
const MOST_STATES: usize = 4096;

/// Settings and when they hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    /// The place of the regime in the study.
    pub regime: usize,
    /// The place of the state among those of the regime.
    pub state: usize,
    /// The least probability of the state, if it need not be the most probable one.
    min_probability: Option<f64>,
    /// The keys and their values, in the order in which they are set.
    pub settings: Vec<(String, Value)>,
}

impl Rule {
    /// The rule of a `[[when]]`.
    ///
    /// # Errors
    /// What no regime of the study has, with its path below the `[[when]]`.
    pub fn of(when: &WhenSpec, regimes: &[RegimeChoice]) -> Result<Self, SettingFault> {
        let (regime, state) = place(when, regimes)?;
        if let Some(least) = when.min_probability {
            has_probabilities(least, &regimes[regime])?;
        }
        let mut settings: Vec<(String, Value)> = when.set.clone().into_iter().collect();
        // A kind drops the keys that it lacks: those beside it are set after it.
        settings.sort_by_key(|(key, _)| {
            (key.strip_suffix("kind").unwrap_or(key).to_owned(), key.clone())
        });
        Ok(Self { regime, state, min_probability: when.min_probability, settings })
    }

    /// Whether it applies by what its regime was read to be.
    pub fn applies(&self, reading: &Reading) -> bool {
        match self.min_probability {
            Some(least) => reading.probability(self.state) >= least,
            None => reading.state == self.state,
        }
    }
}

fn fault(path: &str, message: String, hint: impl Into<String>) -> SettingFault {
    SettingFault { path: path.to_owned(), message, hint: Some(hint.into()) }
}

/// The name that is most like one that is unknown, or all there are.
fn like(name: &str, known: &[&str]) -> String {
    let all: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    nearest(name, &all).unwrap_or_else(|| format!("one of: {}", known.join(", ")))
}

/// Which state of which regime is meant.
fn place(when: &WhenSpec, regimes: &[RegimeChoice]) -> Result<(usize, usize), SettingFault> {
    if regimes.is_empty() {
        let message = "names a regime, and the study has none".to_owned();
        return Err(fault(
            "regime",
            message,
            "add [[regime]] with a name and a kind, such as drawdown",
        ));
    }
    match &when.state {
        Some(state) => place_in(&when.regime, state, regimes),
        None => place_of(&when.regime, regimes),
    }
}

fn state_of(regime: &RegimeChoice, state: &str) -> Option<usize> {
    regime.states().iter().position(|name| *name == state)
}

/// A state of a regime that is named.
fn place_in(
    regime: &str,
    state: &str,
    regimes: &[RegimeChoice],
) -> Result<(usize, usize), SettingFault> {
    let Some(at) = regimes.iter().position(|one| one.name() == regime) else {
        let names: Vec<&str> = regimes.iter().map(|one| one.name()).collect();
        let message = format!("no [[regime]] is named \"{regime}\"");
        return Err(fault("regime", message, like(regime, &names)));
    };
    let unknown = || {
        let message = format!("\"{state}\" is not a state of {regime}");
        fault("state", message, like(state, regimes[at].states()))
    };
    state_of(&regimes[at], state).map(|state| (at, state)).ok_or_else(unknown)
}

/// A state that one regime alone has.
fn place_of(state: &str, regimes: &[RegimeChoice]) -> Result<(usize, usize), SettingFault> {
    let own = |(at, one): (usize, &RegimeChoice)| Some((at, state_of(one, state)?));
    let found: Vec<(usize, usize)> = regimes.iter().enumerate().filter_map(own).collect();
    if let [one] = found[..] {
        return Ok(one);
    }
    if !found.is_empty() {
        let all: Vec<&str> = found.iter().map(|(at, _)| regimes[*at].name()).collect();
        let message = format!("several regimes have a state \"{state}\": {}", all.join(", "));
        let hint = format!("write regime = \"{}\", state = \"{state}\"", all[0]);
        return Err(fault("regime", message, hint));
    }
    if let Some(regime) = regimes.iter().find(|one| one.name() == state) {
        let message = format!("\"{state}\" is a regime, and no state is named");
        let states = regime.states().join("\" or \"");
        return Err(fault("regime", message, format!("add state = \"{states}\"")));
    }
    let states: BTreeSet<&str> = regimes.iter().flat_map(|one| one.states()).copied().collect();
    let states: Vec<&str> = states.into_iter().collect();
    let message = format!("no [[regime]] has a state \"{state}\"");
    Err(fault("regime", message, like(state, &states)))
}

fn has_probabilities(least: f64, regime: &RegimeChoice) -> Result<(), SettingFault> {
    if !(least > 0.0 && least <= 1.0) {
        let message = format!("must be above 0 and at most 1, found {}", shown(least));
        return Err(fault("min_probability", message, "0.8 is four times in five"));
    }
    if regime.has_probabilities() {
        return Ok(());
    }
    let message = format!("{} has states and no probabilities", regime.name());
    let hint = "remove it, or use a regime of kind hidden_markov";
    Err(fault("min_probability", message, hint))
}

/// Every set of rules that can apply at one decision, each a flag for each rule; that of none is first.
///
/// # Errors
/// How many there are, if they are more than can be checked.
pub(crate) fn branches(rules: &[Rule], regimes: &[RegimeChoice]) -> Result<Vec<Vec<bool>>, String> {
    let used: BTreeSet<usize> = rules.iter().map(|rule| rule.regime).collect();
    let free: Vec<usize> =
        (0..rules.len()).filter(|&at| rules[at].min_probability.is_some()).collect();
    let states: usize = used.iter().map(|&regime| regimes[regime].states().len()).product();
    let too_many = |found: usize| {
        format!("can apply in {found} or more combinations, more than {MOST_BRANCHES}")
    };
    if free.len() > 6 || states > MOST_STATES {
        return Err(too_many(MOST_BRANCHES + 1));
    }
    let mut found = BTreeSet::from([vec![false; rules.len()]]);
    for combination in 0..states {
        let mut rest = combination;
        let mut current = vec![0; regimes.len()];
        for &regime in &used {
            let all = regimes[regime].states().len();
            (current[regime], rest) = (rest % all, rest / all);
        }
        for mask in 0..1usize << free.len() {
            let applies = |(at, rule): (usize, &Rule)| match free.iter().position(|&one| one == at)
            {
                Some(bit) => mask >> bit & 1 == 1,
                None => current[rule.regime] == rule.state,
            };
            let active: Vec<bool> = rules.iter().enumerate().map(applies).collect();
            if is_possible(rules, &active) {
                found.insert(active);
            }
        }
    }
    if found.len() > MOST_BRANCHES {
        return Err(too_many(found.len()));
    }
    // In the order of the flags: none comes first.
    Ok(found.into_iter().collect())
}

/// Whether probabilities can make these rules apply and no others: those of a regime sum to 1, and a state
/// as probable as one rule asks is also as probable as one that asks less.
fn is_possible(rules: &[Rule], active: &[bool]) -> bool {
    let asked = |at: usize| rules[at].min_probability;
    let same = |a: &Rule, b: &Rule| a.regime == b.regime && a.state == b.state;
    (0..rules.len()).filter(|&at| active[at]).all(|at| {
        let Some(own) = asked(at) else { return true };
        let less = |other: usize| {
            same(&rules[at], &rules[other]) && asked(other).is_some_and(|other| other <= own)
        };
        let beside = |other: usize| {
            active[other]
                && rules[other].regime == rules[at].regime
                && rules[other].state != rules[at].state
                && asked(other).is_some_and(|other| own + other > 1.0)
        };
        (0..rules.len()).all(|other| (active[other] || !less(other)) && !beside(other))
    })
}

/// The settings of the rules that apply, in their order.
pub(crate) fn settings(rules: &[Rule], active: &[bool]) -> Vec<(String, Value)> {
    let applying = rules.iter().zip(active).filter(|(_, active)| **active);
    applying.flat_map(|(rule, _)| rule.settings.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use walkfolio_estimate::regime::{Drawdown, HiddenMarkov};

    use super::*;

    fn regimes() -> Vec<RegimeChoice> {
        vec![
            Drawdown::named("market").into(),
            Drawdown { down: 0.1, up: 0.1, ..Drawdown::named("dips") }.into(),
            HiddenMarkov::named("vol").into(),
        ]
    }

    fn when(regime: &str, state: Option<&str>, min_probability: Option<f64>) -> WhenSpec {
        let set = [("allocate.bounds.max".to_owned(), json!(0.5))].into();
        WhenSpec {
            regime: regime.to_owned(),
            state: state.map(str::to_owned),
            min_probability,
            set,
        }
    }

    fn message(when: &WhenSpec) -> String {
        let fault = Rule::of(when, &regimes()).unwrap_err();
        format!("{}: {} ({})", fault.path, fault.message, fault.hint.unwrap_or_default())
    }

    #[test]
    fn a_state_is_found_by_its_name_or_that_of_its_regime() {
        let found = |when: WhenSpec| {
            let rule = Rule::of(&when, &regimes()).unwrap();
            (rule.regime, rule.state)
        };
        assert_eq!(found(when("turbulent", None, None)), (2, 1));
        assert_eq!(found(when("dips", Some("bear"), None)), (1, 1));
        assert_eq!(
            message(&when("bear", None, None)),
            "regime: several regimes have a state \"bear\": market, dips (write regime = \"market\", state = \"bear\")"
        );
        assert_eq!(
            message(&when("market", None, None)),
            "regime: \"market\" is a regime, and no state is named (add state = \"bull\" or \"bear\")"
        );
        assert_eq!(
            message(&when("turbulant", None, None)),
            "regime: no [[regime]] has a state \"turbulant\" (did you mean `turbulent`?)"
        );
        assert_eq!(
            message(&when("markt", Some("bear"), None)),
            "regime: no [[regime]] is named \"markt\" (did you mean `market`?)"
        );
        assert_eq!(
            message(&when("market", Some("crisis"), None)),
            "state: \"crisis\" is not a state of market (one of: bull, bear)"
        );
        assert_eq!(
            message(&when("market", Some("bear"), Some(0.9))),
            "min_probability: market has states and no probabilities (remove it, or use a regime of kind hidden_markov)"
        );
        assert_eq!(
            message(&when("turbulent", None, Some(1.5))),
            "min_probability: must be above 0 and at most 1, found 1.5 (0.8 is four times in five)"
        );
    }

    #[test]
    fn combinations_that_cannot_be_are_no_branches() {
        let rules = |all: &[WhenSpec]| -> Vec<Rule> {
            all.iter().map(|when| Rule::of(when, &regimes()).unwrap()).collect()
        };
        // A market is not bull and bear at once.
        let both = rules(&[when("market", Some("bull"), None), when("market", Some("bear"), None)]);
        let found = branches(&both, &regimes()).unwrap();
        assert_eq!(found, [[false, false], [false, true], [true, false]]);
        // At least 0.9 is at least 0.6, and not both states are that probable.
        let steps = rules(&[
            when("turbulent", None, Some(0.6)),
            when("turbulent", None, Some(0.9)),
            when("calm", None, Some(0.5)),
        ]);
        let found = branches(&steps, &regimes()).unwrap();
        let expected = [
            [false, false, false],
            [false, false, true],
            [true, false, false],
            [true, true, false],
        ];
        assert_eq!(found, expected);
        let many = rules(&vec![when("turbulent", None, Some(0.5)); 7]);
        assert!(branches(&many, &regimes()).unwrap_err().contains("more than 64"));
    }

    #[test]
    fn a_kind_is_set_before_the_keys_beside_it_and_a_later_rule_last() {
        let mut one = when("turbulent", None, None);
        one.set = [("allocate.objective.kind", json!("x")), ("allocate.objective.alpha", json!(1))]
            .map(|(key, value)| (key.to_owned(), value))
            .into();
        let rules =
            [one, when("calm", None, None)].map(|when| Rule::of(&when, &regimes()).unwrap());
        let keys: Vec<String> =
            settings(&rules, &[true, true]).into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            ["allocate.objective.kind", "allocate.objective.alpha", "allocate.bounds.max"]
        );
    }
}
