//! `walkfolio runs`, as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{repository, text};
use insta::assert_snapshot;

/// The program in a folder of its own.
fn walkfolio(place: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_walkfolio"))
        .args(arguments)
        .current_dir(place)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn study(name: &str) -> String {
    repository().join("studies").join(name).to_str().unwrap().to_owned()
}

/// Runs a study and gives its folder's name.
fn run(place: &Path, name: &str, more: &[&str]) -> String {
    let study = study(name);
    let output = walkfolio(place, &[&["run", &study, "--bulk"], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    let line = text(&output.stdout);
    let path = line.lines().next().unwrap().split(' ').nth(1).unwrap().to_owned();
    PathBuf::from(path).file_name().unwrap().to_str().unwrap().to_owned()
}

const SHORT: [&str; 2] = ["--set", "walk_forward.last=2020-12-31"];

fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn runs_and_grids_record_themselves() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let all = run(place, "mtum-all-eleven.toml", &SHORT);
    let two = ["--set", "grid={ \"allocate.max_holdings\" = [3, 4] }"];
    let grid = run(place, "mtum-frontier.toml", &[&SHORT[..], &two].concat());
    run(place, "mtum-all-eleven.toml", &[&SHORT[..], &["--out", "elsewhere"]].concat());
    run(place, "mtum-all-eleven.toml", &[&SHORT[..], &["--out", "runs/mine"]].concat());
    let list = stdout(&walkfolio(place, &["runs"]));
    let shown = list.replace(&all, "<all>").replace(&grid, "<grid>");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_snapshot!(shown.lines().map(words).collect::<Vec<_>>().join("\n"), @r"
    run status te ir sharpe vol
    mine complete 8.66 % -0.63 0.58 28.27 %
    <grid> complete, 2 cells – – – –
    <all> complete 8.66 % -0.63 0.58 28.27 %
    ");
    let list = stdout(&walkfolio(place, &["runs", "--where", "te > 0 and run != mine"]));
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains(&all), "{list}");
    let json = stdout(&walkfolio(place, &["runs", "--json", "--sort", "te", "--limit", "1"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["total"], &json["matching"]), (&3.into(), &3.into()));
    let measures = fs::read_to_string(place.join("runs").join(&all).join("measures.json")).unwrap();
    let measures: serde_json::Value = serde_json::from_str(&measures).unwrap();
    let found = &json["runs"][0]["measures"];
    assert_eq!(found["tracking_error"], measures["full"]["tracking_error"]);
    assert_eq!(found["covid.beta"], measures["regimes"]["covid"]["beta"]);
    let before = stdout(&walkfolio(place, &["runs", "--json"]));
    fs::remove_file(place.join("runs/catalogue.db")).unwrap();
    let rebuilt = stdout(&walkfolio(place, &["runs", "--rebuild", "--json"]));
    assert_eq!(rebuilt, before);
}

#[test]
fn a_catalogue_out_of_order_costs_no_run() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::create_dir_all(place.join("runs/catalogue.db")).unwrap();
    let study = study("mtum-all-eleven.toml");
    let output = walkfolio(place, &[&["run", &study, "--bulk"], &SHORT[..]].concat());
    assert_eq!(output.status.code(), Some(0));
    let warning = text(&output.stderr);
    assert!(
        warning.starts_with("warning: the run is complete but not in the catalogue"),
        "{warning}"
    );
    assert!(warning.contains("runs/catalogue.db"), "{warning}");
    fs::remove_dir(place.join("runs/catalogue.db")).unwrap();
    fs::write(place.join("runs/catalogue.db"), "garbage ".repeat(100)).unwrap();
    let output = walkfolio(place, &["runs"]);
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(text(&output.stderr), @r"
    × cannot use the catalogue runs/catalogue.db: it is not a catalogue (not a database)
    help: `walkfolio runs runs --rebuild` makes it from the run folders, which hold everything that
          is in it
    ");
    let list = stdout(&walkfolio(place, &["runs", "--rebuild"]));
    assert!(list.starts_with("rebuilt: 1 runs\n"), "{list}");
}

#[test]
fn a_disk_too_full_for_the_catalogue_costs_no_run() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    // The catalogue needs a file of 32 KiB beside it, none of the run's is as large.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 44; exec \"$@\"", "sh"])
        .args([env!("CARGO_BIN_EXE_walkfolio"), "run", &study("mtum-all-eleven.toml"), "--bulk"])
        .args(SHORT)
        .current_dir(place)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let warning = text(&output.stderr);
    assert!(warning.contains("not in the catalogue: cannot use the catalogue"), "{warning}");
    let list = stdout(&walkfolio(place, &["runs", "--rebuild", "--where", "te > 0"]));
    assert!(list.starts_with("rebuilt: 1 runs\nrun "), "{list}");
    assert_eq!(list.lines().count(), 3, "{list}");
}

#[test]
fn faults_of_a_filter_are_shown_in_their_place() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let told = |arguments: &[&str]| {
        let output = walkfolio(place, arguments);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    let mut all = vec![told(&["runs"])];
    fs::create_dir(place.join("runs")).unwrap();
    all.push(told(&["runs"]));
    assert_eq!(stdout(&walkfolio(place, &["runs", "--rebuild"])), "rebuilt: 0 runs\nno runs\n");
    all.push(told(&["runs", "--where", "te < 0.1 and holdings_men <= 6"]));
    all.push(told(&["runs", "--sort", "-trackin_error"]));
    assert_snapshot!(all.join("\n"), @r"
     × runs is not a folder of runs: it does not exist
     help: `walkfolio run STUDY` creates the folder `runs`; name another one as `walkfolio runs DIR`

     × cannot use the catalogue runs/catalogue.db: it does not exist
     help: `walkfolio runs runs --rebuild` makes it from the run folders, which hold everything that
           is in it

     × unknown key `holdings_men`
      ╭────
    1 │ te < 0.1 and holdings_men <= 6
      ·              ────────────
      ╰────
     help: did you mean `holdings_mean` or `holdings`?

     × unknown key `trackin_error`
      ╭────
    1 │ -trackin_error
      ·  ─────────────
      ╰────
     help: did you mean `tracking_error` or `tracking_error_monthly`?
    ");
}
