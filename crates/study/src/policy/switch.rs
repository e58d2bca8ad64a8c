//! Settings that regimes switch: which of them hold at a decision, by what was known before it.

use std::sync::Arc;

use serde_json::Value;
use walkfolio_core::number::decimals;
use walkfolio_core::{Need, Note, Past, Policy, Result};
use walkfolio_estimate::Error as EstimateError;
use walkfolio_estimate::regime::{Reading, Regime};
use walkfolio_optimize::Interruption;

use super::allocation::Allocation;
use crate::switches::{Rule, branches, settings};
use crate::{Fault, Study};

/// The regimes of a study, and the settings that they switch.
#[derive(Debug)]
pub(super) struct Switch {
    regimes: Arc<Vec<Regime>>,
    rules: Vec<Rule>,
    branches: Vec<Branch>,
}

/// The settings of some rules that can apply together.
#[derive(Debug)]
struct Branch {
    /// By rule, whether it applies.
    active: Vec<bool>,
    /// What it sets, in words.
    label: String,
    allocation: Allocation,
}

impl Switch {
    /// That of a study; none if it has no regimes.
    ///
    /// # Errors
    /// The faults of a combination that is not a valid study.
    pub fn new(study: &Study, interruption: &Interruption) -> Result<Option<Self>, Vec<Fault>> {
        let spec = study.config().spec();
        if spec.regime.is_empty() {
            return Ok(None);
        }
        let rules = study.config().rules().to_vec();
        // They are counted where the study is checked.
        let all = branches(&rules, &spec.regime).unwrap_or_default();
        let mut made = Vec::with_capacity(all.len());
        for active in all {
            let set = settings(&rules, &active);
            let branch = study.branch(&set)?;
            let allocation = Allocation::new(branch.config()).interrupted_by(interruption);
            made.push(Branch { active, label: label(&set), allocation });
        }
        let need = made.iter().map(|one| one.allocation.need()).fold(Need::default(), Need::and);
        for branch in &mut made {
            branch.allocation.require(need);
        }
        let regimes = spec.regime.iter().cloned().map(Regime::new).collect();
        Ok(Some(Self { regimes: Arc::new(regimes), rules, branches: made }))
    }

    /// The regimes.
    pub fn regimes(&self) -> &Arc<Vec<Regime>> {
        &self.regimes
    }

    /// The allocations of all branches, that of no switched setting first.
    pub fn allocations(&self) -> impl Iterator<Item = &Allocation> {
        self.branches.iter().map(|branch| &branch.allocation)
    }

    /// The branch of a decision, and what its regimes were.
    ///
    /// # Errors
    /// If a regime that switches settings is not defined at the last close before it.
    pub fn at(&self, past: &Past<'_>) -> Result<(usize, Vec<Note>)> {
        let mut readings = Vec::with_capacity(self.regimes.len());
        let mut notes = Vec::new();
        for (index, regime) in self.regimes.iter().enumerate() {
            let reading = regime.known(past);
            if self.switches(index) {
                let reading = reading.map_err(|error| failed(regime, &error))?;
                let reading = reading.ok_or_else(|| undefined(regime, past))?;
                readings.push(Some(reading));
                continue;
            }
            readings.push(reading.unwrap_or_else(|error| {
                let message = format!("the regime {} is not defined: {error}", regime.name());
                notes.push(Note::warning(message));
                None
            }));
        }
        let applies = |rule: &Rule| readings[rule.regime].as_ref().is_some_and(|r| rule.applies(r));
        let active: Vec<bool> = self.rules.iter().map(applies).collect();
        let found = self.branches.iter().position(|branch| branch.active == active);
        // All that can apply together are branches.
        let branch = found.unwrap_or(0);
        notes.insert(0, Note::info(self.words(&readings, branch)));
        Ok((branch, notes))
    }

    /// The allocation of a branch.
    pub fn allocation(&self, branch: usize) -> &Allocation {
        &self.branches[branch].allocation
    }

    /// Whether every regime that switches settings is defined.
    pub fn is_ready(&self, past: &Past<'_>) -> bool {
        self.obstacle(past).is_none()
    }

    /// Why a decision cannot tell which settings hold; `None` if it can.
    pub fn obstacle(&self, past: &Past<'_>) -> Option<String> {
        let switching = self.regimes.iter().enumerate().filter(|(at, _)| self.switches(*at));
        switching.map(|(_, regime)| regime).find_map(|regime| match regime.known(past) {
            Ok(Some(_)) => None,
            Ok(None) => Some(undefined(regime, past).to_string()),
            Err(error) => Some(failed(regime, &error).to_string()),
        })
    }

    fn switches(&self, regime: usize) -> bool {
        self.rules.iter().any(|rule| rule.regime == regime)
    }

    /// What the regimes were and what that sets: a row of the ledger.
    fn words(&self, readings: &[Option<Reading>], branch: usize) -> String {
        let state = |(regime, reading): (&Regime, &Option<Reading>)| {
            let Some(reading) = reading else { return format!("{} not defined", regime.name()) };
            let state = regime.states()[reading.state];
            let probability = match &reading.probabilities[..] {
                [] => String::new(),
                all => format!(" ({})", decimals(all[reading.state], 4)),
            };
            format!("{} {state}{probability}", regime.name())
        };
        let states: Vec<String> = self.regimes.iter().zip(readings).map(state).collect();
        let label = &self.branches[branch].label;
        let set = match (self.rules.is_empty(), label.is_empty()) {
            (true, _) => String::new(),
            (false, true) => ": no setting is switched".to_owned(),
            (false, false) => format!(": {label}"),
        };
        format!("regimes: {}{set}", states.join(", "))
    }
}

/// Settings in words; of a key that is set twice the last.
fn label(set: &[(String, Value)]) -> String {
    let last = |(at, (key, _)): &(usize, &(String, Value))| {
        !set[at + 1..].iter().any(|(later, _)| later == key)
    };
    let own = set.iter().enumerate().filter(last);
    let all: Vec<String> = own.map(|(_, (key, value))| format!("{key} = {value}")).collect();
    all.join(", ")
}

fn undefined(regime: &Regime, past: &Past<'_>) -> walkfolio_core::Error {
    let message = format!(
        "the regime {} is not defined at the last close before {}: too few rows before it, or what it reads has ended",
        regime.name(),
        past.decision_date()
    );
    let hint = "start later, supply earlier data, or shorten its windows".to_owned();
    walkfolio_core::Error::Policy { message, hint: Some(hint) }
}

fn failed(regime: &Regime, error: &EstimateError) -> walkfolio_core::Error {
    let message = format!("the regime {}: {error}", regime.name());
    walkfolio_core::Error::Policy { message, hint: error.hint() }
}
