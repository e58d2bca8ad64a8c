//! The end of a solve: the answer from a fresh factorization, and how far it is from optimal.

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::program::{Change, State, Stop};

/// The largest relative violation of optimality that counts as solved.
pub(super) const TOLERANCE: f64 = 1e-9;

impl<B: Basis> Homotopy<B> {
    /// Recomputes the point from the final active set, so that its bits depend on data and set
    /// alone, and checks it; a set that fails the check is followed once more from there.
    pub fn finish(&mut self, target: &Change<'_>) -> Result<f64, Stop> {
        for _ in 0..4 {
            self.g.copy_from_slice(target.g);
            self.lo.copy_from_slice(target.lo);
            self.hi.copy_from_slice(target.hi);
            if self.fresh > 0 && !self.factor() {
                return Err(Stop::Singular);
            }
            let residual = self.polish().max(self.residual());
            if residual <= TOLERANCE {
                return Ok(residual);
            }
            self.repair(target)?;
        }
        Err(Stop::Limit)
    }

    /// The knowns of the active set at the program that is wanted.
    pub fn set_knowns(&mut self) {
        for i in 0..self.kkt.size {
            self.knowns[i] = match self.state[i] {
                State::Free if i < self.kkt.variables => self.g[i],
                State::Free => 0.0,
                State::Upper => self.hi[i],
                State::Lower | State::Fixed => self.lo[i],
            };
        }
    }

    /// The point of the active set, with one step of iterative refinement. Returns how far its
    /// equations are from holding: not at all, unless the matrix is nearly singular on the set.
    pub fn polish(&mut self) -> f64 {
        let (n, size) = (self.kkt.variables, self.kkt.size);
        self.set_knowns();
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        let pick = |i: usize, swept: bool, unknown: &[f64], known: &[f64]| {
            if swept { unknown[i] } else { known[i] }
        };
        let swept: Vec<bool> = (0..size).map(|i| self.swept(i)).collect();
        let mut u: Vec<f64> =
            (0..size).map(|i| pick(i, swept[i], &self.unknowns, &self.knowns)).collect();
        let (mut product, mut correction) = (vec![0.0; size], vec![0.0; size]);
        self.kkt.times(&u, &mut product);
        let error: Vec<f64> =
            (0..size).map(|i| if swept[i] { self.knowns[i] - product[i] } else { 0.0 }).collect();
        self.basis.unknowns(&self.kkt, &error, &mut correction);
        for i in (0..size).filter(|&i| swept[i]) {
            u[i] += correction[i];
        }
        self.kkt.times(&u, &mut product);
        for i in 0..size {
            let free = self.state[i] == State::Free;
            (self.primal[i], self.dual[i]) = match (i < n, free) {
                (true, true) => (u[i], 0.0),
                (true, false) => (u[i], product[i] - self.g[i]),
                (false, true) => (product[i], 0.0),
                (false, false) => (self.knowns[i], -u[i]),
            };
        }
        // Rows in units of the variables, gradients in units of gradients and duals: huge duals of a
        // nearly singular set must not hide that its rows do not hold.
        let largest = |values: &[f64]| values.iter().fold(1.0f64, |a, b| a.max(b.abs()));
        let gradient = largest(&self.g).max(largest(&u));
        let values = largest(&u[..n]);
        let misses = (0..size).filter(|&i| swept[i]).map(|i| {
            let miss = (product[i] - self.knowns[i]).abs();
            miss / if i < n { gradient } else { values }
        });
        misses.fold(0.0, |worst: f64, miss| if miss.is_nan() { miss } else { worst.max(miss) })
    }

    /// The largest violation of a bound or of a dual's sign, relative to the size of the data.
    pub fn residual(&self) -> f64 {
        let largest = |values: &[f64]| values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let primal_scale = 1.0 + largest(&self.primal[..self.kkt.variables]);
        let dual_scale = 1.0 + largest(&self.g);
        let mut worst = 0.0f64;
        for i in 0..self.kkt.size {
            let outside = (self.lo[i] - self.primal[i]).max(self.primal[i] - self.hi[i]);
            worst = worst.max(outside / primal_scale);
            let wrong = match self.state[i] {
                State::Lower => -self.dual[i],
                State::Upper => self.dual[i],
                State::Free | State::Fixed => 0.0,
            };
            worst = worst.max(wrong / dual_scale);
        }
        // A NaN is no answer.
        if worst.is_finite() && self.primal.iter().all(|x| x.is_finite()) {
            worst
        } else {
            f64::INFINITY
        }
    }

    /// Takes the point as optimal for nearby data and follows that to the target.
    pub fn repair(&mut self, target: &Change<'_>) -> Result<(), Stop> {
        for i in 0..self.kkt.size {
            match self.state[i] {
                State::Lower => self.dual[i] = self.dual[i].max(0.0),
                State::Upper => self.dual[i] = self.dual[i].min(0.0),
                State::Free | State::Fixed => {}
            }
        }
        let n = self.kkt.variables;
        for i in 0..self.kkt.size {
            self.knowns[i] = if i < n { self.primal[i] } else { -self.dual[i] };
        }
        self.kkt.times(&self.knowns, &mut self.unknowns);
        for i in 0..self.kkt.size {
            if i < n {
                self.g[i] = self.unknowns[i] - self.dual[i];
            }
            if self.state[i] == State::Free {
                self.lo[i] = self.lo[i].min(self.primal[i]);
                self.hi[i] = self.hi[i].max(self.primal[i]);
            }
        }
        self.run(target)
    }
}
