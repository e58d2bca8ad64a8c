//! A run in a folder, made again and compared with every file there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_analysis::{Findings, GridFindings};
use walkfolio_backtest::Observer;
use walkfolio_data::Loaded;
use walkfolio_record::{Kind, Manifest, Status};
use walkfolio_report as report;
use walkfolio_run::{Fault, StatedGrid, StatedRun, Verification};
use walkfolio_store::{
    Error as StoreError, read_files, read_grid, read_manifest, read_times, sha256,
};

use crate::Study;
use crate::to_folder::Reason;

const REPORTS: [&str; 3] = ["report.html", "report.md", "report.xlsx"];
const DATA_REPORT: &str = "data-report.json";

/// Makes the backtest in a folder again, or five cells of a grid ([`verify_grid_folder`]), from its study and its data, and compares every file with
/// the one made again: to the byte if this build made it. `data` is the folder of its data, where it
/// is no longer the one that `run.json` states.
///
/// # Errors
/// If the manifest cannot be read, the run is not complete, or the data are not those of the run.
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// # let place = tempfile::tempdir()?;
/// # let folder = place.path().join("run");
///
/// let last = ["walk_forward.last=2019-12-31".to_owned()];
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &last)?;
/// study.run_to(&folder)?;
/// let found = walkfolio::verify_folder(&folder, None, &Silent)?;
/// assert!(found.faults.is_empty() && found.confirmed == 7);
/// std::fs::write(folder.join("report.md"), "all is well")?;
/// let found = walkfolio::verify_folder(&folder, None, &Silent)?;
/// assert!(found.faults.iter().all(|fault| fault.file == "report.md") && found.faults.len() == 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_folder(
    path: &Path,
    data: Option<&Path>,
    observer: &dyn Observer,
) -> Result<Verification, Reason> {
    let folder = Folder::read(path, data)?;
    if folder.manifest.kind == Kind::Grid {
        return folder.grid(CELLS, observer);
    }
    let Folder { path, manifest, files, study, loaded, data } = &folder;
    let stated = StatedRun {
        manifest: manifest.clone(),
        times: read_times(path).unwrap_or_default(),
        data_report: folder.data_report(data.as_deref())?,
        tables: tables(files),
        read: walkfolio_store::read_run(path).ok().map(Box::new),
    };
    let (mut all, again) = walkfolio_run::verify_stated(study, &stated, loaded, observer)?;
    folder.whole(&mut all, || Ok(report::files(&again, &Findings::of(&again))?))?;
    Ok(all)
}

/// As [`verify_folder`], of a grid: at most so many of its cells, spread evenly over them, are made
/// again and compared with their rows of `grid.parquet` and `cell_returns.parquet`; by
/// [`verify_folder`] it is 5. What is not a cell's, and the reports, are compared whole; `luck.json`
/// follows from the returns of all cells, made again or stated.
///
/// # Errors
/// As [`verify_folder`]; if the folder holds no grid.
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// # let place = tempfile::tempdir()?;
/// # let folder = place.path().join("grid");
///
/// let last = ["walk_forward.last=2019-12-31".to_owned()];
/// let study = Study::load("../../studies/mtum-frontier.toml", &last)?;
/// study.run_to(&folder)?;
/// let found = walkfolio::verify_grid_folder(&folder, None, 3, &Silent)?;
/// assert_eq!((found.faults.len(), &found.cells[..], found.all_cells), (0, &[1, 6, 11][..], 11));
/// assert_eq!((found.decisions, found.confirmed), (21, 21)); // 7 of each
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_grid_folder(
    path: &Path,
    data: Option<&Path>,
    cells: usize,
    observer: &dyn Observer,
) -> Result<Verification, Reason> {
    Folder::read(path, data)?.grid(cells, observer)
}

/// Cells of a grid that are made again where nothing else is said.
const CELLS: usize = 5;

/// A folder that is verified.
struct Folder<'a> {
    path: &'a Path,
    manifest: Manifest,
    files: walkfolio_store::Files,
    study: Study,
    loaded: Loaded,
    data: Option<PathBuf>,
}

impl<'a> Folder<'a> {
    fn read(path: &'a Path, data: Option<&Path>) -> Result<Self, Reason> {
        let manifest = read_manifest(path)?;
        if manifest.status != Status::Complete {
            return Err(walkfolio_run::Error::Unfinished.into());
        }
        let files = read_files(path)?;
        let study = Study::of_manifest(&manifest)?;
        let data = data_of(&manifest, data)?;
        let loaded = study.market(data.as_deref())?;
        Ok(Self { path, manifest, files, study, loaded, data })
    }

    fn grid(&self, cells: usize, observer: &dyn Observer) -> Result<Verification, Reason> {
        let read = match read_grid(self.path) {
            Ok(read) => read,
            Err(error) => return self.unreadable(error),
        };
        let data_report = self.data_report(self.data.as_deref())?;
        let stated = StatedGrid { read, data_report, tables: tables(&self.files) };
        let market = (&self.loaded, self.data.as_deref());
        let (mut all, again) =
            walkfolio_run::verify_grid(&self.study, &stated, market, cells, observer)?;
        self.whole(&mut all, || Ok(report::grid_files(&again, &GridFindings::of(&again))?))?;
        Ok(all)
    }

    /// A grid whose tables do not fit together: where.
    fn unreadable(&self, error: StoreError) -> Result<Verification, Reason> {
        let name =
            |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let fault = match &error {
            _ if self.manifest.kind == Kind::Backtest => return Err(error.into()),
            StoreError::Damaged { path, row, column, reason } => {
                Fault::new(&name(path), *row, column, reason.as_str())
            }
            StoreError::File { path, reason, .. } => {
                Fault::new(&name(path), None, "", reason.as_str())
            }
            _ => return Err(error.into()),
        };
        let mut all = Verification { all_cells: self.study.cells(), ..Verification::default() };
        all.faults.push(fault);
        all.unchecked.push("all else: its tables do not fit together".to_owned());
        check_hashes(&self.manifest, &self.files.own, &mut all.faults);
        Ok(all)
    }

    /// One that was stated and is gone is missing; a run in bulk never had one.
    fn data_report(&self, data: Option<&Path>) -> Result<Option<Value>, Reason> {
        let (there, stated) = (&self.files.own, &self.manifest.files);
        let known = there.contains_key(DATA_REPORT) || stated.contains_key(DATA_REPORT);
        let check =
            || self.study.check(data).map(|found| found.json(walkfolio_study::finding_hint));
        Ok(known.then(check).transpose()?)
    }

    /// What is no table: hashes, the manifest's bytes, reports, and files of others.
    fn whole(
        &self,
        all: &mut Verification,
        again: impl Fn() -> Result<Vec<report::File>, Reason>,
    ) -> Result<(), Reason> {
        let plain = walkfolio_store::manifest_json(&self.manifest)?;
        let known = all.faults.iter().any(|fault| fault.file == "run.json");
        if all.is_same_build && plain != self.files.manifest && !known {
            all.faults.push(Fault::new(
                "run.json",
                None,
                "",
                "it has more in it than a run writes",
            ));
        }
        check_hashes(&self.manifest, &self.files.own, &mut all.faults);
        if self.manifest.files.is_empty() {
            let what = "run.json has no SHA-256 of its files: an earlier version";
            all.unchecked.push(what.to_owned());
        }
        if REPORTS.iter().any(|name| self.files.own.contains_key(*name)) {
            if all.is_same_build {
                compare_reports(all, &self.files.own, again()?);
            } else {
                all.unchecked.push("report.*: another build wrote it".to_owned());
            }
        }
        let foreign = self.files.foreign.iter();
        all.unchecked.extend(foreign.map(|name| format!("{name}: not of a run's making")));
        Ok(())
    }
}

/// The folder of a run's data: the one that is given, or else the one that it was read from.
fn data_of(manifest: &Manifest, given: Option<&Path>) -> Result<Option<PathBuf>, Reason> {
    if let Some(given) = given {
        return Ok(Some(given.to_path_buf()));
    }
    let Some(stated) = manifest.data.as_ref().map(PathBuf::from) else { return Ok(None) };
    if stated.is_dir() {
        return Ok(Some(stated));
    }
    Err(walkfolio_run::Error::DataGone { folder: stated }.into())
}

/// The files that are no report.
fn tables(files: &walkfolio_store::Files) -> Files {
    let mut tables = files.own.clone();
    tables.retain(|name, _| !REPORTS.contains(&name.as_str()));
    tables
}

/// The bytes of files by their names.
type Files = BTreeMap<String, Vec<u8>>;

/// Finds files that are not those whose SHA-256 the manifest states.
fn check_hashes(manifest: &Manifest, files: &Files, found: &mut Vec<Fault>) {
    if manifest.files.is_empty() {
        return;
    }
    let mut fault = |name: &str, what: &str| found.push(Fault::new(name, None, "", what));
    for (name, stated) in &manifest.files {
        match files.get(name) {
            Some(bytes) if sha256(bytes) == *stated => {}
            Some(_) => fault(name, "its SHA-256 is not that in run.json"),
            None => fault(name, "run.json states it, and it is missing"),
        }
    }
    for name in files.keys().filter(|name| !manifest.files.contains_key(*name)) {
        fault(name, "run.json does not state it");
    }
}

fn compare_reports(found: &mut Verification, reports: &Files, again: Vec<report::File>) {
    for (name, bytes) in again {
        found.files.push(name.to_owned());
        match reports.get(name) {
            Some(stated) if *stated == bytes => {}
            Some(_) => {
                found.faults.push(Fault::new(name, None, "", "it is not the one made again"));
            }
            None => found.faults.push(Fault::new(name, None, "", "the file is missing")),
        }
    }
}
