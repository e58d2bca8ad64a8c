//! The end of a solve: the answer from a fresh factorization, and how far it is from optimal.

use walkfolio_core::linear::max_abs;

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
            self.count_upwards();
            self.take_data(target);
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

    /// As [`Homotopy::finish`], where knowns and unknowns are those of the target.
    pub fn finish_at_point(&mut self, target: &Change<'_>) -> Result<f64, Stop> {
        if self.fresh == 0 && !self.pieces.any() && !self.kkt.has_ridge() {
            let residual = self.refine().max(self.residual());
            if residual <= TOLERANCE {
                return Ok(residual);
            }
        }
        self.finish(target)
    }

    /// The point of the active set, with one step of iterative refinement. Returns how far its
    /// equations are from holding: not at all, unless the matrix is nearly singular on the set.
    pub fn polish(&mut self) -> f64 {
        self.set_knowns();
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        self.refine()
    }

    /// The rest of it, from knowns and unknowns.
    fn refine(&mut self) -> f64 {
        let (n, size) = (self.kkt.variables, self.kkt.size);
        let [mut u, mut product, mut error] = std::mem::take(&mut self.vectors);
        for (i, u) in u.iter_mut().enumerate().take(size) {
            *u = if self.swept(i) { self.unknowns[i] } else { self.knowns[i] };
        }
        self.kkt.times(&u, &mut product);
        for i in 0..size {
            error[i] = if self.swept(i) { self.knowns[i] - product[i] } else { 0.0 };
        }
        self.basis.swept_unknowns(&self.kkt, &error, &mut self.unknowns);
        for i in (0..size).filter(|&i| self.swept(i)) {
            u[i] += self.unknowns[i];
        }
        self.kkt.times(&u, &mut product);
        self.take(&u, &product);
        // Rows in units of the variables, gradients in units of gradients and duals: huge duals of a
        // nearly singular set must not hide that its rows do not hold.
        let gradient = max_abs(&self.g).max(max_abs(&u)).max(1.0);
        let values = max_abs(&u[..n]).max(1.0);
        let misses = (0..size).filter(|&i| self.swept(i)).map(|i| {
            let miss = (product[i] - self.knowns[i]).abs();
            miss / if i < n { gradient } else { values }
        });
        let most = |worst: f64, miss: f64| if miss.is_nan() { miss } else { worst.max(miss) };
        let worst = misses.fold(0.0, most);
        self.vectors = [u, product, error];
        worst
    }

    /// Values and duals of a vector `u` of unknowns and knowns and its product `K u`.
    pub fn take(&mut self, u: &[f64], product: &[f64]) {
        let n = self.kkt.variables;
        for i in 0..u.len() {
            let free = self.state[i] == State::Free;
            (self.primal[i], self.dual[i]) = match (i < n, free) {
                (true, true) => (u[i], 0.0),
                (true, false) => (u[i], product[i] - self.g[i]),
                (false, true) => (product[i], 0.0),
                (false, false) => (self.knowns[i], -u[i]),
            };
        }
    }

    /// The largest violation of a bound or of a dual's sign, relative to the size of the data.
    pub fn residual(&self) -> f64 {
        let primal_scale = 1.0 + max_abs(&self.primal[..self.kkt.variables]);
        let dual_scale = 1.0 + max_abs(&self.g);
        let mut worst = 0.0f64;
        for i in 0..self.kkt.size {
            let outside = (self.lo[i] - self.primal[i]).max(self.primal[i] - self.hi[i]);
            worst = worst.max(outside / primal_scale);
            let wrong = match self.state[i] {
                State::Lower => -self.dual[i],
                State::Upper => self.dual[i],
                State::Free | State::Fixed => 0.0,
            };
            worst = worst.max(wrong.max(self.excess(i)) / dual_scale);
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
        self.adopt_widths();
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
