//! A backtest, set up step by step.

use walkfolio_core::{Every, Market, MarketImpact, Policy, Row, Schedule, Weights};

use crate::checkpoint::{CheckpointStore, NoCheckpoints};
use crate::costs::LinearCost;
use crate::execution::{Drift, Execution};
use crate::observer::{Observer, Silent};
use crate::simulate::{Simulation, simulate};
use crate::steps::Walk;
use crate::walk::{Walker, decision_rows, first_full_row};
use crate::{Error, Result};

/// A policy's decisions through a market, and what came of them.
///
/// Unless set otherwise it decides on the first session of each month, trades at the close before
/// it at no cost, and lets holdings drift in between.
///
/// # Timing
/// A decision at row `t` is handed the rows before `t` and nothing else. Its weights earn from row
/// `t` on, or `lag` rows later.
/// # Examples
/// ```
/// use walkfolio_backtest::{Backtest, LinearCost};
/// use walkfolio_core::{
///     Date, Decision, Every, Market, Need, Past, Policy, Prices, Result, Schedule, Universe, View,
///     Weights,
/// };
///
/// /// Half in each of two assets.
/// struct Halves;
///
/// impl Policy for Halves {
///     fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
///         Ok(Decision::of(Weights::new(vec![0.5, 0.5])?))
///     }
///     fn need(&self) -> Need {
///         Need { rows: 1, history_months: None }
///     }
/// }
///
/// let dates = (2..6).map(|day| Date::constant(2024, 1, day)).collect();
/// let prices = vec![
///     vec![Some(1.0), Some(1.0), Some(2.0), Some(2.0)],
///     vec![Some(1.0), Some(1.0), Some(1.0), Some(1.0)],
/// ];
/// let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
/// let daily = Schedule { every: Every::Sessions(1), first: None, last: None };
/// let done = Backtest::new(&market)
///     .schedule(daily)
///     .costs(LinearCost { per_side_bps: 10.0, ..LinearCost::free() })
///     .run(&Halves)?;
/// // The window of one return is full from row 2 on. There half of it doubles; then a third of
/// // equity is traded in all, at 10 basis points.
/// assert_eq!(done.walk.steps.len(), 2);
/// assert!((done.simulation.net[0] - 0.5).abs() < 1e-15);
/// assert!((done.simulation.net[1] + 0.001 / 3.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Backtest<'a> {
    market: &'a Market,
    when: When<'a>,
    execution: Execution,
    observer: &'a dyn Observer,
    checkpoints: &'a dyn CheckpointStore,
}

/// When decisions are made.
#[derive(Clone)]
enum When<'a> {
    Schedule(Schedule),
    Rows(&'a [Row]),
}

/// The result of a backtest: what was decided, and what became of it.
///
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
/// use walkfolio_backtest::Backtest;
///
/// let daily = Schedule { every: Every::Sessions(1), first: None, last: None };
/// let done = Backtest::new(&market).schedule(daily).run(&All)?;
/// // Everything is held from row 2 on, where the price rises by half.
/// assert_eq!((done.walk.steps[0].row, done.walk.complete), (2, true));
/// assert_eq!(done.simulation.net, [0.5, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Backtested {
    /// The decisions.
    pub walk: Walk,
    /// What became of them.
    pub simulation: Simulation,
}

impl<'a> Backtest<'a> {
    /// Monthly decisions through a market, without costs.
    pub fn new(market: &'a Market) -> Self {
        Self {
            market,
            when: When::Schedule(Schedule { every: Every::Month, first: None, last: None }),
            execution: Execution::default(),
            observer: &Silent,
            checkpoints: &NoCheckpoints,
        }
    }

    /// When to decide; a policy may call for further decisions between the schedule's dates.
    #[must_use]
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { when: When::Schedule(schedule), ..self }
    }

    /// The rows of the decisions, in order, in place of a schedule.
    #[must_use]
    pub fn rows(self, rows: &'a [Row]) -> Self {
        Self { when: When::Rows(rows), ..self }
    }

    /// What trading costs.
    #[must_use]
    pub fn costs(self, cost: LinearCost) -> Self {
        Self { execution: Execution { cost, ..self.execution }, ..self }
    }

    /// What trades cost besides, by their impact on prices.
    #[must_use]
    pub fn impact(self, impact: MarketImpact) -> Self {
        Self { execution: Execution { impact: Some(impact), ..self.execution }, ..self }
    }

    /// What happens to weights between decisions.
    #[must_use]
    pub fn drift(self, drift: Drift) -> Self {
        Self { execution: Execution { drift, ..self.execution }, ..self }
    }

    /// How many closes later than the one before the decision's session is traded.
    #[must_use]
    pub fn lag(self, lag_rows: usize) -> Self {
        Self { execution: Execution { lag_rows, ..self.execution }, ..self }
    }

    /// Costs, drift and lag at once.
    #[must_use]
    pub fn execution(self, execution: Execution) -> Self {
        Self { execution, ..self }
    }

    /// Who is told of progress, and may end the walk.
    #[must_use]
    pub fn observer(self, observer: &'a dyn Observer) -> Self {
        Self { observer, ..self }
    }

    /// Where decisions are saved on the way, and read back when an interrupted walk is resumed: the
    /// result is the same to the bit.
    #[must_use]
    pub fn checkpoints(self, checkpoints: &'a dyn CheckpointStore) -> Self {
        Self { checkpoints, ..self }
    }

    /// Makes the decisions and holds them through the market.
    ///
    /// # Errors
    /// [`Error::NoDecision`] if there is none, [`Error::Decision`] of the earliest that failed,
    /// [`Error::Core`] if decisions cannot be saved.
    pub fn run(&self, policy: &dyn Policy) -> Result<Backtested> {
        let walk = self.walk(policy)?;
        let simulation = self.simulate(&walk)?;
        Ok(Backtested { walk, simulation })
    }

    /// Makes the decisions.
    ///
    /// # Errors
    /// As [`Backtest::run`].
    pub fn walk(&self, policy: &dyn Policy) -> Result<Walk> {
        let walker = self.walker(policy, None);
        match &self.when {
            When::Rows(rows) => walker.walk(rows),
            When::Schedule(schedule) => walker.walk(&self.scheduled(policy, schedule)?),
        }
    }

    pub(crate) fn walker<'w>(
        &'w self,
        policy: &'w dyn Policy,
        held_at_last: Option<&'w Weights>,
    ) -> Walker<'w> {
        let Self { market, execution, observer, checkpoints, .. } = self;
        let (observer, checkpoints) = (*observer, *checkpoints);
        Walker { market, policy, execution, observer, checkpoints, held_at_last }
    }

    pub(crate) fn market(&self) -> &Market {
        self.market
    }

    pub(crate) fn how(&self) -> &Execution {
        &self.execution
    }

    /// Holds decisions through the market: to its end, or if the walk was interrupted, to the first
    /// row on which the last decision earns.
    ///
    /// # Errors
    /// [`Error::NoDecision`] if none is executed before the end.
    pub fn simulate(&self, walk: &Walk) -> Result<Simulation> {
        simulate(self.market, &walk.steps, &self.execution, self.end(walk))
    }

    /// The row (exclusive) at which [`Backtest::simulate`] ends.
    pub fn end(&self, walk: &Walk) -> Row {
        let rows = self.market.rows();
        match walk.steps.last() {
            Some(last) if !walk.complete => (last.row + self.execution.lag_rows + 1).min(rows),
            _ => rows,
        }
    }

    fn scheduled(&self, policy: &dyn Policy, schedule: &Schedule) -> Result<Vec<Row>> {
        let dates = self.market.dates();
        let none = |reason: &str| {
            let (first, last) = (dates[0], dates[dates.len() - 1]);
            Error::NoDecision { first, last, reason: reason.to_owned() }
        };
        let full = first_full_row(self.market, policy)
            .ok_or_else(|| none("the windows of the policy are never full"))?;
        let rows = decision_rows(self.market, policy, schedule, full)?;
        if rows.is_empty() {
            let from = dates[full];
            return Err(none(&format!("the windows of the policy are full from {from} on")));
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
