//! Decisions, one after the other, each from its own past.

use rayon::prelude::*;
use walkfolio_core::{Chain, Decision, Market, Policy, Row, Weights};

use crate::simulate::{Execution, drift_between};
use crate::{Error, Result};

/// Decisions that are made one after the other, each from what the last one left: fixed, so that
/// results depend neither on the number of threads nor on where a run was resumed.
pub const CHAIN: usize = 32;

/// Watches a walk, and may end it.
pub trait Observer: Sync {
    /// So many decisions are ahead.
    fn begin(&self, _decisions: usize) {}
    /// One decision is made.
    fn decided(&self) {}
    /// Whether the walk should end before its next decision.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Keeps the decisions of a walk, so that a walk that was cut off need not make them again.
pub trait Keeper: Sync {
    /// The decision of an earlier walk over the same rows, by its place among them.
    fn kept(&self, _index: usize) -> Option<Step> {
        None
    }
    /// How many decisions may be made before they are kept.
    fn every(&self) -> usize {
        usize::MAX
    }
    /// Keeps the decisions from place `first` on.
    ///
    /// # Errors
    /// If they cannot be kept: the walk ends.
    fn keep(&self, _first: usize, _steps: &[Step]) -> walkfolio_core::Result<()> {
        Ok(())
    }
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct KeepNothing;

impl Keeper for KeepNothing {}

/// An observer that does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {}

/// A decision and the row it was made for.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The decision's row: rows before it were known.
    pub row: Row,
    /// What was decided.
    pub decision: Decision,
}

/// The decisions of a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// The decisions in order of their rows.
    pub steps: Vec<Step>,
    /// Whether all were made, or the observer ended the walk.
    pub complete: bool,
}

/// Asks a policy for its decisions.
///
/// Decisions that do not depend on holdings are made in parallel; the answer does not depend on
/// the number of threads.
///
/// # Errors
/// [`Error::Decision`] of the earliest decision that failed.
pub fn walk(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    execution: &Execution,
    observer: &dyn Observer,
) -> Result<Walk> {
    walk_kept(market, policy, rows, execution, (observer, &KeepNothing))
}

/// As [`walk`], from what an earlier walk over the same rows has kept: the answer is the same to the
/// bit.
///
/// # Errors
/// As [`walk`]; [`Error::Core`] if decisions cannot be kept.
pub fn walk_kept(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    execution: &Execution,
    (observer, keeper): (&dyn Observer, &dyn Keeper),
) -> Result<Walk> {
    observer.begin(rows.len());
    let steps = if policy.path_dependent() {
        in_sequence(market, policy, rows, execution, (observer, keeper))?
    } else {
        in_parallel(market, policy, rows, (observer, keeper))?
    };
    let complete = steps.len() == rows.len();
    Ok(Walk { steps, complete })
}

/// The first row at which a policy's windows are all full, if there is one.
pub fn first_full_row(market: &Market, policy: &dyn Policy) -> Option<Row> {
    (1..market.rows()).find(|&row| market.before(row).is_ok_and(|past| policy.windows_full(&past)))
}

fn in_parallel(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    (observer, keeper): (&dyn Observer, &dyn Keeper),
) -> Result<Vec<Step>> {
    let none = Weights::none(market.universe().len());
    let chain = |(number, rows): (usize, &[Row])| -> Result<Vec<Step>> {
        let first = number * CHAIN;
        if let Some(steps) = whole_chain(keeper, first, rows) {
            tell(observer, &steps);
            return Ok(steps);
        }
        let mut links = Links::new(market, policy);
        let mut steps = Vec::with_capacity(rows.len());
        for &row in rows {
            if observer.cancelled() {
                return Ok(steps);
            }
            steps.push(links.decide(row, &none)?);
            observer.decided();
        }
        keeper.keep(first, &steps)?;
        Ok(steps)
    };
    let chains: Vec<Result<Vec<Step>>> = rows.par_chunks(CHAIN).enumerate().map(chain).collect();
    let mut all = Vec::with_capacity(rows.len());
    for (number, steps) in chains.into_iter().enumerate() {
        // Up to the first that was not made: what is kept has no holes.
        if all.len() < number * CHAIN {
            break;
        }
        all.extend(steps?);
    }
    Ok(all)
}

/// Tells of decisions that an earlier walk has made.
fn tell(observer: &dyn Observer, steps: &[Step]) {
    for _ in steps {
        observer.decided();
    }
}

/// The decisions of a chain, if an earlier walk has made them all.
fn whole_chain(keeper: &dyn Keeper, first: usize, rows: &[Row]) -> Option<Vec<Step>> {
    let step = |(offset, &row): (usize, &Row)| keeper.kept(first + offset).filter(|s| s.row == row);
    rows.iter().enumerate().map(step).collect()
}

fn in_sequence(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    execution: &Execution,
    (observer, keeper): (&dyn Observer, &dyn Keeper),
) -> Result<Vec<Step>> {
    let mut steps = taken_up(policy, rows, keeper);
    tell(observer, &steps);
    let (mut saved, mut links) = (steps.len(), Links::new(market, policy));
    for (index, &row) in rows.iter().enumerate().skip(steps.len()) {
        if observer.cancelled() {
            break;
        }
        if index.is_multiple_of(CHAIN) {
            links = Links::new(market, policy);
        }
        let holdings = holdings_at(market, &steps, row, execution)?;
        steps.push(links.decide(row, &holdings)?);
        observer.decided();
        if steps.len() - saved >= keeper.every() {
            keeper.keep(saved, &steps[saved..])?;
            saved = steps.len();
        }
    }
    Ok(steps)
}

/// The first decisions as an earlier walk made them; whole chains of them where each starts from
/// the last.
fn taken_up(policy: &dyn Policy, rows: &[Row], keeper: &dyn Keeper) -> Vec<Step> {
    let step = |(index, &row): (usize, &Row)| keeper.kept(index).filter(|step| step.row == row);
    let mut steps: Vec<Step> = rows.iter().enumerate().map_while(step).collect();
    if policy.chain().is_some() {
        steps.truncate(steps.len() / CHAIN * CHAIN);
    }
    steps
}

/// What is held when deciding at a row: the last executed target, drifted to the close before.
///
/// # Errors
/// [`Error::Core`] if a weight is not finite: equity is gone.
pub fn holdings_at(
    market: &Market,
    steps: &[Step],
    row: Row,
    execution: &Execution,
) -> Result<Weights> {
    let executed = steps.iter().rev().find(|step| step.row + execution.lag_rows < row);
    match executed {
        None => Ok(Weights::none(market.universe().len())),
        Some(step) => {
            let from = step.row + execution.lag_rows;
            drift_between(market, &step.decision.target, from..row, execution.drift)
        }
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
        Self { market, policy, chain: policy.chain() }
    }

    fn decide(&mut self, row: Row, holdings: &Weights) -> Result<Step> {
        let past = self.market.before(row)?;
        let date = past.decision_date();
        let decision = match &mut self.chain {
            Some(chain) => chain.decide(&past, holdings),
            None => self.policy.decide(&past, holdings),
        };
        let decision = decision.map_err(|source| Error::Decision { date, source })?;
        Ok(Step { row, decision })
    }
}

#[cfg(test)]
mod tests;
