//! From one node to the next: the same matrix and objective, other bounds.

use super::super::basis::Basis;
use super::super::homotopy::Homotopy;
use super::super::program::{Change, Program, State, Stop};

impl<B: Basis> Homotopy<B> {
    /// Stands where another one stands that was given the same matrices; allocates nothing.
    pub(super) fn stand_at(&mut self, other: &Self) {
        self.basis.copy_from(&other.basis);
        self.state.copy_from_slice(&other.state);
        self.primal.copy_from_slice(&other.primal);
        self.dual.copy_from_slice(&other.dual);
        self.g.copy_from_slice(&other.g);
        self.lo.copy_from_slice(&other.lo);
        self.hi.copy_from_slice(&other.hi);
        self.equality.copy_from_slice(&other.equality);
        self.fresh = other.fresh;
        self.pivots = other.pivots;
        self.warm = other.warm;
    }

    /// Moves the bounds, from an answer and no further than to the next one: matrix and objective
    /// stay, so that no factorization is made. The point is not polished.
    ///
    /// A path that fails is begun again from nothing.
    pub(super) fn rebound(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        self.hold_equalities(program);
        let g = std::mem::take(&mut self.g);
        self.g.extend_from_slice(&g);
        let outcome = self.run(&Change { g: &g, lo: program.lo, hi: program.hi });
        self.g = g;
        match outcome {
            Err(Stop::Infeasible(ray)) if ray.proves(program) => Err(Stop::Infeasible(ray)),
            Ok(()) if self.residual() <= super::super::finish::TOLERANCE => {
                self.pull_in(program);
                Ok(())
            }
            _ => {
                self.warm = false;
                self.begin_again(program)
            }
        }
    }

    /// From nothing. Where the bounds leave rows just one value, rounding can make that value
    /// unreachable; then with rows a little wider.
    fn begin_again(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        match self.solve(program) {
            Err(stop @ (Stop::Limit | Stop::Singular)) => {
                let (lo, hi) = widened(program);
                let wider = Program { lo: &lo, hi: &hi, ..*program };
                self.solve(&wider).map_err(|_| stop)?;
                self.pull_in(program);
                Ok(())
            }
            outcome => outcome.map(|_| ()),
        }
    }

    /// Values at bounds lie there to the bit, and those a rounding error beyond come back.
    fn pull_in(&mut self, program: &Program<'_>) {
        for i in 0..self.kkt.variables {
            let (lo, hi) = (program.lo[i], program.hi[i]);
            self.primal[i] = match self.state[i] {
                State::Lower | State::Fixed => lo,
                State::Upper => hi,
                State::Free => self.primal[i].clamp(lo, hi),
            };
        }
    }

    /// Indices whose bounds are the same in the program are held for good, others no longer.
    fn hold_equalities(&mut self, program: &Program<'_>) {
        for i in 0..self.kkt.size {
            let fixed = program.lo[i] == program.hi[i];
            self.equality[i] = fixed;
            match self.state[i] {
                State::Lower | State::Upper if fixed => {
                    self.state[i] = State::Fixed;
                    (self.lo[i], self.hi[i]) = (self.primal[i], self.primal[i]);
                }
                State::Fixed if !fixed => {
                    let lower = self.dual[i] >= 0.0;
                    self.state[i] = if lower { State::Lower } else { State::Upper };
                }
                _ => {}
            }
        }
    }
}

/// A program's bounds, those of rows moved out by rounding.
pub(super) fn widened(program: &Program<'_>) -> (Vec<f64>, Vec<f64>) {
    let n = program.g.len();
    let (mut lo, mut hi) = (program.lo.to_vec(), program.hi.to_vec());
    lo[n..].iter_mut().for_each(|lo| *lo -= 1e-13 * (1.0 + lo.abs()));
    hi[n..].iter_mut().for_each(|hi| *hi += 1e-13 * (1.0 + hi.abs()));
    (lo, hi)
}
