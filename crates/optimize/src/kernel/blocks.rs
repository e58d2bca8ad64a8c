//! Block pivoting: the point of an active set, and every index that is wrong there exchanged at once.
//!
//! A few rounds find the active set from nothing or from the last one, where the homotopy would meet each
//! change by itself. It need not end: where the number of wrong indices does not fall for some rounds,
//! only the last of them is exchanged (Murty), and where that does not help either the homotopy begins
//! where it would have begun.
//!
//! Portugal, Judice & Vicente (1994), A comparison of block pivoting and interior-point algorithms for
//! linear least squares problems with nonnegative variables.

use walkfolio_core::linear::max_abs;

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
/// More wrong indices than this and a part of the free variables cost less by a new factorization than
/// by pivots.
const FEW: usize = 4;
const PART: usize = 32;

/// Which of the wrong indices a round exchanges.
pub(super) struct Rounds {
    fewest: usize,
    patience: u32,
}

impl Rounds {
    pub fn new() -> Self {
        Self { fewest: usize::MAX, patience: PATIENCE }
    }

    /// Keeps all, or the last alone where their number has not fallen for some rounds.
    pub fn choose(&mut self, wrong: &mut Vec<(usize, State)>) {
        if wrong.len() < self.fewest {
            (self.fewest, self.patience) = (wrong.len(), PATIENCE);
        } else if self.patience > 0 {
            self.patience -= 1;
        } else {
            wrong.drain(..wrong.len().saturating_sub(1));
        }
    }
}

impl<B: Basis> Homotopy<B> {
    /// States that fit a program's bounds.
    pub fn fit_states(&mut self, program: &Program<'_>) {
        for i in 0..self.kkt.size {
            let (lo, hi) = (program.lo[i], program.hi[i]);
            self.equality[i] = lo == hi;
            self.state[i] = self.state[i].fitting(lo == hi, self.dual[i]);
            let end = if self.state[i] == State::Upper { hi } else { lo };
            if self.state[i] != State::Free && !end.is_finite() {
                self.state[i] = State::Free;
            }
        }
    }

    /// From the states that it has to those of a program's solution, and its point there. `false` if it
    /// does not get there.
    pub fn exchange_blocks(&mut self, target: &Change<'_>) -> bool {
        self.take_data(target);
        if !self.factor() {
            return false;
        }
        let mut rounds = Rounds::new();
        for _ in 0..ROUNDS {
            if self.interrupt.is_raised() {
                return false;
            }
            self.point();
            let mut wrong = self.wrong();
            if wrong.is_empty() {
                return true;
            }
            rounds.choose(&mut wrong);
            if !self.exchange_all(&wrong) {
                return false;
            }
        }
        false
    }

    /// The values and duals of the active set.
    fn point(&mut self) {
        self.set_knowns();
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            (self.primal[i], self.dual[i]) = self.value_and_dual(i, self.g[i]);
        }
        if self.kkt.has_ridge() {
            self.point_in_limit();
        }
    }

    /// The indices whose value is outside their bounds or whose dual has the wrong sign, with the state
    /// that they belong in.
    fn wrong(&self) -> Vec<(usize, State)> {
        let n = self.kkt.variables;
        let [value, dual] = if self.kkt.has_ridge() { WRONG_IN_LIMIT } else { WRONG };
        let value = value * max_abs(&self.primal[..n]);
        let dual = dual * max_abs(&self.g).max(max_abs(&self.dual[n..]));
        let belongs = |i: usize| {
            let (bounds, tolerances) = ([self.lo[i], self.hi[i]], [value, dual]);
            let leaves = || (self.excess(i) > dual).then_some(State::Free);
            self.state[i].belongs(self.primal[i], bounds, self.dual[i], tolerances).or_else(leaves)
        };
        (0..self.kkt.size).filter_map(|i| belongs(i).map(|state| (i, state))).collect()
    }

    /// Gives indices their states; a few by pivots, many by a new factorization.
    fn exchange_all(&mut self, wrong: &[(usize, State)]) -> bool {
        for &(i, state) in wrong {
            if state == State::Free && self.excess(i) > 0.0 {
                self.set_width(i);
                self.pass_joint(i, self.state[i]);
            }
            self.state[i] = if self.equality[i] { State::Fixed } else { state };
        }
        self.pivots += u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        let n = self.kkt.variables;
        let free = self.state[..n].iter().filter(|&&state| state == State::Free).count();
        let active = self.state[n..].iter().filter(|&&state| state != State::Free).count();
        if free < active {
            return false;
        }
        if wrong.len() > FEW + free / PART || self.fresh + wrong.len() > super::turn::REFACTOR {
            return self.factor();
        }
        self.fresh += wrong.len();
        wrong.iter().all(|&(i, _)| self.basis.pivot(&self.kkt, i)) || self.factor()
    }
}
