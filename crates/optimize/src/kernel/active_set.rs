//! The homotopy: from a program whose answer is known to the one that is wanted.
//!
//! Optimality is `K (x, y) = (g + z, s)`: `z` the duals of bounds, `>= 0` at a lower and `<= 0` at
//! an upper one, `s = Ax`, and the duals of rows `-y` likewise.

use walkfolio_core::Matrix;

use super::basis::Basis;
use super::factors::Factors;
use super::kkt::{Kkt, Program};
use super::path::Utility;
use super::tableau::Tableau;

/// Rates of primal values below this do not reach a bound.
const PRIMAL_RATE: f64 = 1e-13;
/// Rates of duals, in units of the scaled matrix, below this do not reach zero.
const DUAL_RATE: f64 = 1e-14;

/// Where a variable or row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A variable between its bounds, or a row that does not bind.
    Free,
    /// At the lower bound.
    Lower,
    /// At the upper bound.
    Upper,
    /// Held: both bounds are the same.
    Fixed,
}

/// Why there is no answer.
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
        let size = self.multipliers.iter().fold(0.0f64, |a, b| a.max(b.abs()));
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

/// The size of the answer's tableau is chosen by the number of variables and rows.
#[derive(Debug, Clone)]
enum Engine {
    Small(Box<Homotopy<Tableau<16>>>),
    Medium(Box<Homotopy<Tableau<32>>>),
    Large(Box<Homotopy<Factors>>),
}

/// A program's active set, kept from one solve to the next.
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

    /// Solves a program from the last answer, or from nothing if there is none.
    ///
    /// # Errors
    /// [`Stop`] with the reason; the next solve then starts from nothing.
    pub fn solve(&mut self, program: &Program<'_>) -> Result<Answer, Stop> {
        engine!(&mut self.engine, homotopy => homotopy.solve(program))
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

    /// Forgets the last answer.
    pub fn forget(&mut self) {
        engine!(&mut self.engine, homotopy => homotopy.warm = false);
    }
}

/// The state of the method.
#[derive(Debug, Clone)]
pub(super) struct Homotopy<B> {
    pub kkt: Kkt,
    pub basis: B,
    pub state: Vec<State>,
    /// Values of variables and rows.
    pub primal: Vec<f64>,
    /// Their duals, in units of the scaled matrix.
    pub dual: Vec<f64>,
    /// The data of the program that the point is optimal for, scaled.
    pub g: Vec<f64>,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
    pub primal_rate: Vec<f64>,
    pub dual_rate: Vec<f64>,
    pub knowns: Vec<f64>,
    pub unknowns: Vec<f64>,
    /// Pivots since the factorization was made, and in all.
    pub fresh: usize,
    pub pivots: u32,
    pub warm: bool,
    /// Whether both bounds of an index are the same in the program that is wanted.
    pub equality: Vec<bool>,
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
}

impl<B: Basis> Homotopy<B> {
    pub fn new(variables: usize, rows: usize) -> Self {
        let size = variables + rows;
        let zeros = || vec![0.0; size];
        Self {
            kkt: Kkt::zeros(variables, rows),
            basis: B::new(size),
            state: vec![State::Free; size],
            primal: zeros(),
            dual: zeros(),
            g: zeros(),
            lo: zeros(),
            hi: zeros(),
            primal_rate: zeros(),
            dual_rate: zeros(),
            knowns: zeros(),
            unknowns: zeros(),
            fresh: 0,
            pivots: 0,
            warm: false,
            equality: vec![false; size],
        }
    }

    pub fn solve(&mut self, program: &Program<'_>) -> Result<Answer, Stop> {
        self.pivots = 0;
        self.kkt.set(program.h, program.a);
        let g = self.scaled(program.g);
        let warm = std::mem::replace(&mut self.warm, false);
        let mut outcome = if warm { self.follow(&g, program) } else { Err(Stop::Limit) };
        for start in [Start::Inside, Start::Vertex] {
            let proven = matches!(&outcome, Err(Stop::Infeasible(ray)) if ray.proves(program));
            if outcome.is_err() && !proven {
                self.start_anew(program, start);
                outcome = self.follow(&g, program);
            }
        }
        let residual = match outcome {
            Err(Stop::Infeasible(ray)) if !ray.proves(program) => return Err(Stop::Limit),
            outcome => outcome?,
        };
        self.warm = true;
        Ok(self.answer(residual))
    }

    pub fn answer(&self, residual: f64) -> Answer {
        let dual = self.dual.iter().map(|dual| dual * self.kkt.scale).collect();
        let x = self.primal[..self.kkt.variables].to_vec();
        Answer { x, dual, pivots: self.pivots, residual }
    }

    /// `g` in units of the scaled matrix, zero on rows.
    pub fn scaled(&self, g: &[f64]) -> Vec<f64> {
        let mut scaled = vec![0.0; self.kkt.size];
        let factor = 1.0 / self.kkt.scale;
        scaled.iter_mut().zip(g).for_each(|(to, from)| *to = from * factor);
        scaled
    }

    /// From where it stands to a program; the largest violation of optimality there.
    pub fn follow(&mut self, g: &[f64], program: &Program<'_>) -> Result<f64, Stop> {
        let target = Change { g, lo: program.lo, hi: program.hi };
        self.adopt(program)?;
        self.run(&target)?;
        self.finish(&target)
    }

    /// Nothing is known: about the same value everywhere, equalities active, all variables free or, at a
    /// vertex, held where they stand.
    pub fn start_anew(&mut self, program: &Program<'_>, start: Start) {
        let n = self.kkt.variables;
        for i in 0..self.kkt.size {
            let fixed = program.lo[i] == program.hi[i];
            self.state[i] = if fixed { State::Fixed } else { State::Free };
            self.dual[i] = 0.0;
            let value = if fixed { program.lo[i] } else { start_value(i, n) };
            self.primal[i] = if i < n { value.clamp(program.lo[i], program.hi[i]) } else { 0.0 };
        }
        if start == Start::Vertex || !self.factor() {
            self.stand_at_vertex();
        }
    }

    /// Holds every variable where it stands, but for one to each active row.
    fn stand_at_vertex(&mut self) {
        let n = self.kkt.variables;
        for i in (0..n).filter(|&i| self.state[i] == State::Free).collect::<Vec<_>>() {
            self.state[i] = State::Lower;
        }
        let rows: Vec<usize> = (n..self.kkt.size).filter(|&i| self.active(i)).collect();
        for &row in &rows {
            self.state[row] = State::Free;
        }
        for &row in &rows {
            let coefficient = |i: usize| self.kkt.matrix[(row, i)].abs();
            let mut columns: Vec<usize> =
                (0..n).filter(|&i| self.state[i] == State::Lower).collect();
            columns.sort_by(|&a, &b| coefficient(b).total_cmp(&coefficient(a)));
            self.state[row] = State::Fixed;
            let found = columns.into_iter().find(|&i| {
                self.state[i] = State::Free;
                let regular = self.factor();
                if !regular {
                    self.state[i] = State::Lower;
                }
                regular
            });
            if found.is_none() {
                self.state[row] = State::Free;
            }
        }
        self.factor();
    }

    fn active(&self, row: usize) -> bool {
        self.state[row] != State::Free
    }

    pub fn swept(&self, i: usize) -> bool {
        (self.state[i] == State::Free) == (i < self.kkt.variables)
    }

    pub fn factor(&mut self) -> bool {
        let swept: Vec<bool> = (0..self.kkt.size).map(|i| self.swept(i)).collect();
        self.fresh = 0;
        self.basis.factor(&self.kkt, &swept)
    }

    /// Chooses the data so that the point is optimal for it: `g = H x + A'y - z`, and bounds that
    /// hold it where it stands.
    pub fn adopt(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        let n = self.kkt.variables;
        for i in 0..self.kkt.size {
            self.knowns[i] = if i < n { self.primal[i] } else { -self.dual[i] };
        }
        self.kkt.times(&self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            if i < n {
                self.g[i] = self.unknowns[i] - self.dual[i];
            } else {
                self.primal[i] = self.unknowns[i];
            }
            let (lo, hi, value) = (program.lo[i], program.hi[i], self.primal[i]);
            self.equality[i] = lo == hi;
            self.state[i] = match self.state[i] {
                State::Free => State::Free,
                _ if lo == hi => State::Fixed,
                // No longer held: at the bound that its dual speaks for.
                State::Fixed if self.dual[i] >= 0.0 => State::Lower,
                State::Fixed => State::Upper,
                state => state,
            };
            (self.lo[i], self.hi[i]) = match self.state[i] {
                State::Free => (lo.min(value), hi.max(value)),
                State::Lower => (value, hi.max(value)),
                State::Upper => (lo.min(value), value),
                State::Fixed => (value, value),
            };
        }
        if self.factor() { Ok(()) } else { Err(Stop::Singular) }
    }

    /// Moves the data to a target in straight lines, from one change of the active set to the next.
    pub fn run(&mut self, target: &Change<'_>) -> Result<(), Stop> {
        let limit = 10 * self.kkt.size + 50;
        let size = self.kkt.size;
        let (mut g, mut lo, mut hi) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
        for _ in 0..limit {
            for i in 0..size {
                g[i] = target.g[i] - self.g[i];
                lo[i] = rest(target.lo[i], self.lo[i]);
                hi[i] = rest(target.hi[i], self.hi[i]);
            }
            let change = Change { g: &g, lo: &lo, hi: &hi };
            self.rates(&change);
            let event = self.first_event(&change, 1.0);
            self.advance(event.step, &change);
            match event.index {
                None => return Ok(()),
                Some(index) => self.turn(index, event.side)?,
            }
        }
        Err(Stop::Limit)
    }

    /// Rates of values and duals when the data moves.
    pub fn rates(&mut self, change: &Change<'_>) {
        let n = self.kkt.variables;
        for i in 0..self.kkt.size {
            self.knowns[i] = match self.state[i] {
                State::Free if i < n => change.g[i],
                State::Free => 0.0,
                State::Upper => change.hi[i],
                State::Lower | State::Fixed => change.lo[i],
            };
        }
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            let free = self.state[i] == State::Free;
            (self.primal_rate[i], self.dual_rate[i]) = match (free, i < n) {
                (true, _) => (self.unknowns[i], 0.0),
                (false, true) => (self.knowns[i], self.unknowns[i] - change.g[i]),
                (false, false) => (self.knowns[i], -self.unknowns[i]),
            };
        }
    }

    /// The first value to reach a bound or dual to reach zero along the rates.
    pub fn first_event(&self, change: &Change<'_>, longest: f64) -> Event {
        let mut event = Event { step: longest, index: None, side: State::Free };
        let mut meet = |step: f64, index: usize, side: State| {
            let step = step.max(0.0);
            if step < event.step {
                event = Event { step, index: Some(index), side };
            }
        };
        for i in 0..self.kkt.size {
            match self.state[i] {
                State::Free => {
                    let down = change.lo[i] - self.primal_rate[i];
                    if down > PRIMAL_RATE {
                        meet((self.primal[i] - self.lo[i]) / down, i, State::Lower);
                    }
                    let up = self.primal_rate[i] - change.hi[i];
                    if up > PRIMAL_RATE {
                        meet((self.hi[i] - self.primal[i]) / up, i, State::Upper);
                    }
                }
                State::Lower if self.dual_rate[i] < -DUAL_RATE => {
                    meet(self.dual[i] / -self.dual_rate[i], i, State::Free);
                }
                State::Upper if self.dual_rate[i] > DUAL_RATE => {
                    meet(-self.dual[i] / self.dual_rate[i], i, State::Free);
                }
                _ => {}
            }
        }
        event
    }

    pub fn advance(&mut self, step: f64, change: &Change<'_>) {
        for i in 0..self.kkt.size {
            self.primal[i] += step * self.primal_rate[i];
            self.dual[i] += step * self.dual_rate[i];
            self.g[i] += step * change.g[i];
            self.lo[i] += step * change.lo[i];
            self.hi[i] += step * change.hi[i];
        }
    }
}

/// How far a bound still has to move; not at all between infinities.
fn rest(target: f64, now: f64) -> f64 {
    if target == now { 0.0 } else { target - now }
}

/// About `1 / n`, and different for each variable: from equal values many bounds would be met at
/// once, and the method could go in circles.
fn start_value(i: usize, n: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let spread = (i as f64 * GOLDEN).fract() - 0.5;
    (1.0 + 0.4 * spread) / n as f64
}

/// `A` for a budget alone, and for a budget and one more row.
pub fn budget_rows(n: usize, second: Option<&[f64]>) -> Matrix {
    let mut values = vec![1.0; n];
    values.extend(second.into_iter().flatten());
    Matrix::from_rows(1 + usize::from(second.is_some()), n, values)
}
