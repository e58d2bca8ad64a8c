//! The audit from outside: what is done to a file may not depend on the rows after a decision.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;

use common::on_real_data;
use walkfolio::{FileAudit, Silent, Study};
use walkfolio_core::{Date, calendar};

const STUDY: &str = r#"
name = "attacked"

[market]
source = { kind = "csv" }
files = { prices = "prices.csv", members = "members.csv" }
assets = ["A0", "A1", "A2", "A3", "A4", "A5"]
benchmark = "IDX"

[walk_forward]
every = "month"

[clean]
CLEAN

[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds = { min = 0.0, max = 0.5 }
"#;

/// A price that moves a little every day, more so later on.
fn price(asset: usize, row: usize) -> f64 {
    let size = if row > 150 { 3.0 } else { 0.3 };
    100.0 + size * ((row * (7 + 2 * asset) + row * row * (asset + 1)) % 23) as f64 / 23.0
}

/// Six assets with a spike on the last session of May, a fall, equal prices and a sparse session, an
/// index that lacks the last session of June, and a member that joins in July.
fn audit(clean: &str) -> FileAudit {
    let folder = tempfile::tempdir().unwrap();
    let sessions = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 9, 30));
    let header = ["date", "A0", "A1", "A2", "A3", "A4", "A5", "IDX"].join(",");
    let mut prices = format!("{header}\n");
    let (spike, gap) = (Date::constant(2024, 5, 31), Date::constant(2024, 6, 28));
    for (row, date) in sessions.iter().enumerate() {
        let cell = |asset: usize| match (asset, row) {
            (1.., 90) => String::new(),
            (0, _) if *date == spike => "150".to_owned(),
            (1, 100..) => (0.8 * price(1, row)).to_string(),
            (2, 120..126) => price(2, 119).to_string(),
            _ => price(asset, row).to_string(),
        };
        let mean: f64 = (0..6).map(|asset| price(asset, row)).sum::<f64>() / 6.0;
        let index = if *date == gap { String::new() } else { mean.to_string() };
        let cells: Vec<String> = (0..6).map(cell).chain([index]).collect();
        writeln!(prices, "{date},{}", cells.join(",")).unwrap();
    }
    let stays = (0..6).map(|at| format!("A{at},2024-0{}-02,\n", if at == 5 { 7 } else { 1 }));
    let members = format!("ticker,start,end\n{}", stays.collect::<String>());
    for (file, text) in [("prices.csv", prices), ("members.csv", members)] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let path = folder.path().join("x.toml");
    std::fs::write(&path, STUDY.replace("CLEAN", clean)).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(None).unwrap();
    study.audit_files(&loaded, None, &Silent).unwrap()
}

const FILL: &str = "gap = { kind = \"forward_fill\", limit_days = 30 }\n";

#[test]
fn cleaning_by_known_rows_survives_the_attack() {
    let rules = "jump = { kind = \"winsorize\", limit = 0.1 }\nstale_price = { kind = \"mask\" }\n\
        sparse_session = { kind = \"drop\" }\nunit_error = { kind = \"mask\" }\n";
    let found = audit(&format!("{FILL}{rules}"));
    assert_eq!((found.leak, found.skipped), (None, None));
    assert!(found.attacked >= 4, "{}", found.attacked);
}

#[test]
fn a_reversal_that_is_masked_is_found() {
    let found = audit(&format!("{FILL}reversal = {{ kind = \"mask\" }}"));
    let leak = found.leak.unwrap();
    assert_eq!(leak.date, Date::constant(2024, 6, 3));
    assert!(
        leak.what.contains("rows after 2024-05-31 removed from the price file"),
        "{}",
        leak.what
    );
}

#[test]
fn a_line_to_a_later_price_of_the_index_is_found() {
    let found = audit("gap = { kind = \"interpolate\" }");
    let leak = found.leak.unwrap();
    assert_eq!(leak.date, Date::constant(2024, 7, 1));
    assert!(leak.what.contains("the price file"), "{}", leak.what);
}

#[test]
fn factors_and_prices_of_the_shipped_studies_survive() {
    for (name, set) in [
        ("long-short.toml", "walk_forward.last=2009-12-31"),
        ("mtum-all-eleven.toml", "walk_forward.last=2020-12-31"),
    ] {
        let Some((study, loaded)) = on_real_data(name, &[set]) else { return };
        let found = study.audit_files(&loaded, Some(&common::data().unwrap()), &Silent).unwrap();
        assert_eq!((found.leak, found.skipped, found.complete), (None, None, true), "{name}");
        assert!(found.attacked > 10, "{name}: {}", found.attacked);
    }
}
