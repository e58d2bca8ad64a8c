//! Which constraints exclude each other, and how little would reconcile them.

use walkfolio_core::linear::max_abs;
use walkfolio_core::{Interrupt, SolveStatus};

use super::{Conflict, Member, Relaxation};
use crate::cone::clarabel::run;
use crate::cone::lower::Lowered;
use crate::constraint::part::Part;
use crate::constraint::{Constraints, tidy};
use crate::solution::Precision;
use crate::{Error, Result};

/// The conflict of some constraints, found by leaving out one after the other.
///
/// # Errors
/// [`Error::Invalid`] if they have none; [`Error::Interrupted`] if the flag is raised, here and below.
/// # Source
/// Chinneck & Dravnieks (1991), Locating minimal infeasible constraint sets (deletion filter).
pub(crate) fn find(constraints: &Constraints, interrupt: &Interrupt) -> Result<Conflict> {
    let parts = constraints.parts();
    if feasible(constraints, &parts, interrupt)? {
        return Err(Error::Invalid("its constraints do not conflict".to_owned()));
    }
    within(constraints, parts, interrupt)
}

/// The conflict of constraints that a solver found infeasible, however narrowly: where leaving out
/// nothing is feasible to rounding, all of them stay in it.
pub(crate) fn of(constraints: &Constraints, interrupt: &Interrupt) -> Result<Conflict> {
    within(constraints, constraints.parts(), interrupt)
}

/// The conflict that a Farkas ray of the kernel's program proves: among the constraints with a
/// multiplier.
pub(crate) fn of_ray(
    constraints: &Constraints,
    ray: &[f64],
    interrupt: &Interrupt,
) -> Result<Conflict> {
    let largest = max_abs(ray);
    let used = ray.iter().enumerate().filter(|(_, y)| y.abs() > 1e-9 * largest);
    let n = constraints.assets();
    let rows: Vec<usize> = constraints.rows().map(|(at, _)| at).collect();
    let part = |(i, &y): (usize, &f64)| match i {
        _ if i < n && y > 0.0 => Part::Min,
        _ if i < n => Part::Max,
        _ if i == n => Part::Budget,
        _ => Part::Listed(rows[i - n - 1]),
    };
    let mut parts: Vec<Part> = used.map(part).collect();
    parts.sort_unstable();
    parts.dedup();
    within(constraints, parts, interrupt)
}

/// The smallest conflict within some parts that conflict.
fn within(
    constraints: &Constraints,
    mut parts: Vec<Part>,
    interrupt: &Interrupt,
) -> Result<Conflict> {
    for part in parts.clone() {
        let rest: Vec<Part> = parts.iter().copied().filter(|&other| other != part).collect();
        if !feasible(constraints, &rest, interrupt)? {
            parts = rest;
        }
    }
    let all = constraints.parts();
    let mut relaxations = Vec::new();
    for &part in &parts {
        relaxations.extend(closest(constraints, part, &all, interrupt)?);
    }
    let members = parts.into_iter().map(|part| member(constraints, part)).collect();
    let assets = constraints.assets();
    let budget = (!constraints.has_open_sum()).then(|| constraints.budget());
    Ok(Conflict { assets, budget, members, relaxations })
}

fn member(constraints: &Constraints, part: Part) -> Member {
    let rule = constraints.rule(part);
    let sum = match part {
        Part::Min => Some(constraints.min()),
        Part::Max => Some(constraints.max()),
        Part::Budget | Part::Listed(_) => None,
    };
    Member {
        part,
        name: rule.name().to_owned(),
        words: rule.words(),
        sum: sum.map(|bounds| tidy(bounds.iter().sum())),
    }
}

fn feasible(constraints: &Constraints, parts: &[Part], interrupt: &Interrupt) -> Result<bool> {
    let crossed = constraints.bounds().any(|(min, max)| min > max);
    if crossed && parts.contains(&Part::Min) && parts.contains(&Part::Max) {
        return Ok(false);
    }
    let lowered = Lowered::constrained(constraints, parts);
    Ok(run(&lowered.program, Precision::Full, interrupt)?.status != SolveStatus::Infeasible)
}

/// The closest change of one part, all others kept.
fn closest(
    constraints: &Constraints,
    part: Part,
    all: &[Part],
    interrupt: &Interrupt,
) -> Result<Option<Relaxation>> {
    let rest: Vec<Part> = all.iter().copied().filter(|&other| other != part).collect();
    let rule = constraints.rule(part);
    let mut program = Lowered::constrained(constraints, &rest).program;
    let last = program.variables;
    if !rule.stretch(&mut program) {
        return Ok(None);
    }
    let answer = run(&program, Precision::Full, interrupt)?;
    if !matches!(answer.status, SolveStatus::Optimal | SolveStatus::AlmostOptimal) {
        return Ok(None);
    }
    let limits = rule.needed(&answer.x, last);
    Ok(Some(Relaxation { part, limits, advice: rule.advice(limits) }))
}

#[cfg(test)]
mod tests;
