//! Changes of the active set on a straight line of the data: a bound that is met, a bound that lets go, and
//! both at once where the matrix would be singular between them.

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::program::{Change, Event, Ray, State, Stop};

/// Rates in the ratio tests of an exchange.
const EXCHANGE_RATE: f64 = 1e-11;
/// A pivot below this, relative to its diagonal, is taken as zero.
const PIVOT: f64 = 1e-11;
/// The factorization is made anew after so many pivots.
pub(super) const REFACTOR: usize = 60;

impl<B: Basis> Homotopy<B> {
    /// Moves the data to a target in straight lines, from one change of the active set to the next.
    pub fn run(&mut self, target: &Change<'_>) -> Result<(), Stop> {
        let mut vectors = std::mem::take(&mut self.vectors);
        let outcome = self.run_in(target, &mut vectors);
        self.vectors = vectors;
        outcome
    }

    fn run_in(&mut self, target: &Change<'_>, [g, lo, hi]: &mut [Vec<f64>; 3]) -> Result<(), Stop> {
        let size = self.kkt.size;
        for _ in 0..10 * size + 50 {
            if self.interrupt.is_raised() {
                break;
            }
            for i in 0..size {
                let [to_lo, to_hi] = self.ends(i, target.lo, target.hi);
                g[i] = self.linear(i, target.g) - self.g[i];
                lo[i] = rest(to_lo, self.lo[i]);
                hi[i] = rest(to_hi, self.hi[i]);
            }
            self.set_width_rates(None);
            let change = Change { g, lo, hi };
            self.rates(&change);
            let event = self.first_event(&change, 1.0);
            self.advance(event.step, &change);
            if !self.meet(&event)? {
                return Ok(());
            }
        }
        Err(Stop::Limit)
    }

    /// Changes the state of the index of an event, if it has one.
    pub fn meet(&mut self, event: &Event) -> Result<bool, Stop> {
        let Some(index) = event.index else { return Ok(false) };
        if event.crosses {
            self.pass_joint(index, self.state[index]);
        }
        self.turn(index, event.side)?;
        Ok(true)
    }

    /// Changes the state of an index at an event.
    pub fn turn(&mut self, index: usize, side: State) -> Result<(), Stop> {
        self.pivots += 1;
        if self.fresh >= REFACTOR && !self.factor() {
            return Err(Stop::Singular);
        }
        self.fresh += 1;
        let mut column = std::mem::take(&mut self.unknowns);
        self.basis.column(&self.kkt, index, &mut column);
        let turned = if side == State::Free {
            self.release(index, &column)
        } else {
            self.bind(index, side, &column)
        };
        self.unknowns = column;
        turned
    }

    /// A value has reached a bound.
    fn bind(&mut self, index: usize, side: State, column: &[f64]) -> Result<(), Stop> {
        let bound = if side == State::Upper { self.hi[index] } else { self.lo[index] };
        self.primal[index] = bound;
        if !self.at_vertex() && column[index].abs() > PIVOT {
            self.hold(index, side);
            self.dual[index] = 0.0;
            return self.pivoted(index);
        }
        // Its multiplier grows until another one vanishes.
        let sense = if side == State::Upper { -1.0 } else { 1.0 };
        let n = self.kkt.variables;
        let known = if index < n { sense } else { -sense };
        let dual_rate = |j: usize| {
            let answer = column[j] * known;
            if j < n { answer } else { -answer }
        };
        let jump = self.jump_at(index, side).unwrap_or(f64::INFINITY);
        let (step, leaving, crosses) = self.first_to_leave(index, jump, &dual_rate);
        if !step.is_finite() {
            return Err(Stop::Infeasible(self.ray(index, sense, &dual_rate)));
        }
        for j in (0..self.kkt.size).filter(|&j| j != index) {
            if self.state[j] != State::Free {
                self.dual[j] += step * dual_rate(j);
            }
        }
        let Some(leaving) = leaving else {
            // Its multiplier is as large as the jump of its slope before another one vanishes.
            self.pass_joint(index, side);
            self.dual[index] = 0.0;
            return Ok(());
        };
        if crosses {
            self.pass_joint(leaving, self.state[leaving]);
        }
        self.dual[index] = step * sense;
        self.dual[leaving] = 0.0;
        self.hold(index, side);
        self.state[leaving] = State::Free;
        self.exchanged(index, leaving)
    }

    /// Which multiplier vanishes first as that of an index grows, or of one at rest is as large as it may be:
    /// after which step, and whether it goes on into the piece on the other side. None if `longest` is first.
    fn first_to_leave(
        &self,
        index: usize,
        longest: f64,
        dual_rate: &dyn Fn(usize) -> f64,
    ) -> (f64, Option<usize>, bool) {
        let mut first = (longest, None, false);
        for j in (0..self.kkt.size).filter(|&j| j != index) {
            let rate = dual_rate(j);
            let (step, crosses) = match (self.state[j], self.room(j, rate)) {
                (State::Lower, _) if rate < -EXCHANGE_RATE => (self.dual[j] / -rate, false),
                (State::Upper, _) if rate > EXCHANGE_RATE => (-self.dual[j] / rate, false),
                (_, Some((room, rate))) if rate > EXCHANGE_RATE => (room / rate, true),
                _ => continue,
            };
            let step = step.max(0.0);
            if step < first.0 {
                first = (step, Some(j), crosses);
            }
        }
        first
    }

    /// A dual has reached zero: the bound lets go.
    fn release(&mut self, index: usize, column: &[f64]) -> Result<(), Stop> {
        let upper = self.state[index] == State::Upper;
        let floor = if index < self.kkt.variables { self.kkt.diagonal(index) } else { 1.0 };
        self.dual[index] = 0.0;
        if column[index].abs() > PIVOT * floor {
            self.state[index] = State::Free;
            return self.pivoted(index);
        }
        // Nothing resists: it moves until a value meets a bound.
        let sense = if upper { -1.0 } else { 1.0 };
        let mut first = (self.hi[index] - self.lo[index], index, opposite(self.state[index]));
        for j in (0..self.kkt.size).filter(|&j| j != index && self.state[j] == State::Free) {
            let rate = column[j] * sense;
            if rate < -EXCHANGE_RATE {
                let step = ((self.primal[j] - self.lo[j]) / -rate).max(0.0);
                if step < first.0 {
                    first = (step, j, State::Lower);
                }
            }
            if rate > EXCHANGE_RATE {
                let step = ((self.hi[j] - self.primal[j]) / rate).max(0.0);
                if step < first.0 {
                    first = (step, j, State::Upper);
                }
            }
        }
        let (step, entering, side) = first;
        if !step.is_finite() {
            return Err(Stop::Unbounded);
        }
        for (j, rate) in column.iter().enumerate() {
            if self.state[j] == State::Free {
                self.primal[j] += step * rate * sense;
            }
        }
        self.primal[index] += step * sense;
        let bound = if side == State::Upper { self.hi[entering] } else { self.lo[entering] };
        self.primal[entering] = bound;
        self.dual[entering] = 0.0;
        if entering == index {
            self.state[index] = side;
            self.set_width(index);
            return Ok(());
        }
        self.state[index] = State::Free;
        self.hold(entering, side);
        self.exchanged(index, entering)
    }

    /// Holds an index at a bound; one that both sides share in the program that is wanted holds
    /// for good.
    fn hold(&mut self, index: usize, side: State) {
        self.state[index] = side;
        if self.equality[index] {
            self.state[index] = State::Fixed;
            (self.lo[index], self.hi[index]) = (self.primal[index], self.primal[index]);
        }
        self.set_width(index);
    }

    /// As many active rows as free variables: no further bound can be met without releasing one.
    pub fn at_vertex(&self) -> bool {
        let n = self.kkt.variables;
        let free = self.state[..n].iter().filter(|&&state| state == State::Free).count();
        let active = self.state[n..].iter().filter(|&&state| state != State::Free).count();
        free == active
    }

    fn pivoted(&mut self, index: usize) -> Result<(), Stop> {
        if self.basis.pivot(&self.kkt, index) || self.factor() {
            Ok(())
        } else {
            Err(Stop::Singular)
        }
    }

    fn exchanged(&mut self, one: usize, other: usize) -> Result<(), Stop> {
        let done = self.basis.exchange(&self.kkt, one, other) || self.factor();
        if done { Ok(()) } else { Err(Stop::Singular) }
    }

    fn ray(&self, index: usize, sense: f64, dual_rate: &dyn Fn(usize) -> f64) -> Ray {
        let multiplier = |j: usize| {
            if j == index {
                sense
            } else if self.state[j] == State::Free {
                0.0
            } else {
                dual_rate(j)
            }
        };
        Ray { multipliers: (0..self.kkt.size).map(multiplier).collect() }
    }
}

/// The end on the other side.
fn opposite(state: State) -> State {
    if state == State::Upper { State::Lower } else { State::Upper }
}

/// How far a bound still has to move; not at all between infinities.
fn rest(target: f64, now: f64) -> f64 {
    if target == now { 0.0 } else { target - now }
}
