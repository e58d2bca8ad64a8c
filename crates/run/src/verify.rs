//! Whether the decisions of a run are what its ledger says: feasible, and as good as the bound.
//!
//! Nothing of the kernel's work is believed. The program of each decision is made anew from the past
//! and bounded by another solver: Clarabel for convex mandates, every choice of assets for exact
//! holdings, and for an information ratio a certificate that is checked from the data alone.

mod decision;
mod independent;
mod outcome;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use walkfolio_backtest::{Observer, Step, holdings_at};
use walkfolio_core::{Date, Decision, Market, Memory, Policy, Row, SolveReport, View, Weights};
use walkfolio_data::Loaded;

use crate::manifest::source;
use crate::outcome::{Prepared, prepare};
use crate::survivors::survivors;
use crate::{Error, Result};
use walkfolio_record::{DecisionRow, Manifest, Run, Source, Status};
use walkfolio_study::Study;
use walkfolio_study::StudyPolicy;

/// Relative difference up to which two objectives count as the same.
const SAME: f64 = 1e-6;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Decisions that were checked.
    pub decisions: usize,
    /// Those whose objective another method confirms.
    pub confirmed: usize,
    /// Those that a fallback made: only the budget is checked.
    pub fallbacks: usize,
    /// Those too large to confirm: feasibility is checked, and that the objective is what the
    /// weights are worth.
    pub unconfirmed: usize,
    /// The largest relative distance between an objective and an independent bound on it.
    pub worst_gap: f64,
    /// What is not as the ledger says.
    pub faults: Vec<(Date, String)>,
}

/// One decision as the run's files state it.
struct Stated {
    date: Date,
    row: Row,
    /// The first row on which the weights earn.
    trade: Row,
    /// What was bought: nothing of an asset that had ended by then.
    weights: Vec<f64>,
    objective: Option<f64>,
    bound: Option<f64>,
    fallback: bool,
    selected: Option<Vec<bool>>,
    probability: Vec<Option<f64>>,
}

enum Verdict {
    Confirmed(f64),
    Fallback,
    Unconfirmed,
}

/// The study that a run was made with, from its manifest.
///
/// # Errors
/// [`Error::Study`] if the manifest's study is not valid, [`Error::File`] if it cannot be read.
pub fn of_manifest(manifest: &Manifest) -> Result<Study> {
    let text = toml::to_string(&manifest.resolved)
        .map_err(|error| walkfolio_store::Error::file("read", "run.json", &error))?;
    Ok(Study::parse("run.json", &text, &[])?)
}

/// Checks every decision of a run of this study on the data it was made with.
///
/// # Errors
/// [`Error::OtherData`] if the data differ from those of the run; [`Error::Store`] if its files do not
/// fit each other or the data.
pub fn verify(
    study: &Study,
    run: &Run,
    loaded: &Loaded,
    observer: &dyn Observer,
) -> Result<Verification> {
    let sources: Vec<Source> = loaded.sources.iter().map(source).collect();
    if let Some(what) = difference(&run.manifest.sources, &sources) {
        return Err(Error::OtherData { what });
    }
    let prepared = prepare(study, &loaded.market)?;
    let policy = StudyPolicy::new(study)?;
    let execution = study.config().execution();
    let stated = stated(run, &prepared, execution.lag_rows)?;
    observer.begin(stated.len());
    let steps: Vec<Step> = stated.iter().map(Stated::step).collect::<Result<_>>()?;
    let verdict = |(index, stated): (usize, &Stated)| {
        let held = holdings_at(&prepared.market, &steps[..index], stated.row, execution);
        let verdict = held.map_err(|error| error.to_string()).and_then(|held| {
            decision::check(&prepared, &policy, stated, View::new(policy.memory(), &held))
        });
        observer.decided();
        (stated.date, verdict)
    };
    // What is learned is kept for the next decision, as in the walk.
    let verdicts: Vec<(Date, Result<Verdict, String>)> = if policy.memory() == Memory::Holdings {
        stated.iter().enumerate().map(verdict).collect()
    } else {
        stated.par_iter().enumerate().map(verdict).collect()
    };
    let mut found = tally(verdicts);
    found.faults.extend(outcome::outcome(study, run, &prepared, &steps)?);
    let carried_out: Vec<(Row, &Weights)> =
        steps.iter().map(|step| (step.row, &step.decision.target)).collect();
    let again = survivors(&prepared.market, &policy, &carried_out)?;
    if run.manifest.status == Status::Complete && again != run.manifest.survivors {
        let message = "the count of survivors is not that of its decisions".to_owned();
        found.faults.extend(run.manifest.last.map(|date| (date, message)));
    }
    Ok(found)
}

/// The first file of a run that is not among those that were read now.
fn difference(stated: &[Source], found: &[Source]) -> Option<String> {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    if stated.len() != found.len() {
        return Some(format!("it read {} files, these are {}", stated.len(), found.len()));
    }
    let differs = |(stated, found): &(&Source, &Source)| stated.sha256 != found.sha256;
    stated.iter().zip(found).find(differs).map(|(stated, found)| {
        let (then, now) = (short(&stated.sha256), short(&found.sha256));
        format!("{} {} has SHA-256 {now}.., the run's has {then}..", found.role, found.name)
    })
}

impl Stated {
    /// The assets whose series ended between the decision and the trade: what was meant for them
    /// stayed cash.
    fn ended(&self, market: &Market) -> Vec<usize> {
        let end = |asset: usize| market.returns().listing(asset).end;
        let during = |asset: &usize| (self.row..self.trade).contains(&end(*asset));
        (0..self.weights.len()).filter(during).collect()
    }

    /// The decision as it was carried out.
    fn step(&self) -> Result<Step> {
        let decision = Decision {
            target: Weights::new(self.weights.clone())?,
            notes: Vec::new(),
            solve: SolveReport::not_solved(),
            selection: None,
        };
        Ok(Step { row: self.row, decision })
    }
}

fn tally(verdicts: Vec<(Date, Result<Verdict, String>)>) -> Verification {
    let mut found = Verification { decisions: verdicts.len(), ..Verification::default() };
    for (date, verdict) in verdicts {
        match verdict {
            Ok(Verdict::Confirmed(gap)) => {
                found.confirmed += 1;
                found.worst_gap = found.worst_gap.max(gap);
            }
            Ok(Verdict::Fallback) => found.fallbacks += 1,
            Ok(Verdict::Unconfirmed) => found.unconfirmed += 1,
            Err(what) => found.faults.push((date, what)),
        }
    }
    found
}

/// Something in a run's files that does not fit them or its data.
fn damaged(file: &str, row: Option<usize>, column: &str, reason: String) -> walkfolio_store::Error {
    let (path, column) = (file.into(), column.to_owned());
    walkfolio_store::Error::Damaged { path, row, column, reason }
}

/// The assets of a run are those of its data, in the same order.
fn same_assets(run: &Run, market: &Market) -> Result<()> {
    let (stated, found) = (&run.manifest.assets, market.universe().tickers());
    let bad = |reason| Err(damaged("run.json", None, "assets", reason).into());
    if stated.len() != found.len() {
        return bad(format!("it has {}, the data {}", stated.len(), found.len()));
    }
    match stated.iter().zip(found).position(|(stated, found)| *stated != found.to_string()) {
        Some(at) => bad(format!("[{at}] is {}, the data has {}", stated[at], found[at])),
        None => Ok(()),
    }
}

/// The decisions of a run, by the session they were made for.
fn stated(run: &Run, prepared: &Prepared, lag: usize) -> Result<Vec<Stated>> {
    walkfolio_store::check_run(Path::new(""), run)?;
    same_assets(run, &prepared.market)?;
    let mut solves = BTreeMap::new();
    let mut fallbacks = BTreeSet::new();
    for row in &run.ledger {
        match (row.kind.as_str(), row.date) {
            ("solve", Some(date)) => drop(solves.insert(date, (row.objective, row.bound))),
            ("fallback", Some(date)) => drop(fallbacks.insert(date)),
            _ => {}
        }
    }
    let dates = prepared.market.dates();
    let n = run.manifest.assets.len();
    let one = |(index, rows): (usize, &[DecisionRow])| {
        let trades = rows[0].date;
        let row = dates.binary_search(&trades).ok().and_then(|row| row.checked_sub(lag));
        let row: Row = row.ok_or_else(|| {
            let reason = format!("no decision on the data can trade on {trades}");
            damaged("decisions.parquet", Some(index * n), "date", reason)
        })?;
        let date = dates[row];
        let solve = solves.get(&date).ok_or_else(|| {
            damaged("ledger.parquet", None, "kind", format!("there is no solve for {date}"))
        })?;
        Ok(Stated {
            date,
            row,
            trade: row + lag,
            weights: rows.iter().map(|row| row.weight).collect(),
            objective: solve.0,
            bound: solve.1,
            fallback: fallbacks.contains(&date),
            selected: rows.iter().map(|row| row.selected).collect(),
            probability: rows.iter().map(|row| row.probability).collect(),
        })
    };
    run.decisions.chunks(n).enumerate().map(one).collect()
}
