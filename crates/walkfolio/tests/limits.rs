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
    // Two groups with a common asset: no sum of limits tells that they leave no portfolio.
    let tight = "allocate.groups=[{ name = 'rest', assets = ['XLE', 'XLF', 'XLU'], max = 0.3 }, { name = 'tech', assets = ['XLU', 'XLK', 'SMH'], max = 0.5 }]";
    let study = parse(&[tight]).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err().to_string();
    assert!(error.contains("group rest at most 0.3"), "{error}");
    let relaxed = run(&[tight, "allocate.fallbacks=['relax']"]);
    let notes: Vec<&str> = relaxed
        .ledger
        .iter()
        .filter(|row| row.kind == "fallback")
        .map(|row| row.message.as_str())
        .collect();
    assert_eq!(notes.len(), 7);
    assert_snapshot!(notes[0], @"no portfolio of 5 assets satisfies these together: sum of weights 1, bounds.min 0.05, group rest at most 0.3, group tech at most 0.5; relaxed: raise the maximum of group rest to at least 0.5");
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
        // Contradictions between limits of groups, bounds, holdings and the budget.
        "allocate.bounds_by_asset={ XLE = { max = 0.1 }, XLF = { max = 0.1 }, XLU = { max = 0.1 }, XLK = { max = 0.1 } }",
        "allocate.groups=[{ name = 'a', assets = ['XLU', 'XLK'], min = 0.8 }]",
        "allocate.groups=[{ name = 'a', assets = ['XLE', 'XLK'], max = 0.04 }]",
        "allocate.groups=[{ name = 'a', assets = ['XLE', 'XLF', 'XLU'], max = 0.5 }, { name = 'b', assets = ['XLK', 'SMH'], max = 0.4 }]",
        "allocate.groups=[{ name = 'a', assets = ['XLE', 'XLF'], min = 0.7 }, { name = 'b', assets = ['XLK', 'SMH'], min = 0.4 }]",
        "allocate.gross_leverage=1.2",
        "allocate.beta={ value = 1.0 }",
    ];
    let short = "allocate.bounds_by_asset={ XLU = { min = -0.3, max = -0.2 } }";
    let found: Vec<String> = faults
        .iter()
        .map(|fault| match *fault {
            leverage if leverage.contains("gross_leverage") => parse(&[short, leverage]),
            // Its assets are named in another study.
            beta if beta.contains("beta") => {
                let objective = "allocate.objective={ kind = 'tracking_error', window = 60 }";
                let market = "market={ assets = ['XLE', 'XLF', 'XLU', 'XLK', 'SMH'], benchmark = 'SPY', factors = 'french3' }";
                parse(&[market, objective, beta])
            }
            limit => parse(&[limit]),
        })
        .map(Result::unwrap_err)
        .collect();
    assert_snapshot!(found.join("\n"), @r#"
    x.toml: allocate.groups[0].assets[1]: NOPE is not one of market.assets (one of: XLE, XLF, XLU, XLK, SMH)
    x.toml: allocate.groups[0].assets: names no asset (name some of market.assets)
    x.toml: allocate.groups[0].assets[1]: XLK is listed twice (name each asset once)
    x.toml: allocate.groups[0]: has neither min nor max (add one of them)
    x.toml: allocate.groups[0]: min 0.5 is larger than max 0.4 (swap the two)
    x.toml: allocate.groups[1].name: two groups are named "a" (give each its own name)
    x.toml: allocate.bounds_by_asset.NOPE: NOPE is not one of market.assets (one of: XLE, XLF, XLU, XLK, SMH)
    x.toml: allocate.bounds_by_asset.XLK: has neither min nor max (add one of them)
    x.toml:18: allocate.groups[0].max: 0.25 is below 0.7, the sum of the minimum weights of its assets (raise it, or lower allocate.bounds.min or allocate.bounds_by_asset)
    x.toml: allocate.bounds_by_asset.XLK: min 0.7 is larger than max 0.6 (swap the two; one that is not given is that of allocate.bounds)
    x.toml:18: allocate.groups[0].max: 0.25 is below 0.6, the sum of the minimum weights of its assets (raise it, or lower allocate.bounds.min or allocate.bounds_by_asset)
    x.toml: allocate.bounds_by_asset: the smallest weights sum to 1.1, above 1 (lower them)
    x.toml:18: allocate.groups: with the maximum weights of the other assets their maxima sum to 0.55, below 1 (raise a max, allocate.bounds.max or allocate.bounds_by_asset)
    x.toml: allocate.groups[0].min: 0.8 is above 0.75, the sum of the maximum weights of its assets (lower it, or raise allocate.bounds.max or allocate.bounds_by_asset)
    x.toml: allocate.groups[0].max: 0.04 is below 0.05, the sum of the minimum weights of its assets (raise it, or lower allocate.bounds.min or allocate.bounds_by_asset)
    x.toml: allocate.groups: with the maximum weights of the other assets their maxima sum to 0.9, below 1 (raise a max, allocate.bounds.max or allocate.bounds_by_asset)
    x.toml: allocate.groups: with the minimum weights of the other assets their minima sum to 1.1, above 1 (lower a min, allocate.bounds.min or allocate.bounds_by_asset)
    x.toml: allocate.gross_leverage: 1.2 is below 1.4: the bounds ask for short positions of 0.2 (raise it, or a max of allocate.bounds_by_asset)
    x.toml: allocate.beta: needs the window of [estimate], and the objective has none (remove it, or use an objective with moments, such as minimum_variance)
    "#);
}

#[test]
fn expected_returns_are_for_objectives_that_use_them() {
    let other = "allocate.objective={ kind = 'mean_variance' }";
    assert_snapshot!(parse(&[other]).unwrap_err(), @"x.toml:12: estimate.expected_returns: is missing (add `expected_returns = ...`)");
}

/// The largest turnover of 252 consecutive sessions.
fn busiest_year(run: &Run) -> f64 {
    let turnovers: Vec<f64> = run.returns.iter().map(|row| row.turnover).collect();
    turnovers.windows(252).map(|year| year.iter().sum()).fold(0.0, f64::max)
}

#[test]
fn the_turnover_of_every_year_is_limited() {
    let longer = "walk_forward.last=2021-12-31";
    let previous = "allocate.fallbacks=['previous']";
    let free = run(&[longer, "allocate.turnover={ per_year = 9.0 }"]);
    let limit = 0.5 * busiest_year(&free);
    assert!(limit > 0.05, "{limit}");
    let both = format!("allocate.turnover={{ per_rebalance = 0.2, per_year = {limit} }}");
    for choice in ["auto", "clarabel"] {
        let solver = format!("allocate.solver={choice}");
        let run = run(&[longer, previous, &both, &solver]);
        let used = busiest_year(&run);
        assert!(used <= limit + 1e-7 && used > 0.9 * limit, "{used} of {limit}");
    }
    // A number is the limit of a rebalance, and is written as one.
    let one = parse(&[longer, "allocate.turnover=0.1"]).unwrap();
    assert_eq!(one.config().spec().allocate.turnover.unwrap().per_rebalance, Some(0.1));
    assert_eq!(one.resolved()["allocate"]["turnover"], 0.1);
    let study = parse(&[longer, previous, &both]).unwrap();
    let loaded = study.market(None).unwrap();
    assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None);
}

#[test]
fn what_a_year_of_trades_excludes_is_said() {
    let none = "allocate.turnover={ per_year = 0.0 }";
    let study = parse(&[none]).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err();
    assert!(error.to_string().contains("turnover.per_year 0"), "{error}");
    let kept = run(&["allocate.turnover={ per_year = 0.03 }", "allocate.fallbacks=['previous']"]);
    let traded: f64 = kept.returns.iter().map(|row| row.turnover).sum();
    assert!(traded <= 0.03 + 1e-7, "{traded}");
}

#[test]
fn limits_of_turnover_that_cannot_be_meant_are_refused_and_a_lag_is_said() {
    let faults = ["{}", "-0.1", "{ per_year = -1.0 }", "{ per_yaer = 1.0 }", "'all'"];
    let told = [
        "x.toml: allocate.turnover: has neither per_rebalance nor per_year (write 0.1, or { per_year = 1.0 })",
        "x.toml: allocate.turnover: must be at least 0, found -0.1",
        "x.toml: allocate.turnover.per_year: must be at least 0, found -1",
        "x.toml: allocate.turnover.per_yaer: unknown key `per_yaer` (did you mean `per_year`?)",
        "x.toml: allocate.turnover: must be a number, found the text \"all\"",
    ];
    for (own, told) in faults.iter().zip(told) {
        let found = parse(&[&format!("allocate.turnover={own}")]).unwrap_err();
        assert!(found.starts_with(told), "{found}");
    }
    let lagged = run(&["allocate.turnover=0.1", "walk_forward.execution_lag=1"]);
    let told = lagged.ledger.iter().find(|row| row.message.contains("execution_lag"));
    assert_snapshot!(told.unwrap().message, @"allocate.turnover limits trades from what is held at the decision; with walk_forward.execution_lag = 1 they are executed 1 close later from holdings that have drifted, so that the turnover may be above the limit");
}
