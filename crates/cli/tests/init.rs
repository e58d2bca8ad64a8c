//! `walkfolio init`, as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::text;
use insta::assert_snapshot;

const KINDS: [&str; 3] = ["replica", "long-short", "index-tracking"];

fn walkfolio(place: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_walkfolio"))
        .args(arguments)
        .current_dir(place)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn every_kind_runs_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let output = walkfolio(place.path(), &["init", kind]);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        assert_eq!(
            text(&output.stdout),
            format!("wrote {kind}.toml\nnext  walkfolio run {kind}.toml\n")
        );
        let run = ["run", &format!("{kind}.toml"), "--bulk", "--json", "--out", kind];
        let output = walkfolio(place.path(), &run);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        let line = text(&output.stdout).lines().last().unwrap().to_owned();
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["status"], "complete", "{kind}");
        let measure = |key: &str| json["measures"]["full"][key].as_f64().unwrap();
        match kind {
            "replica" => assert!(measure("tracking_error") < 0.12),
            "long-short" => assert!(measure("gross_exposure") > 1.0),
            _ => assert!((1.0..=8.0).contains(&measure("holdings_mean"))),
        }
    }
}

/// Each key stands on a line with a comment, or below one.
#[test]
fn every_key_has_its_line() {
    let place = tempfile::tempdir().unwrap();
    for kind in KINDS {
        assert!(walkfolio(place.path(), &["init", kind]).status.success());
        let study = fs::read_to_string(place.path().join(format!("{kind}.toml"))).unwrap();
        let lines: Vec<&str> = study.lines().collect();
        let mut keys = 0;
        for (index, line) in lines.iter().enumerate() {
            let is_key =
                line.split_once(" = ").is_some_and(|(key, _)| !key.starts_with(['#', ' ']));
            if is_key {
                let taught = line.contains(" # ") || lines[index - 1].starts_with("# ");
                assert!(taught, "{kind}: {line}");
                keys += 1;
            }
        }
        assert!(keys > 12, "{kind}: {keys}");
    }
}

#[test]
fn nothing_is_overwritten_unasked() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("mine.toml");
    fs::write(&path, "mine").unwrap();
    let output = walkfolio(place.path(), &["init", "replica", "mine.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(text(&output.stderr), @r"
    × mine.toml already exists
    help: choose another file, or replace it: walkfolio init replica mine.toml --force
    ");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(walkfolio(place.path(), &["init", "replica", "mine.toml", "--force"]).status.success());
    let study = fs::read_to_string(&path).unwrap();
    assert!(study.contains("name = \"mine\"") && study.contains("walkfolio run mine.toml"));
    fs::create_dir(place.path().join("folder")).unwrap();
    assert!(walkfolio(place.path(), &["init", "long-short", "folder"]).status.success());
    assert!(place.path().join("folder/long-short.toml").is_file());
    let output = walkfolio(place.path(), &["init", "replica", "mine.toml/study.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot write mine.toml/study.toml"));
}
