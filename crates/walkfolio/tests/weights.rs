//! Weights that no constraint is broken for: contradictions, small weights, dust.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use walkfolio::{Run, Silent, Study};

const STUDY: &str = r#"
name = "weights"

[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]
benchmark = "MTUM"
factors = "french3"

[walk_forward]
first = 2019-06-01
last  = 2019-12-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }
expected_returns = { kind = "sample_mean", window = 60 }

[allocate]
objective = { kind = "mean_variance", risk_aversion = 5.0 }
bounds    = { min = 0.0, max = 0.6 }
"#;

fn parse(overrides: &[&str]) -> Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", STUDY, &overrides).map_err(|error| error.to_string())
}

fn run(overrides: &[&str]) -> Run {
    let study = parse(overrides).unwrap_or_else(|error| panic!("{error}"));
    study.run(&study.market(None).unwrap(), &Silent).unwrap()
}

fn messages<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    let rows = run.ledger.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.message.as_str()).collect()
}

fn weights(run: &Run) -> Vec<Vec<f64>> {
    let rows = run.decisions.chunks(run.manifest.assets.len());
    rows.map(|rows| rows.iter().map(|row| row.weight).collect()).collect()
}

#[test]
fn mandates_that_contradict_themselves_are_refused_when_they_are_read() {
    let tight = "set when_too_tight = \"raise\" in allocate.bounds";
    let cases = [
        (
            vec!["allocate.bounds={ min = 0, max = 0.15 }"],
            "0.15 over 5 assets sums to 0.7500",
            tight,
        ),
        (
            vec!["allocate.bounds={ min = 0.3, max = 0.5 }"],
            "0.3 over 5 assets sums to 1.5",
            "lower it",
        ),
        (vec!["allocate.min_holdings=6"], "is more than the 5 assets", ""),
        (vec!["allocate.gross_leverage=0.8"], "0.8 is below 1", "use at least 1"),
        (vec!["allocate.bounds={ min = 0.5, max = 0.3 }"], "min 0.5 is larger", "swap"),
        (
            vec![
                "allocate.bounds={ min = 0, max = 0.3 }",
                "allocate.min_weight={ below = 0.4, rule = 'exact' }",
            ],
            "0.4 is above 0.3, the largest weight",
            "raise allocate.bounds.max",
        ),
        (
            vec!["allocate.bounds={ min = 0, max = 0.3 }", "allocate.max_holdings=2"],
            "allocate.max_holdings: 2 holdings of at most 0.3 each sum to 0.6000, below 1",
            "raise it, or allocate.bounds.max to at least 0.5000",
        ),
        (
            vec!["allocate.bounds={ min = 0, max = 0.3 }", "allocate.max_holdings=2"],
            "below 1",
            tight,
        ),
        (
            vec!["market.assets=['*']", "allocate.max_holdings=1"],
            "1 holding of at most 0.6 each",
            tight,
        ),
        (vec!["allocate.bounds={ min = 0, max = 30 }"], "30 is more than all equity", "0.3"),
        (vec!["allocate.max_holdings=0"], "must be at least 1", ""),
        (vec!["walk_forward.last=2019-01-01"], "is later than walk_forward.last", "swap"),
    ];
    for (set, rule, hint) in cases {
        let error = parse(&set).map(|_| ()).unwrap_err();
        assert!(error.contains(rule) && error.contains(hint), "{set:?}: {error}");
    }
    let raised = "allocate.bounds={ min = 0, max = 0.3, when_too_tight = 'raise' }";
    let run = run(&[raised, "allocate.max_holdings=2"]);
    assert!(weights(&run).iter().all(|w| w.iter().all(|w| *w <= 0.5)));
    let decisions = run.manifest.decisions;
    let told = format!("bounds.max was raised in {decisions} of {decisions} decisions");
    assert!(walkfolio::caveats(&run).contains(&told), "{:?}", walkfolio::caveats(&run));
}

/// Dropping scales the rest, which took gross leverage and beta out of their ranges.
#[test]
fn dropping_small_weights_breaks_no_constraint() {
    let (below, gross) = (0.12, 1.6);
    let drop = format!("allocate.min_weight={{ below = {below}, rule = 'drop_and_renormalize' }}");
    let bounds = "allocate.bounds={ min = -0.3, max = 0.6 }";
    let leverage = format!("allocate.gross_leverage={gross}");
    let beta = "allocate.beta={ min = 0.8, max = 0.9 }";
    let mut again = 0;
    for rules in [vec![bounds, &leverage], vec![bounds, beta], vec![bounds, &leverage, beta]] {
        let run = run(&[&rules[..], &[drop.as_str()]].concat());
        let kept = messages(&run, "warning").iter().filter(|m| m.contains("are kept")).count();
        let mut small = 0;
        for w in weights(&run) {
            let sum: f64 = w.iter().map(|w| w.abs()).sum();
            assert!(!rules.contains(&leverage.as_str()) || sum <= gross + 1e-8, "{w:?}");
            assert!(w.iter().all(|w| (-0.3 - 1e-9..=0.6 * 1.1).contains(w)), "{w:?}");
            small += usize::from(w.iter().any(|w| *w != 0.0 && w.abs() < below));
        }
        assert_eq!(small, kept);
        let notes = messages(&run, "note");
        again += notes.iter().filter(|m| m.contains("solved again with the dropped")).count();
    }
    assert!(again > 0);
}

#[test]
fn where_every_weight_is_small_none_is_dropped_and_the_ledger_says_so() {
    let run = run(&["allocate.min_weight={ below = 0.9, rule = 'drop_and_renormalize' }"]);
    let warnings = messages(&run, "warning");
    let said = |m: &&&str| {
        m.starts_with("every weight is below min_weight.below 0.9 (the largest is 0.")
            && m.ends_with("): none is dropped")
    };
    assert_eq!(warnings.iter().filter(said).count(), run.manifest.decisions, "{warnings:?}");
}
