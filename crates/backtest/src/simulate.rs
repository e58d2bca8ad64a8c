//! Holding decisions through the market: trades, costs, delistings, wipeout.

use std::ops::{ControlFlow, Range};

use walkfolio_core::{Date, Market, Note, Row, Weights};

use crate::costs::InitialTrade;
use crate::execution::Execution;
use crate::position::{Position, tradable};
use crate::steps::Step;
use crate::{Error, Result, notes};

/// A decision that was executed.
///
/// # Examples
/// See [`Simulation`].
#[derive(Debug, Clone, PartialEq)]
pub struct Rebalance {
    /// First row on which the weights earn.
    pub row: Row,
    /// Index of the decision in the walk.
    pub step: usize,
    /// What was bought: the decision's target without the assets that had ended by then.
    pub target: Weights,
    /// What was held just before the trade.
    pub drifted: Weights,
    /// `0.5 * sum |w_target - w_drifted|`, a fraction of equity; 0 for an initial trade that is
    /// free.
    pub turnover: f64,
    /// Fraction of equity paid.
    pub cost: f64,
}

/// A portfolio's way through the market.
///
/// # Shape and units
/// `net`, `gross`, `turnover` and `cost` have one value for each of `rows`: simple returns and
/// fractions of equity, not percent.
/// # Timing
/// Turnover and cost of a trade are in the first row on which its weights earn; the cost is taken
/// from that row's growth, `1 + net = (1 + gross) (1 - cost)`.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # struct All;
/// # impl Policy for All {
/// #     fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
/// #         Ok(Decision::of(Weights::new(vec![1.0])?))
/// #     }
/// #     fn need(&self) -> Need {
/// #         Need { rows: 1, history_months: None }
/// #     }
/// # }
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = vec![[50.0, 50.0, 75.0, 75.0].map(Some).to_vec()];
/// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
/// use walkfolio_backtest::{Backtest, InitialTrade, LinearCost};
///
/// let cost = LinearCost { per_side_bps: 10.0, initial_trade: InitialTrade::Charged };
/// let daily = Schedule { every: Every::Sessions(1), first: None, last: None };
/// let found = Backtest::new(&market).schedule(daily).costs(cost).run(&All)?.simulation;
/// // All of cash is traded at 10 basis points before the price rises by half.
/// assert_eq!((found.rows.clone(), found.gross[0]), (2..4, 0.5));
/// assert!((found.net[0] - (1.5 * 0.999 - 1.0)).abs() < 1e-15);
/// // One side of one trade: half of what is traded.
/// assert_eq!((found.turnover[0], found.rebalances[0].turnover), (0.5, 0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// The decisions that were executed.
    pub rebalances: Vec<Rebalance>,
    /// The session of the wipeout, the first on which equity was at or below zero.
    pub wiped_out: Option<Date>,
    /// What the reader must know, with its session.
    pub notes: Vec<(Date, Note)>,
}

/// Holds decisions through the market until a row (exclusive).
///
/// A wipeout is the first row on which equity is at or below zero. It earns -1 and ends the
/// simulation: a loss beyond all equity is not owed and cannot be earned back.
///
/// # Timing
/// A decision at row `t` earns from row `t + lag_rows` on; the one before it earns until then.
/// # Errors
/// [`Error::NoDecision`] if no decision is executed before `end`; [`Error::Core`] where the impact of a trade is not known.
/// # Source
/// Drift as in Perold & Sharpe (1988), Dynamic Strategies for Asset Allocation, Financial Analysts
/// Journal 44(1): buy and hold, or constant mix.
/// # Examples
/// ```
/// use walkfolio_backtest::{Execution, Step, simulate};
/// use walkfolio_core::{Date, Decision, Market, Prices, SolveReport, Universe, Weights};
///
/// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day)).to_vec();
/// let prices = vec![vec![Some(1.0), Some(2.0), Some(2.0)], vec![Some(1.0), Some(1.0), Some(2.0)]];
/// let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
/// let decision = Decision {
///     target: Weights::new(vec![0.5, 0.5])?,
///     notes: Vec::new(),
///     solve: SolveReport::not_solved(),
///     selection: None,
/// };
/// let held = simulate(&market, &[Step { row: 1, decision }], &Execution::default(), 3).unwrap();
/// // Half of it doubles: 1.5. Then the other half does: 1.0 + 1.0 = 2.0.
/// assert_eq!(held.rows, 1..3);
/// assert!((held.net[0] - 0.5).abs() < 1e-15 && (held.net[1] - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
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
    let Some(&(_, first)) = starts.first() else { return Err(nothing_executed(market, end)) };
    let mut simulation = Simulation::new(first, end);
    let mut position = Position::nothing(market.universe().len());
    for (place, &(step, row)) in starts.iter().enumerate() {
        let until = starts.get(place + 1).map_or(end, |next| next.1);
        let target = simulation.tradable(market, &steps[step].decision.target, row)?;
        let next = Position::of(&target, execution.drift);
        let trade = Trade { row, step, target };
        simulation.rebalance(market, trade, (&position, execution))?;
        position = next;
        if simulation.hold(market, &mut position, row..until).is_break() {
            break;
        }
    }
    Ok(simulation)
}

pub(crate) fn nothing_executed(market: &Market, end: Row) -> Error {
    let reason = "every decision would earn only after the last session".to_owned();
    let dates = market.dates();
    Error::NoDecision { first: dates[0], last: dates[end.max(1) - 1], reason }
}

/// A decision about to be executed.
struct Trade {
    row: Row,
    step: usize,
    target: Weights,
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
            wiped_out: None,
            notes: Vec::new(),
        }
    }

    /// What of a target is traded, with a note on what is not.
    fn tradable(&mut self, market: &Market, target: &Weights, row: Row) -> Result<Weights> {
        let tradable = tradable(market, target, row)?;
        let note = |&asset: &usize| {
            let note = notes::ended_before_trade(market, asset, target.values()[asset]);
            (market.dates()[row], note)
        };
        self.notes.extend(tradable.ended.iter().map(note));
        Ok(tradable.target)
    }

    fn rebalance(
        &mut self,
        market: &Market,
        trade: Trade,
        (position, execution): (&Position, &Execution),
    ) -> Result<()> {
        let Trade { row, step, target } = trade;
        let drifted = position.weights().unwrap_or_else(|_| Weights::none(target.values().len()));
        let traded: f64 = target
            .values()
            .iter()
            .zip(drifted.values())
            .map(|(target, drifted)| (target - drifted).abs())
            .sum();
        let is_initial = self.rebalances.is_empty();
        let (turnover, cost) = match execution.cost.initial_trade {
            InitialTrade::Free if is_initial => (0.0, 0.0),
            _ => (0.5 * traded, execution.charged((market, row), (&target, &drifted))?),
        };
        self.rebalances.push(Rebalance { row, step, target, drifted, turnover, cost });
        Ok(())
    }

    /// Earns the rows from the last trade up to the next; breaks at a wipeout.
    fn hold(
        &mut self,
        market: &Market,
        position: &mut Position,
        rows: Range<Row>,
    ) -> ControlFlow<()> {
        let paid = self.rebalances.last().map_or((0.0, 0.0), |last| (last.turnover, last.cost));
        for row in rows.clone() {
            let (turnover, cost) = if row == rows.start { paid } else { (0.0, 0.0) };
            self.note_delistings(market, position, row);
            let gross = position.earn(market.returns().row_or_zero(row));
            let net = (1.0 + gross) * (1.0 - cost) - 1.0;
            let is_wipeout = net <= -1.0 || gross <= -1.0;
            self.gross.push(gross.max(-1.0));
            self.net.push(if is_wipeout { -1.0 } else { net });
            self.turnover.push(turnover);
            self.cost.push(cost);
            self.rows.end = row + 1;
            if is_wipeout {
                self.wiped_out = Some(market.dates()[row]);
                self.notes.push((market.dates()[row], notes::wipeout(cost)));
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    /// Notes what is held past its last close: with its delisting return it becomes cash.
    fn note_delistings(&mut self, market: &Market, position: &Position, row: Row) {
        for (asset, &value) in position.values().iter().enumerate() {
            if value != 0.0 && market.returns().listing(asset).end == row {
                let note = notes::ended_while_held(market, asset, row);
                self.notes.push((market.dates()[row], note));
            }
        }
    }
}

#[cfg(test)]
mod tests;
