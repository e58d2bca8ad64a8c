//! Measures, growth, intervals and the distribution of a long/short backtest, against its tables.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::{data, own, section};
use walkfolio::inference::bootstrap::{Bootstrap, sharpe_ratio};
use walkfolio::{Run, Silent, Study};

const LONG_SHORT: &str = r#"
name = "long-short"
[market]
source = { kind = "sample" }
assets = ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV"]
benchmark = "SPY"
factors = "french3"
first = 2018-03-01
[walk_forward]
last = 2020-12-31
every = "5d"
[estimate]
covariance = { kind = "factor_model", window = 40 }
expected_returns = { kind = "factor_model", window = 60, alpha = "include" }
units = "annual"
[allocate]
objective = { kind = "robust_utility", lambda = 0.5 }
bounds = { min = -2.0, max = 2.0 }
beta = { min = -0.5, max = 0.5 }
[costs]
per_side_bps = 5
[measure]
first = 2018-06-15
[[period]]
name = "covid"
first = 2020-02-01
last = 2020-06-30
"#;

fn run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    let made = || {
        let study = Study::parse("long-short.toml", LONG_SHORT, &[]).unwrap();
        let market = study.market(None).unwrap();
        study.run(&market, &Silent).unwrap()
    };
    RUN.get_or_init(made).clone()
}

/// A fraction in percent as the page writes it.
fn percent(value: f64, decimals: usize) -> String {
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{:.decimals$}\u{202f}%", 100.0 * value.abs())
}

/// A number as the page writes it: what rounds to zero has no sign.
fn number(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace("-0.000", "0.000").replace('-', "\u{2212}")
}

/// The fields of a row of the first table with this label.
fn fields(html: &str, period: usize, label: &str) -> Vec<String> {
    let (_, rest) = html.split_once(&format!("data-period=\"{period}\"")).unwrap();
    let ends = [format!(">{label}</summary>"), format!(">{label}</th>")];
    let start = ends.iter().filter_map(|end| rest.find(end)).min().unwrap();
    let rest = &rest[start..];
    let (row, _) = rest.split_once("</tr>").unwrap();
    row.split("<td>").skip(1).map(str::to_owned).collect()
}

#[test]
fn the_strategy_stands_beside_its_benchmark_and_beside_free_trading() {
    let run = run();
    let html = own(&walkfolio_report::html(&run).unwrap());
    let table = section(&html, "measures");
    let (benchmark, free) = (run.benchmark.as_ref().unwrap(), run.without_costs.as_ref().unwrap());
    let sets = [&run.measures, benchmark, free];
    for (label, key) in [("Cumulative return", "cumulative_return"), ("Volatility", "volatility")] {
        let full = fields(table, 0, label);
        let covid = fields(table, 1, label);
        for (column, set) in sets.iter().enumerate() {
            assert!(full[column].starts_with(&percent(set.full.get(key).unwrap(), 2)), "{label}");
            let regime = set.regimes[0].1.get(key).unwrap();
            assert!(covid[column].starts_with(&percent(regime, 2)), "{label}");
        }
    }
    let beta = fields(table, 0, "Beta against the benchmark");
    assert!(beta[0].starts_with(&number(run.measures.full.get("beta").unwrap(), 3)));
    assert!(beta[1].starts_with("1.000"));
}

#[test]
fn daily_means_are_those_of_the_returns() {
    let run = run();
    let first = "2018-06-15".parse().unwrap();
    let returns: Vec<f64> =
        run.returns.iter().filter(|row| row.date >= first).map(|row| row.portfolio).collect();
    let sessions = returns.len() as f64;
    let arithmetic = returns.iter().sum::<f64>() / sessions;
    let geometric = returns.iter().map(|r| 1.0 + r).product::<f64>().powf(1.0 / sessions) - 1.0;
    let html = own(&walkfolio_report::html(&run).unwrap());
    let table = section(&html, "measures");
    assert!(
        fields(table, 0, "Mean daily return, arithmetic")[0].starts_with(&percent(arithmetic, 4)),
        "{arithmetic}"
    );
    assert!(
        fields(table, 0, "Mean daily return, geometric")[0].starts_with(&percent(geometric, 4)),
        "{geometric}"
    );
}

#[test]
fn an_interval_stands_beside_its_own_figure() {
    let run = run();
    let first = "2018-06-15".parse().unwrap();
    let rows = run.returns.iter().filter(|row| row.date >= first);
    let excess: Vec<f64> = rows.map(|row| row.portfolio - row.cash.unwrap_or(0.0)).collect();
    let found = sharpe_ratio(&excess, 252.0, &Bootstrap::default()).unwrap();
    let figure = run.measures.full.get("sharpe_ratio").unwrap();
    assert!((found.estimate - figure).abs() < 1e-9, "{} {figure}", found.estimate);
    let interval = format!("{} to {}", number(found.low, 2), number(found.high, 2));
    let html = own(&walkfolio_report::html(&run).unwrap());
    let row = fields(section(&html, "measures"), 0, "Sharpe ratio");
    assert!(row[0].starts_with(&number(figure, 3)), "{} {figure}", row[0]);
    assert!(row[0].contains(&interval), "{} {interval}", row[0]);
    // The first screen says the same of the same sessions.
    let (_, key) = section(&html, "figures").split_once(">Sharpe ratio</th>").unwrap();
    assert!(
        key.starts_with(&format!("<td>{}<small class=\"band\">{interval}<", number(figure, 3)))
    );
}

#[test]
fn a_figure_that_is_not_that_of_the_returns_has_no_interval() {
    let mut run = run();
    run.returns.iter_mut().for_each(|row| row.portfolio += 0.001);
    let html = own(&walkfolio_report::html(&run).unwrap());
    let row = fields(section(&html, "measures"), 0, "Sharpe ratio");
    assert!(!row[0].contains("class=\"band\""), "{}", row[0]);
}

#[test]
fn what_is_missing_has_no_column() {
    let mut run = run();
    run.benchmark = None;
    run.without_costs = None;
    let html = own(&walkfolio_report::html(&run).unwrap());
    let table = section(&html, "measures");
    assert_eq!(fields(table, 0, "Volatility").len(), 1);
    assert!(!table.contains("gross of costs"));
    assert!(!table.contains("Its Sharpe ratio is"));
}

#[test]
fn a_hundred_dollars_grow_by_the_returns() {
    let run = run();
    let html = walkfolio_report::html(&run).unwrap();
    let end =
        |returns: &mut dyn Iterator<Item = f64>| 100.0 * returns.map(|r| 1.0 + r).product::<f64>();
    let portfolio = end(&mut run.returns.iter().map(|row| row.portfolio));
    let benchmark = end(&mut run.returns.iter().map(|row| row.benchmark.unwrap()));
    let series = &data(&html)["series"];
    for (name, value) in [("portfolio", portfolio), ("benchmark", benchmark)] {
        let last = series[name]["value"].as_array().unwrap().last().unwrap().as_f64().unwrap();
        assert!((last - value).abs() < 1e-4 * value, "{name} {last} {value}");
    }
    let html = own(&html);
    let growth = section(&html, "growth");
    let first = run.manifest.first.unwrap();
    assert!(
        growth.contains(&format!(
            "$100 at the first allocation, {first}, had become ${portfolio:.2}"
        ))
    );
    assert!(growth.contains("returns are used from 2018-03-01 on"));
    assert!(growth.contains("the longest window needs 60 of them"));
}

#[test]
fn every_return_is_in_the_histogram() {
    let mut run = run();
    let html = walkfolio_report::html(&run).unwrap();
    let found = &data(&html)["distribution"];
    let counts = found["counts"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap());
    let sessions = run.measures.full.get("sessions").unwrap();
    assert_eq!(counts.sum::<u64>() as f64, sessions);
    let observed = found["observed"].as_array().unwrap();
    let worst = run.measures.full.get("min_return").unwrap();
    assert!((observed[0].as_f64().unwrap() - worst).abs() < 1e-6);
    assert!(own(&html).contains("The Jarque-Bera statistic of"));
    run.returns.truncate(10);
    let html = walkfolio_report::html(&run).unwrap();
    assert!(data(&html)["distribution"].is_null());
    assert!(!own(&html).contains("id=\"distribution\""));
}

#[test]
fn bounds_and_near_ruin_stand_before_other_warnings() {
    let mut run = run();
    run.ledger.retain(|row| row.kind != "warning");
    let row = |message: &str| {
        let mut row = run.ledger[0].clone();
        row.kind = "warning".to_owned();
        row.message = message.to_owned();
        row
    };
    let rows = [
        row("modified_var_95 is not valid: skewness 1.46"),
        row("regime crisis: modified_var_95 is not valid: skewness 2.22"),
        row("on average 9.6 of 12 weights sit at their bounds"),
        row("near ruin: at its worst the portfolio had lost 99.98 %"),
    ];
    run.ledger.extend(rows);
    let html = own(&walkfolio_report::html(&run).unwrap());
    let top = section(&html, "findings");
    let place = |text: &str| top.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(place("near ruin:") < place("sit at their bounds"));
    assert!(place("sit at their bounds") < place("modified_var_95"));
    assert_eq!(top.matches("modified_var_95").count(), 1, "regimes stand with the full sample");
}
