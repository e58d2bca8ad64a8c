//! Exact holdings: the search, and its outcome in words.

use std::time::Instant;

use walkfolio_core::number::shown;
use walkfolio_core::{Interrupt, SolveStatus};

use super::dense::Dense;
use super::found::Found;
use super::settings::Settings;
use crate::conflict;
use crate::constraint::bounds::largest;
use crate::constraint::rule::Rule;
use crate::constraint::{Constraints, Holdings, Part, tidy};
use crate::kernel::Stop;
use crate::kernel::subset::{Course, Limit, NoSubset, SparseAnswer, fingerprint, search};
use crate::mandate::Mandate;
use crate::solution::Solution;
use crate::{Error, Result};

/// The best portfolio within rules about holdings, by branch and bound.
pub(super) fn sparse(
    mandate: &Mandate,
    dense: &Dense,
    settings: &Settings,
    started: Instant,
) -> Result<Solution> {
    let Some(program) = dense.sparse(mandate) else {
        let what = "rules about holdings need a quadratic objective";
        return Err(Error::Invalid(what.to_owned()));
    };
    let interruption = &settings.interruption;
    let from = (!interruption.is_empty())
        .then(|| interruption.take(fingerprint(&program, &settings.limits, None)))
        .flatten();
    let interrupt = interruption.interrupt().clone();
    match search(&program, Course { limits: settings.limits, start: None, interrupt, from }) {
        Ok(answer) => {
            let note = answer.stopped.map(|limit| stopped_note(mandate, limit, &answer));
            let found = Found {
                proven: answer.stopped.is_none(),
                weights: answer.x,
                bound: answer.bound,
                pivots: u32::try_from(answer.pivots).unwrap_or(u32::MAX),
                nodes: answer.nodes,
                note,
            };
            Ok(found.solution(mandate, started))
        }
        Err(NoSubset::Infeasible | NoSubset::Relaxation(Stop::Infeasible(_))) => {
            Err(infeasible(mandate, interruption.interrupt()))
        }
        Err(NoSubset::Interrupted(state)) => {
            if let Some(state) = state {
                interruption.leave(*state);
            }
            Err(Error::Interrupted)
        }
        Err(NoSubset::Position(value)) => Err(Error::Invalid(format!(
            "the minimum position is {}; it must be positive",
            shown(value)
        ))),
        Err(NoSubset::Relaxation(_) | NoSubset::Undecided(_)) => {
            Err(Error::Stopped { solver: "kernel", status: SolveStatus::Limit, iterations: 0 })
        }
    }
}

/// The conflict of the constraints, if they have one without the rules about holdings.
fn infeasible(mandate: &Mandate, interrupt: &Interrupt) -> Error {
    let constraints = mandate.constraints();
    if let Ok(conflict) = conflict::search::find(constraints, interrupt) {
        Error::Infeasible(Box::new(conflict))
    } else {
        let bound = constraints.rule(Part::Max).name().to_owned();
        Error::Holdings { what: no_subset(constraints), bound }
    }
}

fn stopped_note(mandate: &Mandate, limit: Limit, answer: &SparseAnswer) -> String {
    let why = match limit {
        Limit::Nodes => "its limit of nodes",
        Limit::Work => "its limit of work",
        Limit::Time => {
            "its limit of time, so that another machine may answer otherwise: not reproducible"
        }
        Limit::Numerics => "a relaxation without a numerical answer",
    };
    // A squared error is never negative; a mean-variance may be zero, and a percentage of it senseless.
    let distance = if mandate.objective().as_dyn().is_never_negative() {
        format!("{:.2} % from the best", 100.0 * answer.gap)
    } else {
        format!("{:.1e} above the best", answer.objective - answer.bound)
    };
    format!("the search over holdings ended at {why}; the answer may be {distance}")
}

/// Why no portfolio keeps the rules: the first of them that counting alone excludes.
fn no_subset(constraints: &Constraints) -> String {
    let (n, rules) = (constraints.assets(), constraints.holdings());
    let found = [counts(constraints), positions(constraints), caps(constraints)];
    found.into_iter().flatten().next().unwrap_or_else(|| {
        let (rules, cap) = (rules.words(), cap(constraints));
        format!("no portfolio of {n} assets satisfies {rules} with {cap}")
    })
}

/// The largest weights, in words.
fn cap(constraints: &Constraints) -> String {
    constraints.rule(Part::Max).words()
}

/// More holdings than there are, or than are allowed.
fn counts(constraints: &Constraints) -> Option<String> {
    let n = constraints.assets();
    let Holdings { max, min, .. } = constraints.holdings();
    if let Some(least) = min.filter(|least| *least > n) {
        return Some(format!("min_holdings {least} is more than the {n} assets"));
    }
    let most = max?;
    if let Some(least) = min.filter(|least| *least > most) {
        return Some(format!("min_holdings {least} is more than max_holdings {most}"));
    }
    let forced = constraints.bounds().filter(|(min, max)| *min > 0.0 || *max < 0.0).count();
    (forced > most).then(|| format!("bounds exclude 0 for {forced} assets, max_holdings is {most}"))
}

/// A minimum position that no asset, or too many holdings, cannot keep.
fn positions(constraints: &Constraints) -> Option<String> {
    let size = constraints.holdings().min_position?;
    let budget = constraints.budget();
    let long_only = constraints.min().iter().all(|min| *min >= 0.0);
    if !long_only {
        return None;
    }
    if size > largest(constraints.max()) {
        let cap = cap(constraints);
        return Some(format!("a minimum position of {size} is more than {cap}"));
    }
    let least = constraints.holdings().min?;
    let sum = least as f64 * size;
    (sum > budget * (1.0 + ROUNDING)).then(|| {
        format!(
            "min_holdings {least} with a minimum position of {size} sums to at least {}, \
             the weights must sum to {budget}",
            tidy(sum + 0.0)
        )
    })
}

/// So few holdings that their caps do not reach the budget.
fn caps(constraints: &Constraints) -> Option<String> {
    let (most, budget) = (constraints.holdings().max?, constraints.budget());
    let mut caps: Vec<f64> = constraints.max().iter().map(|max| max.max(0.0)).collect();
    caps.sort_by(|a, b| b.total_cmp(a));
    let sum: f64 = caps.iter().take(most).sum();
    (sum < budget * (1.0 - ROUNDING)).then(|| {
        format!(
            "max_holdings {most} with {} sums to at most {}, \
             the weights must sum to {budget}",
            cap(constraints),
            tidy(sum + 0.0)
        )
    })
}

/// Sums that differ by less are the same.
const ROUNDING: f64 = 1e-12;
