//! Whether the decisions of a run are what its ledger says: feasible, and as good as the bound.
//!
//! Nothing of the kernel's work is believed. The program of each decision is made again from the past
//! and bounded by another solver: Clarabel for convex mandates, every choice of assets for exact
//! holdings, and for an information ratio a certificate that is checked from the data alone.

mod decision;
mod independent;
mod outcome;
mod stated;
mod verdict;

use rayon::prelude::*;
use walkfolio_backtest::{Observer, Step, holdings_at};
use walkfolio_core::{Date, Memory, Policy, Row, View, Weights};
use walkfolio_data::Loaded;
use walkfolio_record::{Manifest, Run, Source, Status};
use walkfolio_study::{Study, StudyPolicy};

use self::stated::{Stated, stated};
use self::verdict::Verdict;
use crate::manifest::source;
use crate::outcome::prepare;
use crate::survivors::survivors;
use crate::{Error, Result};

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

/// The study that a run was made with, from its manifest.
///
/// # Errors
/// [`Error::Study`] if the manifest's study is not valid, [`Error::Store`] if it cannot be read.
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
