//! Which constraints exclude each other, and how little would reconcile them.

use std::fmt;

use walkfolio_core::SolveStatus;

use crate::lower::Program;
use crate::solver::{Precision, run};
use crate::{Constraints, Error, LinearRange, Mandate, Result};

/// A family of constraints that a study sets with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The weights add up to the budget.
    Budget,
    /// The least weight of each asset.
    Min,
    /// The largest weight of each asset.
    Max,
    /// The range of beta.
    Beta,
    /// The sum of absolute weights.
    Gross,
}

impl Group {
    /// The groups that some constraints have.
    pub(crate) fn of(constraints: &Constraints) -> Vec<Self> {
        let mut groups = vec![Self::Budget, Self::Min, Self::Max];
        groups.extend(constraints.beta.as_ref().map(|_| Self::Beta));
        groups.extend(constraints.gross_leverage.map(|_| Self::Gross));
        groups
    }
}

/// A change of one constraint that would make the others possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relaxation {
    /// The constraint.
    pub group: Group,
    /// Its new lower end, for `Min` and `Beta`.
    pub min: Option<f64>,
    /// Its new upper end, for `Max`, `Beta` and `Gross`.
    pub max: Option<f64>,
}

/// A smallest set of constraints that no portfolio satisfies together.
///
/// Leaving out any one of them makes the rest possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The constraints in conflict.
    pub groups: Vec<Group>,
    /// The closest change of each that resolves it, the others kept.
    pub relaxations: Vec<Relaxation>,
    constraints: Constraints,
}

impl Conflict {
    /// Finds the conflict of a mandate by leaving out one group after the other.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the mandate has no conflict.
    /// # Source
    /// Chinneck & Dravnieks (1991), Locating minimal infeasible constraint sets (deletion filter).
    pub fn find(mandate: &Mandate) -> Result<Self> {
        let constraints = &mandate.constraints;
        let groups = Group::of(constraints);
        if feasible(constraints, &groups)? {
            return Err(Error::Invalid("its constraints do not conflict".to_owned()));
        }
        Self::within(constraints, groups)
    }

    /// The conflict of a mandate that a solver found infeasible, however narrowly: where leaving
    /// out nothing is feasible to rounding, all constraints stay in it.
    pub(crate) fn of(mandate: &Mandate) -> Result<Self> {
        Self::within(&mandate.constraints, Group::of(&mandate.constraints))
    }

    /// The conflict that a Farkas ray proves: among the constraints with a multiplier.
    pub(crate) fn of_ray(constraints: &Constraints, ray: &[f64]) -> Result<Self> {
        let largest = ray.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let used = ray.iter().enumerate().filter(|(_, y)| y.abs() > 1e-9 * largest);
        let mut groups: Vec<Group> = used.map(|(i, &y)| constraints.group(i, y)).collect();
        groups.sort_unstable();
        groups.dedup();
        Self::within(constraints, groups)
    }

    /// The smallest conflict within some groups that conflict.
    fn within(constraints: &Constraints, mut groups: Vec<Group>) -> Result<Self> {
        for group in groups.clone() {
            let rest: Vec<Group> = groups.iter().copied().filter(|&g| g != group).collect();
            if !feasible(constraints, &rest)? {
                groups = rest;
            }
        }
        let all = Group::of(constraints);
        let mut relaxations = Vec::new();
        for &group in groups.iter().filter(|&&group| group != Group::Budget) {
            relaxations.extend(closest(constraints, group, &all)?);
        }
        Ok(Self { groups, relaxations, constraints: constraints.clone() })
    }

    /// The constraints with one relaxation applied: the beta range first, then gross leverage,
    /// then the bounds. `None` if no single change helps.
    pub fn relaxed(&self) -> Option<(Constraints, String)> {
        let order = [Group::Beta, Group::Gross, Group::Max, Group::Min];
        let pick = |group| self.relaxations.iter().find(|change| change.group == group);
        let change = order.into_iter().find_map(pick)?;
        Some((apply(&self.constraints, change), self.describe(change)))
    }

    /// The remedies, closest first.
    pub fn hint(&self) -> Option<String> {
        let changes: Vec<String> =
            self.relaxations.iter().map(|change| self.describe(change)).collect();
        (!changes.is_empty()).then(|| changes.join(", or "))
    }

    fn describe(&self, change: &Relaxation) -> String {
        let (min, max) = (change.min.unwrap_or_default(), change.max.unwrap_or_default());
        match change.group {
            Group::Budget => String::new(),
            Group::Max => format!("raise bounds.max to at least {}", up(max)),
            Group::Min => format!("lower bounds.min to at most {}", -up(-min)),
            Group::Gross => format!("raise gross_leverage to at least {}", up(max)),
            Group::Beta => {
                let old = self.constraints.beta.as_ref();
                if old.is_some_and(|beta| min < beta.min) {
                    format!("lower beta to at most {}", -up(-min))
                } else {
                    format!("raise beta to at least {}", up(max))
                }
            }
        }
    }

    fn words(&self, group: Group) -> String {
        let constraints = &self.constraints;
        let n = constraints.assets();
        match group {
            Group::Budget => format!("sum of weights {}", constraints.budget),
            Group::Min => format!("bounds.min {}", largest(&constraints.min)),
            Group::Max => format!("bounds.max {}", largest(&constraints.max)),
            Group::Beta => match &constraints.beta {
                Some(beta) if beta.min == beta.max => format!("beta {}", beta.min),
                Some(beta) => format!("beta in [{}, {}]", beta.min, beta.max),
                None => format!("beta of {n} assets"),
            },
            Group::Gross => {
                format!("gross_leverage {}", constraints.gross_leverage.unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let constraints = &self.constraints;
        let n = constraints.assets();
        let sum = |bounds: &[f64]| tidy(bounds.iter().sum());
        match self.groups[..] {
            [Group::Budget, Group::Max] => write!(
                f,
                "no portfolio satisfies the constraints: {} over {n} assets sums to {}, the weights must sum to {}",
                self.words(Group::Max),
                sum(&constraints.max),
                constraints.budget
            ),
            [Group::Budget, Group::Min] => write!(
                f,
                "no portfolio satisfies the constraints: {} over {n} assets sums to {}, the weights must sum to {}",
                self.words(Group::Min),
                sum(&constraints.min),
                constraints.budget
            ),
            _ => {
                let words: Vec<String> =
                    self.groups.iter().map(|&group| self.words(group)).collect();
                let words = words.join(", ");
                write!(f, "no portfolio of {n} assets satisfies these together: {words}")
            }
        }
    }
}

fn feasible(constraints: &Constraints, groups: &[Group]) -> Result<bool> {
    let crossed = constraints.min.iter().zip(&constraints.max).any(|(min, max)| min > max);
    if crossed && groups.contains(&Group::Min) && groups.contains(&Group::Max) {
        return Ok(false);
    }
    let program = Program::constrained(constraints, groups);
    Ok(run(&program, Precision::Full)?.status != SolveStatus::Infeasible)
}

/// The closest change of one group, all others kept.
fn closest(constraints: &Constraints, group: Group, all: &[Group]) -> Result<Option<Relaxation>> {
    let rest: Vec<Group> = all.iter().copied().filter(|&other| other != group).collect();
    let n = constraints.assets();
    let mut program = Program::constrained(constraints, &rest);
    let slack = program.add_variables(1);
    program.linear[slack] = 1.0;
    let start = program.rhs.len();
    program.row([(slack, -1.0)], 0.0);
    match group {
        Group::Budget => return Ok(None),
        Group::Max => {
            (0..n).for_each(|i| program.row([(i, 1.0), (slack, -1.0)], constraints.max[i]));
        }
        Group::Min => {
            (0..n).for_each(|i| program.row([(i, -1.0), (slack, -1.0)], -constraints.min[i]));
        }
        Group::Beta => stretch_beta(&mut program, constraints.beta.as_ref(), slack),
        Group::Gross => return least_gross(constraints, &rest),
    }
    program.close(start, crate::lower::Cone::NonNegative);
    let answer = run(&program, Precision::Full)?;
    if answer.status != SolveStatus::Optimal {
        return Ok(None);
    }
    let stretch = answer.x[slack].max(0.0);
    Ok(Some(match group {
        Group::Max => change(group, None, Some(largest(&constraints.max) + stretch)),
        Group::Min => change(group, Some(largest(&constraints.min) - stretch), None),
        _ => {
            let beta = constraints.beta.as_ref();
            let value = beta.map_or(0.0, |beta| {
                answer.x[..n].iter().zip(&beta.coefficients).map(|(w, b)| w * b).sum()
            });
            let (min, max) = beta.map_or((value, value), |beta| (beta.min, beta.max));
            change(group, Some(min.min(value)), Some(max.max(value)))
        }
    }))
}

fn stretch_beta(program: &mut Program, beta: Option<&LinearRange>, slack: usize) {
    let Some(beta) = beta else { return };
    let terms = || beta.coefficients.iter().copied().enumerate();
    program.row(terms().chain([(slack, -1.0)]), beta.max);
    program.row(terms().map(|(i, value)| (i, -value)).chain([(slack, -1.0)]), -beta.min);
}

fn least_gross(constraints: &Constraints, rest: &[Group]) -> Result<Option<Relaxation>> {
    let n = constraints.assets();
    let mut program = Program::constrained(constraints, rest);
    let first = program.add_variables(n);
    program.linear[first..].fill(1.0);
    let start = program.rhs.len();
    for i in 0..n {
        program.row([(i, 1.0), (first + i, -1.0)], 0.0);
        program.row([(i, -1.0), (first + i, -1.0)], 0.0);
    }
    program.close(start, crate::lower::Cone::NonNegative);
    let answer = run(&program, Precision::Full)?;
    let gross = answer.x[first..].iter().sum();
    let found = answer.status == SolveStatus::Optimal;
    Ok(found.then(|| change(Group::Gross, None, Some(gross))))
}

fn change(group: Group, min: Option<f64>, max: Option<f64>) -> Relaxation {
    Relaxation { group, min, max }
}

/// Applies a relaxation with a margin of 1e-7, so that the result has an interior.
fn apply(constraints: &Constraints, change: &Relaxation) -> Constraints {
    const MARGIN: f64 = 1e-7;
    let mut relaxed = constraints.clone();
    match (change.group, change.min, change.max) {
        (Group::Max, _, Some(max)) => {
            relaxed.max.iter_mut().for_each(|bound| *bound = bound.max(max + MARGIN));
        }
        (Group::Min, Some(min), _) => {
            relaxed.min.iter_mut().for_each(|bound| *bound = bound.min(min - MARGIN));
        }
        (Group::Gross, _, Some(max)) => relaxed.gross_leverage = Some(max + MARGIN),
        (Group::Beta, Some(min), Some(max)) => {
            if let Some(beta) = &mut relaxed.beta {
                if min < beta.min {
                    beta.min = min - MARGIN;
                }
                if max > beta.max {
                    beta.max = max + MARGIN;
                }
            }
        }
        _ => {}
    }
    relaxed
}

pub(crate) fn largest(bounds: &[f64]) -> f64 {
    bounds.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Rounded up in the fourth decimal, so that the advice itself works.
fn up(value: f64) -> f64 {
    (value * 1e4 - 1e-3).ceil() / 1e4
}

/// Without the noise of a floating-point sum.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 1e10).round() / 1e10
}
