//! Minimum variance, limits of groups and bounds of single assets: a study with each of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use insta::assert_snapshot;
use walkfolio::{Run, Silent, Study};

const STUDY: &str = r#"
name = "limits"

[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]

[walk_forward]
first = 2019-06-01
last  = 2019-12-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }

[allocate]
objective = { kind = "minimum_variance" }
bounds    = { min = 0.0, max = 0.6 }
groups    = [{ name = "tech", assets = ["XLK", "SMH"], min = 0.2, max = 0.25 }]
bounds_by_asset = { XLU = { max = 0.15 }, XLE = { min = 0.05 } }
"#;

fn parse(overrides: &[&str]) -> Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", STUDY, &overrides).map_err(|error| error.to_string())
}

/// A run that its verification confirms.
fn run(overrides: &[&str]) -> Run {
    let study = parse(overrides).unwrap_or_else(|error| panic!("{error}"));
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, []);
    run
}

/// The weights of each decision, in the order of the study's assets.
fn weights(run: &Run) -> Vec<Vec<f64>> {
    let n = run.manifest.assets.len();
    let rows = run.decisions.chunks(n);
    rows.map(|rows| rows.iter().map(|row| row.weight).collect()).collect()
}

#[test]
fn every_decision_keeps_the_limits() {
    for choice in ["auto", "clarabel"] {
        let all = weights(&run(&[&format!("allocate.solver={choice}")]));
        assert_eq!(all.len(), 7);
        for w in all {
            let tech = w[3] + w[4];
            assert!((0.2 - 1e-7..=0.25 + 1e-7).contains(&tech), "{w:?}");
            assert!(w[2] <= 0.15 + 1e-7 && w[0] >= 0.05 - 1e-7, "{w:?}");
        }
    }
}

#[test]
fn a_few_holdings_keep_them_too() {
    for w in weights(&run(&["allocate.max_holdings=4"])) {
        assert!(w.iter().filter(|w| **w != 0.0).count() <= 4 && w[3] + w[4] <= 0.25 + 1e-7);
    }
}

#[test]
fn a_conflict_names_the_group_and_is_relaxed() {
    let tight = "allocate.groups=[{ name = 'rest', assets = ['XLE', 'XLF', 'XLU'], max = 0.3 }]";
    let bounds = "allocate.bounds={ min = 0.0, max = 0.3 }";
    let study = parse(&[tight, bounds]).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err().to_string();
    assert!(error.contains("group rest at most 0.3"), "{error}");
    let relaxed = run(&[tight, bounds, "allocate.fallbacks=['relax']"]);
    let notes: Vec<&str> = relaxed
        .ledger
        .iter()
        .filter(|row| row.kind == "fallback")
        .map(|row| row.message.as_str())
        .collect();
    assert_eq!(notes.len(), 7);
    assert_snapshot!(notes[0], @"no portfolio of 5 assets satisfies these together: sum of weights 1, bounds.max 0.3, group rest at most 0.3; relaxed: raise the maximum of group rest to at least 0.4");
}

#[test]
fn limits_that_cannot_be_meant_are_refused() {
    let faults = [
        "allocate.groups=[{ name = 'tech', assets = ['XLK', 'NOPE'], max = 0.4 }]",
        "allocate.groups=[{ name = 'tech', assets = [], max = 0.4 }]",
        "allocate.groups=[{ name = 'tech', assets = ['XLK', 'XLK'], max = 0.4 }]",
        "allocate.groups=[{ name = 'tech', assets = ['XLK'] }]",
        "allocate.groups=[{ name = 'tech', assets = ['XLK'], min = 0.5, max = 0.4 }]",
        "allocate.groups=[{ name = 'a', assets = ['XLK'], max = 0.4 }, { name = 'a', assets = ['XLF'], max = 0.4 }]",
        "allocate.bounds_by_asset={ NOPE = { max = 0.4 } }",
        "allocate.bounds_by_asset={ XLK = {} }",
        "allocate.bounds_by_asset={ XLK = { min = 0.7 } }",
        "allocate.bounds_by_asset={ XLK = { min = 0.6 }, XLF = { min = 0.5 } }",
    ];
    let found: Vec<String> = faults.iter().map(|fault| parse(&[fault]).unwrap_err()).collect();
    assert_snapshot!(found.join("\n"), @r#"
    x.toml: allocate.groups[0].assets[1]: NOPE is not one of market.assets (one of: XLE, XLF, XLU, XLK, SMH)
    x.toml: allocate.groups[0].assets: names no asset (name some of market.assets)
    x.toml: allocate.groups[0].assets[1]: XLK is listed twice (name each asset once)
    x.toml: allocate.groups[0]: has neither min nor max (add one of them)
    x.toml: allocate.groups[0]: min 0.5 is larger than max 0.4 (swap the two)
    x.toml: allocate.groups[1].name: two groups are named "a" (give each its own name)
    x.toml: allocate.bounds_by_asset.NOPE: NOPE is not one of market.assets (one of: XLE, XLF, XLU, XLK, SMH)
    x.toml: allocate.bounds_by_asset.XLK: has neither min nor max (add one of them)
    x.toml: allocate.bounds_by_asset.XLK: min 0.7 is larger than max 0.6 (swap the two; one that is not given is that of allocate.bounds)
    x.toml: allocate.bounds_by_asset: the smallest weights sum to 1.1, above 1 (lower them)
    "#);
}

#[test]
fn expected_returns_are_for_objectives_that_use_them() {
    let other = "allocate.objective={ kind = 'mean_variance' }";
    assert_snapshot!(parse(&[other]).unwrap_err(), @"x.toml:12: estimate.expected_returns: is missing (add `expected_returns = ...`)");
}
