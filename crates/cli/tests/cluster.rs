//! `walkfolio run --on`: what is asked of the Python package, and what becomes of its answers. Real clusters are those of
//! `python/tests/cluster`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use common::{text, walkfolio};

const STUDY: &str = r#"
name = "spread"
market = { assets = ["XLE", "XLF", "XLK"], benchmark = "SPY" }
walk_forward = { every = "year" }
allocate = { objective = { kind = "tracking_error", window = 252 }, bounds = { min = 0.0, max = 1.0 } }
"#;
const GRID: &str = "grid = { \"allocate.bounds.max\" = [0.5, 0.6] }\n";

/// An interpreter that says this, with this exit code.
fn interpreter(folder: &Path, script: &str) -> String {
    let path = folder.join("python");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// The exit code and what was said of a run on a cluster.
fn run(folder: &Path, python: &str, on: &str) -> (Option<i32>, String) {
    let (study, out) = (folder.join("study.toml"), folder.join("run"));
    let (study, out) = (study.to_str().unwrap(), out.to_str().unwrap());
    let arguments = ["run", study, "--on", on, "--out", out, "--replace"];
    let output = walkfolio(&arguments).env("WALKFOLIO_PYTHON", python).output().unwrap();
    (output.status.code(), text(&output.stderr).replace("\n  │ ", " "))
}

#[test]
fn what_a_cluster_leaves_out_is_made_here() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    fs::write(folder.join("study.toml"), GRID.to_owned() + STUDY).unwrap();
    let asked = folder.join("asked");
    let script = format!("echo \"$@\" > {}; echo 1 2; echo 2 2", asked.display());
    let (code, said) = run(folder, &interpreter(folder, &script), "ray://head:10001");
    assert_eq!(code, Some(0), "{said}");
    let asked = fs::read_to_string(asked).unwrap();
    assert!(asked.starts_with("-m walkfolio parts "), "{asked}");
    assert!(asked.contains("--on ray://head:10001 --build "), "{asked}");
    let whole = folder.join("whole");
    let study = folder.join("study.toml");
    let arguments = ["run", study.to_str().unwrap(), "--out", whole.to_str().unwrap()];
    assert!(walkfolio(&arguments).status().unwrap().success());
    for table in ["grid.parquet", "cells.parquet", "ledger.parquet"] {
        let bytes = |folder: &Path| fs::read(folder.join(table)).unwrap();
        assert!(bytes(&whole) == bytes(&folder.join("run")), "{table}");
    }
}

#[test]
fn what_is_in_the_way_is_said() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    fs::write(folder.join("study.toml"), GRID.to_owned() + STUDY).unwrap();
    let (code, said) = run(folder, "/nowhere/python3", "dask://head:8786");
    assert_eq!(code, Some(2));
    assert!(said.contains("cannot start /nowhere/python3"), "{said}");
    assert!(said.contains("walkfolio[dask]"), "{said}");
    let none = interpreter(folder, "echo 'No module named walkfolio' >&2; exit 1");
    let (_, said) = run(folder, &none, "ray://");
    assert!(said.contains("has no package walkfolio"), "{said}");
    assert!(said.contains("walkfolio[ray]"), "{said}");
    let told =
        "echo 'noise' >&2; echo 'error: ray is absent' >&2; echo 'hint: get ray' >&2; exit 1";
    let (_, said) = run(folder, &interpreter(folder, told), "ray://");
    assert!(said.contains("ray is absent") && said.contains("get ray"), "{said}");
    let (_, said) = run(folder, "python3", "spark://head");
    assert!(said.contains("write ray://HOST:PORT or dask://HOST:PORT"), "{said}");
    fs::write(folder.join("study.toml"), STUDY).unwrap();
    let (_, said) = run(folder, "python3", "ray://");
    assert!(said.contains("there is nothing to spread over a cluster"), "{said}");
}
