//! Run folders that are damaged: every command that reads one says what is wrong, and none panics.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use common::{text, walkfolio};
use serde_json::{Value, json};
use walkfolio::catalogue::Catalogue;
use walkfolio::record::{MeasureSet, Winner};
use walkfolio::{
    CellStatus, Existing, Findings, GridFindings, GridRun, Loaded, Run, RunFolder, Silent, Study,
};

const SHORT: &str = "walk_forward.last=2019-12-31";
/// Three holdings of at most 30 % cannot sum to 1.
const RAISED: &str = "allocate.bounds.when_too_tight=raise";
const GRID: &str = "grid={ 'allocate.max_holdings' = [3, 4] }";

fn study(more: &[&str]) -> Study {
    let file = common::repository().join("studies/mtum-all-eleven.toml");
    let set: Vec<String> =
        [&[SHORT, RAISED], more].concat().iter().map(ToString::to_string).collect();
    Study::load(&file, &set).unwrap()
}

/// A folder of runs with a backtest (`run`) and a grid (`grid`) in it.
struct Runs {
    folder: tempfile::TempDir,
    loaded: Loaded,
    run: Run,
    grid: GridRun,
}

impl Runs {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let study = study(&[]);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        write(&folder.path().join("run"), &run);
        let swept = self::study(&[GRID]);
        let grid = swept.run_grid(&loaded, None, &Silent).unwrap();
        write_grid(&folder.path().join("grid"), &grid);
        Self { folder, loaded, run, grid }
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for run in ["run", "grid"] {
            let entries = fs::read_dir(self.folder.path().join(run)).unwrap();
            all.extend(entries.map(|entry| entry.unwrap().path()));
        }
        all.sort();
        all
    }

    /// What every reader makes of the folders: an error, or how many faults `verify` finds.
    fn read(&self) -> Result<usize, String> {
        let runs = self.folder.path();
        Catalogue::rebuild(runs).map_err(|error| error.to_string())?;
        let grid = walkfolio::read_grid(&runs.join("grid")).map_err(|error| error.to_string())?;
        walkfolio::report::grid_files(&grid, &GridFindings::of(&grid))
            .map_err(|error| error.to_string())?;
        let run = walkfolio::read_run(&runs.join("run")).map_err(|error| error.to_string())?;
        walkfolio::report::files(&run, &Findings::of(&run)).map_err(|error| error.to_string())?;
        let study = Study::of_manifest(&run.manifest).map_err(|error| error.to_string())?;
        let found = study.verify(&run, &self.loaded, &Silent).map_err(|error| error.to_string())?;
        Ok(found.faults.len())
    }
}

fn create(path: &Path, manifest: &walkfolio::Manifest) -> RunFolder {
    RunFolder::create(manifest, Path::new(""), Some(path), Existing::Replace).unwrap()
}

fn write(path: &Path, run: &Run) {
    let mut folder = create(path, &run.manifest);
    folder.write_run(run).unwrap();
    folder.finish(&run.manifest).unwrap();
}

fn write_grid(path: &Path, grid: &GridRun) {
    let mut folder = create(path, &grid.manifest);
    folder.write_grid(grid).unwrap();
    folder.finish(&grid.manifest).unwrap();
}

/// What became of damages: those that made a reader panic.
#[derive(Default)]
struct Panics(Vec<String>);

impl Panics {
    fn check(&mut self, what: &str, runs: &Runs) -> Option<Result<usize, String>> {
        let outcome = catch_unwind(AssertUnwindSafe(|| runs.read()));
        if outcome.is_err() {
            self.0.push(what.to_owned());
        }
        outcome.ok()
    }
}

/// Numbers that are always the same (the finalizer of `SplitMix64`, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % limit.max(1) as u64).unwrap()
    }
}

/// Damages of the bytes of a file, each with a name.
fn of_bytes(bytes: &[u8], chance: &mut Chance) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("empty".to_owned(), Vec::new())];
    for end in [bytes.len() / 3, bytes.len() / 2, bytes.len().saturating_sub(1)] {
        all.push((format!("truncated to {end}"), bytes[..end].to_vec()));
    }
    for count in [1, 1, 1, 1, 4, 16] {
        let mut flipped = bytes.to_vec();
        let places: Vec<usize> = (0..count).map(|_| chance.below(bytes.len())).collect();
        for &place in &places {
            flipped[place] ^= 1 << chance.below(8);
        }
        all.push((format!("flipped at {places:?}"), flipped));
    }
    for text in ["{}", "[]", "null", "0"] {
        all.push((format!("only {text}"), text.as_bytes().to_vec()));
    }
    let names = [
        "date",
        "traded",
        "asset",
        "weight",
        "drifted",
        "kind",
        "status",
        "portfolio",
        "micros",
        "objective",
    ];
    for name in names.iter().filter(|name| has(bytes, name.as_bytes())) {
        all.push((format!("without column {name}"), renamed(bytes, name.as_bytes())));
    }
    all
}

fn has(bytes: &[u8], name: &[u8]) -> bool {
    bytes.windows(name.len()).any(|window| window == name)
}

/// A name of a column ends with another letter, everywhere.
fn renamed(bytes: &[u8], name: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - name.len() {
        if bytes[at..].starts_with(name) {
            bytes[at + name.len() - 1] = b'X';
        }
    }
    bytes
}

/// Damages of the values of a JSON file: each key of the first two levels removed, or of another type.
fn of_values(value: &Value) -> Vec<(String, Value)> {
    let mut paths = Vec::new();
    for (key, inside) in value.as_object().into_iter().flatten() {
        paths.push(format!("/{key}"));
        paths.extend(inside.as_object().into_iter().flatten().map(|(k, _)| format!("/{key}/{k}")));
        paths.extend(inside.as_array().and_then(|all| all.first()).map(|_| format!("/{key}/0")));
    }
    let mut all = Vec::new();
    for path in paths {
        let others = [json!(null), json!([]), json!(""), json!(-1)];
        for other in others {
            let mut damaged = value.clone();
            let name = format!("{path} = {other}");
            *damaged.pointer_mut(&path).unwrap() = other;
            all.push((name, damaged));
        }
    }
    all
}

#[test]
fn no_damage_of_a_file_makes_a_reader_panic() {
    let runs = Runs::new();
    assert_eq!(runs.read(), Ok(0));
    let (mut chance, mut panics) = (Chance(12), Panics::default());
    let mut checked = 0;
    for file in runs.files() {
        let name = file.strip_prefix(runs.folder.path()).unwrap().display().to_string();
        let whole = fs::read(&file).unwrap();
        for (what, bytes) in of_bytes(&whole, &mut chance) {
            fs::write(&file, bytes).unwrap();
            panics.check(&format!("{name}: {what}"), &runs);
            checked += 1;
        }
        fs::remove_file(&file).unwrap();
        panics.check(&format!("{name}: removed"), &runs);
        fs::write(&file, &whole).unwrap();
    }
    println!("{checked} damages");
    assert!(panics.0.is_empty(), "{:#?}", panics.0);
    assert_eq!(runs.read(), Ok(0));
}

#[test]
fn no_value_of_another_type_makes_a_reader_panic() {
    let runs = Runs::new();
    let mut panics = Panics::default();
    for file in runs.files().iter().filter(|file| file.extension().unwrap() == "json") {
        let whole = fs::read_to_string(file).unwrap();
        for (what, value) in of_values(&serde_json::from_str(&whole).unwrap()) {
            fs::write(file, value.to_string()).unwrap();
            panics.check(&format!("{}: {what}", file.display()), &runs);
        }
        fs::write(file, whole).unwrap();
    }
    assert!(panics.0.is_empty(), "{:#?}", panics.0);
}

/// A change of a run's tables, with its name.
type Change = (&'static str, fn(&mut Run));

/// Tables that are Parquet without fault and do not say what was run.
const CHANGES: [Change; 21] = [
    ("no assets", |run| run.manifest.assets.clear()),
    ("an asset twice", |run| run.manifest.assets[1] = run.manifest.assets[0].clone()),
    ("assets in another order", |run| run.manifest.assets.swap(0, 1)),
    ("an asset of another name", |run| "ABC".clone_into(&mut run.decisions[3].asset)),
    ("the last row dropped", |run| drop(run.decisions.pop())),
    ("the first row dropped", |run| drop(run.decisions.remove(0))),
    ("a decision dropped", |run| {
        run.decisions.drain(..run.manifest.assets.len());
    }),
    ("no decisions", |run| run.decisions.clear()),
    ("a decision twice", |run| {
        let again = run.decisions[..run.manifest.assets.len()].to_vec();
        run.decisions.extend(again);
    }),
    ("two dates in a decision", |run| run.decisions[0].date = run.decisions[11].date),
    ("two trades in a decision", |run| run.decisions[0].traded = run.decisions[11].traded),
    ("a weight that is not a number", |run| run.decisions[2].weight = f64::NAN),
    ("a weight without end", |run| run.decisions[2].weight = f64::INFINITY),
    ("a weight that is larger", |run| run.decisions[2].weight += 0.01),
    ("no ledger", |run| run.ledger.clear()),
    ("a return dropped", |run| run.returns.truncate(run.returns.len() - 1)),
    ("no returns", |run| run.returns.clear()),
    ("returns in another order", |run| run.returns.swap(4, 5)),
    ("a return that is larger", |run| run.returns[7].portfolio += 0.01),
    ("a return without end", |run| run.returns[7].portfolio = f64::INFINITY),
    ("a regime that the study does not have", |run| {
        run.measures.regimes.push(("late".to_owned(), run.measures.full.clone()));
        run.manifest.regimes.push("late".to_owned());
    }),
];

#[test]
fn tables_that_do_not_fit_are_an_error_or_a_finding() {
    let runs = Runs::new();
    let mut panics = Panics::default();
    for (what, change) in CHANGES {
        let mut run = runs.run.clone();
        change(&mut run);
        write(&runs.folder.path().join("run"), &run);
        if let Some(found) = panics.check(what, &runs) {
            assert_ne!(found, Ok(0), "{what}");
        }
        // Whoever does not read a folder is not trusted either.
        let study = study(&[]);
        let verified = catch_unwind(AssertUnwindSafe(|| study.verify(&run, &runs.loaded, &Silent)));
        let Ok(verified) = verified else { panic!("verify panics: {what}") };
        assert!(verified.map_or(true, |found| !found.faults.is_empty()), "{what}");
    }
    assert!(panics.0.is_empty(), "{:#?}", panics.0);
}

#[test]
fn an_error_names_file_row_and_column() {
    let runs = Runs::new();
    let mut run = runs.run.clone();
    run.decisions[13].asset = "ABC".to_owned();
    let folder = runs.folder.path().join("run");
    write(&folder, &run);
    let error = walkfolio::read_run(&folder).unwrap_err().to_string();
    let expected = format!("{}", folder.join("decisions.parquet").display());
    assert!(error.starts_with(&expected), "{error}");
    assert!(error.contains("row 13, column asset: it is \"ABC\""), "{error}");
}

/// A change of a grid's files: what it is, what its reader says, and the change.
type GridChange = (&'static str, &'static str, fn(&mut GridRun));

const GRID_CHANGES: [GridChange; 15] = [
    (
        "a measure without end",
        "grid.parquet is damaged: row 1, column volatility: inf is not a finite number",
        |grid| measure(grid.cells[1].measures.as_mut(), f64::INFINITY),
    ),
    (
        "a measure gross of costs that is not a number",
        "grid.parquet is damaged: row 0, column without_costs.volatility: NaN is not a finite number",
        |grid| measure(grid.cells[0].without_costs.as_mut(), f64::NAN),
    ),
    (
        "settings of another study",
        "grid.parquet is damaged: row 0, column allocate.max_holdings: it is 5, the study has 3 here",
        |grid| grid.cells[0].settings[0] = json!(5),
    ),
    (
        "cells in another order",
        "grid.parquet is damaged: row 0, column allocate.max_holdings: it is 4, the study has 3 here",
        |grid| grid.cells.swap(0, 1),
    ),
    (
        "a cell that failed and has measures",
        "grid.parquet is damaged: row 1, column first_decision: it is not empty, the cell is failed",
        |grid| grid.cells[1].status = CellStatus::Failed,
    ),
    (
        "a cell that failed and has a measure",
        "grid.parquet is damaged: row 1, column tracking_error: it is not empty, the cell is failed",
        |grid| {
            let cell = &mut grid.cells[1];
            (cell.status, cell.first) = (CellStatus::Failed, None);
            cell.message = Some("x".to_owned());
        },
    ),
    (
        "a cell that failed for no reason",
        "grid.parquet is damaged: row 1, column message: it is empty, the cell is failed",
        |grid| {
            let cell = &mut grid.cells[1];
            (cell.status, cell.first, cell.measures) = (CellStatus::Failed, None, None);
        },
    ),
    (
        "a cell without its first decision",
        "grid.parquet is damaged: row 0, column first_decision: it is empty, the cell is complete",
        |grid| grid.cells[0].first = None,
    ),
    (
        "events of a cell that does not exist",
        "ledger.parquet is damaged: row 0, column cell: it is 3; the grid has cells 1 to 2",
        |grid| grid.ledger[0].0 = Some(2),
    ),
    (
        "an event of no kind",
        "ledger.parquet is damaged: row 0, column kind: it is \"ok\", which no row of a ledger is",
        |grid| "ok".clone_into(&mut grid.ledger[0].1.kind),
    ),
    (
        "an objective that is not a number",
        "ledger.parquet is damaged: row 0, column objective: NaN is not a finite number",
        |grid| grid.ledger[0].1.objective = Some(f64::NAN),
    ),
    (
        "a best cell that does not exist",
        "luck.json is damaged: column best: it is 7; there are 2, counted from 0",
        |grid| grid.selection_bias.as_mut().unwrap().best = 7,
    ),
    (
        "a ratio of a cell that does not exist",
        "luck.json is damaged: column sharpe_ratios: it has 3 for 2 cells",
        |grid| grid.selection_bias.as_mut().unwrap().sharpe_ratios.push(None),
    ),
    (
        "a winner that does not exist",
        "luck.json is damaged: column winners[0].cell: it is 2; there are 2, counted from 0",
        |grid| win(grid, 2, 0),
    ),
    (
        "a setting that does not exist",
        "luck.json is damaged: column winners[0].slice: it is 1; there are 1, counted from 0",
        |grid| win(grid, 0, 1),
    ),
];

/// A winner of a period: a cell, among those that share a value of the key with this number.
fn win(grid: &mut GridRun, cell: usize, key: usize) {
    let slice = vec![(key, json!(3))];
    let (period, runner_up, own) = ("full".to_owned(), None, None);
    let won = Winner { period, sessions: 60, slice, cell, sharpe_ratio: 0.1, runner_up, own };
    grid.selection_bias.as_mut().unwrap().winners.push(won);
}

fn measure(set: Option<&mut MeasureSet>, value: f64) {
    let set = set.unwrap();
    let changed = |key: &str, old| if key == "volatility" { Some(value) } else { old };
    set.full = set.full.iter().map(|(key, old)| (key.to_owned(), changed(key, old))).collect();
}

#[test]
fn a_damaged_grid_is_an_error_with_file_row_and_column() {
    let runs = Runs::new();
    let folder = runs.folder.path().join("grid");
    for (what, expected, change) in GRID_CHANGES {
        let mut grid = runs.grid.clone();
        change(&mut grid);
        write_grid(&folder, &grid);
        let told = walkfolio::read_grid(&folder).map_err(|error| error.to_string());
        let Err(told) = told else { panic!("{what} is read as if it were whole") };
        assert_eq!(told, folder.join(expected).display().to_string(), "{what}");
    }
    write_grid(&folder, &runs.grid);
    let table = folder.join("grid.parquet");
    let bytes = renamed(&fs::read(&table).unwrap(), b"volatility");
    fs::write(&table, bytes).unwrap();
    let told = walkfolio::read_grid(&folder).unwrap_err().to_string();
    assert!(told.ends_with("column volatilitX: it is neither a swept key nor a measure"), "{told}");
}

#[test]
fn no_command_panics() {
    let runs = Runs::new();
    let folder = runs.folder.path();
    let other = folder.join("other");
    write(&other, &runs.run);
    let (run, other) = (folder.join("run"), other.to_str().unwrap().to_owned());
    let path = run.to_str().unwrap();
    for file in runs.files().iter().filter(|file| file.starts_with(&run)) {
        let whole = fs::read(file).unwrap();
        for bytes in [None, Some(whole[..whole.len() / 2].to_vec())] {
            match &bytes {
                Some(bytes) => fs::write(file, bytes).unwrap(),
                None => fs::remove_file(file).unwrap(),
            }
            let commands: [&[&str]; 4] = [
                &["verify", path],
                &["report", path],
                &["compare", path, &other],
                &["runs", folder.to_str().unwrap(), "--rebuild"],
            ];
            for command in commands {
                let output = walkfolio(command).output().unwrap();
                let said = text(&output.stderr);
                assert!(matches!(output.status.code(), Some(0..=2)), "{command:?}: {said}");
                assert!(!said.contains("panicked"), "{command:?}: {said}");
            }
        }
        fs::write(file, whole).unwrap();
    }
}

/// As in `fuzz/fuzz_targets/run_folder.rs`: the first byte of an input chooses the file.
const FUZZED: [&str; 11] = [
    "run/run.json",
    "run/measures.json",
    "run/decisions.parquet",
    "run/returns.parquet",
    "run/ledger.parquet",
    "run/timings.parquet",
    "grid/run.json",
    "grid/grid.parquet",
    "run/risk.parquet",
    "grid/ledger.parquet",
    "grid/luck.json",
];

#[test]
fn every_input_of_the_fuzz_corpus_is_read_again() {
    let runs = Runs::new();
    let mut panics = Panics::default();
    let corpus = common::repository().join("fuzz/corpus/run_folder");
    let mut inputs: Vec<PathBuf> =
        fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.sort();
    assert!(inputs.len() > 10, "{inputs:?}");
    for input in inputs {
        let bytes = fs::read(&input).unwrap();
        let Some((&first, bytes)) = bytes.split_first() else { continue };
        let file = runs.folder.path().join(FUZZED[usize::from(first) % FUZZED.len()]);
        let whole = fs::read(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        let name = input.file_name().unwrap().to_str().unwrap();
        // A fuzzer names what it finds by its SHA-1; seeds called `no-..` are refused.
        match panics.check(name, &runs) {
            Some(Ok(0)) if name.len() != 40 => panic!("{name} is read as if it were whole"),
            _ => {}
        }
        fs::write(&file, whole).unwrap();
    }
    assert!(panics.0.is_empty(), "{:#?}", panics.0);
}
