//! Holdings of a search, with their best portfolio.

use super::problem::{Place, Problem, Trades};

/// Holdings with their best portfolio.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub assets: Vec<usize>,
    pub x: Vec<f64>,
    pub value: f64,
    /// Of the rows, and of the limit of trades.
    pub multipliers: Vec<f64>,
    pub price: f64,
}

impl Held {
    /// Whether a holding, by its place, lies between its bounds and not at what is held already.
    pub fn is_free(&self, problem: &Problem<'_>, at: usize) -> bool {
        let i = self.assets[at];
        let place = match problem.places[i] {
            Place::Open => problem.side(i, self.x[i]),
            decided => decided,
        };
        let (lo, hi) = problem.bounds(i, place);
        let rests = problem.trading.as_ref().is_some_and(|trading| trading.from[i] == self.x[i]);
        lo < self.x[i] && self.x[i] < hi && !rests
    }

    /// What the sale of a holding adds to what its slope foresees, with the limit of trades at a price.
    pub fn leaving_cost(&self, problem: &Problem<'_>, i: usize) -> f64 {
        let Some(Trades { from, half_costs, .. }) = &problem.trading else { return 0.0 };
        let (x, from, cost) = (self.x[i], from[i], 2.0 * (half_costs[i] + self.price));
        let moved = cost * (from.abs() - (x - from).abs());
        let at = self.assets.binary_search(&i);
        if at.is_ok_and(|at| self.is_free(problem, at)) {
            // Its slope is zero with the cost of the side that it is on.
            moved + cost * (x - from).signum() * x
        } else {
            moved
        }
    }
}
