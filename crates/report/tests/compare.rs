//! The page that compares runs, against the runs.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::{data, own, section};
use walkfolio::{Run, Silent, Study};
use walkfolio_report::{Side, compare_html};

const TRACK: &str = r#"
name = "track"
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK"]
benchmark = "MTUM"
[walk_forward]
first = 2019-06-01
last = 2021-12-31
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.40 }
[costs]
per_side_bps = 5
"#;

fn run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    let made = || {
        let study = Study::parse("track.toml", TRACK, &[]).unwrap();
        study.run(&study.market(None).unwrap(), &Silent).unwrap()
    };
    RUN.get_or_init(made).clone()
}

/// The same run with other returns.
fn shifted(by: impl Fn(usize, f64) -> f64) -> Run {
    let mut run = run();
    for (place, row) in run.returns.iter_mut().enumerate() {
        row.portfolio = by(place, row.portfolio);
    }
    run
}

fn compared(first: &Run, other: &Run) -> String {
    let sides = [
        Side { name: "one", place: "runs/one", run: first },
        Side { name: "two", place: "runs/two", run: other },
    ];
    compare_html(&sides, &["the prices differ".to_owned()]).unwrap()
}

/// The row of a figure: its difference, its interval and its outcome.
fn row<'a>(html: &'a str, figure: &str) -> Vec<&'a str> {
    let table = section(html, "differences");
    let (_, rest) = table.split_once(&format!("<summary>{figure}</summary>")).unwrap();
    let (row, _) = rest.split_once("</tr>").unwrap();
    row.split("<td>").skip(1).map(|cell| cell.split_once("</td>").unwrap().0).collect()
}

#[test]
fn a_sure_difference_is_told_and_what_is_alike_is_not() {
    let html = own(&compared(&run(), &shifted(|_, r| r + 0.0004)));
    let mean = row(&html, "Annualized mean return");
    assert_eq!(mean[..3], ["10.08\u{202f}%", "10.08 to 10.08\u{202f}%", "better"]);
    assert_eq!(row(&html, "Tracking error")[2], "not significant");
    assert_eq!(row(&html, "Volatility")[2], "not significant");
    // Text and sign agree: the second run earns more, and the formula takes the first from it.
    let table = section(&html, "differences");
    assert!(table.contains("<th scope=\"rowgroup\" colspan=\"4\">two less one</th>"));
    for formula in ["mean(r_2 - r_1) * 252", "SR_2 - SR_1", "(std(r_2) - std(r_1))"] {
        assert!(table.contains(formula), "{formula}: {table}");
    }
    assert!(table.contains("(std(r_2 - r_b) - std(r_1 - r_b))"));
    let sentence = section(&html, "assessment");
    assert!(sentence.contains("annualized mean return 10.08 points higher"), "{sentence}");
    assert!(html.contains("the prices differ"));
}

#[test]
fn more_tracking_error_is_worse_and_less_is_better() {
    let noise = |place: usize| if place.is_multiple_of(2) { 0.01 } else { -0.01 };
    let noisy = shifted(|place, r| r + noise(place));
    let worse = own(&compared(&run(), &noisy));
    assert_eq!(row(&worse, "Tracking error")[2], "worse");
    assert_eq!(row(&worse, "Volatility")[2], "higher");
    let better = own(&compared(&noisy, &run()));
    assert_eq!(row(&better, "Tracking error")[2], "better");
    assert_eq!(row(&better, "Annualized mean return")[2], "not significant");
}

#[test]
fn equal_runs_cannot_be_told_apart() {
    let html = own(&compared(&run(), &run()));
    let sentence = section(&html, "assessment");
    assert!(
        sentence.contains("two does not differ significantly from one in any of"),
        "{sentence}"
    );
    let page = data(&compared(&run(), &run()));
    let distances = page["distances"][0]["values"].as_array().unwrap();
    assert_eq!(distances.len(), run().manifest.decisions);
    assert!(distances.iter().all(|distance| distance == 0.0));
    let relative = page["relative"][0]["value"].as_array().unwrap();
    assert!(relative.iter().all(|value| value == 100.0));
}

#[test]
fn every_measure_stands_beside_its_distance() {
    let mut other = run();
    let set = other.measures.full.iter();
    let moved = set.map(|(key, value)| (key.to_owned(), value.map(|value| value + 0.5)));
    other.measures.full = moved.collect();
    let html = own(&compared(&run(), &other));
    let table = section(&html, "measures");
    let known = run().measures.full.iter().filter(|(_, value)| value.is_some()).count();
    let percents = table.matches("<small class=\"band\">+50.00\u{202f}%</small>").count();
    let numbers = table.matches("<small class=\"band\">+0.500</small>").count();
    // Counts of whole things are rounded.
    assert!(percents + numbers >= known - 3, "{percents} {numbers} {known}");
}

#[test]
fn nothing_that_users_write_becomes_html() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let mut run = run();
    run.manifest.study = evil.to_owned();
    run.manifest.assets[0] = evil.to_owned();
    run.decisions.iter_mut().filter(|row| row.asset == "XLE").for_each(|row| {
        row.asset = evil.to_owned();
    });
    let side = Side { name: evil, place: evil, run: &run };
    let html = compare_html(&[side, side], &[evil.to_owned()]).unwrap();
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"));
    assert_eq!(html.matches("</script>").count(), 4, "data, plotting, common, page");
    assert!(html.len() < 2_500_000);
}
