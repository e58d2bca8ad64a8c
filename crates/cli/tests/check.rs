//! `walkfolio check` as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use common::{text, walkfolio};
use insta::assert_snapshot;

/// The sessions of March 2024.
const MARCH: [u8; 20] = [1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28];

/// A month of two assets, with what a test puts in place of a line.
fn prices(folder: &Path, faulty: &[(usize, &str)]) -> PathBuf {
    let mut lines = "date,XLE,XLF\n".to_owned();
    for (row, day) in MARCH.iter().enumerate() {
        let date = format!("2024-03-{day:02}");
        match faulty.iter().find(|(place, _)| *place == row) {
            Some((_, cells)) => writeln!(lines, "{date},{cells}").unwrap(),
            None => writeln!(lines, "{date},{},{}", 100 + row * 7 % 5, 50 + row * 3 % 4).unwrap(),
        }
    }
    let path = folder.join("prices.csv");
    std::fs::write(&path, lines).unwrap();
    path
}

/// Exit code and what is printed.
fn check(arguments: &[&str]) -> (i32, String) {
    let output = walkfolio(&[&["check"], arguments].concat()).output().unwrap();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn a_sound_file_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let path = prices(folder.path(), &[]);
    let (code, printed) = check(&["--prices", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert_snapshot!(printed, @"
    prices.csv: 20 rows, 2 assets, 2024-03-01 to 2024-03-28
    nothing to report

    Coverage       first        last  prices  missing
    XLE       2024-03-01  2024-03-28      20        0
    XLF       2024-03-01  2024-03-28      20        0
    ");
}

#[test]
fn faults_are_told_worst_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = prices(folder.path(), &[(5, "-1,51"), (9, "10100,50"), (13, ",52"), (15, "100,")]);
    let out = folder.path().join("out");
    let path = path.to_str().unwrap();
    let (code, printed) = check(&["--prices", path, "--out", out.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert_snapshot!(printed, @"
    prices.csv: 20 rows, 2 assets, 2024-03-01 to 2024-03-28
    2 errors, 2 warnings, 0 notes

    1 error bad price
      XLE has price -1 on 2024-03-08; a price must be positive and finite
      hint: download the asset again, or set clean.bad_price

    1 error unit error
      XLE is 100 times what it was, on 2024-03-14: a change of unit
      hint: bring the rows to one currency unit, or set clean.unit_error

    2 warnings gap
      XLE lacks 1 price on 2024-03-20
      XLF lacks 1 price on 2024-03-22
      hint: supply the prices, or set clean.gap

    Coverage       first        last  prices  missing
    XLE       2024-03-01  2024-03-28      19        1
    XLF       2024-03-01  2024-03-28      19        1
    ");
    let written = std::fs::read(out.join("data-report.json")).unwrap();
    let (code, line) = check(&["--prices", path, "--json"]);
    assert_eq!(code, 1);
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(written, line);
    assert_eq!(line["counts"]["error"], 2);
    assert_eq!(line["findings"][0]["kind"], "bad_price");
    assert_eq!(line["findings"][0]["value"], -1.0);
}

#[test]
fn what_cannot_be_read_is_told_apart() {
    let (code, printed) = check(&["--prices", "no-such-file.csv"]);
    assert_eq!(code, 2);
    assert!(printed.contains("no-such-file.csv cannot be read"), "{printed}");
    let folder = tempfile::tempdir().unwrap();
    let header = folder.path().join("header.csv");
    std::fs::write(&header, "date,XLE\n").unwrap();
    let (code, printed) = check(&["--prices", header.to_str().unwrap()]);
    assert_eq!(code, 2, "{printed}");
    let (code, printed) = check(&[]);
    assert_eq!(code, 2);
    assert!(printed.contains("<STUDY|--prices <FILE>>") || printed.contains("STUDY"), "{printed}");
}

#[test]
fn a_study_is_checked_on_its_source() {
    let (code, printed) = check(&["studies/mtum-replica.toml"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.starts_with("the sample market: "), "{printed}");
}

#[test]
fn the_reference_studies_are_clean_on_real_data() {
    let default = common::repository().join("../shared/data");
    let data = std::env::var_os("WALKFOLIO_DATA").map_or(default, PathBuf::from);
    if !data.join("mtum/prices.csv").exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", data.display());
        println!("skipped: real data not found");
        return;
    }
    for study in ["studies/mtum-replica.toml", "studies/long-short.toml"] {
        let (code, printed) = check(&[study, "--data", data.to_str().unwrap()]);
        assert_eq!(code, 0, "{study}\n{printed}");
    }
}

#[test]
fn a_run_writes_the_data_report_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    // A day without a price of XLE, which the study fills.
    prices(folder.path(), &[(13, ",52")]);
    let study = folder.path().join("study.toml");
    let text = "name = \"small\"\n[market]\nsource = { kind = \"csv\" }\n\
        files = { prices = \"prices.csv\" }\nassets = [\"XLE\", \"XLF\"]\nbenchmark = \"XLF\"\n\
        [clean]\ngap = { kind = \"forward_fill\", limit_days = 2 }\n\
        [walk_forward]\nevery = \"5d\"\n[allocate]\n\
        objective = { kind = \"tracking_error\", window = 5 }\n\
        bounds = { min = 0.0, max = 1.0 }\n";
    std::fs::write(&study, text).unwrap();
    let (study, out) = (study.to_str().unwrap(), folder.path().join("run"));
    let run = ["run", study, "--out", out.to_str().unwrap()];
    assert!(walkfolio(&run).output().unwrap().status.success());
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(out.join(name)).unwrap()).unwrap()
    };
    let (_, line) = check(&[study, "--json"]);
    let checked: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(read("data-report.json"), checked);
    assert_eq!(checked["findings"][0]["message"], "XLE lacks 1 price on 2024-03-20");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("id=\"data-report\"") && page.contains("XLE lacks 1 price"));
    let again = [&run[..], &["--bulk", "--replace"]].concat();
    assert!(walkfolio(&again).output().unwrap().status.success());
    assert!(!out.join("data-report.json").exists());
}

#[test]
fn how_a_file_was_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("german.csv");
    let rows = "04.03.2024;10,00;1.020,00\n05.03.2024;10,10;1.020,10\n";
    std::fs::write(&path, format!("Datum;AAA;BBB\n{rows}\nQuelle: Hausbank\n")).unwrap();
    let (code, told) = check(&["--prices", path.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert_snapshot!(told, @r#"
    german.csv: 2 rows, 2 assets, 2024-03-04 to 2024-03-05
    nothing to report

    How it was read
      german.csv: cells between semicolons, decimal comma, date "04.03.2024" is 2024-03-04, table ends
        above line 5

    Coverage       first        last  prices  missing
    AAA       2024-03-04  2024-03-05       2        0
    BBB       2024-03-04  2024-03-05       2        0
    "#);
    let px = folder.path().join("px");
    std::fs::create_dir(&px).unwrap();
    for name in ["AAA.csv", "BTC%2FUSD.csv"] {
        let bars = "date,close,VWAP\n2024-03-04,10,9\n2024-03-05,10.5,9\n";
        std::fs::write(px.join(name), bars).unwrap();
    }
    std::fs::write(px.join("notes.md"), "prices of my broker").unwrap();
    let (code, told) = check(&["--prices", px.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert_snapshot!(told, @r"
    px: 2 rows, 2 assets, 2024-03-04 to 2024-03-05
    nothing to report

    How it was read
      px: notes.md not read
      px: VWAP not read (2 files)

    Coverage       first        last  prices  missing
    AAA       2024-03-04  2024-03-05       2        0
    BTC/USD   2024-03-04  2024-03-05       2        0
    ");
}
