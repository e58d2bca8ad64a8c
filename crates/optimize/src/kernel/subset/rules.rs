//! The program with its rules, when to stop, and what is found.

use std::cell::Cell;
use std::time::{Duration, Instant};

use walkfolio_core::{Interrupt, Matrix};

use super::super::program::Stop;
use super::state::SearchState;

/// The minimum position that a least number of holdings implies where none is given: one basis
/// point.
pub const SMALLEST_HOLDING: f64 = 1e-4;

/// A quadratic program with rules about which weights may be other than zero.
///
/// # Shape and units
/// `G` is `n x n`, symmetric, positive semidefinite; `A` is `m x n`; `c` has `n` values, `lo` and
/// `hi` have `n + m`, variables first. Bounds of variables are finite, those of rows may not be.
/// A bound that excludes zero makes the asset a holding.
/// # Examples
/// See [`solve_sparse`](crate::matrix_form::solve_sparse).
#[derive(Debug, Clone, Copy)]
pub struct Sparse<'a> {
    /// `G`: `R'R` when tracking, `risk_aversion / 2 Sigma` for mean-variance.
    pub g: &'a Matrix,
    /// `c`: `R'r_M` when tracking, `mu / 2` for mean-variance.
    pub c: &'a [f64],
    /// The constant of the objective: `r_M'r_M` when tracking.
    pub constant: f64,
    /// `A`.
    pub a: &'a Matrix,
    /// Lower bounds of variables and rows.
    pub lo: &'a [f64],
    /// Upper bounds of variables and rows.
    pub hi: &'a [f64],
    /// At most so many weights other than zero.
    pub max_holdings: Option<usize>,
    /// At least so many weights other than zero.
    pub min_holdings: Option<usize>,
    /// The least size of a weight other than zero.
    pub min_position: Option<f64>,
    /// What trading costs, and how much may be traded.
    pub trading: Option<Trading<'a>>,
}

/// What trading costs, and how much may be traded: `sum_i cost_i |x_i - from_i|` is added to the objective,
/// and `1/2 sum_i |x_i - from_i| <= max_turnover`.
///
/// # Shape and units
/// A value for each asset; costs are at least 0, in the objective's unit.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::SearchLimits;
/// use walkfolio_optimize::matrix_form::{Sparse, Trading, solve_sparse};
///
/// // x^2 + 2 y^2 with one holding: the first. Held is the second, and its sale costs more than it gains.
/// let trading = |cost: &'static [f64]| Some(Trading { from: &[0.0, 1.0], costs: cost, max_turnover: None });
/// let mut program = Sparse {
///     g: &Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 2.0]), c: &[0.0; 2], constant: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]), lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3],
///     max_holdings: Some(1), min_holdings: None, min_position: None, trading: trading(&[0.4; 2]),
/// };
/// let answer = solve_sparse(&program, &SearchLimits::default(), None).unwrap();
/// assert_eq!((answer.x, answer.objective), (vec![1.0, 0.0], 1.8));
/// program.trading = trading(&[0.6; 2]);
/// let answer = solve_sparse(&program, &SearchLimits::default(), None).unwrap();
/// assert_eq!((answer.x, answer.objective), (vec![0.0, 1.0], 2.0));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Trading<'a> {
    /// What is held.
    pub from: &'a [f64],
    /// What a unit traded costs.
    pub costs: &'a [f64],
    /// The largest turnover, one way.
    pub max_turnover: Option<f64>,
}

/// When to stop without proof.
/// # Examples
/// ```
/// use walkfolio_optimize::SearchLimits;
///
/// let limits = SearchLimits { nodes: 1_000, ..SearchLimits::default() };
/// assert_eq!((limits.time, limits.gap), (None, 1e-9));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchLimits {
    /// After so many nodes: the same on every machine. With 0 there is no search at all: the
    /// answer is what exchanges of one holding find, the bound that of the plain relaxation.
    pub nodes: u64,
    /// After so much work, in operations of about a nanosecond: as much on every machine. Half of it may be
    /// spent on good portfolios for many assets, and all of it on the proof.
    pub work: u64,
    /// After so much time: depends on the machine.
    pub time: Option<Duration>,
    /// When the bound is within this fraction of the objective, the answer counts as proven; as
    /// [`SparseAnswer::gap`] where the terms of the objective nearly cancel.
    pub gap: f64,
}

impl Default for SearchLimits {
    fn default() -> Self {
        Self { nodes: 100_000, work: 600_000_000, time: None, gap: 1e-9 }
    }
}

/// What ended a search before its proof.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::SearchLimits;
/// use walkfolio_optimize::matrix_form::{Limit, Sparse, solve_sparse};
///
/// // Without a node there is a portfolio and a bound, and no proof.
/// let program = Sparse {
///     g: &Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 2.0]), c: &[0.0; 2], constant: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]), lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3],
///     max_holdings: Some(1), min_holdings: None, min_position: None, trading: None,
/// };
/// let limits = SearchLimits { nodes: 0, ..SearchLimits::default() };
/// let answer = solve_sparse(&program, &limits, None).unwrap();
/// assert_eq!((answer.stopped, answer.objective), (Some(Limit::Nodes), 1.0));
/// assert!(answer.bound < 1.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`SearchLimits::nodes`].
    Nodes,
    /// [`SearchLimits::work`].
    Work,
    /// [`SearchLimits::time`].
    Time,
    /// A relaxation had no numerical answer, and its part of the search stays open.
    Numerics,
}

/// Why there is no portfolio.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::SearchLimits;
/// use walkfolio_optimize::matrix_form::{NoSubset, Sparse, solve_sparse};
///
/// // One holding of 60 % at most cannot be all of a portfolio.
/// let program = Sparse {
///     g: &Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 2.0]), c: &[0.0; 2], constant: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]), lo: &[0.0, 0.0, 1.0], hi: &[0.6, 0.6, 1.0],
///     max_holdings: Some(1), min_holdings: None, min_position: None, trading: None,
/// };
/// let error = solve_sparse(&program, &SearchLimits::default(), None).unwrap_err();
/// assert_eq!(error, NoSubset::Infeasible);
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoSubset {
    /// No portfolio keeps all rules; the search excluded them all.
    #[error("no portfolio keeps the rules about holdings together with the other constraints")]
    Infeasible,
    /// Already with every asset undecided there is no answer.
    #[error("the program has no answer even before holdings are chosen")]
    Relaxation(Stop),
    /// A limit struck before any portfolio was found.
    #[error("no portfolio was found before the search stopped ({0:?})")]
    Undecided(Limit),
    /// The search was interrupted; where it stands, if it can go on from there.
    #[error("the search was interrupted")]
    Interrupted(Option<Box<SearchState>>),
    /// The minimum position is not a positive number.
    #[error("the minimum position must be a positive number, found {0}")]
    Position(f64),
}

/// A portfolio with how far it may be from the best.
/// # Examples
/// See [`solve_sparse`](crate::matrix_form::solve_sparse).
#[derive(Debug, Clone, PartialEq)]
pub struct SparseAnswer {
    /// Weights; those not held are zero to the bit.
    pub x: Vec<f64>,
    /// `q(x)`.
    pub objective: f64,
    /// No portfolio within the rules has a smaller objective, but for rounding.
    pub bound: f64,
    /// `(objective - bound) / max(|objective|, (x'Gx + 2 sum |c_i x_i|) / 1000)`, zero when proven
    /// to the last digit. The second keeps its sense where the terms cancel.
    pub gap: f64,
    /// Nodes of the search.
    pub nodes: u64,
    /// Pivots in all.
    pub pivots: u64,
    /// What ended the search, if not its proof.
    pub stopped: Option<Limit>,
    /// The first bound, to be checked without this program.
    pub root: RootBound,
}

/// The bound at the root of the search with what proves it.
///
/// With `D = diag(diagonal)`, `delta = sqrt(diagonal)` and `k` the holdings that are undecided at
/// the root (those allowed less those that bounds force), every portfolio within the rules has
/// `q(x) >= x'(G - D + delta delta'/k)x - 2c'x + constant`. That program, convex where the equality
/// rows hold and only assets with room between their bounds are held, is at least
/// [`value`](Self::value) by the Lagrangian with [`multipliers`](Self::multipliers) for the rows,
/// linearized at [`x`](Self::x).
/// To check: `G - D` is positive semidefinite across the equalities, and the Lagrangian's sum.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::SearchLimits;
/// use walkfolio_optimize::matrix_form::{Sparse, solve_sparse};
///
/// // x^2 + 2 y^2 with x + y = 1: without the rule 2/3, with one holding 1.
/// let program = Sparse {
///     g: &Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 2.0]), c: &[0.0; 2], constant: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]), lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3],
///     max_holdings: Some(1), min_holdings: None, min_position: None, trading: None,
/// };
/// let answer = solve_sparse(&program, &SearchLimits::default(), None).unwrap();
/// assert!((answer.root.value - 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!(answer.objective, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RootBound {
    /// The bound.
    pub value: f64,
    /// `D`; zeros for the plain relaxation.
    pub diagonal: Vec<f64>,
    /// Where the relaxation is linearized: its answer.
    pub x: Vec<f64>,
    /// Multipliers of the rows of `A`.
    pub multipliers: Vec<f64>,
    /// The multiplier of `sum |x_i - from_i|`, where it is limited.
    pub price: f64,
}

/// What a search has found.
pub(super) struct Found {
    /// The smallest bound of what it left open; infinite if nothing.
    pub open: f64,
    pub nodes: u64,
    pub pivots: u64,
    pub stopped: Option<Limit>,
}

/// Counts nodes and trials, and watches the time and the interrupt.
#[derive(Debug)]
pub(super) struct Clock {
    pub limits: SearchLimits,
    pub interrupt: Interrupt,
    started: Instant,
    nodes: Cell<u64>,
    work: Cell<u64>,
}

impl Clock {
    pub fn new(limits: SearchLimits, interrupt: Interrupt) -> Self {
        Self { limits, interrupt, started: Instant::now(), nodes: Cell::new(0), work: Cell::new(0) }
    }

    /// Nodes so far.
    pub fn nodes(&self) -> u64 {
        self.nodes.get()
    }

    /// Takes a node, or says which limit has struck.
    pub fn take(&self) -> Option<Limit> {
        if self.nodes.get() >= self.limits.nodes {
            return Some(Limit::Nodes);
        }
        self.nodes.set(self.nodes.get() + 1);
        self.look()
    }

    pub fn look(&self) -> Option<Limit> {
        let spent = (self.work.get() >= self.limits.work).then_some(Limit::Work);
        spent.or_else(|| self.late().then_some(Limit::Time))
    }

    /// Work so far.
    pub fn work(&self) -> u64 {
        self.work.get()
    }

    /// Counts work.
    pub fn spend(&self, operations: u64) {
        self.work.set(self.work.get().saturating_add(operations));
    }

    /// So much work has been done.
    pub fn set_work(&self, operations: u64) {
        self.work.set(operations);
    }

    /// Whether the time is over, or the search is interrupted.
    pub fn late(&self) -> bool {
        self.limits.time.is_some_and(|time| self.started.elapsed() >= time)
            || self.interrupt.is_raised()
    }
}
