//! What `audit` and `verify` print for other programs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{text, walkfolio};
use serde_json::Value;

const SHORT: [&str; 3] = ["studies/mtum-all-eleven.toml", "--set", "walk_forward.last=2019-12-31"];

/// The one line on standard output, and the exit code.
fn json(arguments: &[&str]) -> (Value, Option<i32>) {
    let output = walkfolio(arguments).output().unwrap();
    assert_eq!(text(&output.stderr), "");
    let printed = text(&output.stdout);
    assert_eq!(printed.lines().count(), 1, "{printed}");
    (serde_json::from_str(&printed).unwrap(), output.status.code())
}

#[test]
fn an_audit_is_told_as_json() {
    let (audit, code) = json(&[&["audit", "--json"], &SHORT[..]].concat());
    assert_eq!(code, Some(0));
    assert_eq!(audit["study"], "mtum-all-eleven");
    assert_eq!((&audit["decisions"], &audit["complete"]), (&7.into(), &true.into()));
    assert_eq!((&audit["leak"], &audit["cells"]), (&Value::Null, &serde_json::json!([])));
}

const FRONTIER: [&str; 5] = [
    "studies/mtum-frontier.toml",
    "--set",
    "walk_forward.last=2019-10-31",
    "--set",
    "grid={ 'allocate.max_holdings' = [1, 2, 3, 11] }",
];

#[test]
fn an_audit_of_a_grid_says_which_cells_it_looked_at() {
    let (audit, code) = json(&[&["audit", "--json"], &FRONTIER[..]].concat());
    assert_eq!((code, &audit["complete"]), (Some(0), &true.into()));
    assert_eq!((&audit["cells"], &audit["decisions"]), (&serde_json::json!([1, 2, 4]), &15.into()));
    let printed =
        walkfolio(&[&["audit", "--cells", "2"], &FRONTIER[..]].concat()).output().unwrap();
    assert_eq!(
        text(&printed.stdout),
        "no look-ahead: 10 decisions of mtum-frontier (cells 1, 4 of 4) are identical to the bit on \
         perturbed future data\n"
    );
    let refused = walkfolio(&[&["audit", "--cells", "2"], &SHORT[..]].concat()).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("the study has no [grid]"));
}

#[test]
fn a_verification_of_a_grid_says_which_cells_were_made_again() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("grid");
    let path = out.to_str().unwrap();
    let run = [&["run"], &FRONTIER[..], &["--out", path]].concat();
    assert!(walkfolio(&run).output().unwrap().status.success());
    let (found, code) = json(&["verify", path, "--cells", "2", "--json"]);
    assert_eq!((code, &found["faults"]), (Some(0), &Value::Array(Vec::new())));
    assert_eq!((&found["cells"], &found["all_cells"]), (&serde_json::json!([1, 4]), &4.into()));
    let printed = walkfolio(&["verify", path, "--cells", "4"]).output().unwrap();
    let printed = text(&printed.stdout);
    let expected =
        "4 of 4 cells made again: 1, 2, 3, 4\n20 decisions: 20 confirmed by another method";
    assert!(printed.starts_with(expected), "{printed}");
    // A cell as a run of its own.
    let cell = place.path().join("cell");
    let cell = cell.to_str().unwrap();
    let run = [&["run"], &FRONTIER[..], &["--cell", "2", "--bulk", "--out", cell]].concat();
    assert!(walkfolio(&run).output().unwrap().status.success());
    assert_eq!(json(&["verify", cell, "--json"]).1, Some(0));
    let refused = walkfolio(&["verify", cell, "--cells", "2"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--cells is for grids"), "{}", text(&refused.stderr));
}

#[test]
fn a_verification_is_told_as_json() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let path = out.to_str().unwrap();
    let run = [&["run"], &SHORT[..], &["--bulk", "--out", path]].concat();
    assert!(walkfolio(&run).output().unwrap().status.success());
    let (found, code) = json(&["verify", path, "--json"]);
    assert_eq!(code, Some(0));
    assert_eq!((&found["decisions"], &found["confirmed"]), (&7.into(), &7.into()));
    assert_eq!(found["faults"], Value::Array(Vec::new()));
    // One figure of the run is changed: the verification must see it.
    let measures = out.join("measures.json");
    let mut changed: Value =
        serde_json::from_str(&std::fs::read_to_string(&measures).unwrap()).unwrap();
    changed["full"]["tracking_error"] = 0.5.into();
    std::fs::write(&measures, changed.to_string()).unwrap();
    let (found, code) = json(&["verify", path, "--json"]);
    assert_eq!(code, Some(1));
    assert_eq!(found["faults"][0]["file"], "measures.json");
    assert_eq!(found["faults"][0]["column"], "full.tracking_error");
}

#[test]
fn a_run_is_told_with_every_figure_of_its_report() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let path = out.to_str().unwrap();
    let run = [&["run"], &SHORT[..], &["--bulk", "--json", "--out", path]].concat();
    let output = walkfolio(&run).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let told: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!(told["status"], "complete");
    let found = &told["findings"];
    let figure = &found["headline"][0];
    let key = figure["key"].as_str().unwrap();
    assert_eq!(figure["value"], told["measures"]["full"][key]);
    assert!(found["assessment"]["label"].is_string());
    let dates = found["growth"]["dates"].as_array().unwrap();
    let values = found["growth"]["portfolio"]["value"].as_array().unwrap();
    assert!(!dates.is_empty() && dates.len() == values.len());
}
