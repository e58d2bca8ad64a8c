//! What a new user does wrong in a study, and what the program says to it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;

use common::{text, walkfolio};
use insta::assert_snapshot;

/// Every message with its remedy, without what is drawn around them.
fn told(stderr: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in stderr.lines().map(str::trim) {
        if line.starts_with('×') || line.starts_with("help:") {
            lines.push(line.to_owned());
        } else if let Some(more) = line.strip_prefix("│ ")
            && let Some(last) = lines.last_mut().filter(|last| last.starts_with('×'))
        {
            last.push(' ');
            last.push_str(more);
        }
    }
    lines.join("\n")
}

/// A study of `walkfolio init` with something replaced.
fn wrong(old: &str, new: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    let in_place =
        |arguments: &[&str]| walkfolio(arguments).current_dir(place.path()).output().unwrap();
    assert!(in_place(&["init", "replica"]).status.success());
    let path = place.path().join("replica.toml");
    let study = fs::read_to_string(&path).unwrap();
    assert!(study.contains(old), "{old}");
    fs::write(&path, study.replacen(old, new, 1)).unwrap();
    let output = in_place(&["run", "replica.toml", "--out", "out"]);
    assert_eq!(output.status.code(), Some(2), "{new}: {}", text(&output.stdout));
    format!("{new}\n{}", told(&text(&output.stderr)))
}

/// The study as it is, called in another way.
fn called(arguments: &[&str]) -> String {
    let place = tempfile::tempdir().unwrap();
    let in_place =
        |arguments: &[&str]| walkfolio(arguments).current_dir(place.path()).output().unwrap();
    assert!(in_place(&["init", "replica"]).status.success());
    let output = in_place(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    format!("{}\n{}", arguments.join(" "), told(&text(&output.stderr)))
}

const ASSETS: &str =
    r#"["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"]"#;

#[test]
fn a_wrong_study_is_answered_with_the_fault_and_the_remedy() {
    let all = [
        wrong("max = 0.30", "maximum = 0.30"),
        wrong("max = 0.30", "max = \"30%\""),
        wrong("max = 0.30", "max = 30"),
        wrong("min = 0.0", "min = 0.5"),
        wrong("first          = 2019-06-01", "first = \"June 2019\""),
        wrong("first          = 2019-06-01", "first = 2019-06-31"),
        wrong("first          = 2019-06-01", "first = 2025-12-01"),
        wrong("\"month\"", "\"monthly\""),
        wrong(ASSETS, "[]"),
        wrong(ASSETS, "\"XLE\""),
        wrong(ASSETS, "[\"XLE\", \"XLE\"]"),
        wrong("\"MTUM\"", "\"MTM\""),
        wrong("\"tracking_error\" # least", "\"tracking\" # least"),
        wrong("[costs]", "[cost]"),
        wrong("per_side_bps = 5", "per_side_bps = -5"),
        wrong("measure = \"tracking_error\"", "measure = \"te\""),
        wrong("window = 252", "window = 25200"),
        wrong("\"sample\"", "\"csv\""),
        wrong("\"replica\"", "\"my replica\""),
        wrong("\"replica\"", "replica"),
    ];
    assert_snapshot!(all.join("\n\n"), @r#"
    maximum = 0.30
    × allocate.bounds.maximum: unknown key `maximum`
    help: did you mean `max`?

    max = "30%"
    × allocate.bounds.max: must be a number, found the text "30%"
    help: write 0.3: percentages are fractions

    max = 30
    × allocate.bounds.max: 30 is more than all equity, and none is borrowed
    help: a weight is a fraction: write 0.3 for 30 %

    min = 0.5
    × allocate.bounds: min 0.5 is larger than max 0.3
    help: swap the two
    × allocate.bounds.min: 0.5 over 11 assets sums to 5.5000, above 1
    help: lower it to at most 0.0909

    first = "June 2019"
    × walk_forward.first: must be a date, found the text "June 2019"
    help: write it as 2019-06-01

    first = 2019-06-31
    × not valid TOML: invalid date, expected day between 01 and 30
    help: write an existing day, as 2019-06-30

    first = 2025-12-01
    × walk_forward.first: 2025-12-01 is later than walk_forward.last = 2025-06-30
    help: swap the two

    "monthly"
    × walk_forward.every: unknown rebalance frequency "monthly"
    help: one of: week, month, quarter, year, 5d (a number of sessions), { dates = "file.csv" }

    []
    × market.assets: the list of assets is empty
    help: name at least one: assets = ["SPY", "GLD"]

    "XLE"
    × market.assets: must be a list, found the text "XLE"
    help: write ["XLE"]

    ["XLE", "XLE"]
    × market.assets: XLE is listed twice among the assets, at positions 1 and 2
    help: name each asset once
    × allocate.bounds.max: 0.3 over 2 assets sums to 0.6000, below 1
    help: raise it to at least 0.5000, or set when_too_tight = "raise" in allocate.bounds

    "MTM"
    × market.benchmark: asset MTM is not in the sample market
    help: did you mean MTUM? it has XLE, XLF, XLU, XLI, XLK, XLV, XLY, XLP, XLB, SMH, AIQ, MTUM,

    "tracking" # least
    × allocate.objective.kind: unknown value "tracking"
    help: did you mean `tracking_error`?

    [cost]
    × cost: unknown key `cost`
    help: did you mean `costs`?

    per_side_bps = -5
    × costs.per_side_bps: must be between 0 and 10000, found -5
    help: 5 is five hundredths of a percent

    measure = "te"
    × target[0].measure: unknown measure "te"
    help: one of the keys of measures.json, such as tracking_error

    window = 25200
    × no decision falls between 2005-08-15 and 2025-06-30: no asset is eligible at the decision of 2025-06-30: none has 25200 returns and a month-end price 13 months before the last month-end
    help: choose other dates, shorten the windows, or supply earlier data

    "csv"
    × prices.csv cannot be read: No such file or directory (os error 2)
    help: check the path; files of a study are looked up below the data folder (--data)

    "my replica"
    × name: "my replica" cannot be part of a folder's name
    help: use 1 to 64 ASCII letters, digits, - and _

    replica
    × not valid TOML: string values must be quoted, expected literal string
    help: put a text in quotes, and give a key one value
    "#);
}

#[test]
fn a_wrong_call_is_answered_with_the_fault_and_the_remedy() {
    let all = [
        called(&["run", "nowhere.toml"]),
        called(&["run", "."]),
        called(&["run", "replica.toml", "--data", "nowhere"]),
        called(&["run", "replica.toml", "--set", "allocate.bound.max=0.2"]),
        called(&["run", "replica.toml", "--set", "costs.per_side_bps=abc"]),
        called(&["run", "replica.toml", "--set", "costs.per_side_bps"]),
        called(&["run", "replica.toml", "--resume"]),
        called(&["check", "--prices", "nowhere.csv"]),
        called(&["report", "replica.toml"]),
        called(&["verify", "nowhere"]),
    ];
    assert_snapshot!(all.join("\n\n"), @r#"
    run nowhere.toml
    × nowhere.toml: cannot read the study: No such file or directory (os error 2)
    help: check the path

    run .
    × .: cannot read the study: Is a directory (os error 21)
    help: name a study file in it

    run replica.toml --data nowhere
    × nowhere/prices.csv cannot be read: No such file or directory (os error 2)
    help: check the path; files of a study are looked up below the data folder (--data)

    run replica.toml --set allocate.bound.max=0.2
    × allocate.bound: unknown key `bound`
    help: did you mean `bounds`?

    run replica.toml --set costs.per_side_bps=abc
    × costs.per_side_bps: must be a number, found the text "abc"

    run replica.toml --set costs.per_side_bps
    × --set: `costs.per_side_bps` has no `=`
    help: write --set costs.per_side_bps=10

    run replica.toml --resume
    × cannot resume in runs: it holds no unfinished run of this study, this data and this build
    help: run it without --resume, or name the folder of the run with --out

    check --prices nowhere.csv
    × nowhere.csv cannot be read: No such file or directory (os error 2)
    help: check the path; files of a study are looked up below the data folder (--data)

    report replica.toml
    × replica.toml is not a run: it has no run.json
    help: name the folder that `walkfolio run` wrote; it has a report.html

    verify nowhere
    × nowhere does not exist
    help: name the folder that `walkfolio run` wrote; it has a report.html
    "#);
}
