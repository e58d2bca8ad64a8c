//! What a verification knows of decisions that no other method confirms, and of trades that come
//! after an asset has ended.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;

use walkfolio::{Loaded, Run, Silent, Study};
use walkfolio_core::{Date, calendar};

const ASSETS: usize = 24;

const STUDY: &str = r#"
name = "six"

[market]
source = { kind = "csv" }
files  = { prices = "prices.csv" }
assets = ["*"]
benchmark = "INDEX"
index  = "equal_weight"

[walk_forward]
every = "month"

[allocate]
objective = { kind = "tracking_error", window = 40 }
bounds    = { min = 0.0, max = 0.9 }
"#;

/// Six of 24 assets, without a search: 134,596 choices, too many to try one by one.
const SIX: [&str; 2] = ["allocate.max_holdings=6", "allocate.search={ nodes = 0 }"];

/// A run on prices of 2024; the last asset ends on 14 June.
fn run(overrides: &[&str]) -> (Study, Loaded, Run) {
    let overrides = [&SIX, overrides].concat();
    let (study, loaded) = market(ASSETS, &overrides).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    (study, loaded, run)
}

/// The study of so many assets on its market, unless the overrides make it another than a study.
fn market(assets: usize, overrides: &[&str]) -> Option<(Study, Loaded)> {
    let folder = tempfile::tempdir().unwrap();
    let mut prices = "date,ticker,close\n".to_owned();
    let mut levels = vec![100.0; assets];
    let (first, last) = (Date::constant(2024, 1, 2), Date::constant(2024, 10, 31));
    for (row, date) in calendar::sessions(first, last).iter().enumerate() {
        for (asset, level) in levels.iter_mut().enumerate() {
            let mixed = ((row * assets + asset + 1) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let own = ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) % 31;
            let common = (row * 13) % 17;
            *level *= 1.0 + 1e-3 * (own as f64 - 15.0) + 1e-3 * (common as f64 - 8.0);
            if asset + 1 < assets || *date <= Date::constant(2024, 6, 14) {
                writeln!(prices, "{date},A{asset:02},{level}").unwrap();
            }
        }
    }
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, STUDY).unwrap();
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    let study = Study::load(&path, &overrides).ok()?;
    let loaded = study.market(None).unwrap();
    Some((study, loaded))
}

/// What is wanted, and rules that a study may have or not.
const OBJECTIVES: [&str; 5] = [
    "allocate.objective={ kind = 'tracking_error', window = 40 }",
    "allocate.objective={ kind = 'tracking_error', window = 40, ridge_to_holdings = 0.1 }",
    "allocate.objective={ kind = 'minimum_variance' }",
    "allocate.objective={ kind = 'mean_variance', risk_aversion = 3.0 }",
    "allocate.objective={ kind = 'robust_utility', lambda = 0.3 }",
];
const RULES: [&str; 6] = [
    "allocate.min_weight={ below = 0.08, rule = 'drop_and_renormalize' }",
    "allocate.min_weight={ below = 0.08, rule = 'exact' }",
    "allocate.max_holdings=3",
    "allocate.bounds.min=-0.3",
    "allocate.gross_leverage=1.3",
    "allocate.groups=[{ name = 'two', assets = ['A00', 'A01'], min = 0.1, max = 0.5 }]",
];

/// Every decision of every combination of rules that can be run is what another method finds.
#[test]
fn no_correct_decision_is_accused_under_any_rules() {
    let (mut decisions, mut confirmed, mut runs) = (0, 0, 0);
    for objective in OBJECTIVES {
        for chosen in 0..1_u32 << RULES.len() {
            let rules = (0..RULES.len()).filter(|at| chosen >> at & 1 == 1).map(|at| RULES[at]);
            let moments = [
                "estimate.covariance={ kind = 'sample', window = 40 }",
                "estimate.expected_returns={ kind = 'sample_mean', window = 40 }",
            ];
            let own = ["allocate.fallbacks=['equal_weight']", objective];
            // One that sets `min_weight` twice is another's.
            if chosen & 3 == 3 {
                continue;
            }
            let head: &[&str] = if objective.contains("tracking") { &[] } else { &moments };
            let all: Vec<&str> = own.into_iter().chain(head.iter().copied()).chain(rules).collect();
            let Some((study, loaded)) = market(6, &all) else { continue };
            let Ok(run) = study.run(&loaded, &Silent) else { continue };
            let found = study.verify(&run, &loaded, &Silent).unwrap();
            assert_eq!(found.faults, [], "{all:?}");
            runs += 1;
            decisions += found.decisions;
            confirmed += found.confirmed;
        }
    }
    println!("{runs} runs, {decisions} decisions, {confirmed} confirmed");
    assert!(runs >= 100 && confirmed > decisions / 2, "{runs} {decisions} {confirmed}");
}

#[test]
fn an_objective_without_proof_is_what_the_weights_are_worth() {
    let dropping = "allocate.min_weight={ below = 0.03, rule = 'drop_and_renormalize' }";
    for overrides in [vec![], vec![dropping]] {
        let (study, loaded, run) = run(&overrides);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, []);
        assert_eq!((found.unconfirmed, found.decisions), (run.manifest.decisions, found.decisions));
    }
}

/// A clock stops a search elsewhere each time; what follows from its decision is the same.
#[test]
fn a_search_that_the_clock_stopped_is_not_accused() {
    let (study, loaded, run) = run(&["allocate.search={ seconds = 0.05, nodes = 100000000 }"]);
    let stopped = run.ledger.iter().position(|row| row.status.as_deref() == Some("limit"));
    let stopped = stopped.unwrap();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, []);
    let said = |what: &String| what.contains("allocate.search.seconds stopped");
    assert!(found.unchecked.iter().any(said), "{:?}", found.unchecked);
    let places = |run: &Run| -> Vec<(String, Option<usize>)> {
        let found = study.verify(run, &loaded, &Silent).unwrap().faults;
        found.into_iter().map(|fault| (fault.file, fault.row)).collect()
    };
    let mut other = run.clone();
    other.returns[5].portfolio += 1e-9;
    assert_eq!(places(&other), [("returns.parquet".to_owned(), Some(5))]);
    // Weights that are not worth what the ledger says, and a bound that they surpass.
    let mut other = run.clone();
    let date = run.ledger[stopped].date.unwrap();
    let mut held = other.decisions.iter_mut().filter(|row| row.date == date && row.weight > 0.1);
    let (first, second) = (held.next().unwrap(), held.next().unwrap());
    (first.weight, second.weight) = (first.weight + 0.05, second.weight - 0.05);
    assert!(places(&other).contains(&("ledger.parquet".to_owned(), Some(stopped))));
    let mut other = run.clone();
    other.ledger[stopped].bound = other.ledger[stopped].objective.map(|value| value * 1.1);
    assert!(places(&other).contains(&("ledger.parquet".to_owned(), Some(stopped))));
}

/// Decisions of early June are traded after the last asset has ended.
#[test]
fn what_was_meant_for_an_asset_that_ended_before_the_trade_is_cash() {
    let lag = "walk_forward.execution_lag=12";
    // All 24 are held without the rule about holdings, which Clarabel confirms.
    for rules in [["allocate.max_holdings=6", lag], ["allocate.max_holdings=24", lag]] {
        let (study, loaded, run) = run(&rules);
        let sums: Vec<f64> = run
            .decisions
            .chunks(run.manifest.assets.len())
            .map(|rows| rows.iter().map(|row| row.weight).sum())
            .collect();
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{sums:?}");
        let stays = sums.iter().any(|sum| *sum < 1.0 - 1e-3);
        assert!(stays || rules[0] == "allocate.max_holdings=6", "{sums:?}");
    }
}
