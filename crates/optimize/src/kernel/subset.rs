//! Portfolios of few assets, with proof: cardinality and minimum positions by branch and bound.
//!
//! Minimize `q(x) = x'Gx - 2c'x + constant` subject to `lo <= (x, Ax) <= hi` and
//!
//! - *at most* `k` weights other than zero ([`Sparse::max_holdings`]);
//! - *at least* so many ([`Sparse::min_holdings`]);
//! - each weight zero or of size `p` at least ([`Sparse::min_position`]): `x_i = 0` or
//!   `|x_i| >= p`, a semicontinuous variable.
//!
//! A holding is a weight other than zero; a least number of holdings therefore says nothing unless
//! a holding has a least size (`1e-300` would count), so it implies a minimum position of
//! [`SMALLEST_HOLDING`], one basis point, where none is given.
//!
//! Two searches, chosen by structure alone:
//!
//! - `dive`, depth first, for few assets or where the relaxation nearly closes the gap. The bound
//!   is the relaxed program; forbidding an asset moves its bounds to zero from the parent's answer,
//!   which costs one or two pivots; requiring it costs nothing.
//! - `frontier`, best first, for many: its bound is the perspective relaxation
//!   (`perspective`).
//!
//! Every bound is a value of the Lagrangian dual, computed from the data with the multipliers that
//! a relaxation ends with: whatever these are, it is a bound, up to the rounding of its sum.
//! Without a time limit the answer depends on the program alone, to the bit.
//!
//! # Sources
//! Bertsimas & Shioda (2009), Algorithm for cardinality-constrained quadratic optimization;
//! Frangioni & Gentile (2006), Perspective cuts for a class of convex 0-1 mixed integer programs;
//! Zheng, Sun & Li (2014), Improving the performance of MIQP solvers for quadratic programs with
//! cardinality and minimum threshold constraints; Benidis, Feng & Palomar (2018), Optimization
//! methods for financial index tracking.

mod bound;
mod descent;
mod dive;
mod exchange;
mod frontier;
mod incumbent;
mod level;
mod local;
mod part;
mod problem;
mod rules;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::time::Instant;

use walkfolio_core::Matrix;
use walkfolio_core::linear::max_abs;

use super::active_set::ActiveSet;
use super::program::{Program, Stop};
use crate::gap::relative;
use bound::{objective, weak_duality};
use dive::Dive;
use frontier::Frontier;
use incumbent::Incumbent;
use problem::Problem;
use rules::{Clock, Found};
pub use rules::{Limit, NoSubset, RootBound, SMALLEST_HOLDING, SearchLimits, Sparse, SparseAnswer};

/// Programs with so many assets or fewer are searched depth first.
const FEW: usize = 20;
/// Relaxations within this fraction of the best portfolio known are searched depth first.
const NEAR: f64 = 0.05;
/// Ridges that are tried where a matrix is singular, in parts of its mean diagonal.
const RIDGES: [f64; 3] = [1e-9, 1e-7, 1e-5];

/// Finds the best portfolio within rules about its holdings, and proves it.
///
/// `start` may name a portfolio whose holdings are tried first, such as last month's.
///
/// # Errors
/// [`NoSubset`] when no portfolio keeps the rules, or none was found within the limits.
///
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::SearchLimits;
/// use walkfolio_optimize::matrix_form::{Sparse, solve_sparse};
///
/// // x^2 + 2y^2 + 4z^2 on the simplex; one asset: the first, objective 1.
/// let g = Matrix::from_rows(3, 3, vec![1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 4.0]);
/// let budget = Matrix::from_rows(1, 3, vec![1.0; 3]);
/// let (lo, hi) = ([0.0, 0.0, 0.0, 1.0], [1.0; 4]);
/// let program = Sparse {
///     g: &g, c: &[0.0; 3], constant: 0.0, a: &budget, lo: &lo, hi: &hi,
///     max_holdings: Some(1), min_holdings: None, min_position: None,
/// };
/// let best = solve_sparse(&program, &SearchLimits::default(), None).unwrap();
/// assert_eq!(best.x, [1.0, 0.0, 0.0]);
/// // Two: 2/3 and 1/3, objective 4/9 + 2/9.
/// let program = Sparse { max_holdings: Some(2), ..program };
/// let best = solve_sparse(&program, &SearchLimits::default(), None).unwrap();
/// assert!((best.objective - 2.0 / 3.0).abs() < 1e-15 && best.gap < 1e-9);
/// ```
pub fn solve_sparse(
    program: &Sparse<'_>,
    limits: &SearchLimits,
    start: Option<&[f64]>,
) -> Result<SparseAnswer, NoSubset> {
    solve_by(program, limits, start, Search::ByStructure)
}

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    ByStructure,
    /// Depth or best first, whatever the structure: for tests.
    #[cfg(test)]
    DepthFirst,
    #[cfg(test)]
    BestFirst,
}

fn solve_by(
    program: &Sparse<'_>,
    limits: &SearchLimits,
    start: Option<&[f64]>,
    search: Search,
) -> Result<SparseAnswer, NoSubset> {
    let clock = Clock { nodes: 0, limits: *limits, started: Instant::now() };
    let ridges: [OnceCell<Matrix>; RIDGES.len()] = Default::default();
    let mut problem = Problem::new(program)?;
    let mut relaxed = relax(&problem);
    for (ridge, size) in ridges.iter().zip(RIDGES) {
        // A singular matrix can defeat the path; a ridge is followed then, and bounds still come
        // from the data.
        if let Err(NoSubset::Relaxation(Stop::Limit | Stop::Singular)) = relaxed {
            problem.h = ridge.get_or_init(|| ridged(program, size));
            relaxed = relax(&problem);
        }
    }
    let root = relaxed?;
    let mut incumbent = Incumbent::new(&problem, clock);
    if let Some(start) = start {
        incumbent.try_holdings_of(&problem, start);
    }
    if problem.n > FEW || limits.nodes == 0 {
        incumbent.search(&problem, &root.x);
    }
    let (found, root) = if limits.nodes == 0 {
        (Found { open: root.value, nodes: 0, pivots: 0, stopped: Some(Limit::Nodes) }, root)
    } else if search.is_best_first(&problem, &incumbent, root.value) {
        Frontier::run(&problem, &mut incumbent, clock, root)
    } else {
        (Dive::run(&problem, &mut incumbent, clock), root)
    };
    conclude(&problem, incumbent, &found, root)
}

impl Search {
    fn is_best_first(self, problem: &Problem<'_>, incumbent: &Incumbent, bound: f64) -> bool {
        let value = incumbent.value;
        let near = value.is_finite() && value - bound <= NEAR * incumbent.scale.unit;
        let fits = problem.is_long_only() && problem.most < problem.n;
        match self {
            Self::ByStructure => problem.n > FEW && !near && fits,
            #[cfg(test)]
            Self::DepthFirst => false,
            #[cfg(test)]
            Self::BestFirst => fits,
        }
    }
}

/// A program's matrix made regular, in the size of the linear term where there is no other.
fn ridged(program: &Sparse<'_>, part: f64) -> Matrix {
    let mut out = program.g.clone();
    let n = out.rows();
    let mean = (0..n).map(|i| out[(i, i)]).sum::<f64>() / n.max(1) as f64;
    let linear = max_abs(program.c);
    let size = if mean > 0.0 { mean } else { linear };
    for i in 0..n {
        out[(i, i)] += part * size;
    }
    out
}

/// The plain relaxation.
fn relax(problem: &Problem<'_>) -> Result<RootBound, NoSubset> {
    let (lo, hi) = problem.open_bounds();
    let program = Program { h: problem.h, a: problem.a, g: problem.c, lo: &lo, hi: &hi };
    let answer = ActiveSet::new(problem.n, problem.a.rows())
        .solve(&program)
        .map_err(NoSubset::Relaxation)?;
    let multipliers = answer.dual[problem.n..].to_vec();
    let exact = Program { h: problem.g, ..program };
    let value = weak_duality(&exact, &answer.x, &multipliers) + problem.constant;
    Ok(RootBound { value, diagonal: vec![0.0; problem.n], x: answer.x, multipliers })
}

fn conclude(
    problem: &Problem<'_>,
    mut incumbent: Incumbent,
    found: &Found,
    root: RootBound,
) -> Result<SparseAnswer, NoSubset> {
    incumbent.settle(problem);
    let Some(x) = incumbent.x.take() else {
        return Err(found.stopped.map_or(NoSubset::Infeasible, NoSubset::Undecided));
    };
    let value = objective(problem, &x);
    let bound = found.open.min(incumbent.pruned).max(root.value).min(value);
    let size = problem.scale(&x, value).unit;
    // What rounding alone may amount to is no gap.
    let proven = value - bound <= problem.rounding();
    let gap = if proven { 0.0 } else { relative(value, bound, size) };
    let pivots = found.pivots + incumbent.pivots;
    let (nodes, stopped) = (found.nodes, found.stopped);
    Ok(SparseAnswer { x, objective: value, bound, gap, nodes, pivots, stopped, root })
}
