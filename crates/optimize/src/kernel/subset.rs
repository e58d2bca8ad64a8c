//! Portfolios of few assets, with proof: cardinality and minimum positions by branch and bound.
//!
//! Minimize `q(x) = x'Gx - 2c'x + constant` subject to `lo <= (x, Ax) <= hi` and
//!
//! - *at most* `k` weights other than zero ([`Sparse::max_holdings`]);
//! - *at least* so many ([`Sparse::min_holdings`]);
//! - each weight zero or of size `p` at least ([`Sparse::min_position`]): `x_i = 0` or
//!   `|x_i| >= p`, a semicontinuous variable.
//!
//! Trading may cost: `sum_i cost_i |x_i - from_i|` is added to `q`, and half of the trades may be limited
//! ([`Sparse::trading`]). Relaxations and portfolios both know it exactly (`trading`).
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
//!   (`perspective`), or the relaxed program where trading costs and it does not fit.
//!
//! Before either, good portfolios are looked for: by all exchanges of one holding where there are few, else by walks
//! that make the exchange foreseen to be best whether it helps or not (`tabu`), or where trading costs by descents
//! from the best portfolio without some of its holdings (`descent`).
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
mod fingerprint;
mod frontier;
mod held;
mod incumbent;
mod level;
mod local;
mod part;
mod problem;
mod rules;
mod state;
mod strip;
mod tabu;
mod trading;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use walkfolio_core::linear::max_abs;
use walkfolio_core::{Interrupt, Matrix};

use super::program::{Program, Stop};
use crate::gap::relative;
use dive::Dive;
pub(crate) use fingerprint::fingerprint;
use frontier::Frontier;
use incumbent::Incumbent;
use problem::Problem;
use problem::objective;
use rules::{Clock, Found};
pub use rules::{
    Limit, NoSubset, RootBound, SMALLEST_HOLDING, SearchLimits, Sparse, SparseAnswer, Trading,
};
pub use state::SearchState;
use state::Stage;
use trading::Point;

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
///     max_holdings: Some(1), min_holdings: None, min_position: None, trading: None,
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
    let course = Course { limits: *limits, start, interrupt: Interrupt::default(), from: None };
    solve_by(program, course, Search::ByStructure)
}

/// From where and how far a program is searched.
pub(crate) struct Course<'a> {
    pub limits: SearchLimits,
    /// A portfolio whose holdings are tried first.
    pub start: Option<&'a [f64]>,
    /// What ends the search, with [`NoSubset::Interrupted`].
    pub interrupt: Interrupt,
    /// Where an interrupted search of the same program stood.
    pub from: Option<SearchState>,
}

/// As [`solve_sparse`], with what may interrupt the search and where it goes on.
///
/// # Errors
/// As [`solve_sparse`], and [`NoSubset::Interrupted`].
pub(crate) fn search(program: &Sparse<'_>, course: Course<'_>) -> Result<SparseAnswer, NoSubset> {
    solve_by(program, course, Search::ByStructure)
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
    course: Course<'_>,
    search: Search,
) -> Result<SparseAnswer, NoSubset> {
    let clock = Clock::new(course.limits, course.interrupt.clone());
    let ridges: [OnceCell<Matrix>; RIDGES.len()] = Default::default();
    let mut problem = Problem::new(program, &clock)?;
    let mut relaxed = relax(&problem);
    for (ridge, size) in ridges.iter().zip(RIDGES) {
        // A singular matrix can defeat the path; a ridge is followed then, and bounds still come
        // from the data.
        if let Err(NoSubset::Relaxation(Stop::Limit | Stop::Singular)) = relaxed {
            problem.h = ridge.get_or_init(|| ridged(program, size));
            relaxed = relax(&problem);
        }
    }
    let mut incumbent = Incumbent::new(&problem);
    let answer =
        relaxed.and_then(|root| explore(&problem, &mut incumbent, (&course, search), root));
    // Whatever a raised flag has cut short, nothing of it counts.
    if clock.interrupt.is_raised() {
        let reached = incumbent.reached.or(course.from).map(|state| {
            let program = fingerprint(program, &course.limits, course.start);
            Box::new(SearchState { program, ..state })
        });
        return Err(NoSubset::Interrupted(reached));
    }
    answer
}

/// Good portfolios, then the tree.
fn explore(
    problem: &Problem<'_>,
    incumbent: &mut Incumbent,
    (course, search): (&Course<'_>, Search),
    root: RootBound,
) -> Result<SparseAnswer, NoSubset> {
    match (&course.from, course.start) {
        (Some(state), _) => incumbent.stand_at(problem, state),
        (None, Some(start)) => incumbent.try_holdings_of(problem, start),
        (None, None) => {}
    }
    let limits = &course.limits;
    if problem.n > FEW || limits.nodes == 0 || problem.trading.is_some() {
        incumbent.search(problem, &root.x, course.from.as_ref().map(|state| state.stage));
        incumbent.reach(problem, Stage::Tree);
    }
    problem.clock.set_work(0);
    let (found, root) = if limits.nodes == 0 {
        (Found { open: root.value, nodes: 0, pivots: 0, stopped: Some(Limit::Nodes) }, root)
    } else if search.is_best_first(problem, incumbent, root.value) {
        Frontier::run(problem, incumbent, root)
    } else {
        (Dive::run(problem, incumbent), root)
    };
    conclude(problem, incumbent, &found, root)
}

impl Search {
    fn is_best_first(self, problem: &Problem<'_>, incumbent: &Incumbent, bound: f64) -> bool {
        if problem.trading.is_some() {
            return true;
        }
        let value = incumbent.value;
        let near = value.is_finite() && value - bound <= NEAR * incumbent.scale.unit;
        let fits = problem.has_perspective();
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
    problem.clock.spend(problem.relaxing());
    let mut set = problem.active_set();
    let point = problem.convex(&program, None, &mut set).map_err(NoSubset::Relaxation)?;
    let exact = Program { h: problem.g, ..program };
    let value = problem.lower_bound(&exact, &point) + problem.constant;
    let diagonal = vec![0.0; problem.n];
    let Point { x, multipliers, price, .. } = point;
    Ok(RootBound { value, diagonal, x, multipliers, price })
}

fn conclude(
    problem: &Problem<'_>,
    incumbent: &mut Incumbent,
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
