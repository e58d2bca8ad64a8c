//! Sound files: no errors but the known ones, and few warnings.

use walkfolio_data::quality::{Kind, Panel, Severity, inspect};
use walkfolio_data::read_prices;

use crate::common::data;
use crate::{counts, read};

fn wide(file: &str) -> Option<Panel> {
    data(file).map(|path| read_prices(&path).unwrap())
}

#[test]
fn the_replica_study_has_nothing_to_report() {
    for file in ["mtum/prices.csv", "mtum/close.csv"] {
        let Some(panel) = wide(file) else { return };
        assert_eq!(counts(&inspect(&panel)), "");
    }
}

#[test]
fn the_long_short_study_has_its_three_real_crashes() {
    let Some(panel) = wide("global_etf/prices.csv") else { return };
    let report = inspect(&panel);
    let lines: Vec<String> = report
        .findings
        .iter()
        .map(|finding| format!("{}: {}", finding.severity.as_str(), finding.message))
        .collect();
    // data/README.md, "Known faults": all three are real.
    insta::assert_snapshot!(lines.join("\n"), @"
    note: ILF moves +26.2 % on 2008-10-13, 2 deviations
    note: USO moves −25.3 % on 2020-03-09, 3 deviations
    note: USO moves −25.1 % on 2020-04-21, 6 deviations
    ");
}

#[test]
fn of_two_million_prices_a_hundred_are_suspect() {
    let Some(panel) = wide("universe/sp500_adjclose_2010_2026.parquet") else { return };
    let report = inspect(&panel);
    assert_eq!(report.count(Severity::Error), 0);
    // The stale runs are of two assets (AMCR, SW) that hardly traded before they listed in New York.
    // DHR's unadjusted spin-off is the known fault among them.
    assert!(report.findings.iter().any(|finding| {
        finding.severity == Severity::Warning && finding.message.starts_with("DHR moves +61.2 %")
    }));
    insta::assert_snapshot!(counts(&report), @"
    warning stale_price 27
    warning spin_off 65
    warning reversal 5
    warning jump 5
    note jump 242
    ");
}

#[test]
fn a_file_of_members_has_its_two_known_rows() {
    let file = "universe/sp500_survivorship_free_2013_2018_long.parquet";
    let Some(path) = data(file) else { return };
    let report = inspect(&read::long(&path));
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<(Kind, String)> =
        errors.map(|finding| (finding.kind, finding.first.to_string())).collect();
    // data/README.md: two stray rows on Good Friday, two tickers only on 2017-11-08. A spin-off of
    // half the company's value, left in the prices, looks like a split of 2:1.
    let sparse = |date: &str| (Kind::SparseSession, date.to_owned());
    let split = (Kind::MissedSplit, "2013-05-24".to_owned());
    assert_eq!(errors, [split, sparse("2017-04-14"), sparse("2017-11-08")]);
    insta::assert_snapshot!(counts(&report), @"
    error sparse_session 2
    error missed_split 1
    warning spin_off 41
    warning reversal 2
    warning jump 8
    warning gap 53
    warning extra_session 1
    note jump 71
    ");
}
