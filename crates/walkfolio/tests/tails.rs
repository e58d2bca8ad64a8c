//! Objectives of the worst losses and drawdowns, and expected returns in their worst case: studies with each of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use insta::assert_snapshot;
use walkfolio::{Loaded, Run, Silent, Study};
use walkfolio_analysis::active_risk::ActiveRisk;

const STUDY: &str = r#"
name = "tails"

[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]
benchmark = "MTUM"
factors = "french3"

[walk_forward]
first = 2019-06-01
last  = 2020-05-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }
expected_returns = { kind = "sample_mean", window = 252 }

[allocate]
objective = { kind = "mean_cvar", window = 60, risk_aversion = 5.0 }
bounds    = { min = 0.0, max = 0.6 }

[costs]
per_side_bps = 10.0
"#;

const OBJECTIVES: [&str; 6] = [
    "allocate.objective={ kind = 'minimum_cvar', window = 60, confidence = 0.9 }",
    "allocate.objective={ kind = 'minimum_cvar', window = 60, minimum_return = -0.5 }",
    "allocate.objective={ kind = 'mean_cvar', window = 60, risk_aversion = 5.0 }",
    "allocate.objective={ kind = 'minimum_cdar', window = 60, confidence = 0.9 }",
    "allocate.objective={ kind = 'robust_mean_variance', risk_aversion = 3.0, kappa = 0.5 }",
    "allocate.objective={ kind = 'robust_mean_variance', kappa = 0.5, observations = 252 }",
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

/// The solvers of a run that its verification confirms, decision by decision.
fn solvers(overrides: &[&str]) -> Vec<String> {
    let (study, loaded, run) = made(overrides);
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, [], "{overrides:?}");
    assert_eq!(found.unconfirmed, 0, "{overrides:?}");
    run.ledger.iter().filter_map(|row| row.solver.clone()).collect()
}

#[test]
fn every_decision_is_the_kernels_and_another_method_confirms_it() {
    for objective in OBJECTIVES {
        for more in [
            &[][..],
            &["allocate.turnover=0.1", "allocate.fallbacks=['previous']"],
            &[
                "allocate.trading_costs=1.0",
                "allocate.gross_leverage=1.4",
                "allocate.bounds.min=-0.3",
            ],
            &[
                "allocate.net_leverage={ min = 0.8, max = 1.0 }",
                "allocate.groups=[{ name = 'two', assets = ['XLE', 'XLF'], max = 0.3 }]",
                "allocate.factor_exposure=[{ factor = 'SMB', min = -1.0, max = 1.0 }]",
                "allocate.keep=['XLU']",
                "allocate.bounds_by_asset={ XLK = { min = 0.05 } }",
            ],
        ] {
            let solvers = solvers(&[&[objective], more].concat());
            assert_eq!(solvers.len(), 12, "{objective} {more:?}");
            assert!(
                solvers.iter().all(|solver| solver == "kernel"),
                "{objective} {more:?} {solvers:?}"
            );
        }
    }
}

#[test]
fn the_ledger_tells_the_tail_of_every_decision() {
    for (objective, what) in [(0, "losses"), (2, "losses"), (3, "drawdowns")] {
        let (_, _, run) = made(&[OBJECTIVES[objective]]);
        let says = |row: &&walkfolio::LedgerRow| {
            row.message.starts_with("ex ante: the worst ") && row.message.contains(what)
        };
        assert_eq!(run.ledger.iter().filter(says).count(), 12, "{what}");
    }
}

#[test]
fn what_is_curved_goes_to_clarabel() {
    for objective in &OBJECTIVES[..4] {
        for more in [
            "allocate.volatility_cap=0.5",
            "allocate.tracking_error_cap=0.4",
            "allocate.l2_penalty=0.01",
        ] {
            let solvers = solvers(&[objective, more]);
            assert!(
                solvers.iter().all(|solver| solver == "clarabel"),
                "{objective} {more} {solvers:?}"
            );
        }
    }
}

#[test]
fn no_decision_looks_ahead() {
    for objective in OBJECTIVES {
        let study = parse(&[objective]).unwrap();
        let loaded = study.market(None).unwrap();
        assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None, "{objective}");
    }
}

#[test]
fn a_minimum_return_that_nothing_has_is_a_conflict_in_the_studys_words() {
    let minimum = "allocate.objective={ kind = 'minimum_cvar', window = 60, minimum_return = 9.0 }";
    let study = parse(&[minimum]).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err().to_string();
    assert!(error.contains("objective.minimum_return at least 9"), "{error}");
    let (study, loaded, run) = made(&[minimum, "allocate.fallbacks=['relax']"]);
    assert_eq!(study.verify(&run, &loaded, &Silent).unwrap().faults, []);
}

#[test]
fn what_cannot_be_meant_or_combined_is_refused() {
    let faults = [
        "allocate.objective={ kind = 'minimum_cvar', window = 0, confidence = 1.0 }",
        "allocate.objective={ kind = 'minimum_cdar', window = 60, minimum_return = 20.0 }",
        "allocate.objective={ kind = 'mean_cvar', window = 60, risk_aversion = -1.0 }",
        "allocate.objective={ kind = 'robust_mean_variance', kappa = -0.5, observations = 0 }",
        "allocate.objective={ kind = 'minimum_cvar', window = 60 }|allocate.max_holdings=3",
        "allocate.objective={ kind = 'robust_mean_variance', kappa = 0.5 }|allocate.max_holdings=3",
    ]
    .map(|overrides| parse(&overrides.split('|').collect::<Vec<_>>()).unwrap_err());
    assert_snapshot!(faults.join("\n"), @r"
    x.toml: allocate.objective.window: must be at least 1, found 0 (252 is a year of days)
    x.toml: allocate.objective.confidence: must be between 0 and 1, found 1 (0.95 is the mean of the worst 5 %)
    x.toml: allocate.objective.minimum_return: must be between -1 and 10, found 20 (0.08 is 8 % a year)
    x.toml: allocate.objective.risk_aversion: must be at least 0, found -1
    x.toml: allocate.objective.kappa: must be at least 0, found -0.5
    x.toml: allocate.objective.observations: must be at least 1, found 0 (252 is a year of days)
    x.toml: allocate.max_holdings: is kept exactly for a quadratic objective only (use the objective tracking_error, mean_variance or minimum_variance, or remove the rule)
    x.toml: allocate.max_holdings: is kept exactly for a quadratic objective only (use the objective tracking_error, mean_variance or minimum_variance, or remove the rule)
    ");
}

/// What assets add to the expected tail is the tail of the ledger, and `verify` finds a change of it.
#[test]
fn the_tail_that_was_expected_is_taken_apart() {
    let kinds = [
        "{ kind = 'minimum_cvar', window = 252 }",
        "{ kind = 'mean_cvar', window = 60, risk_aversion = 5.0 }",
        "{ kind = 'minimum_cdar', window = 252 }",
    ];
    for kind in kinds {
        let (study, loaded, run) = made(&[&format!("allocate.objective={kind}")]);
        let notes: Vec<f64> = run
            .ledger
            .iter()
            .filter(|row| row.message.starts_with("ex ante: the worst"))
            .map(|row| {
                let (_, end) = row.message.split_once("rows are ").unwrap();
                end.split(' ').next().unwrap().parse().unwrap()
            })
            .collect();
        let decisions: Vec<_> = run.risk.chunk_by(|a, b| a.date == b.date).collect();
        assert_eq!(decisions.len(), notes.len());
        for (rows, note) in decisions.iter().zip(&notes) {
            let sum: f64 = rows.iter().map(|row| row.tail.unwrap()).sum();
            assert!((100.0 * sum - note).abs() <= 5.1e-5, "{kind}: {sum} {note}");
            assert_eq!(rows.last().unwrap().tail, Some(0.0)); // the benchmark
        }
        let found = ActiveRisk::of(&run).unwrap().tail.unwrap();
        assert_eq!(found.realized.is_none(), kind.contains("cdar"), "{kind}");
        assert!(found.expected_mean > 0.0);
        let mut wrong = run.clone();
        wrong.risk[1].tail = Some(0.123);
        let faults = study.verify(&wrong, &loaded, &Silent).unwrap().faults;
        let is = |fault: &walkfolio::Fault| fault.file == "risk.parquet" && fault.column == "tail";
        assert!(faults.iter().any(is), "{kind}: {faults:?}");
    }
    let (_, _, other) = made(&["allocate.objective={ kind = 'minimum_variance' }"]);
    assert!(other.risk.iter().all(|row| row.tail.is_none()));
    assert!(ActiveRisk::of(&other).unwrap().tail.is_none());
}
