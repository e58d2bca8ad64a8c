//! Block pivoting: the point of an active set, and every index that is wrong there exchanged at once.
//!
//! A few rounds find the active set from nothing or from the last one, where the homotopy would meet each
//! change by itself. It need not end: where the number of wrong indices does not fall for some rounds,
//! only the last of them is exchanged (Murty), and where that does not help either the homotopy begins
//! where it would have begun.
//!
//! Portugal, Judice & Vicente (1994), A comparison of block pivoting and interior-point algorithms for
//! linear least squares problems with nonnegative variables.

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::program::{Change, Program, State};

/// Values and duals that are wrong by less, relative, are not wrong.
const WRONG: [f64; 2] = [1e-12, 1e-12];
/// The same without a ridge that holds open directions: rounding moves values along them, and duals are
/// as small as the ridge.
pub(super) const WRONG_IN_LIMIT: [f64; 2] = [1e-7, 1e-13];
/// Rounds in which the number of wrong indices need not fall.
const PATIENCE: u32 = 4;
/// Rounds in all.
const ROUNDS: usize = 40;

impl<B: Basis> Homotopy<B> {
    /// States that fit a program's bounds.
    pub fn fit_states(&mut self, program: &Program<'_>) {
        for i in 0..self.kkt.size {
            let (lo, hi) = (program.lo[i], program.hi[i]);
            self.equality[i] = lo == hi;
            self.state[i] = match self.state[i] {
                _ if lo == hi => State::Fixed,
                // No longer held: at the bound that its dual speaks for.
                State::Fixed if self.dual[i] >= 0.0 => State::Lower,
                State::Fixed => State::Upper,
                state => state,
            };
            let end = if self.state[i] == State::Upper { hi } else { lo };
            if self.state[i] != State::Free && !end.is_finite() {
                self.state[i] = State::Free;
            }
        }
    }

    /// From the states that it has to those of a program's solution, and its point there. `false` if it
    /// does not get there.
    pub fn exchange_blocks(&mut self, target: &Change<'_>) -> bool {
        self.g.copy_from_slice(target.g);
        self.lo.copy_from_slice(target.lo);
        self.hi.copy_from_slice(target.hi);
        if !self.factor() {
            return false;
        }
        let (mut best, mut patience) = (usize::MAX, PATIENCE);
        for _ in 0..ROUNDS {
            self.point();
            let mut wrong = self.wrong();
            let Some(&last) = wrong.last() else { return true };
            if wrong.len() < best {
                (best, patience) = (wrong.len(), PATIENCE);
            } else if patience > 0 {
                patience -= 1;
            } else {
                wrong = vec![last];
            }
            if !self.exchange_all(&wrong) {
                return false;
            }
        }
        false
    }

    /// The values and duals of the active set.
    fn point(&mut self) {
        let n = self.kkt.variables;
        self.set_knowns();
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            let unknown = self.unknowns[i];
            (self.primal[i], self.dual[i]) = match (self.state[i] == State::Free, i < n) {
                (true, _) => (unknown, 0.0),
                (false, true) => (self.knowns[i], unknown - self.g[i]),
                (false, false) => (self.knowns[i], -unknown),
            };
        }
        if self.kkt.has_ridge() {
            self.point_in_limit();
        }
    }

    /// The indices whose value is outside their bounds or whose dual has the wrong sign, with the state
    /// that they belong in.
    fn wrong(&self) -> Vec<(usize, State)> {
        let largest = |values: &[f64]| values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let n = self.kkt.variables;
        let [value, dual] = if self.kkt.has_ridge() { WRONG_IN_LIMIT } else { WRONG };
        let value = value * largest(&self.primal[..n]);
        let dual = dual * largest(&self.g).max(largest(&self.dual[n..]));
        let belongs = |i: usize| match self.state[i] {
            State::Free if self.primal[i] < self.lo[i] - value => Some(State::Lower),
            State::Free if self.primal[i] > self.hi[i] + value => Some(State::Upper),
            State::Lower if self.dual[i] < -dual => Some(State::Free),
            State::Upper if self.dual[i] > dual => Some(State::Free),
            _ => None,
        };
        (0..self.kkt.size).filter_map(|i| belongs(i).map(|state| (i, state))).collect()
    }

    /// Gives indices their states; a few by pivots, many by a new factorization.
    fn exchange_all(&mut self, wrong: &[(usize, State)]) -> bool {
        for &(i, state) in wrong {
            self.state[i] = if self.equality[i] { State::Fixed } else { state };
        }
        self.pivots += u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        let n = self.kkt.variables;
        let free = self.state[..n].iter().filter(|&&state| state == State::Free).count();
        let active = self.state[n..].iter().filter(|&&state| state != State::Free).count();
        if free < active {
            return false;
        }
        if wrong.len() > 4 + free / 32 || self.fresh + wrong.len() > super::turn::REFACTOR {
            return self.factor();
        }
        self.fresh += wrong.len();
        wrong.iter().all(|&(i, _)| self.basis.pivot(&self.kkt, i)) || self.factor()
    }
}
