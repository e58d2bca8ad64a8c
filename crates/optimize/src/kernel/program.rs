//! The programs that the kernel solves, and what it says of them.

use walkfolio_core::Matrix;
use walkfolio_core::linear::max_abs;

/// `min 1/2 x'Hx - g'x` subject to `lo <= (x, Ax) <= hi`.
///
/// # Shape and units
/// `H` is `n x n`, symmetric, positive semidefinite; `A` is `m x n`; `g` has `n` values; `lo` and
/// `hi` have `n + m`, variables first. Bounds of variables are finite, those of rows may not be.
/// # Examples
/// See [`ActiveSet`](crate::matrix_form::ActiveSet).
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// `H`.
    pub h: &'a Matrix,
    /// `A`.
    pub a: &'a Matrix,
    /// `g`.
    pub g: &'a [f64],
    /// Lower bounds of variables and rows.
    pub lo: &'a [f64],
    /// Upper bounds of variables and rows.
    pub hi: &'a [f64],
}

impl Program<'_> {
    /// Number of variables.
    pub fn variables(&self) -> usize {
        self.h.rows()
    }

    /// Number of rows of `A`.
    pub fn rows(&self) -> usize {
        self.a.rows()
    }
}

/// `max rho'w - lambda sqrt(w' Sigma w)` subject to `lo <= (w, Aw) <= hi`.
///
/// # Shape and units
/// `Sigma` is `n x n`, symmetric, positive semidefinite; `A` is `m x n`; `rho` has `n` values; `lo` and
/// `hi` have `n + m`, variables first. `rho` and `Sigma` refer to the same period.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{ActiveSet, Utility};
///
/// // Two assets of the same return and risk, fully invested: half of each.
/// let covariance = Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.04]);
/// let utility = Utility {
///     expected_returns: &[0.05, 0.05],
///     covariance: &covariance,
///     lambda: 1.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]),
///     lo: &[0.0, 0.0, 1.0],
///     hi: &[1.0; 3],
/// };
/// let (answer, _) = ActiveSet::new(2, 1).maximize_utility(&utility).unwrap();
/// assert!((answer.x[0] - 0.5).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Utility<'a> {
    /// `rho`.
    pub expected_returns: &'a [f64],
    /// `Sigma`, `n x n`.
    pub covariance: &'a Matrix,
    /// `lambda >= 0`.
    pub lambda: f64,
    /// `A`, `m x n`.
    pub a: &'a Matrix,
    /// Lower bounds of variables and rows.
    pub lo: &'a [f64],
    /// Upper bounds of variables and rows.
    pub hi: &'a [f64],
}

impl<'a> Utility<'a> {
    /// The quadratic program whose path is followed.
    pub(super) fn program(&self) -> Program<'a> {
        Program {
            h: self.covariance,
            a: self.a,
            g: self.expected_returns,
            lo: self.lo,
            hi: self.hi,
        }
    }
}

/// Maximize `a'w / max(T(w), f) - lambda sigma(w)` subject to `lo <= (w, Aw) <= hi`, with
/// `T(w)^2 = (w - e)' Sigma (w - e)` and `sigma(w)^2 = w' Sigma w`.
///
/// # Shape and units
/// `Sigma` is `n x n`; `a` and `e` have `n` values; `A` is `m x n` (the budget first); `lo` and
/// `hi` have `n + m`, variables first. All moments refer to one period.
/// # Examples
/// See [`RatioSolver`](crate::matrix_form::RatioSolver).
#[derive(Debug, Clone, Copy)]
pub struct Ratio<'a> {
    /// `a`: expected returns, or those in excess of the benchmark's.
    pub numerator: &'a [f64],
    /// `Sigma`.
    pub covariance: &'a Matrix,
    /// `e`: the benchmark's weights.
    pub benchmark: &'a [f64],
    /// `f`; 0 only where no feasible portfolio is the benchmark.
    pub floor: f64,
    /// `lambda >= 0`.
    pub lambda: f64,
    /// `A`.
    pub a: &'a Matrix,
    /// Lower bounds of variables and rows.
    pub lo: &'a [f64],
    /// Upper bounds of variables and rows.
    pub hi: &'a [f64],
}

/// Where a variable or row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A variable between its bounds, or a row that does not bind.
    Free,
    /// At the lower bound.
    Lower,
    /// At the upper bound.
    Upper,
    /// Held: both bounds are the same.
    Fixed,
}

impl State {
    /// The state at the bounds of another program: what is no longer held is at the bound that its dual
    /// speaks for.
    pub fn fitting(self, is_held: bool, dual: f64) -> Self {
        match self {
            _ if is_held => Self::Fixed,
            Self::Fixed if dual >= 0.0 => Self::Lower,
            Self::Fixed => Self::Upper,
            state => state,
        }
    }

    /// The state that an index of this one belongs in, if its value is outside its bounds or its dual has
    /// the wrong sign, each by more than its tolerance.
    pub fn belongs(
        self,
        value: f64,
        [lo, hi]: [f64; 2],
        dual: f64,
        [of_value, of_dual]: [f64; 2],
    ) -> Option<Self> {
        match self {
            Self::Free if value < lo - of_value => Some(Self::Lower),
            Self::Free if value > hi + of_value => Some(Self::Upper),
            Self::Lower if dual < -of_dual => Some(Self::Free),
            Self::Upper if dual > of_dual => Some(Self::Free),
            _ => None,
        }
    }
}

/// Why there is no answer.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{ActiveSet, Program, Stop};
///
/// // Two weights of 40 % at most cannot sum to 100 %; the ray proves it.
/// let (h, a) = (Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]), Matrix::from_rows(1, 2, vec![1.0; 2]));
/// let program =
///     Program { h: &h, a: &a, g: &[0.0; 2], lo: &[0.0, 0.0, 1.0], hi: &[0.4, 0.4, 1.0] };
/// let Err(Stop::Infeasible(ray)) = ActiveSet::new(2, 1).solve(&program) else { panic!("0.8 is not 1") };
/// assert!(ray.proves(&program));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// No point satisfies the constraints; the ray proves it.
    Infeasible(Ray),
    /// The objective falls without end.
    Unbounded,
    /// Too many steps.
    Limit,
    /// The matrix is singular where it must not be.
    Singular,
}

/// A proof that no point satisfies the constraints (Farkas).
///
/// With `y` the multipliers of variables and rows, `sum y_v x_v + sum y_r (A x)_r = 0` for every
/// `x`, and yet `sum max(y lo, y hi)` falls short of it: the constraints with `y != 0` exclude
/// each other.
/// # Examples
/// See [`Stop`].
#[derive(Debug, Clone, PartialEq)]
pub struct Ray {
    /// Multipliers, positive on lower bounds and negative on upper ones.
    pub multipliers: Vec<f64>,
}

impl Ray {
    /// Whether the ray excludes every point, checked from the program alone.
    pub fn proves(&self, program: &Program<'_>) -> bool {
        let n = program.variables();
        let (own, rows) = self.multipliers.split_at(n);
        let size = max_abs(&self.multipliers);
        let combined = program.a.transpose_times(rows);
        let balanced = own.iter().zip(&combined).all(|(y, a)| (y + a).abs() <= 1e-9 * size);
        let bounds = program.lo.iter().zip(program.hi);
        let terms = self.multipliers.iter().zip(bounds).map(|(&y, (&lo, &hi))| {
            // What is zero but for rounding must not meet an infinite bound.
            if y.abs() <= 1e-9 * size {
                0.0
            } else if y > 0.0 {
                y * lo
            } else {
                y * hi
            }
        });
        let (least, spread) =
            terms.fold((0.0, 0.0), |(sum, spread): (f64, f64), t| (sum + t, spread + t.abs()));
        balanced && least.is_finite() && least > 1e-8 * spread
    }
}

/// A point with its duals and how it was found.
/// # Examples
/// See [`ActiveSet`](crate::matrix_form::ActiveSet).
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The variables.
    pub x: Vec<f64>,
    /// Duals of variables and rows, positive at a lower bound.
    pub dual: Vec<f64>,
    /// Changes of the active set on the way.
    pub pivots: u32,
    /// The largest violation of optimality, relative.
    pub residual: f64,
}

/// From where to begin when nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// With all variables free.
    Inside,
    /// With as few free as there are active rows: for singular matrices.
    Vertex,
}

/// Where the data moves.
pub(super) struct Change<'a> {
    pub g: &'a [f64],
    pub lo: &'a [f64],
    pub hi: &'a [f64],
}

/// What ends a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    pub step: f64,
    /// The index that changes its state; none if the step is complete.
    pub index: Option<usize>,
    pub side: State,
    /// Whether it leaves a joint into the piece on the other side.
    pub crosses: bool,
}

impl Event {
    /// Takes another event if that comes first.
    pub fn meet(&mut self, step: f64, index: usize, side: State) {
        let step = step.max(0.0);
        if step < self.step {
            *self = Self { step, index: Some(index), side, crosses: false };
        }
    }
}
