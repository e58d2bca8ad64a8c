//! Decisions, one after the other, each from its own past.

use std::ops::Range;

use rayon::prelude::*;
use walkfolio_core::{Chain, Market, Memory, Policy, Row, Schedule, View, Weights};

use crate::checkpoint::{CheckpointStore, NoCheckpoints};
use crate::execution::Execution;
use crate::observer::Observer;
use crate::position::holdings_at;
use crate::steps::{Step, Walk};
use crate::turnovers::Turnovers;
use crate::{Error, Result};

/// Decisions that are made one after the other, each from what the last one left: fixed, so that
/// results depend neither on the number of threads nor on where a run was resumed.
pub const CHAIN: usize = 32;

/// Asks a policy for its decisions.
///
/// Decisions that do not depend on holdings are made in parallel; the result does not depend on the
/// number of threads. [`Backtest`](crate::Backtest) does the same and more.
///
/// # Timing
/// The decision of row `t` is handed rows before `t` and nothing else; `rows` are in order.
/// # Errors
/// [`Error::Decision`] of the earliest decision that failed.
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
/// use walkfolio_backtest::{Execution, Silent, walk};
///
/// let found = walk(&market, &All, &[2, 3], &Execution::default(), &Silent)?;
/// assert_eq!(found.steps.iter().map(|step| step.row).collect::<Vec<_>>(), [2, 3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn walk(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    execution: &Execution,
    observer: &dyn Observer,
) -> Result<Walk> {
    let checkpoints = &NoCheckpoints;
    Walker { market, policy, execution, observer, checkpoints, held_at_last: None }.walk(rows)
}

/// The first row at which a policy's windows are all full, if there is one: never row 0, before
/// which nothing is known.
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
/// use walkfolio_backtest::first_full_row;
///
/// // The policy needs one return; the first is that of row 1, which row 2 knows.
/// assert_eq!(first_full_row(&market, &All), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn first_full_row(market: &Market, policy: &dyn Policy) -> Option<Row> {
    (1..market.rows()).find(|&row| market.before(row).is_ok_and(|past| policy.windows_full(&past)))
}

/// The rows of the decisions: those of the schedule and those that the policy itself calls for.
///
/// # Timing
/// No row before `first_full`, at which all windows are full, and never row 0: nothing is known
/// there. Whether a policy calls for row `t`, or [waits](Policy::waits) there, is decided from the rows before it.
/// A decision that waits is made at the first later row at which it does not, or not at all where the next one is due
/// or the data end before that.
/// # Errors
/// None in practice: every row is one of the market.
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
/// use walkfolio_backtest::decision_rows;
///
/// let daily = Schedule { every: Every::Sessions(1), first: None, last: Some(Date::constant(2024, 7, 3)) };
/// assert_eq!(decision_rows(&market, &All, &daily, 1)?, [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decision_rows(
    market: &Market,
    policy: &dyn Policy,
    schedule: &Schedule,
    first_full: Row,
) -> Result<Vec<Row>> {
    let dates = market.dates();
    let mut rows = schedule.rows(dates, first_full);
    for (row, date) in dates.iter().enumerate().skip(first_full.max(1)) {
        let is_inside = schedule.first.is_none_or(|first| *date >= first)
            && schedule.last.is_none_or(|last| *date <= last);
        if is_inside && policy.due(&market.before(row)?) {
            rows.push(row);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    let end = schedule.last.map_or(dates.len(), |last| dates.partition_point(|date| *date <= last));
    let ends: Vec<Row> = rows.iter().skip(1).copied().chain([end]).collect();
    let made = rows.iter().zip(ends).map(|(&due, end)| ready(market, policy, due..end));
    made.filter_map(Result::transpose).collect()
}

/// The first of some rows at which a policy does not wait.
fn ready(market: &Market, policy: &dyn Policy, mut rows: Range<Row>) -> Result<Option<Row>> {
    let waits = |row: Row| Ok::<_, Error>(policy.waits(&market.before(row)?));
    rows.find_map(|row| waits(row).map(|waits| (!waits).then_some(row)).transpose()).transpose()
}

/// All that the decisions of a walk share.
#[derive(Clone, Copy)]
pub(crate) struct Walker<'a> {
    pub market: &'a Market,
    pub policy: &'a dyn Policy,
    pub execution: &'a Execution,
    pub observer: &'a dyn Observer,
    pub checkpoints: &'a dyn CheckpointStore,
    /// What is held at the last decision, in place of what the walk itself would hold.
    pub held_at_last: Option<&'a Weights>,
}

impl Walker<'_> {
    /// Makes the decisions of these rows, but for those that a checkpoint has: the result is the
    /// same to the bit.
    pub fn walk(&self, rows: &[Row]) -> Result<Walk> {
        self.observer.begin(rows.len());
        let steps = match self.policy.memory() {
            Memory::Holdings => self.in_sequence(rows)?,
            Memory::Chain | Memory::None => self.in_parallel(rows)?,
        };
        let complete = steps.len() == rows.len();
        if !complete {
            self.checkpoints.interrupted()?;
        }
        Ok(Walk { steps, complete })
    }

    fn in_parallel(&self, rows: &[Row]) -> Result<Vec<Step>> {
        let chains: Vec<Result<Vec<Step>>> = rows
            .par_chunks(CHAIN)
            .enumerate()
            .map(|(number, rows)| self.chain(number * CHAIN, rows))
            .collect();
        let mut all = Vec::with_capacity(rows.len());
        for (number, steps) in chains.into_iter().enumerate() {
            // Up to the first that was not made: what is saved has no holes.
            if all.len() < number * CHAIN {
                break;
            }
            all.extend(steps?);
        }
        Ok(all)
    }

    /// The decisions of one chain, of which the first has the index `first`.
    fn chain(&self, first: usize, rows: &[Row]) -> Result<Vec<Step>> {
        if let Some(steps) = self.whole_chain(first, rows) {
            self.count(&steps);
            return Ok(steps);
        }
        let mut links = Links::new(self.market, self.policy);
        let mut steps = Vec::with_capacity(rows.len());
        for &row in rows {
            if self.observer.cancelled() {
                return Ok(steps);
            }
            let Some(step) = self.heard(links.decide(row, View::without_holdings())) else {
                return Ok(steps);
            };
            steps.push(step?);
            self.observer.decided();
        }
        self.checkpoints.save(first, &steps)?;
        Ok(steps)
    }

    fn in_sequence(&self, rows: &[Row]) -> Result<Vec<Step>> {
        let mut steps = self.resumed(rows);
        self.count(&steps);
        let (mut saved, mut links) = (steps.len(), Links::new(self.market, self.policy));
        let mut turnovers = Turnovers::new(self.market, self.execution);
        for (index, &row) in rows.iter().enumerate().skip(steps.len()) {
            if self.observer.cancelled() {
                break;
            }
            if index.is_multiple_of(CHAIN) {
                links = Links::new(self.market, self.policy);
            }
            let holdings = match self.held_at_last.filter(|_| index + 1 == rows.len()) {
                Some(held) => held.clone(),
                None => holdings_at(self.market, &steps, row, self.execution)?,
            };
            let turnovers = turnovers.until(&steps, row)?;
            let view = View::new(Memory::Holdings, &holdings).with_turnovers(turnovers);
            let Some(step) = self.heard(links.decide(row, view)) else { break };
            steps.push(step?);
            self.observer.decided();
            if steps.len() - saved >= self.checkpoints.interval() {
                self.checkpoints.save(saved, &steps[saved..])?;
                saved = steps.len();
            }
        }
        if saved < steps.len() && steps.len() < rows.len() {
            self.checkpoints.save(saved, &steps[saved..])?;
        }
        Ok(steps)
    }

    /// A decision, or none where it was interrupted: nothing that was made under a raised flag counts.
    fn heard(&self, step: Result<Step>) -> Option<Result<Step>> {
        (!self.observer.interrupt().is_raised()).then_some(step)
    }

    /// Tells the observer of decisions that an earlier walk has made.
    fn count(&self, steps: &[Step]) {
        for _ in steps {
            self.observer.decided();
        }
    }

    /// The decision that an earlier walk saved for this row.
    fn saved(&self, index: usize, row: Row) -> Option<Step> {
        self.checkpoints.saved(index).filter(|step| step.row == row)
    }

    /// The decisions of a chain, if an earlier walk has made them all.
    fn whole_chain(&self, first: usize, rows: &[Row]) -> Option<Vec<Step>> {
        rows.iter().enumerate().map(|(offset, &row)| self.saved(first + offset, row)).collect()
    }

    /// The first decisions as an earlier walk made them; whole chains of them where each starts
    /// from the last.
    fn resumed(&self, rows: &[Row]) -> Vec<Step> {
        let step = |(index, &row): (usize, &Row)| self.saved(index, row);
        let mut steps: Vec<Step> = rows.iter().enumerate().map_while(step).collect();
        if self.policy.chain().is_some() {
            steps.truncate(steps.len() / CHAIN * CHAIN);
        }
        steps
    }
}

/// The decisions of one chain.
struct Links<'a> {
    market: &'a Market,
    policy: &'a dyn Policy,
    chain: Option<Box<dyn Chain + 'a>>,
}

impl<'a> Links<'a> {
    fn new(market: &'a Market, policy: &'a dyn Policy) -> Self {
        let remembers = policy.memory() != Memory::None;
        Self { market, policy, chain: remembers.then(|| policy.chain()).flatten() }
    }

    fn decide(&mut self, row: Row, view: View<'_>) -> Result<Step> {
        let past = self.market.before(row)?;
        let date = past.decision_date();
        let decision = match &mut self.chain {
            Some(chain) => chain.decide(&past, view),
            None => self.policy.decide(&past, view),
        };
        let decision = decision.map_err(|source| Error::Decision { date, source })?;
        Ok(Step { row, decision })
    }
}

#[cfg(test)]
mod tests;
