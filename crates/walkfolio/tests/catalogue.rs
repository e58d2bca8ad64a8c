//! The catalogue of runs: rebuilt from folders, filtered, shared by processes, never in the way.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use common::study;
use insta::assert_snapshot;
use serde_json::{Value, json};
use walkfolio::StoreError;
use walkfolio::catalogue::{Catalogue, Entry, FILE, Listed, MAX_COMPARISONS, Query, record};
use walkfolio::measures::definitions;

/// The files of one short backtest, from which the folders of many are made.
static RUN: LazyLock<(Value, Value)> = LazyLock::new(|| {
    let study = study("mtum-all-eleven.toml", &["walk_forward.last=2020-12-31"]);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    study.to_folder(&out).bulk().run().unwrap();
    let json = |name: &str| {
        serde_json::from_str::<Value>(&fs::read_to_string(out.join(name)).unwrap()).unwrap()
    };
    (json("run.json"), json("measures.json"))
});

/// A run folder with another name, another tracking error and another number of holdings.
fn folder(runs: &Path, name: &str, tracking_error: f64, holdings: f64) -> PathBuf {
    let (mut manifest, mut measures) = RUN.clone();
    manifest["study"] = json!(name.split('-').next().unwrap());
    measures["full"]["tracking_error"] = json!(tracking_error);
    measures["full"]["holdings_mean"] = json!(holdings);
    let path = runs.join(name);
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("run.json"), manifest.to_string()).unwrap();
    fs::write(path.join("measures.json"), measures.to_string()).unwrap();
    path
}

fn list(runs: &Path, filter: &str, sort: &str) -> Listed {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let query = Query { filter: some(filter), sort: some(sort), ..Query::default() };
    Catalogue::open(runs).unwrap().runs(&query).unwrap()
}

fn names(runs: &Path, filter: &str, sort: &str) -> Vec<String> {
    list(runs, filter, sort).runs.into_iter().map(|run| run.folder).collect()
}

/// Three runs: `alpha-1` of 5 % and 4 holdings, `alpha-2` of 9 % and 11, `beta-1` of 7 % and 6.
fn three() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let runs = place.path().join("runs");
    for (name, error, holdings) in
        [("alpha-1", 0.05, 4.0), ("alpha-2", 0.09, 11.0), ("beta-1", 0.07, 6.0)]
    {
        record(&folder(&runs, name, error, holdings), false).unwrap();
    }
    (place, runs)
}

#[test]
fn a_row_says_what_the_folder_says() {
    let (_place, runs) = three();
    let listed = list(&runs, "run = alpha-1", "");
    assert_eq!((listed.runs.len(), listed.matching, listed.total), (1, 1, 3));
    let entry = &listed.runs[0];
    assert_eq!(*entry, Entry::read(&runs.join("alpha-1")).unwrap());
    let (manifest, measures) = &*RUN;
    assert_eq!(entry.status, "complete");
    assert_eq!((entry.kind.as_str(), entry.cells), ("run", 1));
    assert_eq!(
        entry.decisions,
        manifest["decisions"].as_u64().map(|n| usize::try_from(n).unwrap())
    );
    assert_eq!(entry.last.unwrap().to_string(), manifest["last"].as_str().unwrap());
    assert!(entry.synthetic);
    assert!(manifest["started"].as_str().unwrap().starts_with(&entry.created[..19]));
    let beta = |set: &Value| set["beta"].as_f64();
    assert_eq!(entry.measure("beta"), beta(&measures["full"]));
    assert_eq!(entry.measure("covid.beta"), beta(&measures["regimes"]["covid"]));
    let free = &measures["without_costs"];
    assert_eq!(entry.measure("without_costs.covid.beta"), beta(&free["regimes"]["covid"]));
    assert!(entry.measure("covid.beta").is_some() && entry.measure("beta").is_some());
}

#[test]
fn filters_and_orders_choose_runs() {
    let (_place, runs) = three();
    for (filter, sort, expected) in [
        ("te < 0.08 and holdings_mean <= 6", "te", &["alpha-1", "beta-1"][..]),
        ("te < 8% and holdings <= 6", "-te", &["beta-1", "alpha-1"]),
        ("", "-tracking_error", &["alpha-2", "beta-1", "alpha-1"]),
        ("te = 0.05 or te = 0.09", "te", &["alpha-1", "alpha-2"]),
        ("not te = 0.05", "te", &["beta-1", "alpha-2"]),
        ("study != alpha", "te", &["beta-1"]),
        ("study = 'alpha' and te > 0.05", "te", &["alpha-2"]),
        ("created >= 2000-01-01 and first < 2021-06-01", "te", &["alpha-1", "beta-1", "alpha-2"]),
        ("created < 2000-01-01", "te", &[]),
        ("synthetic = true and cells = 1 and kind = run", "te", &["alpha-1", "beta-1", "alpha-2"]),
        ("vintage != x", "te", &["alpha-1", "beta-1", "alpha-2"]),
        ("status = missing", "te", &[]),
        ("covid.te > 0 and covid.te < 1", "te", &["alpha-1", "beta-1", "alpha-2"]),
    ] {
        assert_eq!(names(&runs, filter, sort), expected, "{filter}, {sort}");
    }
    let hash = list(&runs, "", "").runs[0].study_hash.clone();
    assert_eq!(names(&runs, &format!("study_hash = {}", &hash[..8]), "").len(), 3);
    let day = list(&runs, "", "").runs[0].created[..10].to_owned();
    assert_eq!(names(&runs, &format!("created = {day}"), "").len(), 3);
    assert_eq!(names(&runs, &format!("created > {day}"), "").len(), 0);
    let query = Query { limit: Some(1), sort: Some("te".into()), ..Query::default() };
    let listed = Catalogue::open(&runs).unwrap().runs(&query).unwrap();
    assert_eq!((listed.runs.len(), listed.matching), (1, 3));
    assert_eq!(listed.measures, ["tracking_error"]);
}

#[test]
fn a_filter_cannot_reach_the_database() {
    let (_place, runs) = three();
    for filter in [
        "study = \"x'; DROP TABLE run; --\"",
        "study = '\" OR 1=1 --'",
        "'tracking_error) OR 1=1 --' < 1",
        "te < 1; DELETE FROM run",
        "te < 1 OR 1 = 1",
        "study = x UNION SELECT 1",
        "run.id = 1",
    ] {
        let query = Query { filter: Some(filter.to_owned()), ..Query::default() };
        if let Ok(listed) = Catalogue::open(&runs).unwrap().runs(&query) {
            assert!(listed.runs.is_empty(), "{filter}");
        }
    }
    for sort in ["te; DROP TABLE run", "(SELECT 1)", "te DESC", "id"] {
        let query = Query { sort: Some(sort.to_owned()), ..Query::default() };
        let error = Catalogue::open(&runs).unwrap().runs(&query).unwrap_err();
        assert!(matches!(error, StoreError::Filter(_)), "{sort}: {error}");
    }
    assert_eq!(names(&runs, "", "").len(), 3);
    // A study may have any name: it is found by it, and only by it.
    let path = folder(&runs, "odd", 0.01, 1.0);
    let odd = "a' OR '1'='1";
    let (mut manifest, _) = RUN.clone();
    manifest["study"] = json!(odd);
    fs::write(path.join("run.json"), manifest.to_string()).unwrap();
    record(&path, false).unwrap();
    assert_eq!(names(&runs, &format!("study = \"{odd}\""), ""), ["odd"]);
}

/// Every filter that is understood is one that `SQLite` understands, in every place of every key.
#[test]
fn every_key_can_be_compared_and_ordered_by() {
    let (_place, runs) = three();
    let catalogue = Catalogue::open(&runs).unwrap();
    let all = catalogue.runs(&Query::default()).unwrap().runs;
    let ask = |filter: Option<String>, sort: Option<String>| {
        catalogue.runs(&Query { filter, sort, ..Query::default() }).unwrap().runs.len()
    };
    let columns = [
        ("folder", "x"),
        ("study", "x"),
        ("status", "x"),
        ("kind", "x"),
        ("version", "x"),
        ("study_hash", "x"),
        ("data_hash", "x"),
        ("vintage", "x"),
        ("synthetic", "false"),
        ("created", "1990-01-01"),
        ("first", "1990-01-01"),
        ("last", "1990-01-01"),
        ("cells", "77"),
        ("decisions", "77"),
        ("covid.sharpe_ratio", "77"),
    ];
    let measures = definitions().iter().map(|definition| (definition.key, "77"));
    for (key, value) in columns.into_iter().chain(measures) {
        assert_eq!(ask(Some(format!("{key} = {value}")), None), 0, "{key}");
        let not = ask(Some(format!("{key} != {value}")), None);
        let defined = all
            .iter()
            .filter(|run| definitions().iter().all(|d| d.key != key) || run.measure(key).is_some());
        assert_eq!(not, defined.count(), "{key}");
        for sort in [key.to_owned(), format!("-{key}")] {
            assert_eq!(ask(None, Some(sort)), 3, "{key}");
        }
    }
    // One filter as long as is allowed, with parameters on every side.
    let long: Vec<String> =
        (0..MAX_COMPARISONS).map(|n| format!("(te > -{n} and not study = s{n})")).collect();
    assert_eq!(ask(Some(long[..MAX_COMPARISONS / 2].join(" and ")), Some("-te".into())), 3);
}

#[test]
fn what_is_gone_is_missing_until_it_is_rebuilt() {
    let (_place, runs) = three();
    let before: Vec<Entry> = list(&runs, "", "te").runs;
    fs::remove_dir_all(runs.join("beta-1")).unwrap();
    assert_eq!(names(&runs, "status = missing", ""), ["beta-1"]);
    assert_eq!(names(&runs, "status = complete", "te"), ["alpha-1", "alpha-2"]);
    folder(&runs, "gamma-1", 0.01, 3.0);
    fs::create_dir(runs.join("torn")).unwrap();
    fs::write(runs.join("torn/run.json"), "{").unwrap();
    let (_, rebuilt) = Catalogue::rebuild(&runs).unwrap();
    assert_eq!((rebuilt.runs, rebuilt.dropped, rebuilt.unreadable.len()), (3, 1, 1));
    assert!(rebuilt.unreadable[0].0.ends_with("torn"), "{rebuilt:?}");
    let after = list(&runs, "", "te").runs;
    assert_eq!(after[1..], [before[0].clone(), before[2].clone()]);
    assert_eq!(after[0].folder, "gamma-1");
}

#[test]
fn a_broken_catalogue_is_named_with_the_remedy() {
    let (_place, runs) = three();
    let error = || Catalogue::open(&runs).unwrap_err();
    let good = fs::read(runs.join(FILE)).unwrap();
    for garbage in
        [&b"not a database, but long enough to be looked at as if it were one"[..], &good[..5000]]
    {
        fs::write(runs.join(FILE), garbage).unwrap();
        let told = match Catalogue::open(&runs).and_then(|all| all.runs(&Query::default())) {
            Err(error) => format!("{error} ({})", error.hint().unwrap()),
            Ok(_) => panic!("opened"),
        };
        assert!(told.contains("catalogue.db: "), "{told}");
        assert!(told.contains("--rebuild"), "{told}");
        // A run is not hindered by it, and is there after the remedy.
        let path = folder(&runs, "delta-1", 0.02, 2.0);
        assert!(matches!(record(&path, false), Err(StoreError::Catalogue { .. })));
        let (_, rebuilt) = Catalogue::rebuild(&runs).unwrap();
        assert_eq!(rebuilt.runs, 4);
        assert_eq!(names(&runs, "te < 0.03", ""), ["delta-1"]);
    }
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(runs.join(format!("{FILE}{end}")));
    }
    assert!(error().to_string().ends_with("it does not exist"), "{}", error());
    let newer = rusqlite::Connection::open(runs.join(FILE)).unwrap();
    newer.execute_batch("PRAGMA user_version = 9").unwrap();
    assert!(error().to_string().contains("its format is 9"), "{}", error());
    drop(newer);
    assert_eq!(Catalogue::rebuild(&runs).unwrap().1.runs, 4);
}

#[test]
fn only_folders_of_runs_get_a_catalogue() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let chosen = |name: &str| record(&folder(&at(name), "alpha-1", 0.05, 4.0), true).unwrap();
    assert_eq!(chosen("elsewhere"), None);
    assert!(!at("elsewhere").join(FILE).exists());
    assert_eq!(chosen("runs"), Some(at("runs").join(FILE)));
    Catalogue::rebuild(&at("elsewhere")).unwrap();
    assert_eq!(chosen("elsewhere"), Some(at("elsewhere").join(FILE)));
    assert_eq!(names(&at("elsewhere"), "", ""), ["alpha-1"]);
}

const WRITERS: usize = 8;
const EACH: usize = 50;
/// Where a copy of this test finds the runs that it is to record, and which ones.
const PLACE: &str = "WALKFOLIO_TEST_CATALOGUE";

#[test]
fn eight_processes_lose_no_run() {
    if let Ok(task) = std::env::var(PLACE) {
        let (number, runs) = task.split_once(' ').unwrap();
        for run in 0..EACH {
            let error = 0.01 * number.parse::<f64>().unwrap() + 0.0001 * run as f64;
            let path = folder(Path::new(runs), &format!("w{number}-{run}"), error, 5.0);
            record(&path, false).unwrap();
        }
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let runs = place.path().join("runs");
    fs::create_dir(&runs).unwrap();
    let writer = |number: usize| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "eight_processes_lose_no_run"])
            .env(PLACE, format!("{number} {}", runs.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let writers: Vec<_> = (0..WRITERS).map(writer).collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let listed = list(&runs, "", "te");
    assert_eq!(listed.total, WRITERS * EACH);
    let folders: BTreeSet<&str> = listed.runs.iter().map(|run| run.folder.as_str()).collect();
    assert_eq!(folders.len(), WRITERS * EACH);
    for run in &listed.runs {
        assert_eq!(*run, Entry::read(&runs.join(&run.folder)).unwrap());
    }
    let check: String = rusqlite::Connection::open(runs.join(FILE))
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    let (_place, runs) = three();
    let query = Query { filter: Some("tracking_eror < 0.08".into()), ..Query::default() };
    let error = Catalogue::open(&runs).unwrap().runs(&query).unwrap_err();
    assert_snapshot!(format!("{error} ({})", error.hint().unwrap()), @"unknown key `tracking_eror` (did you mean `tracking_error` or `tracking_error_monthly`?)");
}
