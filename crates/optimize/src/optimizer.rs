//! Which solver answers a mandate, and what it remembers from one to the next.

mod dense;
mod holdings;
mod signed;

use std::time::Instant;

use walkfolio_core::{SolveReport, SolveStatus};

use crate::bound::gap;
use crate::conflict::Conflict;
use crate::kernel::subset::Limits;
use crate::kernel::{ActiveSet, RatioSolver, Stop};
use crate::solver::{Precision, Solution, solve};
use crate::{Error, Mandate, Objective, Result};
pub use dense::Dense;
use holdings::sparse;

/// The largest mandate that `Auto` gives to the kernel: beyond it the dense matrix costs more than
/// a sparse factorization.
const LARGEST: usize = 1000;

/// Which solver to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// The kernel where it fits, Clarabel for the rest.
    #[default]
    Auto,
    /// The kernel; a mandate that it does not fit is an error.
    Kernel,
    /// Clarabel; a mandate that is no cone program is an error.
    Clarabel,
}

/// How mandates are solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Which solver.
    pub choice: Choice,
    /// When a search over holdings stops without proof.
    pub limits: Limits,
    /// How far the bound of an information ratio may be from its value.
    pub ratio_tolerance: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { choice: Choice::Auto, limits: Limits::default(), ratio_tolerance: 1e-6 }
    }
}

/// Solves mandates one after the other, each from the last answer.
#[derive(Debug, Default)]
pub struct Optimizer {
    settings: Settings,
    active_set: Option<((usize, usize), ActiveSet)>,
    ratio: Option<((usize, usize), RatioSolver)>,
}

impl Optimizer {
    /// With nothing to remember yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, active_set: None, ratio: None }
    }

    /// Finds the portfolio that a mandate asks for.
    ///
    /// # Errors
    /// As [`solve`]; [`Error::Invalid`] if the solver that is asked for does not fit;
    /// [`Error::Holdings`] if no portfolio keeps the rules about holdings.
    pub fn solve(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        mandate.check()?;
        match (self.settings.choice, obstacle(mandate, self.settings.choice)) {
            (Choice::Auto, Some(obstacle)) if mandate.constraints.holdings.any() => {
                Err(without_search(mandate, &obstacle))
            }
            (Choice::Clarabel, _) => solve(mandate, precision),
            (Choice::Auto, Some(_)) => Ok(signed::finish(mandate, solve(mandate, precision)?)),
            (Choice::Kernel, Some(obstacle)) => {
                Err(Error::Invalid(format!("solver \"kernel\" does not fit: {obstacle}")))
            }
            (_, None) => self.by_kernel(mandate, precision),
        }
    }

    fn by_kernel(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        let started = Instant::now();
        let dense = Dense::of(mandate);
        if mandate.constraints.holdings.any() {
            return sparse(mandate, &dense, &self.settings.limits, started);
        }
        let found = match mandate.objective {
            Objective::InformationRatio { .. } => self.ratio(mandate, &dense),
            _ => self.convex(mandate, &dense),
        };
        match found {
            Ok(found) => Ok(found.solution(mandate, started)),
            Err(Stop::Infeasible(ray)) => Err(infeasible(mandate, &ray.multipliers)?),
            Err(Stop::Unbounded) if matches!(mandate.objective, Objective::InformationRatio { tev_floor, .. } if tev_floor == 0.0) => {
                Err(Error::Replicable)
            }
            Err(stop) if matches!(mandate.objective, Objective::InformationRatio { .. }) => {
                Err(Error::Stopped { solver: "kernel", status: status(&stop), iterations: 0 })
            }
            Err(stop) => {
                let mut solution = solve(mandate, precision)?;
                solution.note = Some(format!(
                    "the kernel stopped ({}), Clarabel solved the program in its place",
                    reason(&stop)
                ));
                Ok(solution)
            }
        }
    }

    /// Every convex objective, from the last active set.
    fn convex(&mut self, mandate: &Mandate, dense: &Dense) -> Result<Found, Stop> {
        let shape = dense.shape();
        let kept = self.active_set.take().filter(|(last, _)| *last == shape);
        let mut set = kept.map_or_else(|| ActiveSet::new(shape.0, shape.1), |(_, set)| set);
        let found = dense.solve(mandate, &mut set)?;
        self.active_set = Some((shape, set));
        Ok(found)
    }

    fn ratio(&mut self, mandate: &Mandate, dense: &Dense) -> Result<Found, Stop> {
        let shape = dense.shape();
        let kept = self.ratio.take().filter(|(last, _)| *last == shape);
        let mut solver =
            kept.map_or_else(|| RatioSolver::new(shape.0, shape.1), |(_, solver)| solver);
        let Some(program) = dense.ratio(&mandate.objective) else { return Err(Stop::Limit) };
        let answer = solver.solve(&program, self.settings.ratio_tolerance)?;
        self.ratio = Some((shape, solver));
        let proven = answer.bound - answer.value <= self.settings.ratio_tolerance;
        Ok(Found {
            weights: answer.x,
            bound: answer.bound,
            pivots: answer.pivots,
            nodes: u64::from(answer.intervals),
            proven,
        })
    }
}

/// Why the kernel does not take a mandate.
fn obstacle(mandate: &Mandate, choice: Choice) -> Option<String> {
    let constraints = &mandate.constraints;
    if constraints.gross_leverage.is_some() {
        return Some("it has no gross_leverage".to_owned());
    }
    if constraints.min.iter().zip(&constraints.max).any(|(min, max)| min > max) {
        return Some("a lower bound exceeds its upper one".to_owned());
    }
    if mandate.l1_acts() {
        return Some("it has no l1 penalty where positions may be short".to_owned());
    }
    if mandate.penalties.l2 > 0.0 && !mandate.objective.is_minimized() {
        return Some("it has no l2 penalty on a robust utility".to_owned());
    }
    let n = constraints.assets();
    let convex = !matches!(mandate.objective, Objective::InformationRatio { .. });
    (choice == Choice::Auto && n > LARGEST && convex && !constraints.holdings.any())
        .then(|| format!("{n} assets are more than {LARGEST}"))
}

/// What the kernel found: weights, a proven bound in the objective's own sense but for an l1 penalty
/// that does not act, and its work.
pub(crate) struct Found {
    weights: Vec<f64>,
    bound: f64,
    pivots: u32,
    nodes: u64,
    proven: bool,
}

impl Found {
    fn solution(self, mandate: &Mandate, started: Instant) -> Solution {
        let objective = mandate.value(&self.weights);
        let bound = mandate.with_constant(self.bound);
        let report = SolveReport {
            solver: "kernel",
            status: if self.proven { SolveStatus::Optimal } else { SolveStatus::Limit },
            objective: Some(objective),
            bound: Some(bound),
            gap: Some(gap(objective, bound)),
            pivots: self.pivots,
            nodes: self.nodes,
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            iterations: 0,
        };
        Solution { weights: self.weights, report, note: None }
    }
}

/// Rules about holdings take the kernel: why a mandate that it does not fit has no answer.
fn without_search(mandate: &Mandate, obstacle: &str) -> Error {
    match Conflict::find(mandate) {
        Ok(conflict) => Error::Infeasible(Box::new(conflict)),
        Err(_) => Error::Invalid(format!("rules about holdings take the kernel, and {obstacle}")),
    }
}

fn infeasible(mandate: &Mandate, ray: &[f64]) -> Result<Error> {
    Ok(Error::Infeasible(Box::new(Conflict::of_ray(&mandate.constraints, ray)?)))
}

fn status(stop: &Stop) -> SolveStatus {
    match stop {
        Stop::Infeasible(_) => SolveStatus::Infeasible,
        Stop::Unbounded => SolveStatus::Unbounded,
        Stop::Limit => SolveStatus::Limit,
        Stop::Singular => SolveStatus::Failed,
    }
}

fn reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::Infeasible(_) => "no portfolio",
        Stop::Unbounded => "no bound",
        Stop::Limit => "too many steps",
        Stop::Singular => "a singular matrix, or a portfolio without risk",
    }
}
