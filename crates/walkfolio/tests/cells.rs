//! Cells of a grid as studies of their own, and grids whose files were changed.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::Path;

use common::StopAfter;
use walkfolio::{
    CellStatus, Existing, Fault, GridRun, RunFolder, Silent, Status, Study, verify_folder,
    verify_grid_folder,
};

const SHORT: &str = "walk_forward.last=2019-10-31";

/// The frontier of one, two, three and all eleven.
fn frontier() -> Study {
    let some = "grid={ 'allocate.max_holdings' = [1, 2, 3, 11] }";
    common::study("mtum-frontier.toml", &[some, SHORT])
}

/// Whether every measure of each cell has the bits of the same cell as a run.
fn assert_cells_are_runs(study: &Study) -> GridRun {
    let loaded = study.market(None).unwrap();
    let grid = study.run_grid(&loaded, None, &Silent).unwrap();
    assert_eq!(grid.cells.len(), study.cells());
    for (at, cell) in grid.cells.iter().enumerate() {
        let alone = study.cell(at + 1).unwrap();
        assert!(alone.config().grid().is_empty());
        let run = alone.run(&alone.market(None).unwrap(), &Silent).unwrap();
        assert_eq!(cell.measures.as_ref(), Some(&run.measures), "{:?}", cell.settings);
        assert_eq!(cell.without_costs, run.without_costs);
        let returns: Vec<u64> = run.returns.iter().map(|row| row.portfolio.to_bits()).collect();
        let own: Vec<u64> = cell.returns.iter().map(|value| value.to_bits()).collect();
        assert_eq!(own, returns);
    }
    grid
}

#[test]
fn a_cell_is_a_run_of_its_own() {
    assert_cells_are_runs(&frontier());
    let swept = "grid={ 'costs.per_side_bps' = [0, 25], 'walk_forward.every' = ['month', 'week'] }";
    assert_cells_are_runs(&common::study("mtum-all-eleven.toml", &[swept, SHORT]));
}

/// 40 sessions of two assets with one jump, and a study that cuts it or not.
fn jumping(folder: &Path) -> Study {
    let mut prices = "date,A,B\n".to_owned();
    let sessions = walkfolio_core::calendar::sessions(
        walkfolio::Date::constant(2024, 1, 2),
        walkfolio::Date::constant(2024, 4, 30),
    );
    for (at, date) in sessions.iter().enumerate() {
        let jump = if at >= 50 { 1.9 } else { 1.0 };
        let a = 100.0 * jump * (1.0 + 0.004 * ((at * 7) % 5) as f64);
        let b = 50.0 * (1.0 + 0.003 * ((at * 11) % 7) as f64);
        writeln!(prices, "{date},{a},{b}").unwrap();
    }
    std::fs::write(folder.join("prices.csv"), prices).unwrap();
    let text = r#"
name = "jumping"
market = { source = { kind = "csv" }, files = { prices = "prices.csv" }, assets = ["A", "B"] }
walk_forward = { every = "week" }
estimate = { covariance = { kind = "sample", window = 20 } }
grid = { "clean.jump" = [{ kind = "report" }, { kind = "winsorize", limit = 0.2 }] }

[allocate]
objective = { kind = "minimum_variance" }
bounds = { min = 0.0, max = 1.0 }
"#;
    Study::parse(folder.join("study.toml").to_str().unwrap(), text, &[]).unwrap()
}

#[test]
fn a_swept_rule_of_cleaning_has_its_own_market() {
    let folder = tempfile::tempdir().unwrap();
    let grid = assert_cells_are_runs(&jumping(folder.path()));
    assert_ne!(grid.cells[0].measures, grid.cells[1].measures);
}

#[test]
fn a_cell_that_is_not_there_is_an_error_with_the_range() {
    for (study, number, expected) in [
        (frontier(), 5, "grid: there is no cell 5: the grid has cells 1 to 4"),
        (frontier(), 0, "grid: there is no cell 0: the grid has cells 1 to 4"),
        (
            common::study("mtum-all-eleven.toml", &[]),
            1,
            "there is no cell 1: the study has no [grid]",
        ),
    ] {
        let told = study.cell(number).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_cell_in_a_folder_is_verified_like_any_run() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("cell");
    let study = frontier().cell(2).unwrap();
    study.run_to(&folder).unwrap();
    let found = verify_folder(&folder, None, &Silent).unwrap();
    assert_eq!((found.faults, found.confirmed), (Vec::new(), found.decisions));
    assert!(study.audit(&study.market(None).unwrap(), &Silent).unwrap().leak.is_none());
}

/// A change of a grid, and the file, row and column at which it is found.
type Change = (&'static str, Option<usize>, &'static str, fn(&mut GridRun));

const CHANGES: [Change; 18] = [
    ("grid.parquet", Some(2), "volatility", |grid| measure(grid, 2)),
    ("grid.parquet", Some(0), "", |grid| {
        let first = grid.cells[0].measures.take();
        grid.cells[0].measures = std::mem::replace(&mut grid.cells[1].measures, first);
    }),
    ("grid.parquet", Some(0), "allocate.max_holdings", |grid| grid.cells.swap(0, 1)),
    ("grid.parquet", None, "", |grid| drop(grid.cells.remove(1))),
    ("grid.parquet", None, "", |grid| grid.cells.push(grid.cells[0].clone())),
    ("grid.parquet", Some(3), "allocate.max_holdings", |grid| grid.cells[3].settings[0] = 7.into()),
    ("grid.parquet", Some(1), "status", |grid| grid.cells[1].status = CellStatus::Ruined),
    ("grid.parquet", Some(1), "first_decision", |grid| {
        grid.cells[1].first = grid.cells[1].first.map(|date| date.tomorrow().unwrap());
    }),
    ("grid.parquet", None, "mine", |grid| "mine".clone_into(&mut grid.keys[0])),
    ("ledger.parquet", Some(0), "message", |grid| grid.ledger[0].1.message.push('!')),
    ("ledger.parquet", Some(0), "cell", |grid| grid.ledger[0].0 = Some(3)),
    ("ledger.parquet", None, "", |grid| grid.ledger.clear()),
    ("cell_returns.parquet", Some(0), "return", |grid| grid.cells[0].returns[0] += 1e-15),
    ("cell_returns.parquet", None, "", |grid| {
        grid.cells[1].sessions.pop();
        grid.cells[1].returns.pop();
    }),
    ("luck.json", None, "trials", |grid| grid.selection_bias.as_mut().unwrap().trials += 1),
    ("run.json", None, "decisions", |grid| grid.manifest.decisions -= 1),
    ("run.json", None, "hash", |grid| grid.manifest.hash.replace_range(..1, "x")),
    ("run.json", None, "assets", |grid| grid.manifest.assets.swap(0, 1)),
];

/// A measure in the last digits.
fn measure(grid: &mut GridRun, cell: usize) {
    let set = grid.cells[cell].measures.as_mut().unwrap();
    let changed = |key: &str, old: Option<f64>| {
        old.map(|old| if key == "volatility" { old * (1.0 + 1e-15) } else { old })
    };
    set.full = set.full.iter().map(|(key, old)| (key.to_owned(), changed(key, old))).collect();
}

/// Writes a grid whole, with hashes that fit.
fn write(folder: &Path, grid: &GridRun) {
    let base = Path::new("");
    let created = RunFolder::create(&grid.manifest, base, Some(folder), Existing::Replace).unwrap();
    let mut created = created;
    created.write_grid(grid).unwrap();
    created.finish(&grid.manifest).unwrap();
}

fn verified(folder: &Path, cells: usize) -> Vec<Fault> {
    verify_grid_folder(folder, None, cells, &Silent).unwrap().faults
}

#[test]
fn a_changed_grid_is_found_at_its_place() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("grid");
    let study = frontier();
    let honest = study.run_grid(&study.market(None).unwrap(), None, &Silent).unwrap();
    write(&folder, &honest);
    let found = verify_grid_folder(&folder, None, 20, &Silent).unwrap();
    assert_eq!((found.faults, found.cells), (Vec::new(), vec![1, 2, 3, 4]));
    assert_eq!((found.decisions, found.confirmed), (20, 20));
    for (file, row, column, change) in CHANGES {
        let mut grid = honest.clone();
        change(&mut grid);
        write(&folder, &grid);
        let found = verified(&folder, 4);
        let is = |fault: &Fault| {
            fault.file == file
                && fault.column.starts_with(column)
                && (row.is_none() || fault.row == row)
        };
        assert!(found.iter().any(is), "{file} {row:?} {column}: {found:?}");
    }
}

#[test]
fn what_is_not_made_again_is_said() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("grid");
    frontier().run_to(&folder).unwrap();
    let some = verify_grid_folder(&folder, None, 2, &Silent).unwrap();
    assert_eq!((some.faults, some.cells), (Vec::new(), vec![1, 4]));
    let left = "2 of 4 cells: measures in grid.parquet, returns in cell_returns.parquet, rows of \
                ledger.parquet";
    assert!(some.unchecked.iter().any(|what| what == left), "{:?}", some.unchecked);
    let none = verify_grid_folder(&folder, None, 0, &Silent).unwrap();
    assert_eq!((none.faults, none.cells, none.decisions), (Vec::new(), Vec::new(), 0));
    assert_eq!(verify_folder(&folder, None, &Silent).unwrap().cells, [1, 2, 3, 4]);
    // The report shows every cell: it tells of a change that no cell does.
    let files = ["report.html", "report.md", "report.xlsx", "luck.json", "grid.parquet"];
    for name in files.into_iter().chain(["cell_returns.parquet"]) {
        let file = folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..], b" "].concat()).unwrap();
        assert!(verified(&folder, 0).iter().any(|fault| fault.file == name), "{name}");
        std::fs::remove_file(&file).unwrap();
        assert!(verified(&folder, 0).iter().any(|fault| fault.file == name), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
}

#[test]
fn a_cell_that_failed_is_in_both_tables_and_verified() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("grid");
    let set = [
        "allocate.beta={ value = 1 }",
        "grid={ 'allocate.beta.value' = [0.5, 60] }",
        "walk_forward.last=2008-01-31",
        "measure.first=2007-12-03",
    ];
    let study = common::study("long-short.toml", &set);
    let done = study.to_folder(&folder).bulk().run().unwrap();
    assert_eq!(done.status(), Status::Complete);
    let grid = walkfolio::read_grid(&folder).unwrap();
    let message = grid.cells[1].message.clone().unwrap();
    let row = grid.ledger.iter().find(|(cell, row)| *cell == Some(1) && row.kind == "warning");
    assert_eq!(row.unwrap().1.message, format!("the backtest failed: {message}"));
    assert_eq!(verified(&folder, 2), []);
    // It did not fail for this reason.
    let mut other = grid.clone();
    other.cells[1].message = Some("no time".to_owned());
    write(&folder, &other);
    let found = verified(&folder, 2);
    let is = |fault: &Fault| fault.column == "message" && fault.row == Some(1);
    assert!(found.iter().any(is), "{found:?}");
}

#[test]
fn a_swept_kind_is_verified() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("grid");
    let set = [
        "grid={ 'estimate.expected_returns.kind' = ['factor_model', 'sample_mean'] }",
        "walk_forward.last=2008-01-31",
        "measure.first=2007-12-03",
    ];
    let study = common::study("long-short.toml", &set);
    study.to_folder(&folder).bulk().run().unwrap();
    assert_eq!(verified(&folder, 2), []);
    // As a run, a cell says what its setting drops; it is verified all the same.
    let second = place.path().join("second");
    study.cell(2).unwrap().to_folder(&second).bulk().run().unwrap();
    let run = walkfolio::read_run(&second).unwrap();
    assert!(run.ledger.iter().any(|row| row.message.contains("is dropped")));
    assert_eq!(verify_folder(&second, None, &Silent).unwrap().faults, []);
}

#[test]
fn a_part_of_a_grid_has_no_selection_bias() {
    let study = frontier();
    let loaded = study.market(None).unwrap();
    let whole = study.run_grid(&loaded, None, &Silent).unwrap();
    assert!(whole.selection_bias.is_some());
    let part = study.run_grid(&loaded, None, &StopAfter::decisions(1)).unwrap();
    assert_eq!(part.manifest.status, Status::Interrupted);
    assert!(part.selection_bias.is_none());
}
