//! Proof that no decision looks ahead.
//!
//! For each decision the market is falsified from its row on, the policy is built anew on that
//! market, and the decision must come out the same to the bit: weights, objective and notes.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use walkfolio_backtest::{
    CHAIN, Execution, Observer, Turnovers, Walk, holdings_at, turnovers_before, walk,
};
use walkfolio_core::{
    Date, Decision, Interrupt, Market, Memory, Poison, Policy, Row, View, Weights,
};
use walkfolio_data::Loaded;

use crate::account_audit;
use crate::backtest::decision_rows;
use crate::{Error, Result};
use walkfolio_study::Study;
use walkfolio_study::StudyPolicy;

/// What an audit found.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// How many decisions were made again on a falsified future.
    pub decisions: usize,
    /// The first that came out differently.
    pub leak: Option<Leak>,
    /// Whether all decisions were looked at.
    pub complete: bool,
}

/// A decision that changed with the future.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// The decision's session.
    pub date: Date,
    /// What differed: an asset's weight, or another part of the decision.
    pub what: String,
}

/// Audits every decision of the study on a market.
///
/// # Errors
/// As [`run`](crate::run()).
pub fn audit(study: &Study, loaded: &Loaded, observer: &dyn Observer) -> Result<Audit> {
    let study = &study.on(&loaded.market)?;
    let config = study.config();
    let last = config.schedule().last;
    let market = loaded.market.between(config.spec().market.first, last)?;
    let rows = decision_rows(study, &market, &StudyPolicy::new(study)?, &mut Vec::new())?;
    let build = |_: &Market| -> Result<Box<dyn Policy>> {
        Ok(Box::new(StudyPolicy::interruptible(study, observer.interrupt())?))
    };
    let (mut found, honest) = audited(&market, &build, &rows, config.execution(), observer)?;
    if found.leak.is_none() && found.complete {
        let leak = account_audit::leak(study, loaded, &market, &honest.steps)?;
        found.leak = leak.map(|(date, what)| Leak { date, what });
    }
    Ok(found)
}

/// Builds a policy for a market. A policy that looks things up in its market does so in the
/// falsified one.
pub type Build<'a> = dyn Fn(&Market) -> Result<Box<dyn Policy>> + Sync + 'a;

/// Makes every decision again on markets with a falsified future.
///
/// # Errors
/// [`Error::Backtest`] if a decision cannot be made at all.
pub fn audit_policy(
    market: &Market,
    build: &Build<'_>,
    rows: &[Row],
    execution: &Execution,
    observer: &dyn Observer,
) -> Result<Audit> {
    audited(market, build, rows, execution, observer).map(|(found, _)| found)
}

/// As [`audit_policy`], with the decisions themselves.
fn audited(
    market: &Market,
    build: &Build<'_>,
    rows: &[Row],
    execution: &Execution,
    observer: &dyn Observer,
) -> Result<(Audit, Walk)> {
    let policy = build(market)?;
    let honest = walk(market, policy.as_ref(), rows, execution, &Quiet(observer))?;
    let held = Held {
        holdings: holdings(market, &honest, policy.as_ref(), execution)?,
        turnovers: Turnovers::new(market, execution).until(&honest.steps, market.rows())?.to_vec(),
    };
    observer.begin(honest.steps.len());
    let stopped = AtomicBool::new(!honest.complete);
    let leaks: Vec<Option<Leak>> = (0..honest.steps.len())
        .into_par_iter()
        .map(|index| {
            if observer.cancelled() {
                stopped.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            let leak = again(market, build, &honest, index, &held);
            if observer.interrupt().is_raised() {
                stopped.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            observer.decided();
            leak
        })
        .collect::<Result<_>>()?;
    let found = Audit {
        decisions: honest.steps.len(),
        leak: leaks.into_iter().flatten().next(),
        complete: !stopped.into_inner(),
    };
    Ok((found, honest))
}

/// What is held at each decision, and what was traded.
struct Held {
    holdings: Vec<Weights>,
    turnovers: Vec<(Row, f64)>,
}

/// What is held at each decision: for policies that look at it.
fn holdings(
    market: &Market,
    honest: &Walk,
    policy: &dyn Policy,
    execution: &Execution,
) -> Result<Vec<Weights>> {
    if policy.memory() != Memory::Holdings {
        return Ok(vec![Weights::none(market.universe().len()); honest.steps.len()]);
    }
    let held = |index: usize| {
        let row = honest.steps[index].row;
        holdings_at(market, &honest.steps[..index], row, execution)
    };
    (0..honest.steps.len()).map(held).collect::<Result<_, _>>().map_err(Error::from)
}

fn again(
    market: &Market,
    build: &Build<'_>,
    honest: &Walk,
    index: usize,
    held: &Held,
) -> Result<Option<Leak>> {
    let step = &honest.steps[index];
    let date = market.dates()[step.row];
    // The decision of a chain starts from those before it: they are made again as well.
    let links = index - index % CHAIN..=index;
    for poison in [Poison::Values, Poison::Delist] {
        let falsified = market.poisoned(step.row, poison);
        let policy = build(&falsified)?;
        let memory = policy.memory();
        let mut chain = (memory != Memory::None).then(|| policy.chain()).flatten();
        let mut made = None;
        for link in if chain.is_some() { links.clone() } else { index..=index } {
            let row = honest.steps[link].row;
            let past = falsified.before(row)?;
            let view = View::new(memory, &held.holdings[link])
                .with_turnovers(turnovers_before(&held.turnovers, row));
            made = Some(match &mut chain {
                Some(chain) => chain.decide(&past, view),
                None => policy.decide(&past, view),
            });
        }
        let what = match made {
            Some(Ok(decision)) => difference(market, &step.decision, &decision),
            Some(Err(error)) => Some(format!("the decision failed: {error}")),
            None => None,
        };
        if let Some(what) = what {
            return Ok(Some(Leak { date, what }));
        }
    }
    Ok(None)
}

pub(crate) fn difference(market: &Market, honest: &Decision, again: &Decision) -> Option<String> {
    let pairs = honest.target.values().iter().zip(again.target.values());
    for (asset, (a, b)) in pairs.enumerate() {
        if a.to_bits() != b.to_bits() {
            let name = &market.universe().tickers()[asset];
            return Some(format!(
                "the weight of {name} is {a} with the true future, {b} with a false one"
            ));
        }
    }
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    if bits(honest.solve.objective) != bits(again.solve.objective) {
        return Some("the objective differs".to_owned());
    }
    if honest.notes != again.notes {
        return Some("the notes differ".to_owned());
    }
    (honest.selection != again.selection).then(|| "the selection differs".to_owned())
}

/// Passes on the wish to stop, and nothing else: progress is counted in the second pass.
struct Quiet<'a>(&'a dyn Observer);

impl Observer for Quiet<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
    fn interrupt(&self) -> Interrupt {
        self.0.interrupt()
    }
}

impl From<Vec<walkfolio_study::Fault>> for Error {
    fn from(faults: Vec<walkfolio_study::Fault>) -> Self {
        let error = walkfolio_study::StudyError::new("this cell of the grid", "", faults);
        Self::Study(error)
    }
}
