//! A run in a folder, made again and compared with every file there.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_analysis::Findings;
use walkfolio_backtest::Observer;
use walkfolio_record::{Manifest, Run, Status};
use walkfolio_report as report;
use walkfolio_run::{Fault, StatedRun, Verification};
use walkfolio_store::{read_files, read_manifest, read_times, sha256};

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
    let mut files = read_files(path)?;
    let mut found = Vec::new();
    check_hashes(&manifest, &files.own, &mut found);
    let study = Study::of_manifest(&manifest)?;
    let loaded = study.market(data)?;
    let reports: Files = REPORTS.iter().filter_map(|&name| files.own.remove_entry(name)).collect();
    // One that was stated and is gone is missing; a run in bulk never had one.
    let with_data = files.own.contains_key(DATA_REPORT) || manifest.files.contains_key(DATA_REPORT);
    let check = || study.check(data).map(|report| report.json(walkfolio_study::finding_hint));
    let stated = StatedRun {
        manifest,
        times: read_times(path).unwrap_or_default(),
        data_report: with_data.then(check).transpose()?,
        tables: files.own,
    };
    let (mut all, again) = walkfolio_run::verify_stated(&study, &stated, &loaded, observer)?;
    let plain = walkfolio_store::manifest_json(&stated.manifest)?;
    if all.is_same_build
        && plain != files.manifest
        && all.faults.iter().all(|fault| fault.file != "run.json")
    {
        all.faults.push(Fault::new("run.json", None, "", "it has more in it than a run writes"));
    }
    all.faults.extend(found);
    if stated.manifest.files.is_empty() {
        all.unchecked.push("run.json has no SHA-256 of its files: an earlier version".to_owned());
    }
    if !reports.is_empty() && all.is_same_build {
        compare_reports(&mut all, &reports, &again)?;
    } else if !reports.is_empty() {
        all.unchecked.push("report.*: another build wrote it".to_owned());
    }
    let foreign = files.foreign.into_iter();
    all.unchecked.extend(foreign.map(|name| format!("{name}: not of a run's making")));
    Ok(all)
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

fn compare_reports(found: &mut Verification, reports: &Files, again: &Run) -> Result<(), Reason> {
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
