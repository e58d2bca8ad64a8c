//! The program in the units of the scaled KKT matrix.

use super::super::kkt::Kkt;
use super::super::program::Ratio;

/// `J` does not change when `Sigma` is divided by `c`, and `a`, `f` and `1 / lambda` by `sqrt(c)`.
#[derive(Debug, Clone, Default)]
pub(super) struct Data {
    pub variables: usize,
    /// `a / sqrt(c)`, zero on rows.
    pub a: Vec<f64>,
    /// `S e`, zero on rows.
    pub se: Vec<f64>,
    pub e: Vec<f64>,
    /// The square roots of the diagonal of `S`.
    pub deviations: Vec<f64>,
    pub floor: f64,
    pub lambda: f64,
    /// `sqrt(c)`.
    pub root: f64,
}

impl Data {
    pub fn new(variables: usize, rows: usize) -> Self {
        let zeros = || vec![0.0; variables + rows];
        Self {
            variables,
            a: zeros(),
            se: zeros(),
            e: zeros(),
            deviations: zeros(),
            ..Self::default()
        }
    }

    /// Takes a program whose matrices are in `kkt`.
    pub fn set(&mut self, program: &Ratio<'_>, kkt: &Kkt) {
        let n = self.variables;
        self.root = kkt.scale.sqrt();
        self.floor = program.floor / self.root;
        self.lambda = program.lambda * self.root;
        self.e[..n].copy_from_slice(program.benchmark);
        kkt.times(&self.e, &mut self.se);
        self.se[n..].fill(0.0);
        for i in 0..n {
            self.a[i] = program.numerator[i] / self.root;
            self.deviations[i] = kkt.diagonal(i).max(0.0).sqrt();
        }
    }
}

/// What is maximized.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// `J = N / max(T, f) - lambda sigma`.
    Objective,
    /// `(N + price (at - sigma)) / max(T, f)`: an upper bound of `N / max(T, f)` where
    /// `sigma = at`.
    Tangent { price: f64, at: f64 },
}

/// Which side of the floor a point belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regime {
    Above,
    At,
    Below,
}
