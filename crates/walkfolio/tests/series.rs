//! Series that cover a part of a backtest, and how many periods a year has.
//!
//! The expected figures are numpy's on equal weights, over the rows that the series have in common.

#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, not by their helpers")]

mod common;

use common::field;
use walkfolio::analysis::{Findings, part};
use walkfolio::{MeasureTable, Run, Silent, Study};

/// A study on files of the field, by lines of `[market]` and the objective.
fn study(prices: &str, market: &str, objective: &str) -> Study {
    let text = format!(
        r#"
name = "series"
[market]
source = {{ kind = "csv" }}
assets = ["AAA", "BBB", "CCC", "DDD"]
benchmark = "FUND"
files = {{ prices = "{prices}"{market}
[walk_forward]
every = "month"
[allocate]
bounds = {{ min = 0.25, max = 0.25 }}
{objective}
"#
    );
    Study::parse("series.toml", &text, &[]).unwrap()
}

const TRACKING: &str = r#"objective = { kind = "tracking_error", window = 20 }"#;
const UTILITY: &str = r#"objective = { kind = "mean_variance", risk_aversion = 5.0 }
[estimate]
covariance = { kind = "sample", window = 20 }
expected_returns = { kind = "sample_mean", window = 20 }"#;

fn run(study: &Study) -> Option<Result<Run, String>> {
    let folder = field()?;
    let run = study.market(Some(&folder)).and_then(|market| study.run(&market, &Silent));
    Some(run.map_err(|error| error.to_string()))
}

fn with_factors(file: &str) -> Option<Result<Run, String>> {
    let market = format!(", factors = \"45/{file}.csv\" }}\nfactors = \"french3\"");
    run(&study("45/prices.csv", &market, TRACKING))
}

fn close(table: &MeasureTable, key: &str, expected: f64) {
    let found = table.get(key).unwrap();
    assert!((found - expected).abs() < 1e-9, "{key}: {found}, {expected}");
}

fn warned(run: &Run, start: &str) -> Vec<String> {
    let rows = run.ledger.iter().filter(|row| row.kind == "warning");
    rows.map(|row| row.message.clone()).filter(|message| message.starts_with(start)).collect()
}

#[test]
fn factors_that_cover_a_part_measure_that_part() {
    let Some(full) = with_factors("full") else { return };
    let full = full.unwrap();
    assert!((full.measures.full.get("sharpe_ratio").unwrap() - 1.247).abs() < 5e-4);
    assert!(warned(&full, "the factors").is_empty());
    assert!(full.measures.full.sample("sharpe_ratio").is_none());
    let cases = [("ends", 212, 0.644_338_551_898_063_3), ("starts", 334, 1.079_033_353_598_623_8)];
    for (file, known, sharpe) in cases {
        let run = with_factors(file).unwrap().unwrap();
        let own = &run.measures.full;
        close(own, "sharpe_ratio", sharpe);
        assert_eq!(own.sample("sharpe_ratio").unwrap().rows, known);
        assert_eq!(own.sample("market_beta"), own.sample("sharpe_ratio"));
        // What needs no factors is as it was.
        for key in ["annual_return", "volatility", "max_drawdown", "tracking_error", "beta"] {
            assert_eq!(own.get(key), full.measures.full.get(key), "{key}");
            assert!(own.sample(key).is_none(), "{key}");
        }
        let said = warned(&run, "the factors cover ");
        assert_eq!(said.len(), 1, "{said:?}");
        let part = format!("the common {known} of 462 rows");
        assert!(said[0].contains(&part), "{}", said[0]);
        assert!(run.ledger.iter().all(|row| !row.message.contains("no cash series")));
        assert_eq!(part::sentences(own, |key| key == "sharpe_ratio").len(), 1);
        // Intervals and windows are those of the same sessions.
        let found = Findings::of(&run);
        let interval = found.full().intervals.own["sharpe_ratio"];
        assert!((interval.estimate - sharpe).abs() < 1e-9);
        let rolling = found.rolling.unwrap();
        let line = rolling.measures.iter().find(|m| m.key == "sharpe_ratio").unwrap();
        let defined = line.portfolio[0].iter().filter(|value| value.is_some()).count();
        assert!(defined > 0 && defined <= known - 62, "{defined} of {known}");
    }
}

#[test]
fn a_hole_in_the_factors_is_an_error_that_names_the_date() {
    for file in ["hole", "missing"] {
        let Some(run) = with_factors(file) else { return };
        let error = run.unwrap_err();
        assert!(error.contains("2023-03-15"), "{file}: {error}");
    }
}

#[test]
fn a_benchmark_that_covers_a_part_measures_that_part() {
    for file in ["late", "early"] {
        let Some(run) = run(&study(&format!("27/{file}.csv"), " }", UTILITY)) else { return };
        let run = run.unwrap();
        let own = &run.measures.full;
        let known = run.returns.iter().filter(|row| row.benchmark.is_some()).count();
        assert!(known < run.returns.len(), "{file}");
        let beside = &run.benchmark.as_ref().unwrap().full;
        for key in ["tracking_error", "information_ratio", "beta", "benchmark_annual_return"] {
            assert_eq!(own.sample(key).unwrap().rows, known, "{key}");
        }
        assert_eq!(beside.sample("volatility").unwrap().rows, known);
        assert_eq!(beside.get("annual_return"), own.get("benchmark_annual_return"));
        assert!(own.sample("sharpe_ratio").is_none());
        let active = run.returns.iter().filter_map(|row| Some(row.portfolio - row.benchmark?));
        close(own, "excess_return_annual", active.sum::<f64>() / known as f64 * 252.0);
        assert_eq!(warned(&run, "the benchmark covers ").len(), 1);
        let found = Findings::of(&run);
        assert!(found.full().intervals.own.contains_key("tracking_error"), "{file}");
        assert!(found.full().intervals.sharpe_difference.is_some(), "{file}");
    }
}

/// Equal weights in three assets, with lines before the tables.
fn equal(prices: &str, window: u32, lines: &str) -> Option<Result<Run, String>> {
    let text = format!(
        r#"
name = "year"
{lines}
[market]
source = {{ kind = "csv" }}
files = {{ prices = "{prices}" }}
assets = ["AAA", "BBB", "CCC"]
benchmark = "FUND"
[walk_forward]
every = "month"
[allocate]
objective = {{ kind = "tracking_error", window = {window} }}
bounds = {{ min = 0.3333333333333333, max = 0.3333333333333334 }}
"#
    );
    run(&Study::parse("year.toml", &text, &[]).unwrap())
}

#[test]
fn the_dates_of_the_prices_tell_how_many_periods_a_year_has() {
    let cases =
        [("15/prices.csv", 36, 12.0), ("43/weekly.csv", 104, 52.0), ("51/prices.csv", 20, 252.0)];
    for (prices, window, year) in cases {
        let Some(run) = equal(prices, window, "") else { return };
        let run = run.unwrap();
        assert_eq!(run.manifest.resolved.periods_per_year.number(), Some(year), "{prices}");
        let stated = equal(prices, window, &format!("periods_per_year = {year}")).unwrap();
        assert_eq!(run.measures, stated.unwrap().measures);
    }
}

#[test]
fn monthly_prices_have_monthly_figures_by_default() {
    let Some(run) = equal("15/prices.csv", 36, "") else { return };
    let own = run.unwrap().measures.full;
    let rounded = |key: &str, digits: f64| (own.get(key).unwrap() * digits).round() / digits;
    assert_eq!(rounded("annual_return", 1e4), 0.0423);
    assert_eq!(rounded("volatility", 1e4), 0.1407);
    assert_eq!(rounded("sharpe_ratio", 1e2), 0.36);
}

#[test]
fn another_frequency_than_the_prices_have_is_an_error_with_the_right_number() {
    let Some(run) = equal("15/prices.csv", 36, "periods_per_year = 252") else { return };
    let error = run.unwrap_err();
    assert!(error.contains("is 252, and the dates of the prices tell 12"), "{error}");
    let error = equal("51/prices.csv", 20, "periods_per_year = 12").unwrap().unwrap_err();
    assert!(error.contains("is 12, and the dates of the prices tell 252"), "{error}");
    // What differs in how holidays are counted is no other frequency.
    assert!(equal("51/prices.csv", 20, "periods_per_year = 260").unwrap().is_ok());
}
