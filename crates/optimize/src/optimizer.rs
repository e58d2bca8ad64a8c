//! Which solver answers a mandate, and what it remembers from one to the next.

mod dense;

use std::time::Instant;

use walkfolio_core::{SolveReport, SolveStatus};

use crate::conflict::Conflict;
use crate::kernel::subset::{Limit, Limits, NoSubset, SparseAnswer, solve_sparse};
use crate::kernel::{ActiveSet, RatioSolver, Stop};
use crate::solver::{Precision, Solution, solve};
use crate::{Error, Mandate, Objective, Result};
pub use dense::Dense;

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
            (Choice::Clarabel, _) | (Choice::Auto, Some(_)) => solve(mandate, precision),
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

/// Exact holdings by branch and bound.
fn sparse(mandate: &Mandate, dense: &Dense, limits: &Limits, started: Instant) -> Result<Solution> {
    let Some(program) = dense.sparse(mandate) else {
        return Err(Error::Invalid(
            "rules about holdings need a tracking error or mean-variance".to_owned(),
        ));
    };
    match solve_sparse(&program, limits, None) {
        Ok(answer) => {
            let note = answer.stopped.map(|limit| stopped_note(limit, &answer));
            let found = Found {
                proven: answer.stopped.is_none(),
                weights: answer.x,
                bound: answer.bound,
                pivots: u32::try_from(answer.pivots).unwrap_or(u32::MAX),
                nodes: answer.nodes,
            };
            Ok(Solution { note, ..found.solution(mandate, started) })
        }
        Err(NoSubset::Relaxation(Stop::Infeasible(ray))) => {
            Err(infeasible(mandate, &ray.multipliers)?)
        }
        Err(NoSubset::Infeasible) => Err(Error::Holdings(no_subset(mandate))),
        Err(NoSubset::Position(value)) => {
            Err(Error::Invalid(format!("the minimum position is {value}; it must be positive")))
        }
        Err(NoSubset::Relaxation(_) | NoSubset::Undecided(_)) => {
            Err(Error::Stopped { solver: "kernel", status: SolveStatus::Limit, iterations: 0 })
        }
    }
}

fn stopped_note(limit: Limit, answer: &SparseAnswer) -> String {
    let why = match limit {
        Limit::Nodes => "its limit of nodes",
        Limit::Time => {
            "its limit of time, so that another machine may answer otherwise: not reproducible"
        }
        Limit::Numerics => "a relaxation without a numerical answer",
    };
    format!(
        "the search over holdings ended at {why}; the answer may be {:.2} % from the best",
        100.0 * answer.gap
    )
}

fn no_subset(mandate: &Mandate) -> String {
    let constraints = &mandate.constraints;
    let rules = &constraints.holdings;
    let mut words = Vec::new();
    words.extend(rules.max.map(|k| format!("max_holdings {k}")));
    words.extend(rules.min.map(|k| format!("min_holdings {k}")));
    words.extend(rules.min_position.map(|p| format!("a minimum position of {p}")));
    let cap = constraints.max.iter().copied().fold(0.0, f64::max);
    format!(
        "no portfolio of {} assets satisfies {} with bounds.max {cap}",
        constraints.assets(),
        words.join(" and ")
    )
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

/// What the kernel found: weights, a proven bound in the objective's own sense, and its work.
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
        let report = SolveReport {
            solver: "kernel",
            status: if self.proven { SolveStatus::Optimal } else { SolveStatus::Limit },
            objective: Some(objective),
            bound: Some(self.bound),
            gap: Some((objective - self.bound).abs() / objective.abs().max(1.0)),
            pivots: self.pivots,
            nodes: self.nodes,
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            iterations: 0,
        };
        Solution { weights: self.weights, report, note: None }
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
