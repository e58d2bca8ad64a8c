//! Portfolios that need no estimate, next to a run's, against runs that are these portfolios.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use walkfolio::record::Baseline;
use walkfolio::{Run, Silent, Study};

fn run(objective: &str, set: &[&str]) -> Run {
    let text = format!(
        r#"
name = "baselines"
[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SPY", "SHV"]
benchmark = "SPY"
[walk_forward]
first = 2018-01-01
last = 2020-12-31
every = "month"
[allocate]
objective = {{ {objective} }}
bounds = {{ min = 0.0, max = 1.0 }}
[costs]
per_side_bps = 10
"#
    );
    let set: Vec<String> = set.iter().map(|set| (*set).to_owned()).collect();
    let study = Study::parse("baselines.toml", &text, &set).unwrap();
    study.run(&study.market(None).unwrap(), &Silent).unwrap()
}

fn earned(one: &Baseline) -> Vec<f64> {
    one.rows.iter().map(|row| row.earned).collect()
}

#[test]
fn equal_weights_are_those_of_a_study_that_holds_them() {
    let risky =
        run("kind = 'minimum_variance'", &["estimate.covariance={ kind = 'sample', window = 60 }"]);
    let equal = run("kind = 'equal_weight'", &[]);
    assert_eq!(risky.baselines.len(), 1);
    let own = &risky.baselines[0];
    assert_eq!(own.name, "Equal weight");
    let stated: Vec<f64> = equal.returns.iter().map(|row| row.portfolio).collect();
    assert_eq!(earned(own), stated, "the same simulator at the same costs: the same bits");
    assert!(own.rows.iter().zip(&equal.returns).all(|(a, b)| a.date == b.date && a.cost == b.cost));
    assert_eq!(own.measures.get("turnover_annual"), equal.measures.full.get("turnover_annual"));
    assert!(own.measures.get("cost_annual").unwrap() > 0.0);
    // Next to itself it says nothing.
    assert!(equal.baselines.is_empty());
}

#[test]
fn a_mix_is_the_blend_of_its_assets() {
    let mix = "measure.baselines={ '60/40' = { SPY = 0.6, SHV = 0.4 } }";
    let blend = "market.benchmark={ SPY = 0.6, SHV = 0.4 }";
    let found = run("kind = 'equal_weight'", &[mix, blend, "costs.per_side_bps=0"]);
    let own = &found.baselines[0];
    assert_eq!((found.baselines.len(), own.name.as_str()), (1, "60/40"));
    // The benchmark restores its weights at the close before each month, as the decisions do.
    for (row, stated) in own.rows.iter().zip(&found.returns) {
        assert!((row.earned - stated.benchmark.unwrap()).abs() < 1e-12, "{}", row.date);
    }
    let charged = run("kind = 'equal_weight'", &[mix, blend]);
    let paid: f64 = charged.baselines[0].rows.iter().map(|row| row.cost).sum();
    let traded: f64 = charged.baselines[0].rows.iter().map(|row| row.turnover).sum();
    assert!(paid > 0.0 && (paid - 2.0 * traded * 10e-4).abs() < 1e-12, "{paid} {traded}");
}

#[test]
fn a_wrong_mix_is_an_error_at_its_key() {
    let cases = [
        (
            "{ '60/40' = { SPY = 0.6, SHV = 0.3 } }",
            "measure.baselines.60/40",
            "sums to 0.9, not to 1",
        ),
        (
            "{ '60/40' = { SPY = 0.6, AGG = 0.4 } }",
            "measure.baselines.60/40.AGG",
            "AGG is not one of market.assets",
        ),
        (
            "{ x = { SPY = 1.4, SHV = -0.4 } }",
            "measure.baselines.x.SHV",
            "must be at least 0, found -0.4",
        ),
        (
            "{ 'Equal weight' = { SPY = 1.0 } }",
            "measure.baselines.Equal weight",
            "is in every comparison already",
        ),
    ];
    for (mixes, key, message) in cases {
        let text = "name = 'x'\nmarket = { assets = ['SPY', 'SHV'] }\nwalk_forward = { every = 'month' }\n\
            allocate = { objective = { kind = 'equal_weight' }, bounds = { min = 0.0, max = 1.0 } }\n";
        let set = vec![format!("measure.baselines={mixes}")];
        let error = Study::parse("x.toml", text, &set).unwrap_err().to_string();
        assert!(error.contains(key) && error.contains(message), "{error}");
    }
}
