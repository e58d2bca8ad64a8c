//! A day's folder, looked at later.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use walkfolio::analysis::format::counted;
use walkfolio::{BUILD, decision_files, sha256};

use super::inputs::files_below;
use super::record::{DECISION, Day, MANIFEST};
use crate::decide;
use crate::failure::Failure;

/// Whether every file is what it was, and the decision made again from the inputs is the same.
pub fn verify(folder: &Path, json: bool) -> Result<ExitCode, Failure> {
    let Some(day) = Day::read(folder)? else {
        let what = format!("{} is not there", folder.display());
        return Err(Failure::plain(what, Some("check the path".to_owned())));
    };
    let mut faults = changed(&day, folder);
    faults.extend(added(&day, folder));
    let same_build = day.build == BUILD;
    let (decision, code) = decide::made(&day.decide(folder)?)?;
    for (key, stated, made) in [
        ("study", &day.study, decision.study.clone()),
        ("date", &day.date, decision.date.to_string()),
    ] {
        if *stated != made {
            faults.push(format!("{MANIFEST}: {key} is {stated}, decided again it is {made}"));
        }
    }
    if code != day.exit {
        faults.push(format!("exit code: {} is stated, decided again it is {code}", day.exit));
    }
    let mut compared = Vec::new();
    for (name, bytes) in decision_files(&decision).map_err(decide::failure)? {
        // Another build may draw another page.
        if name == "report.html" && !same_build {
            continue;
        }
        let kept = fs::read(folder.join(DECISION).join(&name)).unwrap_or_default();
        let equal = if name == "decision.json" && !same_build {
            without_build(&kept) == without_build(&bytes)
        } else {
            kept == bytes
        };
        if !equal {
            faults.push(format!("{DECISION}/{name}: decided again it is another"));
        }
        compared.push(name);
    }
    if json {
        let Day { study, date, .. } = &day;
        say!(
            "{}",
            json!({ "day": date, "study": study, "files": day.files.len(), "compared": compared,
                    "same_build": same_build, "faults": faults })
        );
    } else {
        print(&day, &compared, &faults);
    }
    Ok(ExitCode::from(u8::from(!faults.is_empty())))
}

fn print(day: &Day, compared: &[String], faults: &[String]) {
    say!("{}: the decision for {}, {}", day.study, day.date, counted(day.files.len(), "file"));
    say!("decided again from its inputs and compared: {}", compared.join(", "));
    if day.build != BUILD {
        say!("not compared: report.html, which another build has drawn");
    }
    for fault in faults {
        say!("ERROR {fault}");
    }
    if !faults.is_empty() {
        say!("{}: this is not what was decided", counted(faults.len(), "difference"));
    }
}

/// Files that are not what they were.
fn changed(day: &Day, folder: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, hash) in &day.files {
        match fs::read(folder.join(name)) {
            Err(_) => faults.push(format!("{name}: it is not there")),
            Ok(bytes) if sha256(&bytes) != *hash => {
                faults.push(format!("{name}: its SHA-256 is not that of {MANIFEST}"));
            }
            Ok(_) => {}
        }
    }
    faults
}

/// Files that the manifest does not have.
fn added(day: &Day, folder: &Path) -> Vec<String> {
    let Ok(all) = files_below(folder) else { return Vec::new() };
    let name = |path: &Path| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        parts.collect::<Vec<String>>().join("/")
    };
    let names = all.iter().map(|path| name(path));
    let others = names.filter(|name| name != MANIFEST && !day.files.contains_key(name));
    others.map(|name| format!("{name}: it is not in {MANIFEST}")).collect()
}

/// A decision without what names the build.
fn without_build(bytes: &[u8]) -> Option<BTreeMap<String, Value>> {
    let mut all: BTreeMap<String, Value> = serde_json::from_slice(bytes).ok()?;
    all.retain(|key, _| key != "hash" && key != "version");
    Some(all)
}
