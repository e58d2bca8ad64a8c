//! Factors and cash over the interval of each return: prices that are monthly, weekly or have holes.
//!
//! The expected figures are numpy's and statsmodels' on equal weights: the rows of the daily file in
//! (t-1, t] compounded, least squares of the excess return on the market's.

#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, not by their helpers")]

mod common;

use common::field;
use walkfolio::{MeasureTable, Silent, Study};

fn measured(prices: &str, factors: &str, window: u32, year: u32) -> Option<MeasureTable> {
    let text = format!(
        r#"
name = "joins"
periods_per_year = {year}

[market]
source = {{ kind = "csv" }}
files = {{ prices = "{prices}", factors = "{factors}" }}
assets = ["AAA", "BBB", "CCC"]
benchmark = "FUND"
factors = "french3"

[walk_forward]
every = "month"
drift = "constant_weights"

[allocate]
objective = {{ kind = "tracking_error", window = {window} }}
bounds = {{ min = 0.3333333333333333, max = 0.3333333333333334 }}
"#
    );
    let study = Study::parse("joins.toml", &text, &[]).unwrap();
    let market = study.market(Some(&field()?)).unwrap();
    Some(study.run(&market, &Silent).unwrap().measures.full)
}

/// The ledger and the decisions of a study of `field`, in the words of today.
fn walked(file: &str) -> Option<(Vec<String>, Vec<String>)> {
    let path = field()?.join(file);
    let text = std::fs::read_to_string(&path).unwrap().replace("window_days", "window");
    let study = Study::parse(&path.display().to_string(), &text, &[]).unwrap();
    let run = study.run(&study.market(None).unwrap(), &Silent).unwrap();
    let notes = run.ledger.iter().map(|row| row.message.clone()).collect();
    let dates: std::collections::BTreeSet<String> =
        run.decisions.iter().map(|row| row.date.to_string()).collect();
    Some((notes, dates.into_iter().collect()))
}

#[test]
fn a_decision_on_a_holiday_of_most_assets_waits_for_their_next_session() {
    let Some((notes, dates)) = walked("18/study-fill.toml") else { return };
    let waits: Vec<&String> = notes.iter().filter(|note| note.contains("wait")).collect();
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert!(waits[0].contains("the first 2021-06-01 until 2021-06-02"), "{waits:?}");
    assert!(dates.contains(&"2021-06-02".to_owned()), "{dates:?}");
}

#[test]
fn a_vendor_that_is_late_with_one_asset_delists_nothing() {
    let Some((notes, dates)) = walked("54/s.toml") else { return };
    let told = |part: &str| assert!(notes.iter().any(|note| note.contains(part)), "{notes:?}");
    told("BBB ends 2 rows before the file; not treated as a delisting");
    told("2023-12-01 is not made");
    assert_eq!(dates.last().unwrap(), "2023-11-01");
}

fn close(measures: &MeasureTable, key: &str, expected: f64) {
    let found = measures.get(key).unwrap();
    assert!((found - expected).abs() < 1e-9, "{key}: {found}, {expected}");
}

#[test]
fn monthly_prices_take_the_days_of_each_month() {
    let Some(found) = measured("43/monthly.csv", "43/ff.csv", 36, 12) else { return };
    close(&found, "sharpe_ratio", 0.810_498_786_507_517_3);
    close(&found, "market_beta", 0.995_577_251_325_491);
    close(&found, "market_alpha_annual", 0.026_559_435_190_887_66);
    close(&found, "market_r_squared", 0.950_287_374_861_350_1);
}

#[test]
fn weekly_prices_take_the_days_of_each_week() {
    let Some(found) = measured("43/weekly.csv", "43/ff.csv", 104, 52) else { return };
    close(&found, "sharpe_ratio", 0.689_071_241_687_885_5);
    close(&found, "market_beta", 0.990_367_605_285_963);
    close(&found, "market_r_squared", 0.963_131_914_715_448_5);
}

#[test]
fn a_session_that_the_prices_lack_is_compounded_into_the_next() {
    let Some(found) = measured("51/prices.csv", "43/ff.csv", 20, 252) else { return };
    close(&found, "sharpe_ratio", 0.396_007_215_538_704_1);
    close(&found, "market_beta", 1.000_469_335_292_639_5);
    close(&found, "market_r_squared", 0.999_503_787_975_201_5);
}

#[test]
fn a_monthly_benchmark_of_daily_assets_is_told_by_its_steps() {
    let Some(folder) = field() else { return };
    let text = r#"
name = "joins"
market = { source = { kind = "csv" }, files = { prices = "48/assets.csv", benchmark = "48/bmonthly.csv" }, assets = ["AAA", "BBB"], benchmark = "FUND" }
walk_forward = { every = "month" }
allocate = { objective = { kind = "tracking_error", window = 20 }, bounds = { min = 0.0, max = 1.0 } }
"#;
    let study = Study::parse("joins.toml", text, &[]).unwrap();
    let error = study.market(Some(&folder)).unwrap_err();
    let told = error.to_string();
    let end = "a session without a price has no return";
    assert!(told.contains("bmonthly.csv has a row every 30 days as a rule, and "), "{told}");
    assert!(told.contains("assets.csv every day") && told.ends_with(end), "{told}");
    assert!(error.hint().unwrap().contains("prices of the same frequency"));
}
