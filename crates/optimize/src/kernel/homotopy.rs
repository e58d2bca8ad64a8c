//! The homotopy's state: on the way from a program whose answer is known to the one that is wanted.
//!
//! Optimality is `K (x, y) = (g + z, s)`: `z` the duals of bounds, `>= 0` at a lower and `<= 0` at
//! an upper one, `s = Ax`, and the duals of rows `-y` likewise.

use walkfolio_core::Interrupt;

use super::basis::Basis;
use super::kinks::Pieces;
use super::kkt::Kkt;
use super::program::{Answer, Change, Event, Program, Start, State, Stop};

/// Rates of primal values below this do not reach a bound.
const PRIMAL_RATE: f64 = 1e-13;
/// Rates of duals, in units of the scaled matrix, below this do not reach zero.
const DUAL_RATE: f64 = 1e-14;

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
    /// Memory of steps: of the data of a line, of a point.
    pub vectors: [Vec<f64>; 3],
    indices: Vec<bool>,
    /// Pivots since the factorization was made, and in all.
    pub fresh: usize,
    pub pivots: u32,
    pub warm: bool,
    /// Whether the next point is looked for by blocks, however small the program is.
    pub blocks: bool,
    /// Whether both bounds of an index are the same in the program that is wanted.
    pub equality: Vec<bool>,
    /// Of costs with kinks.
    pub pieces: Pieces,
    /// Raised, every loop ends at its next step.
    pub interrupt: Interrupt,
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
            vectors: [zeros(), zeros(), zeros()],
            indices: Vec::new(),
            fresh: 0,
            pivots: 0,
            warm: false,
            blocks: false,
            equality: vec![false; size],
            pieces: Pieces::default(),
            interrupt: Interrupt::default(),
        }
    }

    pub fn answer(&self, residual: f64) -> Answer {
        let mut dual: Vec<f64> = self.dual.iter().map(|dual| dual * self.kkt.scale).collect();
        let x = self.primal[..self.kkt.variables].to_vec();
        for (i, dual) in self.kinked().zip(&mut dual) {
            *dual -= self.slope(i) * self.kkt.scale;
        }
        Answer { x, dual, pivots: self.pivots, residual }
    }

    /// `g` in units of the scaled matrix, zero on rows.
    pub fn scaled(&self, g: &[f64]) -> Vec<f64> {
        let mut scaled = vec![0.0; self.kkt.size];
        let factor = 1.0 / self.kkt.scale;
        scaled.iter_mut().zip(g).for_each(|(to, from)| *to = from * factor);
        scaled
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
        self.place_by_value();
        // Blocks factor the set themselves.
        let inside = start == Start::Inside && (B::EXCHANGES_BLOCKS || self.factor());
        if !inside {
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
        let mut swept = std::mem::take(&mut self.indices);
        swept.clear();
        swept.extend((0..self.kkt.size).map(|i| self.swept(i)));
        self.fresh = 0;
        let done = self.basis.factor(&self.kkt, &swept);
        self.indices = swept;
        done
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
            let ([lo, hi], value) = (self.ends(i, program.lo, program.hi), self.primal[i]);
            self.equality[i] = program.lo[i] == program.hi[i];
            self.state[i] = match self.state[i] {
                State::Free => State::Free,
                state => state.fitting(self.equality[i], self.dual[i]),
            };
            (self.lo[i], self.hi[i]) = match self.state[i] {
                State::Free => (lo.min(value), hi.max(value)),
                State::Lower => (value, hi.max(value)),
                State::Upper => (lo.min(value), value),
                State::Fixed => (value, value),
            };
        }
        self.adopt_widths();
        if self.factor() { Ok(()) } else { Err(Stop::Singular) }
    }

    /// Rates of values and duals when the data moves.
    pub fn rates(&mut self, change: &Change<'_>) {
        known(&mut self.knowns, &self.state, self.kkt.variables, change);
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            (self.primal_rate[i], self.dual_rate[i]) = self.value_and_dual(i, change.g[i]);
        }
    }

    /// The knowns of the active set at the program that is wanted.
    pub fn set_knowns(&mut self) {
        let data = Change { g: &self.g, lo: &self.lo, hi: &self.hi };
        known(&mut self.knowns, &self.state, self.kkt.variables, &data);
    }

    /// The value and the dual of an index, or their rates, from its known and its unknown.
    pub fn value_and_dual(&self, i: usize, g: f64) -> (f64, f64) {
        let (known, unknown) = (self.knowns[i], self.unknowns[i]);
        match (self.state[i] == State::Free, i < self.kkt.variables) {
            (true, _) => (unknown, 0.0),
            (false, true) => (known, unknown - g),
            (false, false) => (known, -unknown),
        }
    }

    /// The first value to reach a bound or dual to reach zero along the rates.
    pub fn first_event(&self, change: &Change<'_>, longest: f64) -> Event {
        let mut event = Event { step: longest, index: None, side: State::Free, crosses: false };
        let mut meet = |step: f64, index: usize, side: State| event.meet(step, index, side);
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
        if self.pieces.any() {
            self.first_crossing(&mut event);
        }
        event
    }

    /// The first dual of an index at rest to reach the jump of its slope.
    fn first_crossing(&self, event: &mut Event) {
        for i in 0..self.kkt.variables {
            let Some((room, rate)) = self.room(i, self.dual_rate[i]) else { continue };
            let rate = rate - self.width_rate(i);
            if rate > DUAL_RATE && (room / rate).max(0.0) < event.step {
                event.meet(room / rate, i, State::Free);
                event.crosses = true;
            }
        }
    }

    pub fn advance(&mut self, step: f64, change: &Change<'_>) {
        for i in 0..self.kkt.size {
            self.primal[i] += step * self.primal_rate[i];
            self.dual[i] += step * self.dual_rate[i];
            self.g[i] += step * change.g[i];
            self.lo[i] += step * change.lo[i];
            self.hi[i] += step * change.hi[i];
        }
        self.advance_widths(step);
    }
}

/// About `1 / n`, and different for each variable: from equal values many bounds would be met at
/// once, and the method could go in circles.
fn start_value(i: usize, n: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let spread = (i as f64 * GOLDEN).fract() - 0.5;
    (1.0 + 0.4 * spread) / n as f64
}

/// What the states of an active set make known: the linear term of a free variable, and the bound that is
/// met.
fn known(out: &mut [f64], state: &[State], variables: usize, data: &Change<'_>) {
    for (i, to) in out.iter_mut().enumerate() {
        *to = match state[i] {
            State::Free if i < variables => data.g[i],
            State::Free => 0.0,
            State::Upper => data.hi[i],
            State::Lower | State::Fixed => data.lo[i],
        };
    }
}
