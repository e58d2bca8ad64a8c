//! `decide` as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::path::Path;

use common::{text, walkfolio};
use serde_json::Value;

const STUDY: &str = "studies/mtum-all-eleven.toml";

/// What is printed, and the exit code.
fn decided(arguments: &[&str]) -> (String, Option<i32>) {
    let output = walkfolio(&[&["decide", STUDY], arguments].concat()).output().unwrap();
    assert_eq!(text(&output.stderr), "");
    (text(&output.stdout), output.status.code())
}

fn refused(arguments: &[&str]) -> String {
    let output = walkfolio(&[&["decide", STUDY], arguments].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    text(&output.stderr)
}

#[test]
fn a_decision_is_told() {
    let (printed, code) = decided(&["--on", "2025-06-02"]);
    assert_eq!(code, Some(0));
    for told in [
        "mtum-all-eleven: decision for 2025-06-02, from prices until 2025-05-30\nsimulated prices",
        "asset  study holds",
        "expected tracking error",
        "limited by",
        "sum of weights",
        "next decision by the schedule: 2025-07-01",
    ] {
        assert!(printed.contains(told), "{told}: {printed}");
    }
}

#[test]
fn a_session_without_a_decision_is_not_decided_unless_forced() {
    let (printed, code) = decided(&["--on", "2025-06-10"]);
    assert_eq!(code, Some(3));
    assert!(printed.starts_with("nothing to decide"), "{printed}");
    let (printed, code) = decided(&["--on", "2025-06-10", "--force"]);
    assert_eq!(code, Some(0));
    assert!(printed.contains("this one was forced"), "{printed}");
    let (printed, _) = decided(&["--on", "2025-06-10", "--json"]);
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&found["due"], &found["next_due"]), (&false.into(), &"2025-07-01".into()));
    assert!(refused(&["--on", "2025-06-08"]).contains("2025-06-08 is no session"));
}

#[test]
fn its_files_are_the_same_again_and_those_of_others_are_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("today");
    let path = out.to_str().unwrap();
    let read = |name: &str| std::fs::read(out.join(name)).unwrap();
    let all = ["decision.json", "target.csv", "report.html"];
    assert_eq!(decided(&["--on", "2025-06-02", "--out", path]).1, Some(0));
    let first: Vec<Vec<u8>> = all.iter().map(|name| read(name)).collect();
    assert_eq!(decided(&["--on", "2025-06-02", "--out", path]).1, Some(0));
    assert!(all.iter().map(|name| read(name)).eq(first));
    assert_eq!(decided(&["--on", "2025-07-01", "--out", path]).1, Some(0));
    let decision: Value = serde_json::from_slice(&read("decision.json")).unwrap();
    assert_eq!(decision["date"], "2025-07-01");
    check_target(&out, &decision);
    let refusal = refused(&["--on", "2025-06-02", "--out", place.path().to_str().unwrap()]);
    assert!(refusal.contains("is not empty and has no decision.json"), "{refusal}");
}

/// The weights of both files are the same to the bit, and sum to 1.
fn check_target(out: &Path, decision: &Value) {
    let target = std::fs::read_to_string(out.join("target.csv")).unwrap();
    let mut sum = 0.0;
    for line in target.lines().skip(1) {
        let (asset, weight) = line.split_once(',').unwrap();
        let weight: f64 = weight.parse().unwrap();
        let rows = decision["target"].as_array().unwrap();
        let row = rows.iter().find(|row| row["asset"] == asset).unwrap();
        assert_eq!(row["target"].as_f64().unwrap().to_bits(), weight.to_bits());
        sum += weight;
    }
    assert!((sum - 1.0).abs() < 1e-9);
}

#[test]
fn past_decisions_are_those_of_a_run() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let path = out.to_str().unwrap();
    let short = ["--set", "walk_forward.last=2019-12-31"];
    let run = [&["run", STUDY, "--bulk", "--out", path], &short[..]].concat();
    assert!(walkfolio(&run).output().unwrap().status.success());
    let (printed, code) = decided(&[&["--check", path], &short[..]].concat());
    assert_eq!(code, Some(0));
    assert_eq!(
        printed,
        "7 decisions made again, each from the past before it alone: the bits are the run's\n"
    );
    let other = ["--set", "allocate.bounds.max=0.25", "--json"];
    let (printed, code) = decided(&[&["--check", path], &short[..], &other].concat());
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(code, Some(1));
    assert!(!found["differences"].as_array().unwrap().is_empty());
    let data = ["--set", "market.source={ kind = \"sample\", seed = 9 }"];
    let errors = refused(&[&["--check", path], &short[..], &data].concat());
    assert!(errors.contains("the data are not those that the run was made with"), "{errors}");
    // One weight that was changed in the folder, with the hashes of its files.
    let mut run = walkfolio::read_run(&out).unwrap();
    run.decisions[4].weight += 1e-15;
    let folder = walkfolio::RunFolder::open(&out).unwrap();
    folder.write_run(&run).unwrap();
    folder.reseal().unwrap();
    let (printed, code) = decided(&[&["--check", path], &short[..]].concat());
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("the run has") && printed.contains("1 difference of 7"), "{printed}");
}

const SCHWAB: &str = r#""Positions for account Individual ...123 as of 04:05 PM ET, 2025/05/30"

"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Security Type",
"XLE","ENERGY SELECT SECTOR SPDR","1,250","--","--","$98,000.00","ETFs & Closed End Funds",
"XLK","TECHNOLOGY SELECT SECTOR SPDR","300.5","--","--","--","ETFs & Closed End Funds",
"Cash & Cash Investments","--","--","--","$70,112.34","--","Cash and Money Market",
"Account Total","--","--","--","$250,313.54","$98,000.00","--",
"#;

#[test]
fn a_brokers_export_becomes_orders() {
    let place = tempfile::tempdir().unwrap();
    let (file, out) = (place.path().join("Positions.csv"), place.path().join("today"));
    std::fs::write(&file, SCHWAB).unwrap();
    let (file, folder) = (file.to_str().unwrap(), out.to_str().unwrap());
    let (printed, code) = decided(&["--on", "2025-06-02", "--holdings", file, "--out", folder]);
    assert_eq!(code, Some(0));
    for told in ["\norder ", "sell", "buy", "account worth", "no other whole shares are better"] {
        assert!(printed.contains(told), "{told}: {printed}");
    }
    let orders = std::fs::read_to_string(out.join("orders.csv")).unwrap();
    let decision: Value =
        serde_json::from_slice(&std::fs::read(out.join("decision.json")).unwrap()).unwrap();
    let account = &decision["account"];
    assert_eq!(account["broker"], "Schwab");
    assert_eq!(account["date"], "2025-05-30");
    // The file's orders, applied to its holdings, leave the stated cash.
    let mut cash = 70_112.34;
    for line in orders.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().unwrap();
        assert!((number(2) * number(3) - number(4)).abs() < 1e-6);
        cash += if cells[1] == "sell" { number(4) } else { -number(4) } - number(5);
    }
    assert!((cash - account["cash_after"].as_f64().unwrap()).abs() < 1e-6);
    assert!(cash >= 0.0);
    let drift =
        walkfolio(&["drift", STUDY, "--on", "2025-06-20", "--holdings", file]).output().unwrap();
    let told = text(&drift.stdout);
    assert!(
        drift.status.success() && told.contains("from the decision of 2025-06-02, drifted"),
        "{told}"
    );
    // Nothing to trade within a wide band.
    let (printed, code) = decided(&["--on", "2025-06-02", "--holdings", file, "--band-risk", "10"]);
    assert_eq!(code, Some(3), "{printed}");
    assert!(printed.contains("no orders"), "{printed}");
}
