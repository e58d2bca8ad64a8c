//! What a cone program's solution leaves to those that refine it.

use crate::solution::Solution;

/// A solution with the prices of its limits of risks.
pub(super) struct Solved {
    pub solution: Solution,
    pub prices: Vec<f64>,
}
