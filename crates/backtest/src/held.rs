//! What a simulated portfolio held, session by session.

use walkfolio_core::{Market, Row};

use crate::execution::Drift;
use crate::position::Position;
use crate::simulate::Simulation;

/// What is held on a session before it earns.
///
/// # Shape and units
/// One weight for each asset of the universe, fractions of equity.
/// # Examples
/// See [`Simulation::for_each_session`].
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The session.
    pub row: Row,
    /// What the last decision bought.
    pub target: &'a [f64],
    /// What is held at the open: the same, drifted since.
    pub weights: &'a [f64],
}

impl Simulation {
    /// Calls back for each session in order, with what was held on it.
    ///
    /// The sum of `weights` times the session's returns is its return before costs, unless equity was
    /// gone; what is not invested earns nothing.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_backtest::{Execution, Step, simulate};
    /// use walkfolio_core::{Date, Decision, Market, Prices, Universe, Weights};
    ///
    /// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day)).to_vec();
    /// let prices = vec![vec![Some(1.0), Some(3.0), Some(3.0)], vec![Some(1.0); 3]];
    /// let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
    /// let steps = [Step { row: 1, decision: Decision::of(Weights::new(vec![0.5, 0.5])?) }];
    /// let execution = Execution::default();
    /// let simulation = simulate(&market, &steps, &execution, 3)?;
    /// let mut held = Vec::new();
    /// simulation.for_each_session(&market, execution.drift, |one| {
    ///     held.push((one.row, one.target.to_vec(), one.weights.to_vec()));
    /// });
    /// // One half has tripled: 1.5 of 2.0.
    /// assert_eq!(held, [(1, vec![0.5; 2], vec![0.5; 2]), (2, vec![0.5; 2], vec![0.75, 0.25])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn for_each_session(&self, market: &Market, drift: Drift, mut visit: impl FnMut(Held<'_>)) {
        let mut weights = vec![0.0; market.universe().len()];
        for (at, rebalance) in self.rebalances.iter().enumerate() {
            let end = self.rebalances.get(at + 1).map_or(self.rows.end, |next| next.row);
            let mut position = Position::of(&rebalance.target, drift);
            for row in rebalance.row..end.min(self.rows.end) {
                position.weights_into(&mut weights);
                visit(Held { row, target: rebalance.target.values(), weights: &weights });
                position.earn(market.returns().row_or_zero(row));
            }
        }
    }
}
