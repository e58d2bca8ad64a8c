//! Where the matrix leaves directions open: of all solutions the one nearest to a given point.
//!
//! It is the limit of a ridge towards the point that vanishes. With a small ridge the matrix is regular,
//! and refinement with its factor removes the ridge from the point of an active set: it changes nothing in
//! the directions that the matrix leaves open and converges in all others (iterated Tikhonov
//! regularization). With the steps `d_k` of values and `e_k` of multipliers, and `x - near` their sum, the
//! bound of a variable whose dual vanishes is right if `x - near - (H sum k d_k + A' sum k e_k) / ridge`
//! has the sign of a dual: it is the dual of the distance.

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::kinks::Kinks;
use super::program::{Answer, Change, Program, Start, State, Stop};

/// The ridge, in mean diagonal entries of the matrix.
pub(crate) const RIDGE: f64 = 1e-5;
/// Steps that remove it.
pub(super) const STEPS: u32 = 12;
/// A correction smaller than this, relative, is rounding.
const SETTLED: f64 = 1e-11;

impl<B: Basis> Homotopy<B> {
    /// As [`Homotopy::solve`]; of several solutions the one nearest to `near`.
    pub fn solve_nearest(&mut self, program: &Program<'_>, near: &[f64]) -> Result<Answer, Stop> {
        self.solve_nearest_kinked(program, &[], near)
    }

    /// As [`Homotopy::solve_nearest`], with costs.
    pub fn solve_nearest_kinked(
        &mut self,
        program: &Program<'_>,
        kinks: &[Kinks<'_>],
        near: &[f64],
    ) -> Result<Answer, Stop> {
        self.kkt.set(program.h, program.a);
        self.set_pieces(program, kinks, &[], 0.0);
        self.kkt.add_ridge(RIDGE, near);
        self.pivots = 0;
        let mut g = self.scaled(program.g);
        g.iter_mut().zip(near).for_each(|(g, near)| *g += RIDGE * near);
        let target = Change { g: &g, lo: program.lo, hi: program.hi };
        let warm = std::mem::replace(&mut self.warm, false);
        for start_anew in [false, true] {
            if start_anew {
                self.start_anew(program, Start::Inside);
            } else if !warm {
                continue;
            }
            self.fit_states(program);
            if self.exchange_blocks(&target) && (self.fresh == 0 || self.factor()) {
                self.count_upwards();
                self.take_data(&target);
                let residual = self.settle_in_limit();
                if residual <= super::finish::TOLERANCE {
                    self.warm = true;
                    return Ok(self.answer(residual));
                }
            }
        }
        // With the ridge it is a program as any other, as good as the ridge is small.
        let residual = self.solve_set(&g, program)?;
        let with_ridge = (self.primal.clone(), self.dual.clone());
        let without = self.settle_in_limit();
        if without <= super::finish::TOLERANCE {
            return Ok(self.answer(without));
        }
        (self.primal, self.dual) = with_ridge;
        Ok(self.answer(residual))
    }

    /// Values and duals without the ridge, on the active set; how far they are from optimal.
    fn settle_in_limit(&mut self) -> f64 {
        self.set_knowns();
        self.basis.unknowns(&self.kkt, &self.knowns, &mut self.unknowns);
        let (u, _) = self.without_ridge();
        let mut product = vec![0.0; u.len()];
        self.kkt.times_without_ridge(&u, &mut product);
        self.g.iter_mut().zip(&self.kkt.near).for_each(|(g, near)| *g -= RIDGE * near);
        self.take(&u, &product);
        self.residual()
    }

    /// The point of the limit on the active set, its duals with those of the distance times the ridge;
    /// from the unknowns with the ridge.
    pub fn point_in_limit(&mut self) {
        let (u, weighted) = self.without_ridge();
        let (mut product, mut bent) = (vec![0.0; u.len()], vec![0.0; u.len()]);
        self.kkt.times_without_ridge(&u, &mut product);
        self.kkt.times_without_ridge(&weighted, &mut bent);
        let n = self.kkt.variables;
        self.take(&u, &product);
        for i in (0..n).filter(|&i| self.state[i] != State::Free) {
            // The ridge's pull is in `g`; the rest of the distance's dual is not.
            self.dual[i] += RIDGE * u[i] - bent[i];
        }
    }

    /// `u` without the ridge, from the knowns and unknowns with it, and its steps, each times its number.
    fn without_ridge(&mut self) -> (Vec<f64>, Vec<f64>) {
        let (n, size) = (self.kkt.variables, self.kkt.size);
        let swept: Vec<bool> = (0..size).map(|i| self.swept(i)).collect();
        let mut u: Vec<f64> =
            (0..size).map(|i| if swept[i] { self.unknowns[i] } else { self.knowns[i] }).collect();
        let mut known = self.knowns.clone();
        known.iter_mut().zip(&self.kkt.near).for_each(|(known, near)| *known -= RIDGE * near);
        let (mut error, mut step) = (vec![0.0; size], vec![0.0; size]);
        let (mut weighted, mut last) = (vec![0.0; size], f64::INFINITY);
        for number in 1..=STEPS {
            self.kkt.times_without_ridge(&u, &mut error);
            for i in 0..size {
                error[i] = if swept[i] { known[i] - error[i] } else { 0.0 };
            }
            self.basis.unknowns(&self.kkt, &error, &mut step);
            let largest_swept = |values: &[f64]| {
                (0..n).filter(|&i| swept[i]).fold(0.0f64, |most, i| most.max(values[i].abs()))
            };
            let (change, largest) = (largest_swept(&step), largest_swept(&u));
            // Steps that no longer shrink are rounding.
            if change >= last {
                break;
            }
            last = change;
            for i in (0..size).filter(|&i| swept[i]) {
                u[i] += step[i];
                weighted[i] += f64::from(number) * step[i];
            }
            if change <= SETTLED * largest {
                break;
            }
        }
        (u, weighted)
    }
}
