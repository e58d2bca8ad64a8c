//! What is held: what of a target can be traded, and how holdings drift.

use walkfolio_core::{Market, Result as CoreResult, Row, Weights};

use crate::Result;
use crate::execution::{Drift, Execution};
use crate::steps::Step;

/// The value of each holding, and what is not invested, as parts of the equity at the last trade.
pub(crate) struct Position {
    values: Vec<f64>,
    cash: f64,
    drift: Drift,
}

impl Position {
    /// Cash alone.
    pub fn nothing(assets: usize) -> Self {
        Self { values: vec![0.0; assets], cash: 1.0, drift: Drift::BuyAndHold }
    }

    /// A target just after it was traded.
    pub fn of(target: &Weights, drift: Drift) -> Self {
        // A fully invested target leaves no cash, whatever its sum rounds to.
        let rest = 1.0 - target.sum();
        let cash = if rest.abs() < 1e-9 { 0.0 } else { rest };
        Self { values: target.values().to_vec(), cash, drift }
    }

    /// The value of each holding, 0 where nothing is held.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    fn equity(&self) -> f64 {
        self.values.iter().sum::<f64>() + self.cash
    }

    /// Earns one row and returns the portfolio's simple return.
    pub fn earn(&mut self, returns: &[f64]) -> f64 {
        let before = self.equity();
        match self.drift {
            Drift::ConstantWeights => {
                self.values.iter().zip(returns).map(|(w, r)| w * r).sum::<f64>() / before
            }
            Drift::BuyAndHold => {
                self.values.iter_mut().zip(returns).for_each(|(value, r)| *value *= 1.0 + r);
                self.equity() / before - 1.0
            }
        }
    }

    /// The holdings as fractions of equity, into a buffer of as many.
    pub fn weights_into(&self, weights: &mut [f64]) {
        let equity = self.equity();
        weights.iter_mut().zip(&self.values).for_each(|(weight, value)| *weight = value / equity);
    }

    /// The holdings as fractions of equity.
    pub fn weights(&self) -> CoreResult<Weights> {
        let equity = self.equity();
        Weights::new(self.values.iter().map(|value| value / equity).collect())
    }
}

/// What of a target is traded, and the assets that are left out.
pub(crate) struct Tradable {
    pub target: Weights,
    /// By universe index.
    pub ended: Vec<usize>,
}

/// A target without the assets whose series ended before the trade: their part stays cash.
///
/// It can only happen with an execution lag: a decision holds what is listed when it is made.
pub(crate) fn tradable(market: &Market, target: &Weights, row: Row) -> Result<Tradable> {
    let mut values = target.values().to_vec();
    let has_ended = |asset: usize| market.returns().listing(asset).end < row;
    let ended: Vec<usize> =
        (0..values.len()).filter(|&asset| values[asset] != 0.0 && has_ended(asset)).collect();
    for &asset in &ended {
        values[asset] = 0.0;
    }
    Ok(Tradable { target: Weights::new(values)?, ended })
}

/// What is held when deciding at a row: the last executed target, drifted to the close before.
///
/// # Shape and units
/// `steps` in order of their rows, of which those executed at or after `row` do not count; weights
/// by universe index as fractions of equity, all zero before the first trade.
/// # Errors
/// [`Error::Core`](crate::Error::Core) if a weight is not finite: equity is gone.
/// # Examples
/// ```
/// use walkfolio_backtest::{Execution, Step, holdings_at};
/// use walkfolio_core::{Date, Decision, Market, Prices, Universe, Weights};
///
/// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day)).to_vec();
/// let prices = vec![vec![Some(1.0), Some(3.0), Some(3.0)], vec![Some(1.0); 3]];
/// let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
/// let steps = [Step { row: 1, decision: Decision::of(Weights::new(vec![0.5, 0.5])?) }];
/// // Nothing before the first trade; then one half has tripled: 1.5 of 2.0.
/// let held = |row| holdings_at(&market, &steps, row, &Execution::default());
/// assert_eq!(held(1)?.values(), [0.0, 0.0]);
/// assert_eq!(held(2)?.values(), [0.75, 0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn holdings_at(
    market: &Market,
    steps: &[Step],
    row: Row,
    execution: &Execution,
) -> Result<Weights> {
    let executed = steps.iter().rev().find(|step| step.row + execution.lag_rows < row);
    let Some(step) = executed else { return Ok(Weights::none(market.universe().len())) };
    let traded = step.row + execution.lag_rows;
    let target = tradable(market, &step.decision.target, traded)?.target;
    let mut position = Position::of(&target, execution.drift);
    for row in traded..row {
        position.earn(market.returns().row_or_zero(row));
    }
    Ok(position.weights()?)
}

#[cfg(test)]
mod tests;
