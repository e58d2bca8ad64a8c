//! Runs whose files were changed: each change is found, at its file, row and column.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::path::Path;

use walkfolio::{Loaded, Run, Silent, Study, verify_folder};

/// One table's column, and a change of one of its rows.
type Edit = (&'static str, &'static str, fn(&mut Run, usize));

macro_rules! edits {
    ($($file:literal, $column:literal, $rows:ident, |$row:ident| $change:expr;)*) => {
        [$(($file, $column, |run: &mut Run, at: usize| {
            let count = run.$rows.len();
            let $row = &mut run.$rows[at % count];
            $change;
        })),*]
    };
}

const EDITS: [Edit; 16] = edits! {
    "decisions.parquet", "date", decisions, |row| row.date = row.date.tomorrow().unwrap();
    "decisions.parquet", "asset", decisions, |row| row.asset.push('X');
    "decisions.parquet", "weight", decisions, |row| row.weight += 1e-12;
    "decisions.parquet", "drifted", decisions, |row| row.drifted += 1e-12;
    "decisions.parquet", "selected", decisions, |row| row.selected = row.selected.map(|is| !is);
    "decisions.parquet", "probability", decisions, |row| row.probability = Some(0.123);
    "returns.parquet", "date", returns, |row| row.date = row.date.tomorrow().unwrap();
    "returns.parquet", "portfolio", returns, |row| row.portfolio += 1e-9;
    "returns.parquet", "gross", returns, |row| row.gross += 1e-9;
    "returns.parquet", "benchmark", returns, |row| row.benchmark = Some(0.5);
    "returns.parquet", "cash", returns, |row| row.cash = Some(0.5);
    "returns.parquet", "turnover", returns, |row| row.turnover += 1e-9;
    "returns.parquet", "cost", returns, |row| row.cost += 1e-9;
    "ledger.parquet", "message", ledger, |row| row.message.push('!');
    "ledger.parquet", "kind", ledger, |row| row.kind = String::from("fallback");
    "ledger.parquet", "objective", ledger, |row| row.objective = Some(12.5);
};

/// Changes of a run as a whole: the file and the column or key that they are found at.
type Whole = (&'static str, &'static str, fn(&mut Run));

const WHOLE: [Whole; 12] = [
    ("decisions.parquet", "weight", |run| drop(run.decisions.drain(..11 * 3))),
    ("decisions.parquet", "weight", |run| run.decisions.truncate(11 * 3)),
    ("returns.parquet", "date", |run| {
        let _ = run.returns.remove(5);
    }),
    ("returns.parquet", "portfolio", |run| run.returns.truncate(20)),
    ("ledger.parquet", "objective", |run| {
        run.ledger.iter_mut().for_each(|row| row.objective = row.objective.map(|v| 10.0 * v));
    }),
    ("run.json", "assets.0", |run| run.manifest.assets.swap(0, 1)),
    ("run.json", "ruined", |run| run.manifest.ruined = run.manifest.last),
    ("run.json", "last", |run| run.manifest.last = run.manifest.first),
    ("run.json", "decisions", |run| run.manifest.decisions -= 1),
    ("run.json", "hash", |run| run.manifest.hash.replace_range(..1, "x")),
    ("risk.parquet", "", |run| run.risk.clear()),
    ("measures.json", "benchmark", |run| run.benchmark = None),
];

fn run() -> (Study, Loaded, Run) {
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31"]);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    (study, loaded, run)
}

#[test]
fn every_change_of_a_table_is_found_at_its_place() {
    let (study, loaded, honest) = run();
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    let mut changes = 0;
    for (file, column, change) in EDITS {
        for at in [0, 7, 23] {
            let mut run = honest.clone();
            change(&mut run, at);
            let found = study.verify(&run, &loaded, &Silent).unwrap();
            let place = |fault: &&walkfolio::Fault| fault.file == file && fault.column == column;
            let fault = found.faults.iter().find(place);
            let fault = fault.unwrap_or_else(|| panic!("{file} {column} {at}: {:?}", found.faults));
            let rows = match file {
                "decisions.parquet" => run.decisions.len(),
                "returns.parquet" => run.returns.len(),
                _ => run.ledger.len(),
            };
            assert_eq!(fault.row, Some(at % rows), "{file} {column}");
            changes += 1;
        }
    }
    for (file, column, change) in WHOLE {
        let mut run = honest.clone();
        change(&mut run);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let place =
            |fault: &walkfolio::Fault| fault.file == file && fault.column.starts_with(column);
        assert!(found.faults.iter().any(place), "{file} {column}: {:?}", found.faults);
        changes += 1;
    }
    assert!(changes >= 60, "{changes}");
}

/// The faults of a folder, as text.
fn faults(folder: &Path) -> Vec<String> {
    let found = verify_folder(folder, None, &Silent).unwrap();
    found.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn every_file_of_a_folder_is_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("run");
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31"]);
    study.run_to(&folder).unwrap();
    assert_eq!(faults(&folder), [""; 0]);
    let names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names.iter().filter(|name| *name != "run.json") {
        let file = folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..], b" "].concat()).unwrap();
        assert!(faults(&folder).iter().any(|fault| fault.starts_with(name.as_str())), "{name}");
        std::fs::remove_file(&file).unwrap();
        assert!(faults(&folder).iter().any(|fault| fault.starts_with(name.as_str())), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    let found = verify_folder(&folder, None, &Silent).unwrap();
    assert!(found.faults.is_empty());
    assert!(found.unchecked.iter().any(|what| what.starts_with("mine.txt")), "{found:?}");
    // Another schedule is another run, whatever its files say.
    let path = folder.join("run.json");
    let manifest = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, manifest.replace("\"every\": \"month\"", "\"every\": \"week\"")).unwrap();
    assert!(faults(&folder).iter().any(|fault| fault.starts_with("decisions.parquet, row")));
}

#[test]
fn correct_runs_are_not_accused() {
    let short = ["walk_forward.last=2008-03-31", "measure.first=2007-12-03"];
    let dropping = "allocate.min_weight={ below = 0.03, rule = 'drop_and_renormalize' }";
    let holdings = ["allocate.max_holdings=4", "allocate.objective={ kind = 'tracking_error' }"];
    let eleven = ["walk_forward.last=2019-12-31", "allocate.bounds.min=-0.2", holdings[0]];
    let cases: [(&str, Vec<&str>); 3] = [
        ("mtum-all-eleven.toml", eleven.to_vec()),
        ("long-short.toml", [&short[..], &[dropping]].concat()),
        ("long-short.toml", [&short[..], &["allocate.gross_leverage=1.5", dropping]].concat()),
    ];
    for (name, set) in cases {
        let study = common::study(name, &set);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name} {set:?}");
    }
}
