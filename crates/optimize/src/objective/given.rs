//! The portfolio that a rule gives.

use crate::cone::program::{Cone, Program};

/// The portfolio that a rule gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    /// What it is called in messages, in the plural.
    pub called: &'static str,
    /// Its weights, which sum to 1.
    pub weights: Vec<f64>,
}

impl Given {
    /// Weights in proportion to some numbers above 0.
    pub fn in_proportion(called: &'static str, to: &[f64]) -> Self {
        let sum: f64 = to.iter().sum();
        Self { called, weights: to.iter().map(|share| share / sum).collect() }
    }

    /// The portfolio with another sum of weights.
    pub fn times(&self, budget: f64) -> Vec<f64> {
        self.weights.iter().map(|w| budget * w).collect()
    }

    /// Squared differences of weights from the portfolio with the same sum.
    pub fn apart(&self, w: &[f64]) -> f64 {
        let sum: f64 = w.iter().sum();
        w.iter().zip(&self.weights).map(|(w, own)| (w - sum * own).powi(2)).sum()
    }

    /// Adds them to a program: `s = sum w` and `y = w - s p`, of which the squares are minimized.
    pub fn cone(&self, program: &mut Program) {
        let n = self.weights.len();
        let sum = program.add_variables(1);
        let apart = program.add_variables(n);
        let start = program.rhs.len();
        program.row((0..n).map(|i| (i, 1.0)).chain([(sum, -1.0)]), 0.0);
        for (i, own) in self.weights.iter().enumerate() {
            program.row([(i, 1.0), (sum, -own), (apart + i, -1.0)], 0.0);
            program.quadratic.push((apart + i, apart + i, 2.0));
        }
        program.close(start, Cone::Zero);
    }
}
