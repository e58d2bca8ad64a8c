//! Risk parity, rules, hierarchical risk parity, ensembles and a volatility target: a study with each of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use insta::assert_snapshot;
use walkfolio::{Loaded, Run, Silent, Study};

const STUDY: &str = r#"
name = "parity"

[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]
benchmark = "MTUM"

[walk_forward]
first = 2019-06-01
last  = 2019-12-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }
expected_returns = { kind = "sample_mean", window = 60 }

[allocate]
objective = { kind = "risk_parity" }
bounds    = { min = 0.0, max = 1.0 }

[costs]
per_side_bps = 10.0
"#;

const EQUAL: &str = "allocate.objective={ kind = 'equal_weight' }";
const HIERARCHY: &str = "allocate.objective={ kind = 'hierarchical_risk_parity' }";
const ENSEMBLE: &str = "allocate.objective={ kind = 'ensemble', members = [{ of = { kind = 'risk_parity' } }, { of = { kind = 'minimum_variance' }, weight = 2.0 }, { of = { kind = 'tracking_error', window = 60 } }, { of = { kind = 'equal_weight' } }] }";

const CLUSTERS: &str =
    "allocate.objective={ kind = 'hierarchical_equal_risk_contribution', clusters = 3 }";

const OBJECTIVES: [&str; 11] = [
    "allocate.objective={ kind = 'risk_parity' }",
    "allocate.objective={ kind = 'risk_parity', budgets = { XLU = 3.0, SMH = 0.0 } }",
    EQUAL,
    "allocate.objective={ kind = 'inverse_volatility' }",
    "allocate.objective={ kind = 'inverse_volatility', of = 'variance' }",
    HIERARCHY,
    "allocate.objective={ kind = 'hierarchical_risk_parity', linkage = 'ward' }",
    "allocate.objective={ kind = 'hierarchical_risk_parity', linkage = 'average', distance = 'distance_of_distances' }",
    CLUSTERS,
    "allocate.objective={ kind = 'hierarchical_equal_risk_contribution', linkage = 'average' }",
    ENSEMBLE,
];

fn parse(overrides: &[&str]) -> Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", STUDY, &overrides).map_err(|error| error.to_string())
}

fn made(overrides: &[&str]) -> (Study, Loaded, Run) {
    let study = parse(overrides).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
    (study, loaded, run)
}

/// A run that its verification confirms.
fn run(overrides: &[&str]) -> Run {
    let (study, loaded, run) = made(overrides);
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, [], "{overrides:?}");
    assert_eq!(found.unconfirmed, 0, "{overrides:?}");
    run
}

/// The weights of each decision, in the order of the study's assets.
fn weights(run: &Run) -> Vec<Vec<f64>> {
    let n = run.manifest.assets.len();
    let rows = run.decisions.chunks(n);
    rows.map(|rows| rows.iter().map(|row| row.weight).collect()).collect()
}

fn notes<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    run.ledger.iter().filter(|row| row.kind == kind).map(|row| row.message.as_str()).collect()
}

#[test]
fn every_objective_is_verified_and_invests_everything() {
    for objective in OBJECTIVES {
        let all = weights(&run(&[objective]));
        assert_eq!(all.len(), 7, "{objective}");
        for w in all {
            assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{objective} {w:?}");
        }
    }
}

#[test]
fn nothing_that_comes_later_changes_a_decision() {
    let target = "allocate.volatility_target={ volatility = 0.1, max_leverage = 2.0 }";
    for objective in OBJECTIVES {
        let study = parse(&[objective, target]).unwrap();
        let loaded = study.market(None).unwrap();
        let study = study.on(&loaded.market).unwrap();
        let found = study.audit(&loaded, &Silent).unwrap();
        assert_eq!(found.leak, None, "{objective}");
        assert!(found.complete && found.decisions == 7);
    }
}

#[test]
fn budgets_of_groups_are_shares_of_the_risk() {
    let groups = "allocate.objective={ kind = 'risk_parity', budgets = { XLF = 3.0 }, group_budgets = [{ name = 'old', assets = ['XLE', 'XLF', 'XLU'], budget = 0.6 }, { name = 'new', assets = ['XLK', 'SMH'], budget = 0.4 }] }";
    let (_, loaded, run) = made(&[groups]);
    let market = &loaded.market;
    for rows in run.decisions.chunks(5) {
        let row = market.dates().iter().position(|date| *date == rows[0].date).unwrap();
        let returns = market.before(row).unwrap().returns(&[0, 1, 2, 3, 4], 60).unwrap();
        let w: Vec<f64> = rows.iter().map(|row| row.weight).collect();
        let own = returns.times(&w);
        let mean = own.iter().sum::<f64>() / 60.0;
        let apart: Vec<f64> = own.iter().map(|r| r - mean).collect();
        let variance: f64 = apart.iter().map(|r| r * r).sum();
        let shares: Vec<f64> = returns
            .transpose_times(&apart)
            .iter()
            .zip(&w)
            .map(|(covariance, w)| w * covariance / variance)
            .collect();
        let expected = [0.12, 0.36, 0.12, 0.2, 0.2];
        for (share, expected) in shares.iter().zip(expected) {
            assert!((share - expected).abs() < 1e-10, "{shares:?}");
        }
    }
}

#[test]
fn bounds_and_groups_bend_parity_and_exclude_rules() {
    let limits = [
        "allocate.bounds={ min = 0.1, max = 0.3 }",
        "allocate.groups=[{ name = 'tech', assets = ['XLK', 'SMH'], max = 0.25 }]",
    ];
    for w in weights(&run(&limits)) {
        assert!(
            w.iter().all(|w| (0.1 - 1e-9..=0.3 + 1e-9).contains(w)) && w[3] + w[4] < 0.25 + 1e-9
        );
    }
    let excluded = [&limits[..], &[EQUAL]].concat();
    let study = parse(&excluded).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err();
    assert_snapshot!(error, @"at the decision of 2019-06-03: equal weights do not satisfy group tech at most 0.25: they are off by 0.15");
    let relaxed = run(&[&excluded[..], &["allocate.fallbacks=['relax']"]].concat());
    for w in weights(&relaxed) {
        assert!((w[0] - 0.25).abs() < 1e-9 && (w[3] - 0.125).abs() < 1e-9, "{w:?}");
    }
    let all = notes(&relaxed, "fallback");
    assert_eq!(all.len(), 7);
    assert_snapshot!(all[0], @"equal weights do not satisfy group tech at most 0.25: they are off by 0.15; relaxed: the nearest portfolio that satisfies all constraints is taken");
    // In an ensemble, in the place of its member.
    let relaxed = run(&[&limits[..], &[ENSEMBLE, "allocate.fallbacks=['relax']"]].concat());
    assert_eq!(notes(&relaxed, "fallback").len(), 7);
}

#[test]
fn limits_of_trades_are_kept_by_risk_parity() {
    let turnovers = |overrides: &[&str]| -> Vec<f64> {
        let run = run(overrides);
        run.returns.iter().map(|row| row.turnover).filter(|t| *t > 0.0).collect()
    };
    let free = turnovers(&[]);
    assert!(free.iter().any(|t| *t > 0.03), "{free:?}");
    let limited = turnovers(&["allocate.turnover=0.03"]);
    assert!(limited.iter().all(|t| *t <= 0.03 + 1e-7), "{limited:?}");
}

#[test]
fn a_volatility_target_leaves_the_rest_in_cash() {
    for objective in
        [OBJECTIVES[0], EQUAL, ENSEMBLE, "allocate.objective={ kind = 'minimum_variance' }"]
    {
        let target = "allocate.volatility_target={ volatility = 0.08 }";
        let (plain, scaled) = (run(&[objective]), run(&[objective, target]));
        let mut below = 0;
        for (plain, scaled) in weights(&plain).iter().zip(weights(&scaled)) {
            let sum: f64 = scaled.iter().sum();
            assert!(sum <= 1.0 + 1e-12, "{sum}");
            below += usize::from(sum < 1.0 - 1e-9);
            for (plain, scaled) in plain.iter().zip(&scaled) {
                assert!((plain * sum - scaled).abs() < 1e-9);
            }
        }
        assert!(below >= 5, "{objective}: {below}");
        let risk = |run: &Run| {
            let r: Vec<f64> = run.returns.iter().map(|row| row.portfolio).collect();
            r.iter().map(|r| r * r).sum::<f64>()
        };
        assert!(risk(&scaled) < risk(&plain));
        assert_eq!(
            notes(&scaled, "note").iter().filter(|n| n.starts_with("volatility_target")).count(),
            7
        );
    }
    let target = "allocate.volatility_target={ volatility = 0.4, max_leverage = 1.5 }";
    let leveraged = run(&[target]);
    for w in weights(&leveraged) {
        assert!((w.iter().sum::<f64>() - 1.5).abs() < 1e-9, "{w:?}");
    }
    let all = notes(&leveraged, "note");
    let note = all.iter().find(|note| note.starts_with("volatility_target")).unwrap();
    assert!(note.starts_with("volatility_target 0.4: 1.5000 times the portfolio"), "{note}");
    assert!(note.contains("; max_leverage 1.5 leaves it at 0."), "{note}");
}

#[test]
fn what_cannot_be_meant_or_combined_is_refused() {
    let target = "allocate.volatility_target={ volatility = 0.1 }";
    let faults: [&[&str]; 24] = [
        &["allocate.objective={ kind = 'risk_parity', budgets = { NOPE = 1.0 } }"],
        &["allocate.objective={ kind = 'risk_parity', budgets = { XLE = -1.0 } }"],
        &[
            "allocate.objective={ kind = 'risk_parity', budgets = { XLE = 0.0, XLF = 0.0, XLU = 0.0, XLK = 0.0, SMH = 0.0 } }",
        ],
        &[
            "allocate.objective={ kind = 'risk_parity', group_budgets = [{ name = 'a', assets = ['XLE', 'XLE'], budget = 0.0 }] }",
        ],
        &[
            "allocate.objective={ kind = 'risk_parity', group_budgets = [{ name = 'a', assets = [], budget = 1.0 }, { name = 'b', assets = ['NOPE', 'XLE', 'XLF', 'XLU', 'XLK', 'SMH'], budget = 1.0 }] }",
        ],
        &["allocate.bounds.min=-0.1"],
        &["allocate.max_holdings=3"],
        &["allocate.l2_penalty=0.1"],
        &["allocate.trading_costs=1.0"],
        &["allocate.net_leverage={ min = 0.5, max = 1.0 }"],
        &[EQUAL, "allocate.net_leverage={ min = 0.5, max = 1.0 }"],
        &[EQUAL, "allocate.max_holdings=3"],
        &[EQUAL, "allocate.l2_penalty=0.1", "allocate.trading_costs=1.0"],
        &[HIERARCHY, "allocate.objective.linkage=centroid"],
        &[CLUSTERS, "allocate.objective.clusters=0"],
        &[CLUSTERS, "allocate.objective.clusters=6"],
        &["allocate.objective={ kind = 'ensemble', members = [] }"],
        &[
            "allocate.objective={ kind = 'ensemble', members = [{ of = { kind = 'ensemble', members = [] } }, { of = { kind = 'frontier', at = 'sharpe' } }] }",
        ],
        &[
            "allocate.objective={ kind = 'ensemble', members = [{ of = { kind = 'risk_parity', budgets = { NOPE = 1.0 } }, weight = 0.0 }] }",
        ],
        &[
            "allocate.objective={ kind = 'ensemble', members = [{ of = { kind = 'minimum_varianse' } }] }",
        ],
        &[ENSEMBLE, "allocate.max_holdings=3"],
        &["allocate.volatility_target={ volatility = 0.0, max_leverage = 0.0 }"],
        &[
            target,
            "allocate.turnover=0.1",
            "allocate.net_leverage={ value = 0.5 }",
            "allocate.volatility_cap=0.2",
        ],
        &[
            target,
            "allocate.keep=['XLE']",
            "allocate.gross_leverage=1.0",
            "allocate.tracking_error_cap=0.1",
        ],
    ];
    let found: Vec<String> = faults
        .iter()
        .map(|fault| match parse(fault) {
            Ok(_) => format!("{fault:?} is accepted"),
            Err(error) => error,
        })
        .collect();
    assert_snapshot!(found.join("\n"));
    let without = STUDY.replace("[estimate]", "[measure]\n[estimate]");
    let start = without.find("[estimate]").unwrap();
    let end = without.find("[allocate]").unwrap();
    let without = format!("{}{}", &without[..start], &without[end..]);
    let overrides = [EQUAL.to_owned(), target.to_owned()];
    let error = Study::parse("x.toml", &without, &overrides).unwrap_err();
    let error = error.to_string();
    let why = "a limit or target of risk needs a covariance, and the objective has no window";
    assert!(error.contains(why), "{error}");
    assert!(Study::parse("x.toml", &without, &overrides[..1]).is_ok());
}
