//! A run in a folder, made again and compared with every file there.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_analysis::Findings;
use walkfolio_backtest::Observer;
use walkfolio_record::{Manifest, Run, Status};
use walkfolio_report as report;
use walkfolio_run::{Fault, StatedRun, Verification};
use walkfolio_store::{is_table, read_manifest, read_times, sha256};

use crate::Study;
use crate::to_folder::Reason;

const REPORTS: [&str; 3] = ["report.html", "report.md", "report.xlsx"];
const DATA_REPORT: &str = "data-report.json";

/// Makes the backtest in a folder again, from its study and its data, and compares every file with
/// the one made again: to the byte if this build made it. `data` is the folder of its data, where it
/// had one.
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
    let manifest = read_manifest(path)?;
    if manifest.status != Status::Complete {
        return Err(walkfolio_run::Error::Unfinished.into());
    }
    let (mut files, foreign) = read_files(path)?;
    let mut reports = BTreeMap::new();
    for name in REPORTS {
        reports.extend(files.remove(name).map(|bytes| (name, bytes)));
    }
    let study = Study::of_manifest(&manifest)?;
    let stated_raw = std::fs::read(path.join("run.json")).unwrap_or_default();
    let has_data_report = files.contains_key(DATA_REPORT);
    let data_report = if has_data_report {
        Some(study.check(data)?.json(walkfolio_study::finding_hint))
    } else {
        None
    };
    let hashes = hashes(&manifest, &files, &reports);
    let stated = StatedRun {
        manifest,
        times: read_times(path).unwrap_or_default(),
        data_report,
        tables: files,
    };
    let loaded = study.market(data)?;
    let (mut found, again) = walkfolio_run::verify_stated(&study, &stated, &loaded, observer)?;
    found.faults.extend(hashes);
    let plain = walkfolio_store::manifest_json(&stated.manifest)?;
    let same_build =
        again.manifest.build == walkfolio_run::manifest(&study, &loaded, Status::Running).build;
    if same_build
        && plain != stated_raw
        && found.faults.iter().all(|fault| fault.file != "run.json")
    {
        found.faults.push(Fault::new("run.json", None, "", "it has more in it than a run writes"));
    }
    if stated.manifest.files.is_empty() {
        found.unchecked.push("run.json has no SHA-256 of its files: an earlier version".to_owned());
    }
    if !reports.is_empty() && same_build {
        compare_reports(&mut found, &reports, &again)?;
    } else if !reports.is_empty() {
        found.unchecked.push("report.*: another build wrote it".to_owned());
    }
    found
        .unchecked
        .extend(foreign.into_iter().map(|name| format!("{name}: not of a run's making")));
    Ok(found)
}

/// The bytes of files by their names.
type Files = BTreeMap<String, Vec<u8>>;

/// The files of a run's making in a folder, and the names of all others.
fn read_files(path: &Path) -> Result<(Files, Vec<String>), Reason> {
    let failed = |error: std::io::Error| walkfolio_store::Error::File {
        action: "read",
        path: path.to_path_buf(),
        reason: error.to_string(),
    };
    let (mut files, mut foreign) = (BTreeMap::new(), Vec::new());
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_table(&name) {
            files.insert(name, std::fs::read(entry.path()).map_err(failed)?);
        } else if name != "run.json" {
            foreign.push(name);
        }
    }
    foreign.sort();
    Ok((files, foreign))
}

/// Files that are not those whose SHA-256 the manifest states.
fn hashes(
    manifest: &Manifest,
    files: &BTreeMap<String, Vec<u8>>,
    reports: &BTreeMap<&str, Vec<u8>>,
) -> Vec<Fault> {
    if manifest.files.is_empty() {
        return Vec::new();
    }
    let there = files.iter().map(|(name, bytes)| (name.as_str(), bytes));
    let there: BTreeMap<&str, String> = there
        .chain(reports.iter().map(|(name, bytes)| (*name, bytes)))
        .map(|(name, bytes)| (name, sha256(bytes)))
        .collect();
    let stated =
        manifest.files.iter().filter_map(|(name, stated)| match there.get(name.as_str()) {
            Some(found) if found == stated => None,
            Some(_) => Some(Fault::new(name, None, "", "its SHA-256 is not that in run.json")),
            None => Some(Fault::new(name, None, "", "run.json states it, and it is missing")),
        });
    let unknown = there.keys().filter(|name| !manifest.files.contains_key(**name));
    stated
        .chain(unknown.map(|name| Fault::new(name, None, "", "run.json does not state it")))
        .collect()
}

fn compare_reports(
    found: &mut Verification,
    reports: &BTreeMap<&str, Vec<u8>>,
    again: &Run,
) -> Result<(), Reason> {
    for (name, bytes) in report::files(again, &Findings::of(again))? {
        found.files.push(name.to_owned());
        match reports.get(name) {
            Some(stated) if *stated == bytes => {}
            Some(_) => {
                found.faults.push(Fault::new(name, None, "", "it is not the one made again"));
            }
            None => found.faults.push(Fault::new(name, None, "", "the file is missing")),
        }
    }
    Ok(())
}
