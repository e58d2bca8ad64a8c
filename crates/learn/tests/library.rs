//! What a user sees when the library is not as it should be.

#![allow(clippy::unwrap_used)] // a test may fail

mod common;

use std::path::Path;

use common::{data, dense, xgboost};
use walkfolio_learn::{BuiltIn, Error, Parameters, Trainer, XgBoost};

#[test]
fn a_missing_library_says_where_it_was_looked_for() {
    let error = XgBoost::load(Some(Path::new("/nowhere/libxgboost.so"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the XGBoost library was not found; looked for /nowhere/libxgboost.so"
    );
    assert_eq!(
        error.hint().unwrap(),
        "run `make xgboost` (it needs pip), or name libxgboost.so of version 3.2 in \
         WALKFOLIO_XGBOOST or in the study's `library`"
    );
}

#[test]
fn a_file_that_is_no_library_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("libxgboost.so");
    std::fs::write(&path, "no library").unwrap();
    let error = XgBoost::load(Some(&path)).unwrap_err();
    assert!(error.to_string().starts_with(&format!("{} does not load: ", path.display())));
    assert!(error.hint().unwrap().contains("make xgboost"));
}

#[test]
fn another_library_lacks_the_symbols() {
    // The C library is a library, and not this one.
    let path = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib/libc.so.6"];
    let Some(path) = path.iter().map(Path::new).find(|path| path.is_file()) else { return };
    let error = XgBoost::load(Some(path)).unwrap_err();
    assert!(error.to_string().contains("XGBoostVersion"), "{error}");
}

/// A library of one function, which says that it is XGBoost of some version.
fn impostor(folder: &Path, version: (i32, i32, i32)) -> Option<std::path::PathBuf> {
    let (source, path) = (folder.join("impostor.c"), folder.join("libxgboost.so"));
    let (major, minor, patch) = version;
    let code = format!(
        "void XGBoostVersion(int *a, int *b, int *c) {{ *a = {major}; *b = {minor}; *c = {patch}; }}"
    );
    std::fs::write(&source, code).unwrap();
    let build = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&path, &source])
        .status();
    build.is_ok_and(|status| status.success()).then_some(path)
}

#[test]
fn the_wrong_version_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = impostor(folder.path(), (2, 1, 4)) else { return };
    let error = XgBoost::load(Some(&path)).unwrap_err();
    assert_eq!(error, Error::LibraryVersion { path: path.clone(), found: (2, 1, 4) });
    assert_eq!(error.to_string(), format!("{} is XGBoost 2.1.4, 3.2 is needed", path.display()));
    assert!(error.hint().unwrap().contains("WALKFOLIO_XGBOOST"));
}

#[test]
fn a_library_that_lacks_a_function_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(path) = impostor(folder.path(), (3, 2, 0)) else { return };
    let error = XgBoost::load(Some(&path)).unwrap_err();
    assert!(error.to_string().contains("XGDMatrixCreateFromMat"), "{error}");
}

#[test]
fn a_library_without_its_siblings_says_so() {
    let Some(_) = xgboost() else { return };
    let Some(cached) = cached() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("libxgboost.so");
    std::fs::copy(cached, &path).unwrap();
    // In this process the sibling is already loaded under its name; a fresh one has to look for it.
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program)
        .args(["--ignored", "--exact", "load_what_the_environment_names", "--nocapture"])
        .env("WALKFOLIO_XGBOOST", &path)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("does not load: libgomp"), "{words}");
    assert!(words.contains("xgboost_cpu.libs"), "{words}");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn load_what_the_environment_names() {
    if let Err(error) = XgBoost::load(None) {
        println!("{error}; {}", error.hint().unwrap_or_default());
    }
}

fn cached() -> Option<std::path::PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))?;
    let path = cache.join("walkfolio/xgboost-3.2.0/xgboost/lib/libxgboost.so");
    path.is_file().then_some(path)
}

#[test]
fn the_version_is_the_pinned_one() {
    let Some(xgboost) = xgboost() else { return };
    assert_eq!(xgboost.version(), (3, 2, 0));
    assert_eq!(xgboost.name(), "xgboost");
}

#[test]
fn both_trainers_refuse_the_same() {
    let xgboost = xgboost();
    let (table, labels) = data(40, &dense(3), 1);
    let parameters = Parameters { n_estimators: 3, ..Parameters::default() };
    let trainers = [Some(&BuiltIn as &dyn Trainer), xgboost.as_ref().map(|x| x as &dyn Trainer)];
    for trainer in trainers.into_iter().flatten() {
        let refuse = |rows: usize, labels: &[bool], parameters: &Parameters| {
            trainer.fit(&table.head(rows), labels, parameters).unwrap_err()
        };
        let one_class = refuse(40, &[true; 40], &parameters);
        assert_eq!(one_class, Error::OneClass { label: true, rows: 40 });
        assert_eq!(
            one_class.to_string(),
            "all 40 training labels are true: two classes are needed"
        );
        assert_eq!(refuse(0, &[], &parameters), Error::Empty { rows: 0, columns: 3 });
        assert_eq!(
            refuse(40, &labels[..39], &parameters).to_string(),
            "the label column has 39 rows, the table has 40"
        );
        let wrong = Parameters { gamma: -1.0, ..parameters.clone() };
        assert!(refuse(40, &labels, &wrong).to_string().starts_with("`gamma` is -1"));
    }
}
