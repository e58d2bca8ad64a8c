//! Data and calls at the edge of what makes sense: each is answered, none ends the program badly.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::{Output, Stdio};

use common::{text, walkfolio};
use walkfolio::Date;

const STUDY: &str = r#"
name = "edges"
[market]
source = { kind = "csv" }
files = { prices = "prices.csv" }
assets = ["*"]
benchmark = "FUND"
[walk_forward]
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 20 }
bounds = { min = 0.0, max = 1.0 }
"#;

/// Weekdays of a few months, and columns by name with a price of each row.
fn prices(folder: &Path, rows: usize, columns: &[(&str, &dyn Fn(usize) -> f64)]) {
    let first = Date::constant(2023, 1, 3);
    let days = std::iter::successors(Some(first), |date| date.tomorrow().ok());
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut lines = format!("date,{}\n", names.join(","));
    for (row, date) in
        days.filter(|date| date.weekday().to_monday_one_offset() <= 5).take(rows).enumerate()
    {
        write!(lines, "{date}").unwrap();
        for (_, price) in columns {
            write!(lines, ",{}", price(row)).unwrap();
        }
        lines.push('\n');
    }
    std::fs::write(folder.join("prices.csv"), lines).unwrap();
}

fn wave(row: usize, step: usize) -> f64 {
    100.0 + f64::from(u8::try_from(row * step % 7).unwrap()) / 5.0
}

fn run(folder: &Path, study: &str, more: &[&str]) -> Output {
    std::fs::write(folder.join("s.toml"), study).unwrap();
    let mut command = walkfolio(&["run", "s.toml", "--out", "out"]);
    command.args(more).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn series_that_tell_nothing_of_their_own_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (a, fund) = (|row| wave(row, 3), |row| wave(row, 2));
    prices(
        folder.path(),
        120,
        &[("AAA", &a), ("COPY", &a), ("FLAT", &|_| 50.0), ("FUND", &fund), ("ETF", &fund)],
    );
    let said_of = said(&run(folder.path(), STUDY, &[]));
    for line in [
        "warning: 1 of 5 series have one price throughout, so that they seem to bear no risk: FLAT",
        "warning: 2 pairs of series have the same returns on every day",
        "AAA and COPY, ETF and FUND",
    ] {
        assert!(said_of.contains(line), "{line} is not in\n{said_of}");
    }
    let checked =
        walkfolio(&["check", "--prices", "prices.csv"]).current_dir(folder.path()).output();
    let report = text(&checked.unwrap().stdout);
    assert!(report.contains("FLAT has one price throughout: 120 prices are equal"), "{report}");
    assert!(report.contains("COPY has the prices of AAA: all 120 prices are equal"), "{report}");
}

#[test]
fn a_benchmark_among_the_assets_and_a_lone_asset_are_said() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path(), 120, &[("AAA", &|row| wave(row, 3)), ("FUND", &|row| wave(row, 2))]);
    let among = STUDY.replace("[\"*\"]", "[\"AAA\", \"FUND\"]");
    let said_of = said(&run(folder.path(), &among, &[]));
    assert!(said_of.contains("warning: the benchmark FUND is one of the assets"), "{said_of}");
    let said_of = said(&run(folder.path(), STUDY, &["--replace"]));
    assert!(said_of.contains("warning: AAA is the only asset"), "{said_of}");
}

#[test]
fn a_walk_without_a_rebalance_and_a_file_of_one_row_say_so() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path(), 120, &[("AAA", &|row| wave(row, 3)), ("FUND", &|row| wave(row, 2))]);
    let inside = STUDY
        .replace("every = \"month\"", "every = \"month\"\nfirst = 2023-04-05\nlast = 2023-04-20");
    let output = run(folder.path(), &inside, &[]);
    assert_eq!(output.status.code(), Some(2));
    let why = text(&output.stderr);
    assert!(why.contains("no rebalance begins between 2023-04-05 and 2023-04-20"), "{why}");
    assert!(why.contains("rebalance more often"), "{why}");
    prices(folder.path(), 1, &[("AAA", &|row| wave(row, 3)), ("FUND", &|row| wave(row, 2))]);
    let output = run(folder.path(), STUDY, &["--replace"]);
    assert_eq!(output.status.code(), Some(2));
    let why = text(&output.stderr);
    assert!(why.contains("prices.csv has one row, 2023-01-03: a return needs two"), "{why}");
}

#[test]
fn a_reader_that_has_gone_ends_nothing_badly() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path(), 120, &[("AAA", &|row| wave(row, 3)), ("FUND", &|row| wave(row, 2))]);
    std::fs::write(folder.path().join("s.toml"), STUDY).unwrap();
    std::fs::write(folder.path().join("bad.toml"), "name = 1").unwrap();
    for (study, code) in [("s.toml", 0), ("bad.toml", 2)] {
        let mut command = walkfolio(&["run", study, "--out", study.trim_end_matches(".toml")]);
        command.current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Both ends are closed before a line is written, or soon after.
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(code), "{study}");
    }
    let mut child = walkfolio(&["explain"]).stdout(Stdio::piped()).spawn().unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn huge_numbers_and_keys_of_other_tables_are_answered_briefly() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path(), 120, &[("AAA", &|row| wave(row, 3)), ("FUND", &|row| wave(row, 2))]);
    let huge = format!("{STUDY}[costs]\nper_side_bps = 1e300\n");
    let why = text(&run(folder.path(), &huge, &[]).stderr);
    assert!(why.contains("must be between 0 and 10000, found 1e300"), "{why}");
    let wrong = STUDY.replace("[walk_forward]", "[walk_forward]\nperiods_per_year = 52");
    let why = text(&run(folder.path(), &wrong, &[]).stderr);
    assert!(why.contains("it belongs at the top of the file, above the first [table]"), "{why}");
}
