//! Whether a run is what its study and its data give.
//!
//! The run is made again by the code that made it, and every table, column, row and key is compared.
//! Each decision is then bounded by a method that shares nothing with the first: Clarabel for convex
//! mandates, every choice of assets for exact holdings, and for an information ratio a certificate that
//! is checked from the data alone. Nothing that the run states is believed.

mod clock;
mod compare;
mod decision;
mod fault;
mod grid;
mod hierarchy;
mod independent;
mod verdict;

use std::collections::BTreeMap;

use rayon::prelude::*;
use walkfolio_backtest::{Observer, Step, Turnovers, holdings_at, turnovers_before};
use walkfolio_core::{Date, Memory, Policy, View, Weights};
use walkfolio_data::Loaded;
use walkfolio_record::{Manifest, Run, Source, Status};
use walkfolio_study::Study;

use self::compare::{Alike, differences};
use crate::manifest::{identity, manifest, source};
use crate::outcome::Outcome;
use crate::robustness::{Which, robustness};
use crate::run::{run_and_outcome, run_of};
use crate::session::Session;
use crate::{Error, Result};
pub use decision::confirm;
pub use fault::Fault;
pub use grid::{StatedGrid, verify_grid};
pub use verdict::Verdict;

/// Variants of a run that are computed again.
const VARIANTS: usize = 8;

/// What is believed of every run.
const BELIEVED: &str = "run.json: started, threads, seconds, commit, data, notes on --set";

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Decisions that were made again.
    pub decisions: usize,
    /// Those whose objective another method confirms.
    pub confirmed: usize,
    /// Those that a fallback of the study made, which was made again; no other method looks at them.
    pub fallbacks: usize,
    /// Those too large to confirm, or with an open gap: feasible, and worth what the ledger says.
    pub unconfirmed: usize,
    /// The largest relative distance between an objective and an independent bound on it.
    pub worst_gap: f64,
    /// The numbers of the cells that were made again, from 1 on; empty for a run.
    pub cells: Vec<usize>,
    /// How many cells there are; 0 for a run.
    pub all_cells: usize,
    /// The files that were made again and compared.
    pub files: Vec<String>,
    /// Whether the build of the program that made the run made it again: files are then the same to
    /// the byte, else numbers are within 1e-6.
    pub is_same_build: bool,
    /// What was not compared, and why.
    pub unchecked: Vec<String>,
    /// What is not as it was made again, or not as good as it can be.
    pub faults: Vec<Fault>,
}

/// The study that a run was made with, from its manifest.
///
/// # Errors
/// [`Error::Study`] if the manifest's study is not valid, [`Error::Store`] if it cannot be read.
pub fn of_manifest(manifest: &Manifest) -> Result<Study> {
    let text = toml::to_string(&manifest.resolved.to_json())
        .map_err(|error| walkfolio_store::Error::file("read", "run.json", &error))?;
    Ok(Study::parse("run.json", &text, &[])?.with_notes(manifest.notes.clone()))
}

/// Makes a run of this study again on the data it was made with, and compares.
///
/// # Errors
/// [`Error::OtherData`] if the data differ from those of the run; as [`run`](crate::run()).
pub fn verify(
    study: &Study,
    run: &Run,
    loaded: &Loaded,
    observer: &dyn Observer,
) -> Result<Verification> {
    let tables = walkfolio_store::run_tables(run)?;
    let tables = tables.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    let stated = StatedRun {
        manifest: run.manifest.clone(),
        times: run.timings.iter().map(|row| row.micros).collect(),
        data_report: run.data_report.clone(),
        tables,
        read: Some(Box::new(run.clone())),
    };
    verify_stated(study, &stated, loaded, observer).map(|(found, _)| found)
}

/// A run as its folder states it.
#[derive(Debug, Clone)]
pub struct StatedRun {
    /// Its manifest.
    pub manifest: Manifest,
    /// The time that each decision took, which is believed.
    pub times: Vec<u64>,
    /// What was found wrong with its data, made again by the caller.
    pub data_report: Option<serde_json::Value>,
    /// Its other files by name, without the report.
    pub tables: BTreeMap<String, Vec<u8>>,
    /// What its tables say, if they can be read: decisions of searches that a clock stopped are taken
    /// from it, and variants that are not computed again.
    pub read: Option<Box<Run>>,
}

/// As [`verify`], of the bytes of a folder; gives back the run as it was made again, with the times
/// that are stated.
///
/// # Errors
/// As [`verify`].
pub fn verify_stated(
    study: &Study,
    stated: &StatedRun,
    loaded: &Loaded,
    observer: &dyn Observer,
) -> Result<(Verification, Run)> {
    same_data(&stated.manifest, loaded)?;
    let study = &study.on(&loaded.market)?;
    let made = manifest(study, loaded, Status::Running)?;
    let same_build = same_build(&made, &stated.manifest);
    let session = Session { manifest: made, observer, checkpoints: None };
    let (mut again, mut outcome) = run_and_outcome(study, loaded, session)?;
    if !outcome.walk.complete {
        return Err(Error::Interrupted);
    }
    let mut stopped = 0;
    if let Some(read) = stated.read.as_ref().filter(|_| clock::has_clock(study)) {
        (outcome, stopped) = clock::as_stated(study, outcome, read)?;
        again = run_of(study, loaded, again.manifest, &outcome)?;
    }
    let variants = stated.read.as_ref().and_then(|read| read.robustness.as_ref());
    let which = variants.map_or(Which::All, |tables| Which::Some(VARIANTS, tables));
    let (variants, _) = robustness(study, &loaded.market, &outcome, &which, (observer, None))?;
    let taken = variants.as_ref().map_or(0, |all| all.variants.len().saturating_sub(VARIANTS));
    again.robustness = variants;
    again.manifest = believed(again.manifest, &stated.manifest);
    again.data_report.clone_from(&stated.data_report);
    if again.timings.len() == stated.times.len() {
        for (row, micros) in again.timings.iter_mut().zip(&stated.times) {
            row.micros = *micros;
        }
    }
    let alike = if same_build { Alike::Exactly } else { Alike::Nearly };
    let before = loaded.notes.len() + study.notes().len();
    let mut found = second_opinion(&outcome, study, before)?;
    found.is_same_build = same_build;
    found.unchecked.push(BELIEVED.to_owned());
    found.unchecked.push("timings.parquet: micros".to_owned());
    if taken > 0 && matches!(which, Which::Some(..)) {
        let what = "moved decisions and resampled histories: taken as stated";
        found.unchecked.push(format!("variants.parquet: {taken} {what}"));
    }
    if stopped > 0 {
        found.unchecked.push(format!(
            "{stopped} decisions of searches that allocate.search.seconds stopped, here or there: \
             taken as stated, held against rules and bounds"
        ));
    }
    let tables = walkfolio_store::run_tables(&again)?;
    let stated = (&stated.manifest, &stated.tables);
    compare_files(&mut found, stated, (&again.manifest, &tables), alike)?;
    Ok((found, again))
}

/// Whether the market is the one that a run was made with.
pub(crate) fn same_data(stated: &Manifest, loaded: &Loaded) -> Result<()> {
    let sources: Vec<Source> = loaded.sources.iter().map(source).collect();
    match difference(&stated.sources, &sources) {
        Some(what) => Err(Error::OtherData { what }),
        None => Ok(()),
    }
}

/// Whether the program that made a run is this one.
fn same_build(made: &Manifest, stated: &Manifest) -> bool {
    made.build == stated.build && made.version == stated.version
}

/// Every file against the one made again.
fn compare_files(
    found: &mut Verification,
    (manifest, tables): (&Manifest, &BTreeMap<String, Vec<u8>>),
    (again, made): (&Manifest, &[walkfolio_store::Table]),
    alike: Alike,
) -> Result<()> {
    if alike == Alike::Nearly {
        let what =
            "another build made it: numbers within 1e-6, no messages, bounds or solver counts";
        found.unchecked.push(what.to_owned());
    }
    let json = walkfolio_store::manifest_json;
    found.faults.extend(differences("run.json", &json(manifest)?, &json(again)?, alike));
    found.files.push("run.json".to_owned());
    for (name, bytes) in made {
        match tables.get(*name) {
            Some(stated) => found.faults.extend(differences(name, stated, bytes, alike)),
            None => found.faults.push(Fault::new(name, None, "", "the file is missing")),
        }
        found.files.push((*name).to_owned());
    }
    for name in tables.keys().filter(|name| !made.iter().any(|(made, _)| made == name)) {
        found.faults.push(Fault::new(name, None, "", "a run of this study has no such file"));
    }
    Ok(())
}

/// A manifest with what cannot be made again: clocks, threads, and which program it was.
fn believed(again: Manifest, stated: &Manifest) -> Manifest {
    Manifest {
        version: stated.version.clone(),
        commit: stated.commit.clone(),
        build: stated.build.clone(),
        hash: identity(&again.resolved, &again.sources, &stated.build),
        started: stated.started,
        data: stated.data.clone(),
        threads: stated.threads,
        seconds: stated.seconds,
        files: stated.files.clone(),
        ..again
    }
}

/// Each decision by another method; `before` its events are so many rows of the ledger.
fn second_opinion(outcome: &Outcome, study: &Study, before: usize) -> Result<Verification> {
    let Outcome { market, policy, walk, .. } = outcome;
    let execution = study.config().execution();
    let turnovers = Turnovers::new(market, execution).until(&walk.steps, market.rows())?.to_vec();
    let verdict = |(index, step): (usize, &Step)| -> Result<Result<Verdict, String>> {
        let held = match policy.memory() {
            Memory::Holdings => holdings_at(market, &walk.steps[..index], step.row, execution)?,
            _ => Weights::none(market.universe().len()),
        };
        let view = View::new(policy.memory(), &held)
            .with_turnovers(turnovers_before(&turnovers, step.row));
        let verdict = decision::check(market, policy, step, view);
        if policy.interrupt().is_raised() { Err(Error::Interrupted) } else { Ok(verdict) }
    };
    // What is learned is kept for the next decision, as in the walk.
    let verdicts: Vec<Result<Verdict, String>> = if policy.memory() == Memory::Holdings {
        walk.steps.iter().enumerate().map(verdict).collect::<Result<_>>()?
    } else {
        walk.steps.par_iter().enumerate().map(verdict).collect::<Result<_>>()?
    };
    let mut found = Verification { decisions: walk.steps.len(), ..Verification::default() };
    let mut row = before + outcome.notes.len();
    for (step, verdict) in walk.steps.iter().zip(verdicts) {
        count(&mut found, verdict, (market.dates()[step.row], row));
        row += 1 + step.decision.notes.len();
    }
    Ok(found)
}

fn count(found: &mut Verification, verdict: Result<Verdict, String>, (date, row): (Date, usize)) {
    match verdict {
        Ok(Verdict::Confirmed(gap)) => {
            found.confirmed += 1;
            found.worst_gap = found.worst_gap.max(gap);
        }
        Ok(Verdict::Fallback) => found.fallbacks += 1,
        Ok(Verdict::Unconfirmed) => found.unconfirmed += 1,
        Err(what) => {
            let what = format!("the decision of {date}: {what}");
            found.faults.push(Fault::new("ledger.parquet", Some(row), "objective", what));
        }
    }
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
