//! `walkfolio init`, as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::text;
use insta::assert_snapshot;
use walkfolio::Date;

const KINDS: [&str; 4] = ["replica", "long-short", "index-tracking", "minimum-variance"];

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
            "minimum-variance" => assert!(measure("volatility") < 0.20),
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
    help: choose another file, or replace it with --force
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

/// 200 weekdays of three assets and a fund; the second has a hole, the fund begins late.
fn small(folder: &Path) {
    let first = Date::constant(2023, 1, 2);
    let days = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(280);
    let dates = days.filter(|date| date.weekday().to_monday_one_offset() <= 5);
    let mut lines = "Date,AAA,BBB,CCC,FUND\n".to_owned();
    for (row, date) in dates.enumerate() {
        let wave = |step: usize| 100.0 + f64::from(u8::try_from(row * step % 11).unwrap()) / 9.0;
        let b = if row == 90 { String::new() } else { wave(5).to_string() };
        let fund = if row < 20 { String::new() } else { wave(3).to_string() };
        writeln!(lines, "{date},{},{b},{},{fund}", wave(2), wave(7)).unwrap();
    }
    fs::write(folder.join("prices.csv"), lines).unwrap();
}

#[test]
fn every_kind_runs_on_a_users_prices() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("data")).unwrap();
    small(&place.path().join("data"));
    for kind in KINDS {
        let study = format!("studies/{kind}.toml");
        fs::create_dir_all(place.path().join("studies")).unwrap();
        let init = ["init", kind, &study, "--prices", "data/prices.csv", "--benchmark", "fund"];
        let output = walkfolio(place.path(), &init);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        let written = fs::read_to_string(place.path().join(&study)).unwrap();
        for leftover in ["sample market", "\"sample\"", "XLE", "MTUM", "covid", "2019"] {
            assert!(!written.contains(leftover), "{kind}: {leftover} in\n{written}");
        }
        assert!(written.contains("dir = \"../data\""), "{written}");
        let run = ["run", &study, "--bulk", "--out", kind];
        let output = walkfolio(place.path(), &run);
        assert!(output.status.success(), "{kind}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), format!("complete {kind}\n"));
        // The folder of the data is known.
        let output = walkfolio(place.path(), &["verify", kind]);
        assert!(output.status.success(), "{kind}: {}", text(&output.stdout));
    }
    fs::rename(place.path().join("data"), place.path().join("moved")).unwrap();
    let output = walkfolio(place.path(), &["verify", "replica"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr).replace(['\n', '│'], "");
    assert!(said.contains("is gone") && said.contains("--data"), "{said}");
    let output = walkfolio(place.path(), &["verify", "replica", "--data", "moved"]);
    assert!(output.status.success(), "{}", text(&output.stdout));
}

/// 90 stocks and their mean, 180 weekdays.
fn wide(folder: &Path) {
    let names: Vec<String> = (0..90).map(|stock| format!("S{stock:02}")).collect();
    let mut lines = format!("Date,{},INDEX\n", names.join(","));
    let first = Date::constant(2023, 1, 2);
    let days = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(252);
    let dates = days.filter(|date| date.weekday().to_monday_one_offset() <= 5);
    for (row, date) in dates.enumerate() {
        let price = |stock: usize| {
            let wave = (row * (stock % 13 + 2) + row * row * (stock + 3)) % 31;
            100.0 + f64::from(u8::try_from(wave).unwrap()) / 5.0
        };
        let all: Vec<f64> = (0..90).map(price).collect();
        let mean = all.iter().sum::<f64>() / 90.0;
        let cells: Vec<String> = all.iter().map(ToString::to_string).collect();
        writeln!(lines, "{date},{},{mean}", cells.join(",")).unwrap();
    }
    fs::write(folder.join("prices.csv"), lines).unwrap();
}

#[test]
fn an_index_of_many_stocks_is_tracked_with_some_at_once() {
    let place = tempfile::tempdir().unwrap();
    wide(place.path());
    let init = ["init", "index-tracking", "--prices", "prices.csv", "--benchmark", "INDEX"];
    assert!(walkfolio(place.path(), &init).status.success());
    let run = ["run", "index-tracking.toml", "--bulk", "--json", "--out", "run"];
    let output = walkfolio(place.path(), &run);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = text(&output.stdout).lines().last().unwrap().to_owned();
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    let held = json["measures"]["full"]["holdings_mean"].as_f64().unwrap();
    assert!((20.0..=40.0).contains(&held), "{held}");
    assert!(json["measures"]["full"]["tracking_error"].as_f64().unwrap() > 0.0);
}

#[test]
fn what_is_found_in_a_price_file_is_said() {
    let place = tempfile::tempdir().unwrap();
    small(place.path());
    let init = |more: &[&str]| {
        let base = ["init", "replica", "--prices", "prices.csv"];
        walkfolio(place.path(), &[&base[..], more].concat())
    };
    assert_snapshot!(text(&init(&["--benchmark", "FUND"]).stdout), @r"
    wrote replica.toml
          3 assets against FUND, 200 rows, 2023-01-02 to 2023-10-06; decisions from 2023-04-25
    next  walkfolio run replica.toml
    ");
    assert_snapshot!(fs::read_to_string(place.path().join("replica.toml")).unwrap(), @r#"
    # Replicate a fund: track its returns with a few liquid funds, with monthly decisions from past data only.
    #
    #   walkfolio run replica.toml               runs on prices.csv
    #   walkfolio explain KEY                    explains any key
    name = "replica" # letters, digits, - and _: it becomes part of the run's folder

    [market]
    source    = { kind = "csv" } # the folder of the files, as seen from this one
    files     = { prices = "prices.csv" } # in that folder
    assets    = ["AAA", "BBB", "CCC"] # may be held
    benchmark = "FUND" # the fund that is replicated; it is never held
    max_gap   = 5 # after a longer gap in its prices an asset is a new one

    [walk_forward]
    first = 2023-04-25 # no decision before this date; windows reach further back
    # last = 2023-10-06 # without it, to the last date of the prices
    every = "5d" # a number of sessions; or "week" or "month"

    [allocate.objective]
    kind   = "tracking_error" # least squares against the benchmark's returns
    window = 60 # sessions before each decision

    [allocate.bounds]
    min = 0.0 # minimum weight of one asset: 0 forbids short positions
    max = 0.75 # maximum weight of one asset

    [allocate.min_weight]
    below = 0.005 # weights below half a percent are small
    rule  = "drop_and_renormalize" # small weights become 0, and the others are scaled to sum to 1

    [costs]
    per_side_bps = 5 # basis points of the traded value, per side

    # What is done about findings of the data check; walkfolio explain clean has more.
    [clean]
    gap = { kind = "forward_fill", limit_days = 5 } # the last price stands for one that is missing

    # A target, with which the report compares the result; remove the # to have it.
    # [[target]]
    # measure = "tracking_error" # any key of measures.json
    # max     = 0.05 # a fraction: 5 % per year
    "#);
    assert_snapshot!(text(&init(&["--force"]).stderr), @r"
    × replica tracks a benchmark: which column is it?
    help: add --benchmark with one of AAA, BBB, CCC, FUND
    ");
    assert_snapshot!(text(&init(&["--force", "--benchmark", "FUNDS"]).stderr), @r"
    × prices.csv has no FUNDS
    help: did you mean FUND?
    ");
}

#[test]
fn the_sample_market_as_files_gives_the_same_decisions() {
    let place = tempfile::tempdir().unwrap();
    assert_snapshot!(text(&walkfolio(place.path(), &["sample", "files"]).stdout), @r"
    wrote files/prices.csv
    wrote files/benchmark.csv
    wrote files/factors.csv
    next  walkfolio init replica --prices files/prices.csv --benchmark files/benchmark.csv
    ");
    assert_eq!(walkfolio(place.path(), &["sample", "files"]).status.code(), Some(2));
    assert!(walkfolio(place.path(), &["init", "replica"]).status.success());
    let set = "market.files.benchmark=benchmark.csv";
    let own =
        ["run", "replica.toml", "--bulk", "--out", "files-run", "--data", "files", "--set", set];
    for run in [&["run", "replica.toml", "--bulk", "--out", "built-in"][..], &own] {
        let output = walkfolio(place.path(), run);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let read = |run: &str| fs::read(place.path().join(run).join("decisions.parquet")).unwrap();
    assert!(read("built-in") == read("files-run"));
    let factors = ["init", "long-short", "--prices", "files/prices.csv"];
    let factors = [&factors[..], &["--factors", "files/factors.csv"]].concat();
    assert!(walkfolio(place.path(), &factors).status.success());
    let study = fs::read_to_string(place.path().join("long-short.toml")).unwrap();
    assert!(study.contains("french3") && study.contains("[allocate.beta]"), "{study}");
    let output =
        walkfolio(place.path(), &["run", "long-short.toml", "--bulk", "--out", "long-short"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}
