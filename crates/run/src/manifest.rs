//! `run.json`: what was run, on which data, and how it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use walkfolio_core::{Date, hex};
use walkfolio_data::{Loaded, SourceRecord};

use crate::Result;
use crate::account_files::check_account;
use crate::outcome::Outcome;
use walkfolio_record::{Kind, Manifest, Seconds, Source, Status};
use walkfolio_study::{SourceSpec, Spec, Study};

/// A data file as a manifest states it.
pub(crate) fn source(record: &SourceRecord) -> Source {
    Source {
        role: record.role.to_owned(),
        name: record.name.clone(),
        format: record.format.to_owned(),
        sha256: record.sha256.clone(),
        rows: record.rows,
        first: record.first,
        last: record.last,
        vintage: record.vintage.clone(),
    }
}

/// A hash of the sources that results depend on: equal builds give equal bits.
pub const BUILD: &str = env!("WALKFOLIO_BUILD");

/// The manifest of a study on its data; the run begins now. It is made once, before the first
/// decision, and completed by the run.
///
/// # Errors
/// [`Error::Study`](crate::Error::Study) if the study does not fit the market ([`Study::on`]), or its account asks for what
/// was not loaded.
pub fn manifest(study: &Study, loaded: &Loaded, status: Status) -> Result<Manifest> {
    check_account(study, loaded)?;
    let study = &study.on(&loaded.market)?;
    let config = study.config();
    let sources: Vec<Source> = loaded.sources.iter().map(source).collect();
    let resolved = resolved(study, loaded);
    Ok(Manifest {
        format: 1,
        study: config.name().to_owned(),
        kind: if config.grid().is_empty() { Kind::Backtest } else { Kind::Grid },
        status,
        error: None,
        synthetic: loaded.synthetic,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: "unknown".to_owned(),
        build: BUILD.to_owned(),
        hash: identity(&resolved, &sources, BUILD),
        sources,
        data: None,
        assets: loaded.market.universe().tickers().iter().map(ToString::to_string).collect(),
        complete_from: complete_from(loaded),
        survivors: None,
        benchmark: config.benchmark().map(ToString::to_string),
        resolved,
        notes: study.notes().to_vec(),
        regimes: Vec::new(),
        decisions: 0,
        first: None,
        last: None,
        ruined: None,
        started: Timestamp::now(),
        threads: rayon::current_num_threads(),
        seconds: Seconds::default(),
        files: BTreeMap::new(),
    })
}

/// Adds what a backtest came to.
pub(crate) fn describe(manifest: &mut Manifest, outcome: &Outcome) {
    let dates = outcome.market.dates();
    let rows = &outcome.simulation.rows;
    manifest.decisions = outcome.simulation.rebalances.len();
    manifest.first = dates.get(rows.start).copied();
    manifest.last = rows.end.checked_sub(1).map(|row| dates[row]);
    manifest.ruined = outcome.simulation.wiped_out;
    manifest.seconds = outcome.seconds;
    manifest.regimes = outcome.measures.regimes.iter().map(|(name, _)| name.clone()).collect();
}

/// The first date on which every asset has a price, if there is one.
fn complete_from(loaded: &Loaded) -> Option<Date> {
    let prices = loaded.market.prices();
    let starts = (0..prices.universe().len()).map(|asset| prices.listing(asset).start);
    let ends = (0..prices.universe().len()).map(|asset| prices.listing(asset).end);
    let (start, end) = (starts.max()?, ends.min()?);
    (start < end).then(|| prices.dates()[start])
}

/// The study as it was run: with `--data` its prices came from files, whatever its source says.
fn resolved(study: &Study, loaded: &Loaded) -> Spec {
    let mut resolved = study.config().spec().clone();
    let files = study.config().files();
    if let (false, Some(files), SourceSpec::Sample { .. }) =
        (loaded.synthetic, files, study.config().source())
    {
        let first = files.prices.names().first().map(|name| name.to_ascii_lowercase());
        let parquet = first.is_some_and(|name| name.ends_with(".parquet"));
        resolved.market.source = if parquet {
            SourceSpec::Parquet { dir: None, layout: None }
        } else {
            SourceSpec::Csv { dir: None, layout: None }
        };
    }
    resolved
}

/// The identity of a study on its market, as a run of it has it.
pub(crate) fn identity_of(study: &Study, loaded: &Loaded) -> String {
    let sources: Vec<Source> = loaded.sources.iter().map(source).collect();
    identity(&resolved(study, loaded), &sources, BUILD)
}

/// The hash of a resolved study on its data, as a build of the program states it.
pub(crate) fn identity(resolved: &Spec, sources: &[Source], build: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(build);
    hash.update(resolved.hash());
    for source in sources {
        hash.update(&source.sha256);
    }
    hex(&hash.finalize())
}
