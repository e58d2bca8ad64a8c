//! A program solved from the last answer, by the homotopy from that one's data.

use walkfolio_core::Interrupt;

use super::basis::Basis;
use super::factors::Factors;
use super::homotopy::Homotopy;
use super::kinks::Kinks;
use super::parametric::{Corner, Parametric, Until};
use super::program::{Answer, Change, Program, Start, Stop, Utility};
use super::tableau::Tableau;

/// The size of the answer's tableau is chosen by the number of variables and rows.
#[derive(Debug, Clone)]
enum Engine {
    Small(Box<Homotopy<Tableau<16>>>),
    Medium(Box<Homotopy<Tableau<32>>>),
    Large(Box<Homotopy<Factors>>),
}

/// A program's active set, kept from one solve to the next.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{ActiveSet, Program};
///
/// // min 1/2 (x^2 + y^2) - g'(x, y) with x + y = 1 and both from 0 to 1.
/// let (h, a) = (Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]), Matrix::from_rows(1, 2, vec![1.0; 2]));
/// let (lo, hi) = ([0.0, 0.0, 1.0], [1.0; 3]);
/// let mut set = ActiveSet::new(2, 1);
/// let first = set.solve(&Program { h: &h, a: &a, g: &[0.0, 0.0], lo: &lo, hi: &hi }).unwrap();
/// assert!((first.x[0] - 0.5).abs() < 1e-15);
/// // From that solution to the next: x - 0.5 = y.
/// let next = set.solve(&Program { h: &h, a: &a, g: &[0.5, 0.0], lo: &lo, hi: &hi }).unwrap();
/// assert!((next.x[0] - 0.75).abs() < 1e-15 && next.pivots == 0);
/// ```
#[derive(Debug, Clone)]
pub struct ActiveSet {
    engine: Engine,
    /// Where the last robust utility was found.
    theta: Option<f64>,
}

macro_rules! engine {
    ($self:expr, $homotopy:ident => $body:expr) => {
        match $self {
            Engine::Small($homotopy) => $body,
            Engine::Medium($homotopy) => $body,
            Engine::Large($homotopy) => $body,
        }
    };
}

impl ActiveSet {
    /// For programs of a shape, with nothing known yet.
    pub fn new(variables: usize, rows: usize) -> Self {
        let engine = match variables + rows {
            0..=16 => Engine::Small(Box::new(Homotopy::new(variables, rows))),
            17..=32 => Engine::Medium(Box::new(Homotopy::new(variables, rows))),
            _ => Engine::Large(Box::new(Homotopy::new(variables, rows))),
        };
        Self { engine, theta: None }
    }

    /// With a flag that is looked at once a pivot; raised, a solve ends with [`Stop::Limit`].
    #[must_use]
    pub fn interrupted_by(mut self, interrupt: &Interrupt) -> Self {
        engine!(&mut self.engine, homotopy => homotopy.interrupt.clone_from(interrupt));
        self
    }

    /// Solves a program from the last answer, or from nothing if there is none.
    ///
    /// # Errors
    /// [`Stop`] with the reason; the next solve then starts from nothing.
    pub fn solve(&mut self, program: &Program<'_>) -> Result<Answer, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.solve(program))
    }

    /// As [`ActiveSet::solve`]; where `H` leaves directions open, of all solutions the one nearest to
    /// `near`, with one value for each variable: the limit of a ridge towards it that vanishes.
    ///
    /// # Errors
    /// As [`ActiveSet::solve`].
    /// # Panics
    /// Unless `near` has a value for each variable: a fault of the caller.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::matrix_form::{ActiveSet, Program};
    ///
    /// // Two assets of the same return: any split is as good.
    /// let (h, a) = (Matrix::from_rows(2, 2, vec![1.0; 4]), Matrix::from_rows(1, 2, vec![1.0; 2]));
    /// let program =
    ///     Program { h: &h, a: &a, g: &[1.0; 2], lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3] };
    /// let nearest = ActiveSet::new(2, 1).solve_nearest(&program, &[0.3, 0.7]).unwrap();
    /// assert!((nearest.x[0] - 0.3).abs() < 1e-7);
    /// ```
    pub fn solve_nearest(&mut self, program: &Program<'_>, near: &[f64]) -> Result<Answer, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.solve_nearest(program, near))
    }

    /// As [`ActiveSet::solve`], with costs that are linear on either side of a kink in the objective.
    /// Duals of variables are without the costs: at a kink between `-up` and `down`.
    ///
    /// # Errors
    /// As [`ActiveSet::solve`].
    /// # Panics
    /// Unless each cost has a value for each variable and `up + down >= 0`: a fault of the caller.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::matrix_form::{ActiveSet, Kinks, Program};
    ///
    /// // Half of each is best, but 0.6 and 0.4 are held: to trade 0.1 of both gains less than it costs.
    /// let (h, a) = (Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]), Matrix::from_rows(1, 2, vec![1.0; 2]));
    /// let program = Program { h: &h, a: &a, g: &[0.0; 2], lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3] };
    /// let cost = Kinks { at: &[0.6, 0.4], up: &[0.2; 2], down: &[0.2; 2] };
    /// let answer = ActiveSet::new(2, 1).solve_kinked(&program, &[cost]).unwrap();
    /// assert_eq!(answer.x, [0.6, 0.4]);
    /// // At a lower cost the trade stops where its gain, 0.6 - 0.4 less twice what is traded, is its cost.
    /// let cost = Kinks { at: &[0.6, 0.4], up: &[0.05; 2], down: &[0.05; 2] };
    /// let answer = ActiveSet::new(2, 1).solve_kinked(&program, &[cost]).unwrap();
    /// assert!((answer.x[0] - 0.55).abs() < 1e-15);
    /// ```
    pub fn solve_kinked(
        &mut self,
        program: &Program<'_>,
        kinks: &[Kinks<'_>],
    ) -> Result<Answer, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.solve_kinked(program, kinks))
    }

    /// As [`ActiveSet::solve_nearest`], with the costs of [`ActiveSet::solve_kinked`].
    ///
    /// # Errors
    /// As [`ActiveSet::solve`].
    /// # Panics
    /// As both.
    pub fn solve_nearest_kinked(
        &mut self,
        program: &Program<'_>,
        kinks: &[Kinks<'_>],
        near: &[f64],
    ) -> Result<Answer, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.solve_nearest_kinked(program, kinks, near))
    }

    /// Maximizes a robust utility, beginning where the last one was found. The duals of the answer
    /// are those of `min 1/2 w'Sigma w - theta rho'w`; `theta` comes beside it.
    ///
    /// # Errors
    /// [`Stop`] with the reason; the next solve then starts from nothing.
    pub fn maximize_utility(&mut self, utility: &Utility<'_>) -> Result<(Answer, f64), Stop> {
        let theta = self.theta.take();
        let (answer, theta) =
            engine!(&mut self.engine, homotopy => homotopy.maximize_utility(utility, theta))?;
        self.theta = Some(theta);
        Ok((answer, theta))
    }

    /// The solution of a program with a parameter where a rule stops its path, from where the last path
    /// ended; the parameter comes beside it.
    ///
    /// # Errors
    /// [`Stop`] with the reason, [`Stop::Limit`] also where the path ends before; the next solve then
    /// starts from nothing.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::matrix_form::{ActiveSet, Kinks, Parametric, Program, Until};
    ///
    /// // Half of each has the least risk; from 0.8 and 0.2 a tenth may be traded, in sum twice that.
    /// let (h, a) = (Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]), Matrix::from_rows(1, 2, vec![1.0; 2]));
    /// let program = Program { h: &h, a: &a, g: &[0.0; 2], lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3] };
    /// let traded = Kinks { at: &[0.8, 0.2], up: &[1.0; 2], down: &[1.0; 2] };
    /// let path = Parametric {
    ///     program, costs: &[], reward: &[0.0; 2], prices: &[traded], most: f64::INFINITY,
    /// };
    /// let (answer, price) = ActiveSet::new(2, 1).solve_until(&path, Until::Reward(-0.2)).unwrap();
    /// assert!((answer.x[0] - 0.7).abs() < 1e-15 && (price - 0.2).abs() < 1e-15);
    /// ```
    pub fn solve_until(
        &mut self,
        path: &Parametric<'_>,
        until: Until,
    ) -> Result<(Answer, f64), Stop> {
        let t = self.theta.take();
        let (answer, t) =
            engine!(&mut self.engine, homotopy => homotopy.solve_until(path, until, t))?;
        self.theta = Some(t);
        Ok((answer, t))
    }

    pub(super) fn trace(&mut self, path: &Parametric<'_>) -> Result<Vec<Corner>, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.trace(path))
    }

    /// Forgets the last answer.
    pub fn forget(&mut self) {
        engine!(&mut self.engine, homotopy => homotopy.warm = false);
    }
}

impl<B: Basis> Homotopy<B> {
    pub fn solve(&mut self, program: &Program<'_>) -> Result<Answer, Stop> {
        self.solve_kinked(program, &[])
    }

    pub fn solve_kinked(
        &mut self,
        program: &Program<'_>,
        kinks: &[Kinks<'_>],
    ) -> Result<Answer, Stop> {
        self.kkt.set(program.h, program.a);
        self.set_pieces(program, kinks, &[], 0.0);
        let g = self.scaled(program.g);
        self.solve_set(&g, program).map(|residual| self.answer(residual))
    }

    /// Solves the program of the matrix that is set; the largest violation of optimality.
    pub fn solve_set(&mut self, g: &[f64], program: &Program<'_>) -> Result<f64, Stop> {
        self.pivots = 0;
        let warm = std::mem::replace(&mut self.warm, false);
        let mut outcome = if warm { self.follow(g, program) } else { Err(Stop::Limit) };
        for start in [Start::Inside, Start::Vertex] {
            let proven = matches!(&outcome, Err(Stop::Infeasible(ray)) if ray.proves(program));
            if outcome.is_err() && !proven {
                self.start_anew(program, start);
                outcome = self.follow(g, program);
            }
        }
        let residual = match outcome {
            Err(Stop::Infeasible(ray)) if !ray.proves(program) => return Err(Stop::Limit),
            outcome => outcome?,
        };
        self.warm = true;
        Ok(residual)
    }

    /// From where it stands to a program; the largest violation of optimality there.
    pub fn follow(&mut self, g: &[f64], program: &Program<'_>) -> Result<f64, Stop> {
        let target = Change { g, lo: program.lo, hi: program.hi };
        if let Some(residual) = self.leap(&target, program, Self::finish_at_point) {
            return Ok(residual);
        }
        self.adopt(program)?;
        self.run(&target)?;
        self.finish(&target)
    }

    /// By blocks to a program, if that gets there and `end` agrees; else it stands where it stood.
    pub fn leap<T>(
        &mut self,
        target: &Change<'_>,
        program: &Program<'_>,
        end: impl FnOnce(&mut Self, &Change<'_>) -> Result<T, Stop>,
    ) -> Option<T> {
        if !std::mem::take(&mut self.blocks) && !B::EXCHANGES_BLOCKS {
            return None;
        }
        let before = (self.primal.clone(), self.dual.clone(), self.state.clone());
        let pieces = self.kept_pieces();
        self.fit_states(program);
        let arrived = self.exchange_blocks(target);
        if let Some(found) = arrived.then(|| end(self, target)).and_then(Result::ok) {
            return Some(found);
        }
        (self.primal, self.dual, self.state) = before;
        self.restore_pieces(pieces);
        None
    }
}
