//! Formulas show the periods per year that their figures were made with.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::own;
use walkfolio::study::PeriodsPerYear;
use walkfolio::{Run, Silent, Study};
use walkfolio_report::{Side, compare_html, html};

const STUDY: &str = r#"
name = "formulas"
periods_per_year = 250
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK"]
benchmark = "MTUM"
factors = "french3"
[walk_forward]
first = 2020-06-01
last = 2021-12-31
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 120 }
bounds = { min = 0.0, max = 0.40 }
"#;

fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let study = Study::parse("formulas.toml", STUDY, &[]).unwrap();
        study.run(&study.market(None).unwrap(), &Silent).unwrap()
    })
}

/// The formulas of a page: its code and the titles of its rows.
fn formulas(page: &str) -> Vec<&str> {
    let between = |start: &'static str, end: &'static str| {
        page.split(start).skip(1).map(move |rest| rest.split_once(end).unwrap().0)
    };
    // The hash of a file is code as well, and any digits can occur in it.
    let is_hash = |text: &&str| text.starts_with(" title=\"");
    let code = between("<code", "</code>").filter(|text| !is_hash(text));
    code.chain(between("scope=\"row\" title=\"", "\"")).collect()
}

fn assert_uses_250(page: &str, wanted: &[&str]) {
    let formulas = formulas(page);
    for wanted in wanted {
        assert!(formulas.iter().any(|formula| formula.contains(wanted)), "{wanted}: {formulas:?}");
    }
    for formula in formulas {
        assert!(!formula.contains("252"), "{formula}");
        assert!(!formula.contains("periods_per_year"), "{formula}");
    }
}

#[test]
fn a_report_has_the_periods_of_its_run_in_every_formula() {
    let page = own(&html(run()).unwrap());
    assert!(page.contains("id=\"attribution\"") && page.contains("id=\"risk\""));
    assert_uses_250(&page, &["std(r_p - r_b) * sqrt(250)", "250 a", "250 mean(r)"]);
}

#[test]
fn a_comparison_has_the_periods_of_its_runs() {
    let side = |name| Side { name, place: "runs/one", run: run() };
    let page = own(&compare_html(&[side("one"), side("two")], &[]).unwrap());
    assert_uses_250(&page, &["mean(r_2 - r_1) * 250", "std(r_p - r_b) * sqrt(250)"]);
}

#[test]
fn a_comparison_of_unlike_years_names_the_setting() {
    let mut other = run().clone();
    other.manifest.resolved.periods_per_year = PeriodsPerYear::Number(12.0);
    let sides = [
        Side { name: "one", place: "runs/one", run: run() },
        Side { name: "two", place: "runs/two", run: &other },
    ];
    let page = own(&compare_html(&sides, &[]).unwrap());
    assert!(page.contains("std(r_p - r_b) * sqrt(periods_per_year)"));
}
