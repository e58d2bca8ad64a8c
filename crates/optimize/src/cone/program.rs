//! A cone program: what is written into it, by objectives and constraints alike.

use walkfolio_core::{Covariance, Matrix, SolveStatus};

use crate::Result;
use crate::quadratic::Quadratic;

/// `min 1/2 x'P x + q'x` subject to `b - A x` in a product of cones.
///
/// The first `N` variables are the weights. Further ones: `sigma`, a bound on the risk; `y = X w`,
/// where a second moment is kept as its window or factors; `u >= |w|`, for absolute weights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    /// The first of the variables.
    pub weights: usize,
    pub variables: usize,
    /// Upper triangle of `P`, as `(row, column, value)`.
    pub quadratic: Vec<(usize, usize, f64)>,
    pub linear: Vec<f64>,
    /// `A`, as `(row, column, value)`.
    pub matrix: Vec<(usize, usize, f64)>,
    pub rhs: Vec<f64>,
    pub cones: Vec<Cone>,
    /// What the program's value is multiplied by, and what is added to that, to give the
    /// objective's.
    pub scale: f64,
    pub offset: f64,
}

/// A cone and its dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cone {
    Zero(usize),
    NonNegative(usize),
    SecondOrder(usize),
    /// `(x, y, z)` with `y exp(x / y) <= z`; always of three rows.
    Exponential(usize),
}

/// What a solver said of a program.
pub(crate) struct Answer {
    pub status: SolveStatus,
    pub x: Vec<f64>,
    pub dual: f64,
    /// Multipliers of the rows.
    pub duals: Vec<f64>,
    pub iterations: u32,
}

impl Program {
    /// Over some weights, with neither objective nor constraints yet.
    pub fn over(weights: usize) -> Self {
        let mut program = Self { weights, scale: 1.0, ..Self::default() };
        program.add_variables(weights);
        program
    }

    /// New variables with zero cost; returns the first.
    pub fn add_variables(&mut self, count: usize) -> usize {
        let first = self.variables;
        self.variables += count;
        self.linear.resize(self.variables, 0.0);
        first
    }

    /// A row `rhs - terms x` of the cone that is being written.
    pub fn row(&mut self, terms: impl IntoIterator<Item = (usize, f64)>, rhs: f64) {
        let row = self.rhs.len();
        let terms = terms.into_iter().filter(|(_, value)| *value != 0.0);
        self.matrix.extend(terms.map(|(column, value)| (row, column, value)));
        self.rhs.push(rhs);
    }

    /// Closes the cone that began at row `start`.
    pub fn close(&mut self, start: usize, cone: fn(usize) -> Cone) {
        let rows = self.rhs.len() - start;
        if rows > 0 {
            self.cones.push(cone(rows));
        }
    }

    /// Rows that say `u >= |w - from|` of two variables.
    pub fn exceeds(&mut self, u: usize, w: usize, from: f64) {
        self.row([(w, 1.0), (u, -1.0)], from);
        self.row([(w, -1.0), (u, -1.0)], -from);
    }

    /// Rows that say so of all weights and as many variables from `first` on; `from` is 0 where it is absent.
    pub fn exceed(&mut self, first: usize, from: Option<&[f64]>) {
        let from = |i: usize| from.map_or(0.0, |from| from[i]);
        (0..self.weights).for_each(|i| self.exceeds(first + i, i, from(i)));
    }

    /// Cones that say `s >= t^1.5` of two variables: `t^2 <= s z` and `z^2 <= t`.
    pub fn power(&mut self, s: usize, t: usize) {
        let z = self.add_variables(1);
        let start = self.rhs.len();
        self.row([(s, -1.0), (z, -1.0)], 0.0);
        self.row([(s, -1.0), (z, 1.0)], 0.0);
        self.row([(t, -2.0)], 0.0);
        self.close(start, Cone::SecondOrder);
        let start = self.rhs.len();
        self.row([(t, -1.0)], 1.0);
        self.row([(t, -1.0)], -1.0);
        self.row([(z, -2.0)], 0.0);
        self.close(start, Cone::SecondOrder);
    }

    /// Cones that say `t <= ln w` of two variables.
    pub fn logarithm(&mut self, t: usize, w: usize) {
        let start = self.rhs.len();
        self.row([(t, -1.0)], 0.0);
        self.row([], 1.0);
        self.row([(w, -1.0)], 0.0);
        self.close(start, Cone::Exponential);
    }

    /// Everything so far times a new variable `k >= 0`, which is returned: every constant becomes a multiple
    /// of it, and each cone stays what it is.
    pub fn homogenize(&mut self) -> usize {
        let k = self.add_variables(1);
        for (row, rhs) in self.rhs.iter_mut().enumerate().filter(|(_, rhs)| **rhs != 0.0) {
            self.matrix.push((row, k, -*rhs));
            *rhs = 0.0;
        }
        let start = self.rhs.len();
        self.row([(k, -1.0)], 0.0);
        self.close(start, Cone::NonNegative);
        k
    }

    /// Minimizes `factor w'S w + l2 w'w - 2c'w + constant`, divided by the mean of the matrix's diagonal, or by the
    /// linear term where that is larger, so that tolerances mean the same for every window.
    pub fn minimize(&mut self, quadratic: &Quadratic<'_>) -> Result<()> {
        let Quadratic { covariance, factor, l2, constant, .. } = *quadratic;
        self.offset = constant;
        let n = covariance.assets();
        let mean = factor * covariance.diagonal().iter().sum::<f64>() / n as f64 + l2;
        let largest = quadratic.half_linear().fold(mean, |a, c| a.max(c.abs()));
        let scale = if largest > 0.0 { largest } else { 1.0 };
        self.scale = scale;
        for (q, c) in self.linear.iter_mut().zip(quadratic.half_linear()) {
            *q = -2.0 * c / scale;
        }
        let factor = factor / scale;
        let mut own = vec![l2 / scale; n];
        match covariance.as_dense() {
            _ if factor == 0.0 => self.squares(&own),
            Some(matrix) => {
                for i in 0..n {
                    let extra = |j: usize| if i == j { own[i] } else { 0.0 };
                    let upper = (i..n).map(|j| (i, j, 2.0 * (factor * matrix[(i, j)] + extra(j))));
                    self.quadratic.extend(upper.filter(|entry| entry.2 != 0.0));
                }
            }
            None => {
                let root = covariance.root()?;
                for (own, value) in own.iter_mut().zip(root.diagonal.iter().flatten()) {
                    *own += factor * value * value;
                }
                self.squares(&own);
                self.squared_rows(&root.rows, factor.sqrt());
            }
        }
        Ok(())
    }

    /// `sum size_i w_i^2` in the objective.
    pub fn squares(&mut self, sizes: &[f64]) {
        let entries = sizes.iter().enumerate().filter(|(_, size)| **size != 0.0);
        self.quadratic.extend(entries.map(|(i, size)| (i, i, 2.0 * size)));
    }

    /// `y = root X w` and `y'y` in the objective: where `X` has fewer rows than columns, or a
    /// diagonal beside it.
    fn squared_rows(&mut self, rows: &Matrix, root: f64) {
        let first = self.add_variables(rows.rows());
        let start = self.rhs.len();
        for (t, row) in rows.iter_rows().enumerate() {
            let terms = row.iter().enumerate().map(|(i, value)| (i, value * root));
            self.row(terms.chain([(first + t, -1.0)]), 0.0);
            self.quadratic.push((first + t, first + t, 2.0));
        }
        self.close(start, Cone::Zero);
    }

    /// `lambda * sigma` in the objective, `(sigma, G w)` in a second-order cone.
    pub fn risk(&mut self, covariance: &Covariance, lambda: f64) -> Result<()> {
        let root = covariance.root()?;
        let sigma = self.add_variables(1);
        self.linear[sigma] = lambda;
        let start = self.rhs.len();
        self.row([(sigma, -1.0)], 0.0);
        for row in root.rows.iter_rows() {
            self.row(row.iter().enumerate().map(|(i, value)| (i, -value)), 0.0);
        }
        for (i, value) in root.diagonal.iter().flatten().enumerate() {
            self.row([(i, -value)], 0.0);
        }
        self.close(start, Cone::SecondOrder);
        Ok(())
    }
}
