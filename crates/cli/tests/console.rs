//! What `walkfolio run` must not keep to itself.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::Path;

use common::{text, walkfolio};
use insta::assert_snapshot;
use walkfolio::Date;

const STUDY: &str = r#"
name = "console"
[market]
files = { prices = "prices.csv" }
assets = ["AAA", "BBB"]
benchmark = "FUND"
[walk_forward]
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 20 }
bounds = { min = 0.0, max = 0.4, when_too_tight = "raise" }
[[period]]
name = "later"
first = 2030-01-01
"#;

/// A year of weekdays with a 3:2 split of AAA that is left in, and two rows of BBB that are late.
fn prices(folder: &Path) {
    let first = Date::constant(2023, 1, 3);
    let days = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(360);
    let dates: Vec<Date> = days.filter(|date| date.weekday().to_monday_one_offset() <= 5).collect();
    let mut lines = "date,AAA,BBB,FUND\n".to_owned();
    for (row, date) in dates.iter().enumerate() {
        let wave = |step: usize| 100.0 + f64::from(u8::try_from(row * step % 5).unwrap()) / 5.0;
        let a = if row < 121 { wave(7) } else { wave(7) / 1.5 };
        let b = if row + 2 < dates.len() { wave(3).to_string() } else { String::new() };
        writeln!(lines, "{date},{a},{b},{}", wave(2)).unwrap();
    }
    std::fs::write(folder.join("prices.csv"), lines).unwrap();
}

/// What is printed, on both streams.
fn run(folder: &Path) -> String {
    let (study, out) = (folder.join("s.toml"), folder.join("out"));
    std::fs::write(&study, STUDY).unwrap();
    let out = out.to_str().unwrap();
    let output = walkfolio(&["run", study.to_str().unwrap(), "--out", out]).output().unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_run_says_what_is_wrong_with_its_data() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path());
    let said = run(folder.path());
    for line in [
        "error: data, missed split: AAA changes by the factor 1/1.494 on 2023-06-21: looks like an \
         unadjusted split 3:2",
        "warning: BBB ends 2 rows before the file; not treated as a delisting",
        "warning: period later has no session in the backtest",
        "note: bounds.max 0.4 over 2 assets cannot sum to 1; it is raised to 0.5000",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
}

#[test]
fn files_that_are_named_are_never_replaced_by_the_sample_market() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path());
    assert!(said.contains("prices.csv") && said.contains("--data"), "{said}");
    assert!(!folder.path().join("out").exists(), "{said}");
}

#[test]
fn a_price_file_is_no_study() {
    let output = walkfolio(&["run", "prices.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(text(&output.stderr), @r"
    × prices.csv is a data file, not a study (TOML)
    help: check its prices: walkfolio check --prices prices.csv; write a study for them: walkfolio
          init replica --prices prices.csv --benchmark TICKER
    ");
}

#[test]
fn the_assessment_is_above_the_report_and_a_short_study_says_so() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path());
    run(folder.path());
    let (study, out) = (folder.path().join("s.toml"), folder.path().join("short"));
    let (study, out) = (study.to_str().unwrap(), out.to_str().unwrap());
    let last = ["--set", "walk_forward.last=2023-11-30"];
    let output = walkfolio(&["run", study, "--out", out]).args(last).output().unwrap();
    let said = text(&output.stdout);
    let note = "note: walk_forward.last is 2023-11-30; the prices go on to 2023-12-28";
    assert!(said.contains(note), "{said}");
    let lines: Vec<&str> = said.trim_end().lines().collect();
    assert!(lines[lines.len() - 1].starts_with("report  "), "{said}");
    let sentence =
        lines[..lines.len() - 2].iter().rev().find(|line| !line.starts_with(' ')).unwrap();
    assert!(sentence.starts_with(char::is_uppercase), "{said}");
}

#[test]
fn a_terminal_has_colour_and_a_pipe_has_none() {
    let folder = tempfile::tempdir().unwrap();
    prices(folder.path());
    run(folder.path());
    let (study, out) = (folder.path().join("s.toml"), folder.path().join("out"));
    let run = |set: Option<(&str, &str)>| {
        let arguments =
            ["run", study.to_str().unwrap(), "--replace", "--out", out.to_str().unwrap()];
        let mut command = walkfolio(&arguments);
        command.env_remove("NO_COLOR").envs([("CLICOLOR_FORCE", "")]).envs(set);
        text(&command.output().unwrap().stdout)
    };
    let coloured = run(Some(("CLICOLOR_FORCE", "1")));
    assert!(coloured.starts_with("\u{1b}[1mconsole on prices.csv\u{1b}[0m\n"), "{coloured}");
    assert!(coloured.contains("\u{1b}[31merror: data") && coloured.contains("\u{1b}[33mwarning: "));
    assert!(!run(None).contains('\u{1b}'));
}
