//! Holding decisions through the market: drift, costs, delisting, ruin.

use std::ops::Range;

use walkfolio_core::{Date, Market, Note, Result as CoreResult, Row, Weights};

use crate::costs::{FirstPurchase, LinearCost};
use crate::walk::Step;
use crate::{Error, Result};

/// What happens to weights between rebalances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Holdings are left alone: `V_j = w_j prod(1 + r_j)`.
    BuyAndHold,
    /// Weights are restored at every close, at no cost: `r_p = w'r`.
    ConstantWeights,
}

/// How decisions are carried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Execution {
    /// What happens between rebalances.
    pub drift: Drift,
    /// How many closes later than the one before the decision's session is traded.
    pub lag_rows: usize,
    /// What trading costs.
    pub cost: LinearCost,
}

/// A decision that was carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebalance {
    /// First row on which the weights earn.
    pub row: Row,
    /// Index of the decision in the walk.
    pub step: usize,
    /// What was bought: the decision's target, but for assets that had ended by then.
    pub target: Weights,
    /// What was held just before the trade.
    pub drifted: Weights,
    /// `0.5 * sum |w_target - w_drifted|`.
    pub turnover: f64,
    /// Fraction of equity paid.
    pub cost: f64,
}

/// A portfolio's way through the market.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// The rows on which it earned.
    pub rows: Range<Row>,
    /// Returns after costs, one per row.
    pub net: Vec<f64>,
    /// Returns before costs, one per row.
    pub gross: Vec<f64>,
    /// Turnover, 0 where nothing was traded.
    pub turnover: Vec<f64>,
    /// Fraction of equity paid, 0 where nothing was traded.
    pub cost: Vec<f64>,
    /// The decisions that were carried out.
    pub rebalances: Vec<Rebalance>,
    /// The session on which equity was gone.
    pub ruined: Option<Date>,
    /// What the reader must know, with its session.
    pub notes: Vec<(Date, Note)>,
}

/// Holds the decisions of a walk until a row (exclusive).
///
/// A decision at row `t` earns from row `t + lag` on. Ruin (equity at or below zero) earns -1 and
/// ends the simulation.
///
/// # Errors
/// [`Error::NoDecision`] if no decision is carried out before `end`.
pub fn simulate(
    market: &Market,
    steps: &[Step],
    execution: &Execution,
    end: Row,
) -> Result<Simulation> {
    let starts: Vec<(usize, Row)> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| (index, step.row + execution.lag_rows))
        .filter(|&(_, row)| row < end)
        .collect();
    let Some(&(_, first)) = starts.first() else {
        return Err(no_decision(market, end));
    };
    let mut simulation = Simulation::new(first, end);
    let mut holding = Holding::nothing(market.universe().len());
    for (position, &(index, row)) in starts.iter().enumerate() {
        let until = starts.get(position + 1).map_or(end, |next| next.1);
        let target = simulation.tradable(market, &steps[index].decision.target, row)?;
        let traded = simulation.rebalance(index, row, &target, &holding, execution);
        holding = Holding::of(&target, execution.drift);
        if simulation.hold(market, &mut holding, row..until, traded).is_break() {
            break;
        }
    }
    Ok(simulation)
}

/// The weights after holding a target over some rows.
pub(crate) fn drift_between(
    market: &Market,
    target: &Weights,
    rows: Range<Row>,
    drift: Drift,
) -> Result<Weights> {
    let mut holding = Holding::of(target, drift);
    for row in rows {
        holding.earn(market.returns().row_or_zero(row));
    }
    Ok(holding.weights()?)
}

fn no_decision(market: &Market, end: Row) -> Error {
    let reason = "every decision would earn only after the last session".to_owned();
    let dates = market.dates();
    Error::NoDecision { first: dates[0], last: dates[end.max(1) - 1], reason }
}

impl Simulation {
    fn new(first: Row, end: Row) -> Self {
        let rows = end - first;
        Self {
            rows: first..first,
            net: Vec::with_capacity(rows),
            gross: Vec::with_capacity(rows),
            turnover: Vec::with_capacity(rows),
            cost: Vec::with_capacity(rows),
            rebalances: Vec::new(),
            ruined: None,
            notes: Vec::new(),
        }
    }

    /// A target without the assets whose series ended before the trade: their part stays cash.
    ///
    /// It can only happen with an execution lag: a decision holds what is listed when it is made.
    fn tradable(&mut self, market: &Market, target: &Weights, row: Row) -> Result<Weights> {
        let ended = |asset: usize| market.returns().listing(asset).end < row;
        let mut values = target.values().to_vec();
        for (asset, value) in values.iter_mut().enumerate() {
            if *value != 0.0 && ended(asset) {
                let name = &market.universe().tickers()[asset];
                let last = market.dates()[market.returns().listing(asset).end - 1];
                let message = format!(
                    "{name} ended on {last}, before the trade: {:.2} % of equity stays cash in its place",
                    100.0 * *value
                );
                self.notes.push((market.dates()[row], Note::warning(message)));
                *value = 0.0;
            }
        }
        Ok(Weights::new(values)?)
    }

    /// Records a trade; returns its turnover and cost.
    fn rebalance(
        &mut self,
        step: usize,
        row: Row,
        target: &Weights,
        holding: &Holding,
        execution: &Execution,
    ) -> (f64, f64) {
        let drifted = holding.weights().unwrap_or_else(|_| Weights::none(target.values().len()));
        let traded: f64 = target
            .values()
            .iter()
            .zip(drifted.values())
            .map(|(target, drifted)| (target - drifted).abs())
            .sum();
        let free =
            self.rebalances.is_empty() && execution.cost.first_purchase == FirstPurchase::Free;
        let (turnover, cost) =
            if free { (0.0, 0.0) } else { (0.5 * traded, execution.cost.of(traded)) };
        let target = target.clone();
        self.rebalances.push(Rebalance { row, step, target, drifted, turnover, cost });
        (turnover, cost)
    }

    /// Earns the rows up to the next trade; breaks at ruin.
    fn hold(
        &mut self,
        market: &Market,
        holding: &mut Holding,
        rows: Range<Row>,
        (turnover, cost): (f64, f64),
    ) -> std::ops::ControlFlow<()> {
        for row in rows.clone() {
            let (turnover, cost) = if row == rows.start { (turnover, cost) } else { (0.0, 0.0) };
            self.delistings(market, holding, row);
            let gross = holding.earn(market.returns().row_or_zero(row));
            let net = (1.0 + gross) * (1.0 - cost) - 1.0;
            let ruined = net <= -1.0 || gross <= -1.0;
            self.gross.push(gross.max(-1.0));
            self.net.push(if ruined { -1.0 } else { net });
            self.turnover.push(turnover);
            self.cost.push(cost);
            self.rows.end = row + 1;
            if ruined {
                self.ruin(market.dates()[row], cost);
                return std::ops::ControlFlow::Break(());
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    fn ruin(&mut self, date: Date, cost: f64) {
        self.ruined = Some(date);
        let why =
            if cost >= 1.0 { "the cost of the trade exceeds equity" } else { "equity is gone" };
        let message = format!("ruin: {why}; the backtest ends here with a return of -100 %");
        self.notes.push((date, Note::warning(message)));
    }

    /// Notes what is held past its last close: with its delisting return it becomes cash.
    fn delistings(&mut self, market: &Market, holding: &Holding, row: Row) {
        for (asset, &value) in holding.values.iter().enumerate() {
            if value != 0.0 && market.returns().listing(asset).end == row {
                let name = &market.universe().tickers()[asset];
                let last = market.dates()[row - 1];
                let delisting = market.returns().delisting(asset);
                let message = if delisting == 0.0 {
                    format!(
                        "{name} ends on {last} while held; it is sold at that close and earns nothing until the next rebalance"
                    )
                } else {
                    format!(
                        "{name} ends on {last} while held; it earns its delisting return of {:+.2} % and is cash until the next rebalance",
                        100.0 * delisting
                    )
                };
                self.notes.push((market.dates()[row], Note::info(message)));
            }
        }
    }
}

/// The value of each position, and what is not invested, as parts of the equity at the last trade.
struct Holding {
    values: Vec<f64>,
    cash: f64,
    drift: Drift,
}

impl Holding {
    fn nothing(assets: usize) -> Self {
        Self { values: vec![0.0; assets], cash: 1.0, drift: Drift::BuyAndHold }
    }

    fn of(target: &Weights, drift: Drift) -> Self {
        // A fully invested target leaves no cash, whatever its sum rounds to.
        let rest = 1.0 - target.sum();
        let cash = if rest.abs() < 1e-9 { 0.0 } else { rest };
        Self { values: target.values().to_vec(), cash, drift }
    }

    fn equity(&self) -> f64 {
        self.values.iter().sum::<f64>() + self.cash
    }

    /// Earns one session and returns the portfolio's simple return.
    fn earn(&mut self, returns: &[f64]) -> f64 {
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

    fn weights(&self) -> CoreResult<Weights> {
        let equity = self.equity();
        Weights::new(self.values.iter().map(|value| value / equity).collect())
    }
}

#[cfg(test)]
mod tests;
