//! The real data and the reference results that tests compare with.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // each test file uses its own part

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use walkfolio::{Loaded, Observer, Run, Silent, Study};

/// The folder of real data, or `None` with a word on standard output; an error under `CI=true`.
pub fn data() -> Option<PathBuf> {
    folder("WALKFOLIO_DATA", "data")
}

/// The folder of reference results.
pub fn golden() -> Option<PathBuf> {
    folder("WALKFOLIO_GOLDEN", "golden")
}

/// The folder of small inputs made after public reports of users.
pub fn field() -> Option<PathBuf> {
    folder("WALKFOLIO_FIELD", "field")
}

fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable)
        .map_or_else(|| repository().join("../shared").join(name), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
    println!("skipped: real {name} not found");
    None
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A shipped study with overrides.
pub fn study(name: &str, overrides: &[&str]) -> Study {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::load(&repository().join("studies").join(name), &overrides).unwrap()
}

/// A shipped study on its real market.
pub fn on_real_data(name: &str, overrides: &[&str]) -> Option<(Study, Loaded)> {
    let study = study(name, overrides);
    let loaded = study.market(Some(&data()?)).unwrap();
    Some((study.on(&loaded.market).unwrap(), loaded))
}

/// Twelve monthly decisions of mean and variance whose trades cost something.
pub struct Traded {
    /// The tables `[market]` and `[costs]`.
    pub tables: &'static str,
    /// What is set in every study, before what a test sets.
    pub always: &'static [&'static str],
}

impl Traded {
    /// The whole study.
    pub fn text(&self) -> String {
        let shared = r#"
[walk_forward]
first = 2019-06-01
last  = 2020-05-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }
expected_returns = { kind = "sample_mean", window = 60 }

[allocate]
objective = { kind = "mean_variance", risk_aversion = 3.0 }
bounds    = { min = 0.0, max = 0.6 }
"#;
        format!("name = \"traded\"\n{}{shared}", self.tables)
    }

    /// The study with overrides, or its errors.
    pub fn parse(&self, overrides: &[&str]) -> Result<Study, String> {
        let overrides: Vec<String> =
            self.always.iter().chain(overrides).map(ToString::to_string).collect();
        Study::parse("x.toml", &self.text(), &overrides).map_err(|error| error.to_string())
    }

    /// The study, its market and its run; on the files in `data`, or else on the sample market.
    pub fn made(&self, overrides: &[&str], data: Option<&Path>) -> (Study, Loaded, Run) {
        let study = self.parse(overrides).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
        let loaded = study.market(data).unwrap();
        let study = study.on(&loaded.market).unwrap();
        let run = study.run(&loaded, &Silent);
        let run = run.unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
        (study, loaded, run)
    }
}

/// A CSV of numbers by its first column; empty cells are left out of a row.
pub fn numbers(path: &Path) -> BTreeMap<String, Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let (key, rest) = line.split_once(',').unwrap();
            let values = rest.split(',').map(|cell| cell.parse().unwrap()).collect();
            (key.to_owned(), values)
        })
        .collect()
}

/// Cancels a run after some of its decisions, or a grid after some of its cells.
pub struct StopAfter(AtomicUsize);

impl StopAfter {
    pub fn decisions(number: usize) -> Self {
        Self(AtomicUsize::new(number))
    }
}

impl Observer for StopAfter {
    fn decided(&self) {
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    }
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }
}
