//! Strategy II: the largest ratio of return to tracking error, less a price of risk, with a proof.
//!
//! Maximize `J(w) = N(w) / max(T(w), f) - lambda sigma(w)`. The sum of a fraction and a concave
//! function is not concave, so a climb from last week's portfolio (`walk`) is followed by a
//! proof that nothing is better (`cover`); where the proof meets something better, it goes on from
//! there.
//!
//! - `segment`: the two equations of a stationary point on a fixed active set.
//! - `walk`: from segment to segment, upwards.
//! - `cut`: upper bounds by weak duality.
//! - `cover`: intervals of `sigma` that leave no room above the answer.
//! - `proof`: what has been proven so far.
//! - `nonpositive`: portfolios without a positive numerator.
//!
//! Charnes & Cooper (1962), Programming with linear fractional functionals; Dinkelbach (1967), On
//! nonlinear fractional programming.

mod cover;
mod cut;
mod data;
mod nonpositive;
mod prices;
mod proof;
mod search;
mod segment;
mod walk;

use walkfolio_core::Interrupt;

use super::basis::Basis;
use super::factors::Factors;
use super::program::{Program, Ratio, Stop};
use super::tableau::Tableau;
use crate::certificate::Certificate;
use search::{Search, Value};

/// The best portfolio with what proves it.
/// # Examples
/// See [`RatioSolver`].
#[derive(Debug, Clone, PartialEq)]
pub struct RatioAnswer {
    /// The portfolio.
    pub x: Vec<f64>,
    /// `J` there.
    pub value: f64,
    /// No feasible portfolio has a larger `J`.
    pub bound: f64,
    /// Changes of the active set on the way.
    pub pivots: u32,
    /// Intervals of `sigma` in the proof.
    pub intervals: u32,
    /// The proof of the bound.
    pub certificate: Certificate,
}

impl RatioAnswer {
    /// How far above the answer the optimum might be.
    pub fn gap(&self) -> f64 {
        self.bound - self.value
    }
}

#[derive(Debug)]
enum Engine {
    Small(Box<Search<Tableau<16>>>),
    Medium(Box<Search<Tableau<32>>>),
    Large(Box<Search<Factors>>),
}

/// Solves one program after another, each from the last answer.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{Ratio, RatioSolver, verify_certificate};
///
/// // Volatilities of 20 % and 10 %, returns of 10 % and 5 %, cash as the benchmark: the ratio of the
/// // tangency portfolio, 1/3 and 2/3, is sqrt(0.5^2 + 0.5^2).
/// let program = Ratio {
///     numerator: &[0.10, 0.05],
///     covariance: &Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]),
///     benchmark: &[0.0, 0.0],
///     floor: 0.0,
///     lambda: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]),
///     lo: &[0.0, 0.0, 1.0],
///     hi: &[1.0; 3],
/// };
/// let answer = RatioSolver::new(2, 1).solve(&program, 1e-6).unwrap();
/// assert!((answer.x[0] - 1.0 / 3.0).abs() < 1e-9 && answer.gap() <= 1e-6);
/// assert!((answer.value - 0.5f64.sqrt()).abs() < 1e-12);
/// // The proof is checked from the program alone.
/// let bound = verify_certificate(&program, &answer.certificate).unwrap();
/// assert!(bound >= answer.value && bound <= answer.bound + 1e-12);
/// ```
#[derive(Debug)]
pub struct RatioSolver {
    engine: Engine,
    warm: bool,
}

impl RatioSolver {
    /// For programs of a shape, with nothing known yet.
    pub fn new(variables: usize, rows: usize) -> Self {
        let engine = match variables + rows {
            0..=16 => Engine::Small(Box::new(Search::new(variables, rows))),
            17..=32 => Engine::Medium(Box::new(Search::new(variables, rows))),
            _ => Engine::Large(Box::new(Search::new(variables, rows))),
        };
        Self { engine, warm: false }
    }

    /// With a flag that is looked at once a pivot; raised, a solve ends with a [`Stop`] or a loose bound.
    #[must_use]
    pub fn interrupted_by(mut self, interrupt: &Interrupt) -> Self {
        match &mut self.engine {
            Engine::Small(search) => search.walk.homotopy.interrupt.clone_from(interrupt),
            Engine::Medium(search) => search.walk.homotopy.interrupt.clone_from(interrupt),
            Engine::Large(search) => search.walk.homotopy.interrupt.clone_from(interrupt),
        }
        self
    }

    /// Forgets the last answer.
    pub fn forget(&mut self) {
        self.warm = false;
    }

    /// The global maximum, with a bound that `tolerance` lies above it at most where the proof
    /// succeeds; [`RatioAnswer::gap`] says whether it did. It is not attempted where no portfolio
    /// has a positive numerator: there the bound is honest, but seldom tight.
    ///
    /// # Errors
    /// [`Stop`] with the reason; the next solve then starts from nothing.
    pub fn solve(&mut self, program: &Ratio<'_>, tolerance: f64) -> Result<RatioAnswer, Stop> {
        let warm = std::mem::replace(&mut self.warm, false);
        let (answer, positive) = match &mut self.engine {
            Engine::Small(search) => search.solve(program, tolerance, warm),
            Engine::Medium(search) => search.solve(program, tolerance, warm),
            Engine::Large(search) => search.solve(program, tolerance, warm),
        }?;
        self.warm = positive;
        Ok(answer)
    }
}

impl<B: Basis + Clone> Search<B> {
    /// The answer, and whether the next solve can begin there.
    fn solve(
        &mut self,
        ratio: &Ratio<'_>,
        tolerance: f64,
        warm: bool,
    ) -> Result<(RatioAnswer, bool), Stop> {
        let zeros = vec![0.0; ratio.numerator.len()];
        let (lo, hi) = (ratio.lo, ratio.hi);
        let program = Program { h: ratio.covariance, a: ratio.a, g: &zeros, lo, hi };
        self.walk.load(ratio);
        self.best.value = f64::NEG_INFINITY;
        let mut found = Err(Stop::Limit);
        if warm {
            found = self.walk.start_warm(&program).and_then(|()| self.local(&program));
        }
        if !matches!(found, Ok(Value::Better)) {
            self.walk.start_cold(&program)?;
            found = self.local(&program);
        }
        // A climb without an end slides towards where the numerator vanishes.
        let positive = match found {
            // A summit below zero is one of many where the fraction is not concave over convex.
            Ok(value) => value == Value::Better && self.best_numerator() > 0.0,
            Err(Stop::Limit) => false,
            Err(stop) => return Err(stop),
        };
        if !positive {
            self.walk.start_cold(&program)?;
            self.scatter(&program)?;
            self.remember();
        }
        // Less than all of it, so that the last interval may end where the cap meets it.
        let certificate = self.prove(&program, 0.99 * tolerance).ok_or(Stop::Unbounded)?;
        self.back();
        Ok((self.answer(certificate), positive))
    }

    fn answer(&self, certificate: Certificate) -> RatioAnswer {
        RatioAnswer {
            x: certificate.x.clone(),
            value: certificate.value,
            bound: certificate.bound,
            pivots: self.walk.homotopy.pivots,
            intervals: u32::try_from(certificate.intervals.len()).unwrap_or(u32::MAX),
            certificate,
        }
    }
}
