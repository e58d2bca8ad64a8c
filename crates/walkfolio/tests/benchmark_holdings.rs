//! What the benchmark holds: from a file, or by the rule of its index on real stocks.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::Path;

use common::{data, on_real_data};
use walkfolio::{Silent, Study};
use walkfolio_core::{Date, calendar};
use walkfolio_estimate::tracking::{AdHoc, ByRule, Holdings, Review};

/// The sum of the returns that the holdings of a day would have had over the last 252 sessions, by a Python program that
/// shares nothing with ours.
const BASKETS: [(&str, f64); 4] = [
    ("2016-06-01", 0.281_754_231_912_666_7),
    ("2019-06-03", 0.281_241_493_006_274_66),
    ("2022-06-01", 0.323_363_015_165_483_55),
    ("2025-06-02", 0.411_842_457_232_093_23),
];

#[test]
fn the_rule_holds_what_another_program_does() {
    let Some((_, loaded)) = on_real_data("mtum-holdings.toml", &[]) else { return };
    let names = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB"];
    let rule = AdHoc {
        assets: names.map(str::to_owned).to_vec(),
        volatility_days: 63,
        quantile: 0.95,
        least_changes: 24,
        since: None,
        quiet_months: vec![4, 5, 10, 11],
    };
    let review =
        Review { months: vec![5, 11], stale: 1.0, ad_hoc: Some(rule), prior: None, tilt: None };
    let by_rule = Some(ByRule { unpublished: Some(0.25), ..ByRule::default() });
    let holdings = Holdings { rows: 20.0, half_life_days: 252.0, by_rule };
    for (date, expected) in BASKETS {
        let row = loaded.market.row_on_or_after(date.parse().unwrap()).unwrap();
        let past = loaded.market.before(row).unwrap();
        let basket = holdings.basket(&past, Some(&review)).unwrap();
        assert_eq!(basket.weights.len(), 125, "{date}");
        let sum: f64 = basket.weights.iter().map(|(_, weight)| weight).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{date} {sum}");
        let earned: f64 = basket.returns(&past, 252).unwrap().iter().sum();
        assert!((earned - expected).abs() < 1e-9, "{date} {earned} {expected}");
    }
}

#[test]
fn a_replica_by_the_rule_survives_the_attack_on_its_files() {
    let set = ["walk_forward.first=2019-06-01", "walk_forward.last=2019-09-30"];
    let Some((study, loaded)) = on_real_data("mtum-holdings.toml", &set) else { return };
    let audit = study.audit(&loaded, &Silent).unwrap();
    assert_eq!((audit.leak, audit.decisions), (None, 4));
    let found = study.audit_files(&loaded, Some(&data().unwrap()), &Silent).unwrap();
    assert_eq!((found.leak, found.skipped, found.attacked), (None, None, 4));
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(run.benchmark_holdings.len(), 4);
    for row in &run.benchmark_holdings {
        // No ETF is one of the stocks.
        assert!((row.active_share - 1.0).abs() < 1e-9, "{row:?}");
        assert!((0.01..0.12).contains(&row.tracking_error) && row.names == 125, "{row:?}");
    }
    assert_eq!(run.benchmark_holdings[0].of, Date::constant(2019, 5, 31));
}

const STUDY: &str = r#"
name = "held"

[market]
source    = { kind = "csv" }
files     = { prices = "prices.csv", benchmark_holdings = "holdings.csv" }
assets    = ["A0", "A1", "A2"]
benchmark = "IDX"

[walk_forward]
every = "month"

[allocate]
bounds = { min = 0.0, max = 1.0 }

[allocate.objective]
kind     = "tracking_error"
window   = 60
holdings = { rows = 1e9, half_life_days = 60.0 }
"#;

/// An index that holds A0 alone until April and A1 and A2 from then on.
fn write(folder: &Path) {
    let sessions = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 9, 30));
    let mut prices = "date,A0,A1,A2,IDX\n".to_owned();
    let mut index = 100.0;
    let price = |asset: usize, row: usize| {
        100.0 + 3.0 * ((row * (7 + 2 * asset) + row * row * (asset + 1)) % 23) as f64 / 23.0
    };
    for (row, date) in sessions.iter().enumerate() {
        let earned = |asset: usize| price(asset, row) / price(asset, row - 1) - 1.0;
        if row > 0 {
            let late = *date > Date::constant(2024, 4, 30);
            index *= 1.0 + if late { 0.5 * (earned(1) + earned(2)) } else { earned(0) };
        }
        writeln!(prices, "{date},{},{},{},{index}", price(0, row), price(1, row), price(2, row))
            .unwrap();
    }
    std::fs::write(folder.join("prices.csv"), prices).unwrap();
    let holdings = "date,ticker,weight\n2024-01-02,A0,100\n2024-04-30,A1,50\n2024-04-30,A2,50\n";
    std::fs::write(folder.join("holdings.csv"), holdings).unwrap();
    std::fs::write(folder.join("x.toml"), STUDY).unwrap();
}

#[test]
fn holdings_of_a_file_are_held_from_the_day_they_are_known() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let study = Study::load(&folder.path().join("x.toml"), &[]).unwrap();
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    let weight = |date: &str, asset: &str| {
        let is_it =
            |row: &&walkfolio::DecisionRow| row.date.to_string() == date && row.asset == asset;
        run.decisions.iter().find(is_it).unwrap().weight
    };
    assert!(weight("2024-04-01", "A0") > 0.999);
    // The holdings of 2024-04-30 are known at its close, for the decision of the next session.
    assert!(weight("2024-05-01", "A0") < 1e-3);
    assert!((weight("2024-05-01", "A1") - 0.5).abs() < 0.01);
    let row = |date: &str| {
        run.benchmark_holdings.iter().find(|row| row.date.to_string() == date).unwrap()
    };
    assert!(row("2024-04-01").active_share < 1e-3 && row("2024-05-01").active_share < 0.01);
    assert_eq!(row("2024-05-01").of, Date::constant(2024, 4, 30));
    assert!(row("2024-05-01").tracking_error < 0.01);
    let audit = study.audit(&loaded, &Silent).unwrap();
    assert_eq!(audit.leak, None);
    let found = study.audit_files(&loaded, None, &Silent).unwrap();
    assert_eq!((found.leak, found.skipped), (None, None));
    let verified = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!((verified.faults.len(), verified.confirmed), (0, run.manifest.decisions));
}

#[test]
fn an_objective_without_its_file_is_refused() {
    let without = STUDY.replace(", benchmark_holdings = \"holdings.csv\"", "");
    let error = Study::parse("x.toml", &without, &[]).unwrap_err().to_string();
    let expected = "x.toml:17: allocate.objective.holdings: needs a file that is not named (add benchmark_holdings = \"holdings.csv\" to [market.files], or by_rule = {})";
    assert_eq!(error, expected);
    let set = ["allocate.objective.holdings.by_rule={}".to_owned()];
    let error = Study::parse("x.toml", STUDY, &set).unwrap_err().to_string();
    assert!(error.contains("needs a file that is not named (add capitalizations"), "{error}");
    assert!(
        error.contains("holds what an index takes at its reviews, and none are described"),
        "{error}"
    );
}
