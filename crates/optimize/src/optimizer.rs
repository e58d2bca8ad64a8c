//! Which solver answers a mandate, and what it remembers from one to the next.

use std::time::Instant;

use walkfolio_core::{Covariance, Matrix, SolveReport, SolveStatus};

use crate::conflict::Conflict;
use crate::kernel::{ActiveSet, Program, Stop, Utility};
use crate::mandate::dot;
use crate::solver::{Precision, Solution, solve};
use crate::{Constraints, Error, Mandate, Objective, Result};

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
    /// Clarabel.
    Clarabel,
}

/// Solves mandates one after the other, each from the last answer.
#[derive(Debug, Clone, Default)]
pub struct Optimizer {
    choice: Choice,
    last: Option<Last>,
}

/// The kernel's memory, for mandates of one shape.
#[derive(Debug, Clone)]
struct Last {
    shape: (usize, usize),
    set: ActiveSet,
}

/// A mandate as the kernel takes it.
struct Dense {
    matrix: Matrix,
    linear: Vec<f64>,
    rows: Matrix,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

impl Optimizer {
    /// With nothing to remember yet.
    pub fn new(choice: Choice) -> Self {
        Self { choice, last: None }
    }

    /// Finds the portfolio that a mandate asks for.
    ///
    /// # Errors
    /// As [`solve`]; [`Error::Invalid`] if the kernel is asked for and does not fit.
    pub fn solve(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        mandate.check()?;
        let obstacle = obstacle(mandate, self.choice);
        match (self.choice, obstacle) {
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
        let shape = (dense.linear.len(), dense.rows.rows());
        let kept = self.last.take().filter(|last| last.shape == shape);
        let mut set = kept.map_or_else(|| ActiveSet::new(shape.0, shape.1), |last| last.set);
        match answer(mandate, &dense, &mut set) {
            Ok(found) => {
                self.last = Some(Last { shape, set });
                Ok(found.solution(mandate, started))
            }
            Err(Stop::Infeasible(ray)) => {
                let conflict = Conflict::of_ray(&mandate.constraints, &ray.multipliers)?;
                Err(Error::Infeasible(Box::new(conflict)))
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
}

/// Why the kernel does not take a mandate.
fn obstacle(mandate: &Mandate, choice: Choice) -> Option<String> {
    let n = mandate.constraints.assets();
    if mandate.constraints.gross_leverage.is_some() {
        return Some("it has no gross_leverage".to_owned());
    }
    let crossed = mandate.constraints.min.iter().zip(&mandate.constraints.max);
    if crossed.into_iter().any(|(min, max)| min > max) {
        return Some("a lower bound exceeds its upper one".to_owned());
    }
    (choice == Choice::Auto && n > LARGEST).then(|| format!("{n} assets are more than {LARGEST}"))
}

impl Dense {
    fn of(mandate: &Mandate) -> Self {
        let (covariance, linear): (&Covariance, &[f64]) = match &mandate.objective {
            Objective::TrackingError { second_moment, cross, .. } => (second_moment, cross),
            Objective::RobustUtility { expected_returns, covariance, .. } => {
                (covariance, expected_returns)
            }
        };
        let constraints = &mandate.constraints;
        let n = constraints.assets();
        let mut rows = vec![1.0; n];
        let (mut lo, mut hi) = (constraints.min.clone(), constraints.max.clone());
        lo.push(constraints.budget);
        hi.push(constraints.budget);
        if let Some(beta) = &constraints.beta {
            rows.extend(&beta.coefficients);
            lo.push(beta.min);
            hi.push(beta.max);
        }
        let count = lo.len() - n;
        Self {
            matrix: covariance.to_dense(),
            linear: linear.to_vec(),
            rows: Matrix::from_rows(count, n, rows),
            lo,
            hi,
        }
    }
}

/// What the kernel found: weights, a proven bound in the objective's own sense, and its work.
struct Found {
    weights: Vec<f64>,
    bound: f64,
    pivots: u32,
}

impl Found {
    fn solution(self, mandate: &Mandate, started: Instant) -> Solution {
        let objective = mandate.objective.value(&self.weights);
        let report = SolveReport {
            solver: "kernel",
            status: SolveStatus::Optimal,
            objective: Some(objective),
            bound: Some(self.bound),
            gap: Some((objective - self.bound).abs() / objective.abs().max(1.0)),
            pivots: self.pivots,
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            ..SolveReport::not_solved()
        };
        Solution { weights: self.weights, report, note: None }
    }
}

fn answer(mandate: &Mandate, dense: &Dense, set: &mut ActiveSet) -> Result<Found, Stop> {
    let Dense { matrix, linear, rows, lo, hi } = dense;
    let n = linear.len();
    match &mandate.objective {
        Objective::TrackingError { benchmark_square, .. } => {
            let program = Program { h: matrix, a: rows, g: linear, lo, hi };
            let found = set.solve(&program)?;
            let (x, hx) = (&found.x, matrix.times(&found.x));
            // Convex: q(w) >= q(x) + q'(x)(w - x) for every w.
            let gradient: Vec<f64> = hx.iter().zip(linear).map(|(hx, c)| 2.0 * (hx - c)).collect();
            let duals: Vec<f64> = found.dual[n..].iter().map(|dual| 2.0 * dual).collect();
            let least = least_linear(&gradient, &duals, dense);
            let bound = benchmark_square - dot(&hx, x) + least;
            Ok(Found { weights: found.x, bound, pivots: found.pivots })
        }
        Objective::RobustUtility { lambda, .. } => {
            let utility = Utility {
                expected_returns: linear,
                covariance: matrix,
                lambda: *lambda,
                a: rows,
                lo,
                hi,
            };
            let (found, theta) = set.maximize_utility(&utility)?;
            let sx = matrix.times(&found.x);
            let sigma = dot(&sx, &found.x).max(0.0).sqrt();
            // sigma(w) >= (Sigma x)'w / sigma(x) for every w.
            let slope = if sigma > 0.0 { lambda / sigma } else { 0.0 };
            let cost: Vec<f64> = linear.iter().zip(&sx).map(|(rho, sx)| slope * sx - rho).collect();
            let duals: Vec<f64> = found.dual[n..].iter().map(|dual| dual / theta).collect();
            let bound = -least_linear(&cost, &duals, dense);
            Ok(Found { weights: found.x, bound, pivots: found.pivots })
        }
    }
}

/// A lower bound of `c'w` over all portfolios of a mandate, by weak duality with any multipliers of
/// its rows.
fn least_linear(c: &[f64], duals: &[f64], dense: &Dense) -> f64 {
    let n = c.len();
    let carried = dense.rows.transpose_times(duals);
    let own: f64 = (0..n)
        .map(|i| {
            let rest = c[i] - carried[i];
            (rest * dense.lo[i]).min(rest * dense.hi[i])
        })
        .sum();
    let rows: f64 = duals
        .iter()
        .enumerate()
        .map(|(k, &y)| if y > 0.0 { y * dense.lo[n + k] } else { y * dense.hi[n + k] })
        .sum();
    own + rows
}

fn reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::Infeasible(_) => "no portfolio",
        Stop::Unbounded => "no bound",
        Stop::Limit => "too many steps",
        Stop::Singular => "a singular matrix",
    }
}

impl Constraints {
    /// The group of constraints that index `i` of the kernel's program belongs to, by the sign of
    /// its multiplier.
    pub(crate) fn group(&self, i: usize, multiplier: f64) -> crate::Group {
        let n = self.assets();
        match i {
            _ if i < n && multiplier > 0.0 => crate::Group::Min,
            _ if i < n => crate::Group::Max,
            _ if i == n => crate::Group::Budget,
            _ => crate::Group::Beta,
        }
    }
}
