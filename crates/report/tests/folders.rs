//! What is read from a folder gives the page of what was written there.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use walkfolio::{Existing, Manifest, RunFolder, Silent, Study};

const STUDY: &str = r#"
name = "read"
[market]
source = { kind = "sample" }
assets = ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV"]
benchmark = "SPY"
factors = "french3"
first = 2018-03-01
[walk_forward]
last = 2019-12-31
every = "5d"
[estimate]
covariance = { kind = "factor_model", window = 40 }
expected_returns = { kind = "factor_model", window = 60, alpha = "include" }
[allocate]
objective = { kind = "robust_utility", lambda = 0.5 }
bounds = { min = -2.0, max = 2.0 }
beta = { min = -0.5, max = 0.5 }
[costs]
per_side_bps = 5
[[period]]
name = "before"
last = 2018-01-31
[[period]]
name = "late"
first = 2019-01-01
"#;

const GRID: &str = r#"
[grid]
"estimate.covariance.window" = [40, 60]
"allocate.beta" = [{ min = -0.5, max = 0.5 }, { value = 0.0 }, { value = 90.0 }]
"#;

fn folder(manifest: &Manifest, path: &Path) -> RunFolder {
    RunFolder::create(manifest, path, Some(&path.join("run")), Existing::Replace).unwrap()
}

#[test]
fn a_run_that_is_read_gives_the_same_page() {
    let study = Study::parse("read.toml", STUDY, &[]).unwrap();
    let run = study.run(&study.market(None).unwrap(), &Silent).unwrap();
    let base = tempfile::tempdir().unwrap();
    let mut folder = folder(&run.manifest, base.path());
    folder.write_run(&run).unwrap();
    folder.finish(&run.manifest).unwrap();
    let read = walkfolio::read_run(folder.path()).unwrap();
    let factors = read.factors.as_ref().unwrap();
    assert_eq!(factors.names, ["Mkt-RF", "SMB", "HML"]);
    assert_eq!(factors.rows.len(), run.returns.len());
    assert_eq!(read.factors, run.factors);
    assert!(walkfolio_report::html(&read).unwrap() == walkfolio_report::html(&run).unwrap());
}

#[test]
fn a_grid_that_is_read_gives_the_same_page() {
    let study = Study::parse("read.toml", &format!("{STUDY}{GRID}"), &[]).unwrap();
    let grid = study.run_grid(&study.market(None).unwrap(), None, &Silent).unwrap();
    let ends: Vec<&str> = grid.cells.iter().map(|cell| cell.status.as_str()).collect();
    assert!(ends.contains(&"failed") && ends.contains(&"complete"), "{ends:?}");
    let base = tempfile::tempdir().unwrap();
    let mut folder = folder(&grid.manifest, base.path());
    folder.write_grid(&grid).unwrap();
    folder.finish(&grid.manifest).unwrap();
    let read = walkfolio::read_grid(folder.path()).unwrap();
    assert_eq!((&read.keys, &read.selection_bias), (&grid.keys, &grid.selection_bias));
    for (read, cell) in read.cells.iter().zip(&grid.cells) {
        assert_eq!(read.settings, cell.settings);
        assert_eq!((read.status, &read.message), (cell.status, &cell.message));
        assert_eq!(read.measures, cell.measures);
        assert_eq!(read.without_costs, cell.without_costs);
    }
    assert_eq!(read.ledger, grid.ledger);
    let page = |grid| walkfolio_report::grid_html(grid).unwrap();
    assert!(page(&read) == page(&grid));
    assert!(walkfolio::read_run(folder.path()).is_err());
}
