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
    observer.begin(rows.len());
    let steps = if policy.path_dependent() {
        in_sequence(market, policy, rows, execution, observer)?
    } else {
        in_parallel(market, policy, rows, observer)?
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
    observer: &dyn Observer,
) -> Result<Vec<Step>> {
    let none = Weights::none(market.universe().len());
    let chains: Vec<Vec<Option<Result<Step>>>> = rows
        .par_chunks(CHAIN)
        .map(|rows| {
            let mut links = Links::new(market, policy);
            let step = |&row: &Row| {
                (!observer.cancelled()).then(|| {
                    let step = links.decide(row, &none);
                    observer.decided();
                    step
                })
            };
            rows.iter().map(step).collect()
        })
        .collect();
    // Up to the first that was not made: what is kept has no holes.
    chains.into_iter().flatten().map_while(|step| step).collect()
}

fn in_sequence(
    market: &Market,
    policy: &dyn Policy,
    rows: &[Row],
    execution: &Execution,
    observer: &dyn Observer,
) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::with_capacity(rows.len());
    for rows in rows.chunks(CHAIN) {
        let mut links = Links::new(market, policy);
        for &row in rows {
            if observer.cancelled() {
                return Ok(steps);
            }
            let holdings = holdings_at(market, &steps, row, execution)?;
            steps.push(links.decide(row, &holdings)?);
            observer.decided();
        }
    }
    Ok(steps)
}

/// What is held when deciding at a row: the last executed target, drifted to the close before.
fn holdings_at(
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
