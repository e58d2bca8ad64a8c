//! The files of a run as bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use walkfolio_core::hex;
use walkfolio_record::{GridRun, Manifest, Run};

use super::json::json;
use super::names::{FILES, MANIFEST, Table};
use super::{
    account, attribution, baselines, benchmark_holdings, cell_returns, factors, frontier, learning,
    parquet, regimes, robustness,
};
use crate::{Error, Result};

/// The tables of a backtest as the files that its folder holds, without manifest and report.
///
/// Equal runs give equal bytes, but for the times in `timings.parquet`.
///
/// # Errors
/// [`Error::File`] with a table that cannot be put together.
/// # Examples
/// ```no_run
/// # fn example(run: &walkfolio_record::Run) -> walkfolio_store::Result<()> {
/// let tables = walkfolio_store::run_tables(run)?;
/// assert_eq!(tables[0].0, "decisions.parquet");
/// # Ok(())
/// # }
/// ```
pub fn run_tables(run: &Run) -> Result<Vec<Table>> {
    let mut tables = vec![
        ("decisions.parquet", parquet::decisions(&run.decisions)?),
        ("ledger.parquet", parquet::ledger(&run.ledger)?),
        ("timings.parquet", parquet::timings(&run.timings)?),
        ("returns.parquet", parquet::returns(&run.returns)?),
    ];
    if !run.risk.is_empty() {
        tables.push(("risk.parquet", learning::risk(&run.risk)?));
    }
    if !run.frontier.is_empty() {
        tables.push(("frontier.parquet", frontier::frontier(&run.frontier)?));
    }
    if !run.benchmark_holdings.is_empty() {
        let table = benchmark_holdings::holdings(&run.benchmark_holdings)?;
        tables.push(("benchmark_holdings.parquet", table));
    }
    if !run.baselines.is_empty() {
        tables.push((baselines::BASELINES, baselines::baselines(&run.baselines)?));
    }
    if !run.regimes.is_empty() {
        tables.push(("regimes.parquet", regimes::regimes(&run.regimes)?));
    }
    if let Some(table) = &run.factors {
        tables.push(("factors.parquet", factors::factors(table)?));
    }
    if let Some(own) = &run.account {
        tables.extend(account::tables(own)?);
    }
    if let Some(found) = &run.attribution {
        tables.extend(attribution::tables(found)?);
    }
    if let Some(found) = &run.robustness {
        tables.extend(robustness::tables(found)?);
    }
    if let Some(learned) = &run.classifier {
        tables.push(("predictions.parquet", learning::predictions(&learned.predictions)?));
        tables.push(("classifier.parquet", learning::classifier(&learned.decisions)?));
        tables.push(("importance.parquet", learning::importance(&learned.importance)?));
        tables.push(("features.parquet", learning::features(learned)?));
        if !learned.models.is_empty() {
            tables.push(("models.parquet", learning::models(learned)?));
        }
    }
    if let Some(report) = &run.data_report {
        tables.push(("data-report.json", json(Path::new("data-report.json"), report)?));
    }
    tables.push(("measures.json", json(Path::new("measures.json"), &run.all_measures())?));
    Ok(tables)
}

/// The tables of a grid as the files that its folder holds, without manifest and report.
///
/// # Errors
/// As [`run_tables`].
/// # Examples
/// See [`run_tables`].
pub fn grid_tables(grid: &GridRun) -> Result<Vec<Table>> {
    let mut tables = vec![
        ("grid.parquet", parquet::grid(grid)?),
        ("cells.parquet", parquet::cells(grid)?),
        ("cell_returns.parquet", cell_returns::cell_returns(grid)?),
    ];
    if let Some(found) = &grid.selection_bias {
        tables.push(("luck.json", json(Path::new("luck.json"), found)?));
        if let Some(paths) = found.cross_validation.as_ref().filter(|one| !one.paths.is_empty()) {
            tables.push((robustness::PATHS, robustness::paths(paths)?));
        }
    }
    if let Some(report) = &grid.data_report {
        tables.push(("data-report.json", json(Path::new("data-report.json"), report)?));
    }
    tables.push(("ledger.parquet", parquet::grid_ledger(grid)?));
    Ok(tables)
}

/// A manifest as `run.json` holds it.
///
/// # Errors
/// [`Error::File`].
/// # Examples
/// See [`run_tables`].
pub fn manifest_json(manifest: &Manifest) -> Result<Vec<u8>> {
    json(Path::new(MANIFEST), manifest)
}

/// The SHA-256 of every file of a run's making in a folder, but for the manifest.
///
/// # Errors
/// [`Error::File`] with a file that cannot be read.
pub(super) fn hashes(folder: &Path) -> Result<BTreeMap<String, String>> {
    let there = FILES.iter().map(|name| (*name, folder.join(name)));
    there
        .filter(|(_, path)| path.is_file())
        .map(|(name, path)| {
            let bytes = fs::read(&path).map_err(|error| Error::io("read", path, &error))?;
            Ok((name.to_owned(), sha256(&bytes)))
        })
        .collect()
}

/// The files in the folder of a run.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The manifest.
    pub manifest: Vec<u8>,
    /// All others of a run's making, reports too, by name.
    pub own: BTreeMap<String, Vec<u8>>,
    /// The names of what is not of a run's making, sorted.
    pub foreign: Vec<String>,
}

/// Reads every file of a run as it is, whatever it holds.
///
/// # Errors
/// [`Error::File`] with the file that cannot be read.
/// # Examples
/// ```no_run
/// let files = walkfolio_store::read_files(std::path::Path::new("runs/mtum"))?;
/// assert!(files.own.contains_key("returns.parquet"));
/// # Ok::<(), walkfolio_store::Error>(())
/// ```
pub fn read_files(folder: &Path) -> Result<Files> {
    let read = |path: &Path| fs::read(path).map_err(|error| Error::io("read", path, &error));
    let mut files = Files { manifest: read(&folder.join(MANIFEST))?, ..Files::default() };
    let entries = fs::read_dir(folder).map_err(|error| Error::io("read", folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::file("read", folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if FILES.contains(&name.as_str()) {
            files.own.insert(name, read(&entry.path())?);
        } else if name != MANIFEST {
            files.foreign.push(name);
        }
    }
    files.foreign.sort();
    Ok(files)
}

/// The SHA-256 of some bytes, as `run.json` states it of each file.
///
/// # Examples
/// ```
/// assert!(walkfolio_store::sha256(b"").starts_with("e3b0c442"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
