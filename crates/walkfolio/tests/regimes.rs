//! Regimes: settings that they switch, what is recorded of them, and that none of it looks ahead.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use insta::assert_snapshot;
use walkfolio::analysis::Comparison;
use walkfolio::analysis::regimes::Regimes;
use walkfolio::prelude::*;
use walkfolio::{Loaded, audit_policy};
use walkfolio_core::Poison;
use walkfolio_estimate::regime::GaussianStates;

const STUDY: &str = r#"
name = "switching"

[market]
source    = { kind = "sample" }
assets    = ["EWJ", "GLD", "QQQ", "SPY", "XBI", "ILF"]
benchmark = "SPY"
first     = 2007-01-11

[walk_forward]
first = 2010-01-01
last  = 2012-12-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }

[allocate]
objective = { kind = "minimum_variance" }
bounds    = { min = 0.0, max = 0.4 }

[[regime]]
name = "market"
kind = "drawdown"
down = 0.1
up   = 0.1

[[regime]]
name     = "volatility"
kind     = "hidden_markov"
window   = 504
restarts = 2

[[regime]]
name = "trend"
kind = "trend"

[[when]]
regime = "below"
set    = { "allocate.bounds.max" = 0.6 }

[[when]]
regime          = "turbulent"
min_probability = 0.6
set             = { "allocate.bounds.max" = 0.25, "estimate.covariance" = { kind = "ledoit_wolf", window = 120 } }
"#;

fn study(overrides: &[&str]) -> (Study, Loaded) {
    let study = parse(STUDY, overrides).unwrap_or_else(|error| panic!("{error}"));
    let loaded = study.market(None).unwrap();
    (study, loaded)
}

fn parse(text: &str, overrides: &[&str]) -> std::result::Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", text, &overrides).map_err(|error| error.to_string())
}

/// The errors of the study with some text replaced.
fn faults(from: &str, to: &str) -> String {
    assert!(STUDY.contains(from), "{from}");
    parse(&STUDY.replacen(from, to, 1), &[]).unwrap_err()
}

/// The notes on regimes, by decision.
fn regime_notes(run: &Run) -> Vec<(Date, String)> {
    let rows = run.ledger.iter().filter(|row| row.message.starts_with("regimes: "));
    rows.map(|row| (row.date.unwrap(), row.message.clone())).collect()
}

#[test]
fn settings_are_those_of_the_regimes_that_were_known() {
    let (study, loaded) = study(&[]);
    let run = study.run(&loaded, &Silent).unwrap();
    let notes = regime_notes(&run);
    assert_eq!(notes.len(), run.manifest.decisions);
    let mut seen = std::collections::BTreeSet::new();
    for (date, note) in &notes {
        let known = |name: &str| {
            let mut rows = run.regimes.iter();
            rows.find(|row| row.date == *date && row.regime == name).unwrap()
        };
        assert!(known("trend").known < *date);
        let turbulent = known("volatility").probabilities["turbulent"] >= 0.6;
        let below = known("trend").state.as_deref() == Some("below");
        // Of two rules that apply the later one has the last word.
        let (max, words) = match (turbulent, below) {
            (true, _) => (0.25, "allocate.bounds.max = 0.25"),
            (false, true) => (0.6, "allocate.bounds.max = 0.6"),
            (false, false) => (0.4, "no setting is switched"),
        };
        assert!(note.ends_with(words) || note.contains(&format!("{words},")), "{note}");
        let rows = run.decisions.iter().filter(|row| row.date == *date);
        let largest = rows.map(|row| row.weight).fold(0.0, f64::max);
        assert!(largest <= max + 1e-9, "{date}: {largest} in {note}");
        seen.insert((turbulent, below));
    }
    assert!(seen.len() >= 3, "{seen:?}");
}

#[test]
fn no_switched_decision_looks_ahead_and_each_is_verified() {
    for overrides in [&[][..], &["allocate.fallbacks=['previous']"]] {
        let (study, loaded) = study(overrides);
        let audited = study.audit(&loaded, &Silent).unwrap();
        assert_eq!(audited.leak, None);
        assert!(audited.complete && audited.decisions == 36);
        let run = study.run(&loaded, &Silent).unwrap();
        let verified = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!((verified.faults.len(), verified.confirmed), (0, 36), "{:?}", verified.faults);
    }
}

#[test]
fn switching_nothing_changes_nothing_and_no_window_is_shorter_than_the_longest_branch() {
    let weights = |run: &Run| -> Vec<(Date, u64)> {
        run.decisions.iter().map(|row| (row.date, row.weight.to_bits())).collect()
    };
    let (plain, loaded) = study(&["when=[]"]);
    let plain = plain.run(&loaded, &Silent).unwrap();
    assert_eq!(regime_notes(&plain).len(), 36);
    assert!(!regime_notes(&plain)[0].1.contains("switched"));
    let same = "when=[{ regime = \"bear\", set = { \"allocate.bounds.max\" = 0.4 } }]";
    let (same, loaded) = study(&[same]);
    assert_eq!(weights(&plain), weights(&same.run(&loaded, &Silent).unwrap()));
    // A branch that needs 1,200 rows holds back decisions in all of them.
    let long = "when=[{ regime = \"bear\", set = { \"estimate.covariance.window\" = 1200 } }]";
    let (long, loaded) = study(&[long, "walk_forward.first=2008-01-01"]);
    let run = long.run(&loaded, &Silent).unwrap();
    assert_eq!(run.manifest.first.unwrap().year(), 2011);
}

#[test]
fn what_is_recorded_is_what_every_decision_knew() {
    let (study, loaded) = study(&["walk_forward.last=2010-06-30"]);
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(run.regimes.len(), 3 * run.returns.len());
    let folder = tempfile::tempdir().unwrap();
    let done = study.run_to(folder.path().join("run")).unwrap();
    let read = read_run(done.path()).unwrap();
    assert_eq!(read.regimes, run.regimes);
    let found = Regimes::of(&read).unwrap();
    assert_eq!(Findings::of(&read).regimes.as_ref(), Some(&found));
    assert_eq!((found.regimes.len(), found.agreement.len()), (3, 3));
    for regime in &found.regimes {
        let sessions: usize = regime.states.iter().map(|state| state.sessions).sum();
        assert_eq!(sessions + regime.undefined, run.returns.len());
        let moves: usize = regime.transitions.iter().flatten().sum();
        assert_eq!(moves, run.returns.len() - 1);
    }
    let text = std::fs::read_to_string(done.path().join("report.md")).unwrap();
    assert!(text.contains("## Regimes") && text.contains("| volatility | turbulent |"), "{text}");
    let page = std::fs::read_to_string(done.path().join("report.html")).unwrap();
    assert!(page.contains("id=\"regimes\"") && page.contains("chart-probabilities"));
}

/// A column, and a change of it.
type Change = (&'static str, fn(&mut Run));

#[test]
fn a_changed_state_or_probability_is_found() {
    let (study, loaded) = study(&["walk_forward.last=2010-02-26"]);
    let run = study.run(&loaded, &Silent).unwrap();
    let changes: [Change; 5] = [
        ("state", |run| {
            let other =
                if run.regimes[3].state.as_deref() == Some("bear") { "bull" } else { "bear" };
            run.regimes[3].state = Some(other.to_owned());
        }),
        ("value", |run| run.regimes[3].value = Some(-0.05)),
        ("known", |run| run.regimes[4].known = run.regimes[4].date),
        ("probability_calm", |run| {
            run.regimes[4].probabilities.insert("calm".to_owned(), 0.5);
        }),
        ("", |run| run.regimes.clear()),
    ];
    for (column, change) in changes {
        let mut changed = run.clone();
        change(&mut changed);
        let found = study.verify(&changed, &loaded, &Silent).unwrap();
        let at = |fault: &walkfolio::Fault| {
            fault.file == "regimes.parquet" && fault.column.starts_with(column)
        };
        assert!(found.faults.iter().any(at), "{column}: {:?}", found.faults);
    }
}

/// Holds one asset or another by the probability of the second state at the last close.
struct ByState {
    /// By row of the market, filtered or smoothed.
    probability: Vec<f64>,
}

impl Policy for ByState {
    fn decide(&self, past: &Past<'_>, _: View<'_>) -> Result<Decision> {
        let turbulent = self.probability[past.rows() - 1];
        let assets = past.universe().len();
        Ok(Decision::of(Weights::scatter(assets, &[0, 1], &[turbulent, 1.0 - turbulent])?))
    }

    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
}

fn model() -> GaussianStates {
    GaussianStates {
        start: vec![0.5, 0.5],
        transition: vec![vec![0.98, 0.02], vec![0.05, 0.95]],
        mean: vec![0.0, 0.0],
        variance: vec![0.008 * 0.008, 0.02 * 0.02],
    }
}

/// The probability of the second state after each session, by the returns up to it.
fn filtered(market: &Market) -> Vec<f64> {
    let probabilities = model().filter(&returns(market)).probabilities;
    let own = probabilities.chunks(2).map(|pair| pair[1]);
    std::iter::once(0.5).chain(own).collect()
}

/// The same by all returns of the file (Kim 1994): what `predict_proba` of many programs gives.
fn smoothed(market: &Market) -> Vec<f64> {
    let model = model();
    let filtered = filtered(market);
    let mut smoothed = filtered.clone();
    for t in (1..filtered.len() - 1).rev() {
        let now = [1.0 - filtered[t], filtered[t]];
        let next = model.predict(&now);
        let later = [1.0 - smoothed[t + 1], smoothed[t + 1]];
        let along = |to: usize| model.transition[1][to] * later[to] / next[to];
        smoothed[t] = now[1] * (along(0) + along(1));
    }
    smoothed
}

/// The returns of one asset; what is filtered here need not be logarithmic.
fn returns(market: &Market) -> Vec<f64> {
    (1..market.rows()).map_while(|row| market.returns().value(row, 3)).collect()
}

#[test]
fn the_audit_catches_a_smoothed_probability_and_passes_a_filtered_one() {
    let (_, loaded) = study(&[]);
    let market = &loaded.market.between(Some(Date::constant(2007, 1, 11)), None).unwrap();
    let schedule = Schedule { every: Every::Month, first: None, last: None };
    let rows = schedule.rows(market.dates(), 250);
    let audit = |probability: fn(&Market) -> Vec<f64>| {
        let build = move |market: &Market| -> walkfolio::Result<Box<dyn Policy>> {
            Ok(Box::new(ByState { probability: probability(market) }))
        };
        audit_policy(market, &build, &rows, &Execution::default(), &Silent).unwrap()
    };
    assert_eq!(audit(filtered).leak, None);
    let leak = audit(smoothed).leak.unwrap();
    assert!(leak.what.starts_with("the weight of "), "{}", leak.what);
    // It is no small matter: smoothed and filtered probabilities are far apart around the turns.
    let pairs = filtered(market).into_iter().zip(smoothed(market));
    let apart = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart > 0.5, "{apart}");
    let poisoned = market.poisoned(400, Poison::Values);
    assert_eq!(filtered(market)[..400], filtered(&poisoned)[..400]);
    assert_ne!(smoothed(market)[399], smoothed(&poisoned)[399]);
}

#[test]
fn states_are_features_of_a_classifier() {
    let overrides = [
        "select.parameters.n_estimators=10",
        "select.parameters.max_depth=2",
        "walk_forward.last=2019-09-30",
        "select.features.regimes=[\"vol\", \"market\"]",
        "select.features.standardize=z_score",
        "regime=[{ name = \"market\", kind = \"drawdown\" }, { name = \"vol\", kind = \"hidden_markov\", of = \"XLK\", window = 504, restarts = 1 }]",
    ];
    let study = common::study("mtum-replica.toml", &overrides);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    let names = &run.classifier.as_ref().unwrap().names;
    assert_eq!(names[names.len() - 2..], ["vol_turbulent", "market_bear"]);
    assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None);
}

#[test]
fn regimes_that_cannot_be_are_told_at_once() {
    assert_snapshot!(faults("regime = \"below\"", "regime = \"belw\""), @r#"x.toml:39: when[0].regime: no [[regime]] has a state "belw" (did you mean `below`?)"#);
    assert_snapshot!(faults("regime = \"below\"", "regime = \"trend\""), @r#"x.toml:39: when[0].regime: "trend" is a regime, and no state is named (add state = "above" or "below")"#);
    assert_snapshot!(faults("regime = \"below\"", "regime = \"trend\"\nstate = \"down\""), @r#"x.toml:40: when[0].state: "down" is not a state of trend (one of: above, below)"#);
    assert_snapshot!(faults("{ \"allocate.bounds.max\" = 0.6 }", "{ \"allocate.bounds.max\" = 6.0 }"), @"x.toml:40: when[0].set.allocate.bounds.max: allocate.bounds.max: 6 is more than all equity, and none is borrowed (a weight is a fraction: write 0.06 for 6 %)");
    assert_snapshot!(faults("{ \"allocate.bounds.max\" = 0.6 }", "{ \"allocate.bounds.most\" = 0.6 }"), @"x.toml:40: when[0].set.allocate.bounds.most: allocate.bounds.most: unknown key `most` (known keys: max, min, when_too_tight)");
    assert_snapshot!(faults("{ \"allocate.bounds.max\" = 0.6 }", "{ \"walk_forward.every\" = \"week\" }"), @"x.toml:40: when[0].set.walk_forward.every: cannot be switched (use keys under allocate or estimate)");
    assert_snapshot!(faults("{ \"allocate.bounds.max\" = 0.6 }", "{}"), @"x.toml:40: when[0].set: is empty (add keys under allocate or estimate)");
    assert_snapshot!(faults("name = \"trend\"", "name = \"market\""), @r#"x.toml:35: regime[2].name: two regimes are named "market" (give each its own name)"#);
    assert_snapshot!(faults("kind = \"trend\"", "kind = \"trnd\""), @r#"x.toml:36: regime[2].kind: unknown value "trnd" (did you mean `trend`?)"#);
    assert_snapshot!(faults("kind = \"trend\"", "kind = \"trend\"\nof = \"SPX\""), @"x.toml:37: regime[2].of: SPX is neither an asset nor the benchmark (did you mean `SPY`?)");
    assert_snapshot!(faults("kind = \"trend\"", "kind = \"factor_cycle\"\nfactor = \"HML\""), @r#"
    x.toml:37: regime[2].factor: reads a factor, and there are none (add factors = "french3" to [market])
    x.toml:40: when[0].regime: no [[regime]] has a state "below" (one of: bear, bull, calm, down, turbulent, up)
    "#);
    assert_snapshot!(faults("window   = 504", "window   = 20\nstates = 5"), @r#"
    x.toml:31: regime[1].window: a window of 20 rows is too short: a hidden Markov model of so many states needs at least 100 (give the window more rows)
    x.toml:32: regime[1].states: must be 2, 3 or 4, found 5 (2 are calm and turbulent)
    "#);
    assert_snapshot!(faults("min_probability = 0.6", "min_probability = 60"), @"x.toml:44: when[1].min_probability: must be above 0 and at most 1, found 60 (0.8 is four times in five)");
    assert_snapshot!(faults("benchmark = \"SPY\"\n", ""), @r#"
    x.toml:21: regime[0]: reads the benchmark, and there is none (add of = "...", or benchmark = "..." to [market])
    x.toml:27: regime[1]: reads the benchmark, and there is none (add of = "...", or benchmark = "..." to [market])
    x.toml:33: regime[2]: reads the benchmark, and there is none (add of = "...", or benchmark = "..." to [market])
    "#);
    assert_snapshot!(
        parse(STUDY, &["tune={ every_months = 12, keys = { \"allocate.bounds.max\" = [0.3, 0.4] } }"]).unwrap_err(),
        @"x.toml:38: when: switches settings, and [tune] chooses them (remove one of the two)"
    );
    assert_snapshot!(parse(STUDY, &["grid={ \"allocate.bounds.min\" = [0.0, 0.3] }"]).unwrap_err(), @"x.toml: grid.allocate.bounds.min[1]: allocate.bounds.min: 0.3 over 6 assets sums to 1.8000, above 1 (lower it to at most 0.1666)");
}

#[test]
fn a_regime_without_enough_rows_holds_back_or_stops_a_run() {
    let (late, loaded) = study(&["walk_forward.first=2008-01-01"]);
    let run = late.run(&loaded, &Silent).unwrap();
    // 504 returns after 2007-01-11 end in January 2009.
    assert_eq!(run.manifest.first.unwrap().to_string(), "2009-02-02");
    let never = parse(&STUDY.replace("window   = 504", "window   = 5040"), &[]).unwrap();
    let loaded = never.market(None).unwrap();
    let error = never.run(&loaded, &Silent).unwrap_err();
    assert!(
        error.to_string().contains("the regime volatility is not defined at the last close before"),
        "{error}"
    );
}

#[test]
fn states_that_collapse_stop_a_run_that_depends_on_them_and_warn_one_that_does_not() {
    let flat = STUDY
        .replace("kind     = \"hidden_markov\"", "kind     = \"hidden_markov\"\nof = \"CASH\"");
    let text = flat.replace("\"ILF\"]", "\"ILF\", \"CASH\"]");
    let study = parse(&text, &[]).unwrap();
    let mut loaded = parse(STUDY, &[]).unwrap().market(None).unwrap();
    loaded.market = with_cash(&loaded.market);
    let error = study.run(&loaded, &Silent).unwrap_err();
    assert!(error.to_string().contains("the regime volatility: 2 states collapse"), "{error}");
    let alone = parse(&text, &["when=[]"]).unwrap();
    let run = alone.run(&loaded, &Silent).unwrap();
    let warned = |row: &&walkfolio::LedgerRow| {
        row.kind == "warning"
            && row.message.starts_with("the regime volatility is not defined: 2 states")
    };
    assert_eq!(run.ledger.iter().filter(warned).count(), run.manifest.decisions);
}

/// The market with an asset that grows by the same part each session.
fn with_cash(market: &Market) -> Market {
    let column =
        |asset: usize| (0..market.rows()).map(|row| market.prices().value(row, asset)).collect();
    let mut columns: Vec<Vec<Option<f64>>> = (0..market.universe().len()).map(column).collect();
    columns.push((0..market.rows()).map(|_| Some(100.0)).collect());
    let names = market.universe().tickers().iter().map(Ticker::as_str).chain(["CASH"]);
    let universe = Universe::new(names).unwrap();
    let prices = Prices::new(market.dates().to_vec(), universe, columns).unwrap();
    let spy = Universe::new(["SPY"]).unwrap();
    let spy = Prices::new(market.dates().to_vec(), spy, vec![column(3)]).unwrap();
    Market::new(prices).unwrap().with_benchmark(spy).unwrap()
}

#[test]
fn the_shipped_study_on_real_data() {
    let Some(data) = common::data() else { return };
    let run = |overrides: &[&str]| {
        let study = common::study("regime-switching.toml", overrides);
        let loaded = study.market(Some(&data)).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        (study, loaded, run)
    };
    let (study, loaded, switching) = run(&[]);
    let (_, _, plain) = run(&["when=[]"]);
    let notes = regime_notes(&switching);
    let switched = notes.iter().filter(|(_, note)| !note.contains("no setting")).count();
    assert_eq!((switching.manifest.decisions, switched), (194, 56));
    let volatility = |run: &Run| run.measures.full.get("volatility").unwrap();
    assert!((volatility(&switching) - 0.056_79).abs() < 1e-4);
    assert!((volatility(&plain) - 0.062_54).abs() < 1e-4);
    let found = Comparison::of(&[&switching, &plain]).unwrap();
    let sharpe = found.pairs[0].differences.iter().find(|one| one.key == "sharpe_ratio").unwrap();
    let interval = sharpe.interval.as_ref().unwrap();
    assert!(interval.low < 0.0 && interval.high > 0.0, "{interval:?}");
    let verified = study.verify(&switching, &loaded, &Silent).unwrap();
    assert_eq!((verified.faults.len(), verified.confirmed), (0, 194), "{:?}", verified.faults);
}
