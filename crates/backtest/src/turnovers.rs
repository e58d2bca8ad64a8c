//! The turnover of each rebalance, as far as it is executed.

use walkfolio_core::{Market, Row};

use crate::Result;
use crate::execution::Execution;
use crate::position::{Position, tradable};
use crate::steps::Step;

/// The turnover of rebalances, one after the other: half the sum of absolute trades, from what has drifted to the
/// target. The initial trade, out of cash, is none of them.
///
/// # Examples
/// ```
/// use walkfolio_backtest::{Execution, Step, Turnovers};
/// use walkfolio_core::{Date, Decision, Market, Prices, Universe, Weights};
///
/// let dates = [2, 3, 4, 5].map(|day| Date::constant(2024, 1, day)).to_vec();
/// let prices = vec![[1.0, 3.0, 3.0, 3.0].map(Some).to_vec(), vec![Some(1.0); 4]];
/// let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
/// let half = || Decision::of(Weights::new(vec![0.5, 0.5]).unwrap());
/// let steps = [1, 2].map(|row| Step { row, decision: half() });
/// let execution = Execution::default();
/// let mut turnovers = Turnovers::new(&market, &execution);
/// assert!(turnovers.until(&steps, 2)?.is_empty());
/// // One half has tripled: a quarter of the equity is sold and bought on row 2, which row 3 knows.
/// assert_eq!(turnovers.until(&steps, 3)?, [(2, 0.25)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Turnovers<'a> {
    market: &'a Market,
    execution: &'a Execution,
    /// What was bought last, and the row from which it earns.
    held: Option<(Position, Row)>,
    /// How many steps are executed.
    done: usize,
    /// Whether equity is gone, and with it all further trades.
    is_over: bool,
    found: Vec<(Row, f64)>,
}

impl<'a> Turnovers<'a> {
    /// Of no step yet.
    pub fn new(market: &'a Market, execution: &'a Execution) -> Self {
        Self { market, execution, held: None, done: 0, is_over: false, found: Vec::new() }
    }

    /// Those of all steps that were executed before a row, with the row of each; after a loss of everything nothing
    /// is executed.
    ///
    /// # Shape and units
    /// `steps` in order of their rows, the same ones as at the last call and perhaps more; fractions of equity.
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) if a weight is not finite.
    pub fn until(&mut self, steps: &[Step], row: Row) -> Result<&[(Row, f64)]> {
        let lag = self.execution.lag_rows;
        if self.is_over {
            return Ok(&self.found);
        }
        while let Some(step) = steps.get(self.done).filter(|step| step.row + lag < row) {
            let executed = step.row + lag;
            let target = tradable(self.market, &step.decision.target, executed)?.target;
            if let Some((mut position, from)) = self.held.take() {
                for row in from..executed {
                    self.is_over |= position.earn(self.market.returns().row_or_zero(row)) <= -1.0;
                }
                if self.is_over {
                    return Ok(&self.found);
                }
                let drifted = position.weights()?;
                let pairs = target.values().iter().zip(drifted.values());
                let traded: f64 = pairs.map(|(target, drifted)| (target - drifted).abs()).sum();
                self.found.push((executed, 0.5 * traded));
            }
            self.held = Some((Position::of(&target, self.execution.drift), executed));
            self.done += 1;
        }
        Ok(&self.found)
    }
}

/// Those of some turnovers that were executed before a row.
///
/// # Examples
/// ```
/// use walkfolio_backtest::turnovers_before;
///
/// assert_eq!(turnovers_before(&[(2, 0.25), (5, 0.1)], 5), [(2, 0.25)]);
/// ```
pub fn turnovers_before(all: &[(Row, f64)], row: Row) -> &[(Row, f64)] {
    &all[..all.partition_point(|(executed, _)| *executed < row)]
}

#[cfg(test)]
mod tests {
    use walkfolio_core::random::SplitMix64;

    use super::*;
    use crate::execution::Drift;
    use crate::fixtures::{all, market, step};
    use crate::simulate::simulate;

    /// Prices and targets by chance: what is told before each decision is what the simulation trades.
    #[test]
    fn they_are_those_of_the_simulation() {
        for seed in 0..20 {
            let mut draw = SplitMix64::stream(7, seed);
            let mut prices =
                || all(&(0..30).map(|_| 50.0 + 50.0 * draw.unit()).collect::<Vec<f64>>());
            let market = market(&[&prices(), &prices(), &prices()]);
            let lag_rows = seed % 3;
            let drift = if seed % 2 == 0 { Drift::BuyAndHold } else { Drift::ConstantWeights };
            let execution = Execution { drift, lag_rows, ..Execution::default() };
            let mut steps = Vec::new();
            let mut turnovers = Turnovers::new(&market, &execution);
            for row in [1, 4, 5, 6, 11, 19, 20] {
                let told = turnovers.until(&steps, row).unwrap();
                assert!(told.iter().all(|(executed, _)| *executed < row));
                let weights = [draw.unit(), draw.unit() - 0.3, draw.unit()];
                steps.push(step(row, &weights));
            }
            let found = turnovers.until(&steps, 30).unwrap().to_vec();
            let simulation = simulate(&market, &steps, &execution, 30).unwrap();
            let traded = simulation.rebalances.iter().skip(1).map(|one| (one.row, one.turnover));
            assert_eq!(found.len(), 6);
            for ((row, turnover), (executed, traded)) in found.iter().zip(traded) {
                assert_eq!(*row, executed);
                assert!(
                    (turnover - traded).abs() <= 1e-12 * traded.max(1.0),
                    "{turnover} {traded}"
                );
            }
        }
    }
}
