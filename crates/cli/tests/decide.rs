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
}
