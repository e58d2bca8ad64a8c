//! What a leaf weighs and what a split gains.

use super::loss::Pair;
use crate::Parameters;

/// Sums of the derivatives of a set of rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sums {
    pub(super) grad: f64,
    pub(super) hess: f64,
}

impl Sums {
    #[inline]
    pub(super) fn add(&mut self, pair: Pair) {
        self.grad += f64::from(pair[0]);
        self.hess += f64::from(pair[1]);
    }

    #[inline]
    pub(super) fn less(self, other: Self) -> Self {
        Self { grad: self.grad - other.grad, hess: self.hess - other.hess }
    }

    /// In the order of the rows, as XGBoost sums a node.
    pub(super) fn over(rows: &[u32], pairs: &[Pair]) -> Self {
        let mut sums = Self::default();
        for &row in rows {
            sums.add(pairs[row as usize]);
        }
        sums
    }
}

/// The parameters of a tree, in the precision that XGBoost gives them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) max_depth: u32,
    pub(super) learning_rate: f32,
    pub(super) alpha: f64,
    pub(super) lambda: f64,
    pub(super) gamma: f32,
    pub(super) min_child_weight: f64,
}

/// A gain that XGBoost takes for none (`kRtEps`).
pub(super) const NO_GAIN: f32 = 1e-6;

impl Rules {
    #[allow(clippy::cast_possible_truncation)] // XGBoost's parameters are `f32`
    pub(super) fn new(parameters: &Parameters) -> Self {
        let round = |value: f64| f64::from(value as f32);
        Self {
            max_depth: parameters.max_depth,
            learning_rate: parameters.learning_rate as f32,
            alpha: round(parameters.reg_alpha),
            lambda: round(parameters.reg_lambda),
            gamma: parameters.gamma as f32,
            min_child_weight: round(parameters.min_child_weight),
        }
    }

    /// The weight of a leaf, `-soft(G) / (H + lambda)`, before the learning rate.
    #[allow(clippy::cast_possible_truncation)] // XGBoost's weights are `f32`
    pub(super) fn weight(&self, sums: Sums) -> f32 {
        if sums.hess < self.min_child_weight || sums.hess <= 0.0 {
            return 0.0;
        }
        (-soft(sums.grad, self.alpha) / (sums.hess + self.lambda)) as f32
    }

    /// What a leaf takes off the loss, `soft(G)^2 / (H + lambda)`, times two.
    ///
    /// The sums are exact to `f64`, the quotient is one of two `f32`, as in XGBoost.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // XGBoost's gains are `f32`
    pub(super) fn gain(&self, sums: Sums) -> f32 {
        if sums.hess <= 0.0 {
            return 0.0;
        }
        let grad = soft(sums.grad, self.alpha);
        (grad * grad) as f32 / (sums.hess + self.lambda) as f32
    }

    /// Whether rows with this sum could still be split.
    pub(super) fn divisible(&self, sums: Sums, rows: usize, depth: u32) -> bool {
        // Two sides at the minimum, less what rounding may take from their sum.
        let least = 2.0 * self.min_child_weight * (1.0 - 1e-9);
        depth < self.max_depth && rows > 1 && sums.hess >= least
    }
}

/// Soft thresholding, which the L1 penalty asks for.
#[inline]
pub(super) fn soft(grad: f64, alpha: f64) -> f64 {
    if grad > alpha {
        grad - alpha
    } else if grad < -alpha {
        grad + alpha
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_and_gains_follow_the_paper() {
        // Chen & Guestrin (2016), equations 5 and 6: w = -G / (H + lambda), gain G^2 / (H + lambda).
        let rules = Rules::new(&Parameters::default());
        let sums = Sums { grad: -3.0, hess: 2.0 };
        assert_eq!((rules.weight(sums), rules.gain(sums)), (1.0, 3.0));
        let sparse = Rules { alpha: 1.0, ..rules };
        assert_eq!((sparse.weight(sums), sparse.gain(sums)), (2.0 / 3.0, 4.0 / 3.0));
        assert_eq!(rules.weight(Sums { grad: -3.0, hess: 0.5 }), 0.0);
        assert_eq!((soft(0.5, 1.0), soft(-2.0, 1.0)), (0.0, -1.0));
    }
}
