//! Selection, labels and tuning on the sample market: what may go wrong, and what must not.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{data, on_real_data, study};
use walkfolio::{Loaded, Run, Silent, Study};
use walkfolio_core::{Date, Market, Prices, Universe};

/// Few and small trees: what is tested is not how good they are.
const SMALL: [&str; 2] = ["select.parameters.n_estimators=10", "select.parameters.max_depth=2"];

fn sample(overrides: &[&str]) -> (Study, Loaded) {
    let study = study("mtum-replica.toml", &[&SMALL[..], overrides].concat());
    let loaded = study.market(None).unwrap();
    (study, loaded)
}

fn run(overrides: &[&str]) -> Run {
    let (study, loaded) = sample(overrides);
    study.run(&loaded, &Silent).unwrap()
}

fn messages<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    let rows = run.ledger.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.message.as_str()).collect()
}

#[test]
fn no_decision_of_a_classifier_looks_ahead() {
    let cases: [&[&str]; 3] = [
        &["walk_forward.last=2020-03-31"],
        &["walk_forward.last=2019-12-31", "select.features.standardize=z_score"],
        &[
            "walk_forward.last=2019-09-30",
            "select.search={ every_months = 2, grid = { max_depth = [1, 2], n_estimators = [5, 10] } }",
        ],
    ];
    for overrides in cases {
        let (study, loaded) = sample(overrides);
        let found = study.audit(&loaded, &Silent).unwrap();
        assert_eq!(found.leak, None, "{overrides:?}");
        assert!(found.complete && found.decisions >= 4);
    }
}

#[test]
fn no_tuned_decision_looks_ahead() {
    let tune = "tune={ every_months = 3, look_back_months = 12, keys = { \"allocate.objective.window\" = [63, 252] } }";
    let study = study("mtum-all-eleven.toml", &[tune, "walk_forward.last=2020-03-31"]);
    let loaded = study.market(None).unwrap();
    let found = study.audit(&loaded, &Silent).unwrap();
    assert_eq!(found.leak, None);
    let run = study.run(&loaded, &Silent).unwrap();
    let tuned: Vec<&str> =
        messages(&run, "note").into_iter().filter(|m| m.starts_with("tuned on past")).collect();
    assert_eq!(tuned.len(), run.manifest.decisions);
    assert!(tuned[0].contains("window = ") && tuned[0].contains("the 2 settings"), "{}", tuned[0]);
}

#[test]
fn reviews_and_the_pull_to_what_is_held_do_not_look_ahead() {
    let study = study(
        "mtum-review-aware-weekly.toml",
        &["walk_forward.last=2019-12-31", "allocate.max_holdings=6"],
    );
    let loaded = study.market(None).unwrap();
    let found = study.audit(&loaded, &Silent).unwrap();
    assert_eq!(found.leak, None);
    let run = study.run(&loaded, &Silent).unwrap();
    // Weekly, and once more after the review of November.
    let dates: Vec<String> =
        run.decisions.chunks(11).map(|rows| rows[0].date.to_string()).collect();
    assert!(dates.contains(&"2019-12-02".to_owned()), "{dates:?}");
    let verified = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!((verified.faults.len(), verified.confirmed), (0, run.manifest.decisions));
}

#[test]
fn a_verification_makes_the_selection_again() {
    let (study, loaded) = sample(&["walk_forward.last=2019-12-31"]);
    let mut run = study.run(&loaded, &Silent).unwrap();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!((found.faults.len(), found.confirmed), (0, run.manifest.decisions));
    let flipped = run.decisions.iter_mut().find(|row| row.selected == Some(false)).unwrap();
    flipped.selected = Some(true);
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults.len(), 1);
    assert_eq!(found.faults[0].column, "selected");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&["walk_forward.last=2020-12-31"]))
    };
    let (one, many) = (on(1), on(4));
    assert_eq!(one.decisions, many.decisions);
    assert_eq!(one.ledger, many.ledger);
    assert_eq!(one.classifier, many.classifier);
}

#[test]
fn at_least_so_many_are_selected_and_all_if_there_are_no_more() {
    let chosen = |run: &Run| -> Vec<usize> {
        let rows = run.decisions.chunks(11);
        rows.map(|rows| rows.iter().filter(|row| row.selected == Some(true)).count()).collect()
    };
    let last = "walk_forward.last=2019-12-31";
    let few = run(&[last, "select.threshold=1.0", "select.min_selected=3"]);
    assert!(chosen(&few).iter().all(|&k| k == 3));
    // A cap of 0.3 over three assets cannot sum to 1: it is raised, and the ledger says so.
    let raised = "bounds.max 0.3 over 3 assets cannot sum to 1; it is raised to 0.3333";
    assert_eq!(messages(&few, "note").iter().filter(|note| **note == raised).count(), 7);
    let all = run(&[last, "select.min_selected=11"]);
    assert!(chosen(&all).iter().all(|&k| k >= 10));
    let told = "min_selected 11 over 10 eligible assets: all of them are selected";
    assert_eq!(messages(&all, "note").iter().filter(|note| **note == told).count(), 1);
    let strict = "allocate.bounds={ min = 0, max = 0.3, when_too_tight = 'error' }";
    let (study, loaded) = sample(&[last, "select.threshold=1.0", "select.min_selected=3", strict]);
    let error = study.run(&loaded, &Silent).unwrap_err();
    assert!(error.to_string().contains("bounds.max 0.3 over 3 assets sums to 0.9"), "{error}");
}

#[test]
fn labels_of_one_class_leave_all_assets_with_a_warning() {
    // Every weight is above a threshold of nothing but a loose program's zeros: take one that none
    // can reach.
    let run = run(&["walk_forward.last=2019-12-31", "select.labels.threshold=0.9"]);
    let warnings = messages(&run, "warning");
    let one_class = warnings.iter().filter(|m| m.starts_with("no classifier: ")).count();
    assert_eq!(one_class, run.manifest.decisions, "{warnings:?}");
    assert!(warnings.iter().any(|m| m.contains("every eligible asset may be held")));
    assert!(run.decisions.iter().all(|row| row.probability.is_none()));
}

#[test]
fn fewer_months_than_folds_are_noted_and_not_scored() {
    // Two or three months to learn from; four blocks are needed.
    let late = ["walk_forward.last=2019-07-31", "select.since=2019-03-01"];
    let few = run(&late);
    let notes = messages(&few, "note");
    assert!(notes.iter().any(|m| m.starts_with("not cross-validated: ")), "{notes:?}");
    assert!(few.classifier.unwrap().decisions.iter().all(|row| row.cv_auc.is_none()));
    // A search then keeps the parameters of the study, with a warning.
    let search = "select.search={ every_months = 1, grid = { max_depth = [1, 2] } }";
    let run = run(&[late[0], late[1], search]);
    let warnings = messages(&run, "warning");
    assert!(warnings.iter().any(|m| m.contains("select.parameters hold")), "{warnings:?}");
}

#[test]
fn a_search_is_told_in_the_ledger_and_holds_until_the_next() {
    let search = "select.search={ every_months = 6, grid = { max_depth = [1, 2], learning_rate = [0.1, 0.3] } }";
    let run = run(&["walk_forward.last=2020-05-29", search]);
    let found: Vec<&str> =
        messages(&run, "note").into_iter().filter(|m| m.starts_with("searched 4")).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    let classifier = run.classifier.as_ref().unwrap();
    let used: Vec<&String> = classifier.decisions.iter().map(|row| &row.parameters).collect();
    assert!(used[..6].iter().all(|p| *p == used[0]) && used[6..].iter().all(|p| *p == used[6]));
    assert!(found[0].contains(used[0].as_str()));
}

#[test]
fn persistence_selects_what_the_last_month_tracked_with() {
    let persistence = "select={ kind = 'persistence', min_selected = 4 }";
    let study = study("mtum-replica.toml", &[persistence, "walk_forward.last=2019-12-31"]);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    // The program of a month-end holds what the program of all assets holds: nothing is lost.
    let all = study_of("mtum-all-eleven.toml", "walk_forward.last=2019-12-31");
    let pairs = run.decisions.iter().zip(&all.decisions);
    let worst = pairs.map(|(a, b)| (a.weight - b.weight).abs()).fold(0.0, f64::max);
    assert!(worst < 1e-9, "{worst:e}");
    assert!(run.classifier.is_none());
}

fn study_of(name: &str, set: &str) -> Run {
    let study = study(name, &[set]);
    study.run(&study.market(None).unwrap(), &Silent).unwrap()
}

#[test]
fn a_search_that_stops_early_says_how_far_it_may_be_off() {
    let run = study_of_with(
        "mtum-best-subset.toml",
        &["walk_forward.last=2019-12-31", "allocate.search={ nodes = 2 }"],
    );
    let warnings = messages(&run, "warning");
    assert!(warnings.iter().any(|m| m.contains("ended at its limit of nodes")), "{warnings:?}");
    let solves = run.ledger.iter().filter(|row| row.kind == "solve");
    assert!(
        solves.into_iter().any(|row| row.status.as_deref() == Some("limit") && row.gap > Some(0.0))
    );
}

fn study_of_with(name: &str, set: &[&str]) -> Run {
    let study = study(name, set);
    study.run(&study.market(None).unwrap(), &Silent).unwrap()
}

#[test]
fn an_l1_penalty_acts_where_short_positions_are_allowed() {
    let gross = |penalty: &str| {
        let run = study_of_with(
            "mtum-mean-variance.toml",
            &[
                "walk_forward.last=2019-12-31",
                "allocate.bounds={ min = -0.5, max = 0.5 }",
                &format!("allocate.l1_penalty={penalty}"),
            ],
        );
        assert!(messages(&run, "warning").iter().all(|m| !m.contains("l1_penalty")));
        run.measures.full.get("gross_exposure").unwrap()
    };
    let (free, penalized) = (gross("0.0"), gross("0.5"));
    assert!(penalized < free - 0.5, "{free} {penalized}");
}

#[test]
fn a_label_penalty_is_vacuous_and_says_so() {
    let with = run(&["walk_forward.last=2019-08-30", "select.labels.l1_penalty=0.001"]);
    let without = run(&["walk_forward.last=2019-08-30"]);
    assert_eq!(with.decisions, without.decisions);
    let warnings = messages(&with, "warning");
    assert!(
        warnings.iter().any(|m| m.starts_with("select.labels.l1_penalty = 0.001")),
        "{warnings:?}"
    );
}

/// Prices of three funds and a benchmark over four years of weekdays; `C` lives on some rows only.
fn market(alive: std::ops::Range<usize>) -> Market {
    let start = Date::constant(2015, 1, 1);
    let dates: Vec<Date> = (0..1500)
        .map(|day| start.checked_add(jiff::Span::new().days(day)).unwrap())
        .filter(|date| date.weekday().to_monday_zero_offset() < 5)
        .collect();
    let rows = dates.len();
    let path = |seed: f64, alive: std::ops::Range<usize>| -> Vec<Option<f64>> {
        let mut price = 50.0;
        let step = |t: usize| 0.012 * (seed * (t * t % 89) as f64).sin();
        let walk = (0..rows).map(|t| {
            price *= 1.0 + step(t);
            alive.contains(&t).then_some(price)
        });
        walk.collect()
    };
    let columns = vec![path(1.0, 0..rows), path(2.0, 0..rows), path(3.5, alive)];
    let universe = Universe::new(["A", "B", "C"]).unwrap();
    let prices = Prices::new(dates.clone(), universe, columns).unwrap();
    let m = vec![path(1.2, 0..rows)];
    let benchmark = Prices::new(dates, Universe::new(["M"]).unwrap(), m).unwrap();
    Market::new(prices).unwrap().with_benchmark(benchmark).unwrap()
}

const OWN: &str = r#"
name = "own"
[market]
assets = ["A", "B", "C"]
benchmark = "M"
[walk_forward]
every = "month"
[select]
kind = "boosted_trees"
min_selected = 1
parameters = { n_estimators = 5, max_depth = 2, subsample = 1.0, colsample_bytree = 1.0 }
labels = { window = 60, max_weight = 1.0 }
validation = { folds = 2, purge_months = 1 }
[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds = { min = 0.0, max = 1.0 }
"#;

fn own(market: Market) -> Run {
    let study = Study::parse("own.toml", OWN, &[]).unwrap();
    let loaded =
        Loaded { market, sources: Vec::new(), notes: Vec::new(), synthetic: false, account: None };
    study.run(&loaded, &Silent).unwrap()
}

#[test]
fn an_asset_that_dies_is_not_learned_from_after_and_not_held() {
    let run = own(market(0..700));
    let dates = run.returns.iter().map(|row| row.date);
    let end = dates.clone().nth(dates.count() - 1).unwrap();
    assert!(end > Date::constant(2018, 6, 1));
    let noted = messages(&run, "note");
    assert!(
        noted.iter().any(|m| m.contains("C has features and no label of 2017-09-29")),
        "{noted:?}"
    );
    let late = run.decisions.iter().filter(|row| row.asset == "C" && row.date.year() == 2018);
    assert!(late.into_iter().all(|row| row.weight == 0.0 && row.probability.is_none()));
}

#[test]
fn an_asset_that_lists_late_is_learned_from_once_it_has_labels() {
    let run = own(market(500..5000));
    let classifier = run.classifier.unwrap();
    let first = classifier.features.iter().find(|row| row.asset == "C").unwrap();
    let labelled =
        classifier.features.iter().find(|row| row.asset == "C" && row.label.is_some()).unwrap();
    // 13 month-ends of prices for momentum, 60 rows for the label: both are there by then.
    assert!(first.date > Date::constant(2017, 12, 1) && labelled.date >= first.date);
    let held = run.decisions.iter().find(|row| row.asset == "C" && row.weight > 0.0).unwrap();
    assert!(held.date > Date::constant(2017, 2, 1));
}

#[test]
fn features_of_a_users_files_are_read_by_their_date() {
    let Some(real) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mtum")).unwrap();
    std::fs::copy(real.join("mtum/prices.csv"), folder.path().join("mtum/prices.csv")).unwrap();
    let line = |(index, asset): (usize, &str), year: usize| {
        format!("{year}-01-15,{asset},{}\n", 1e6 * (index + year) as f64)
    };
    let assets = ["XLE", "XLF", "XLK", "SMH"].into_iter().enumerate();
    let lines = assets.flat_map(|asset| (2014..2020).map(move |year| line(asset, year)));
    let volumes = format!("date,asset,value\n{}", lines.collect::<String>());
    std::fs::write(folder.path().join("volume.csv"), volumes).unwrap();
    let set = [
        "select.features.extra=[{ kind = 'log_dollar_volume', file = 'volume.csv' }]",
        "walk_forward.last=2019-08-30",
        SMALL[0],
        SMALL[1],
    ];
    let study = study("mtum-replica.toml", &set);
    let loaded = study.market(Some(folder.path())).unwrap();
    assert!(loaded.sources.iter().any(|source| source.role == "signal"));
    let run = study.run(&loaded, &Silent).unwrap();
    let classifier = run.classifier.unwrap();
    assert_eq!(classifier.names.last().unwrap(), "log_dollar_volume");
    let value = |asset: &str, date: &str| {
        let row =
            classifier.features.iter().find(|r| r.asset == asset && r.date.to_string() == date);
        *row.unwrap().values.last().unwrap()
    };
    assert_eq!(value("XLE", "2014-12-31"), Some((1e6 * 2014.0_f64).ln()));
    assert_eq!(value("XLE", "2015-01-30"), Some((1e6 * 2015.0_f64).ln()));
    assert_eq!(value("XLU", "2015-01-30"), None);
    let warned =
        loaded.notes.iter().filter(|note| note.message.contains("has no log_dollar_volume"));
    assert_eq!(warned.count(), 7);
    let found = study.audit(&loaded, &Silent).unwrap();
    assert_eq!(found.leak, None);
    let found = study.audit_files(&loaded, Some(folder.path()), &Silent).unwrap();
    assert_eq!((found.leak, found.skipped), (None, None));
    assert!(found.attacked >= 2, "{}", found.attacked);
}

#[test]
fn signals_that_end_before_the_decisions_are_a_warning() {
    let Some(real) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mtum")).unwrap();
    std::fs::copy(real.join("mtum/prices.csv"), folder.path().join("mtum/prices.csv")).unwrap();
    let line = |month: u8| format!("2018-{month:02}-15,XLE,1e6\n");
    let lines = (1..=12).map(line).collect::<Vec<String>>().concat();
    std::fs::write(folder.path().join("caps.csv"), format!("date,asset,value\n{lines}")).unwrap();
    let set = [
        "select.features.extra=[{ kind = 'market_cap', file = 'caps.csv' }]",
        "walk_forward.last=2019-08-30",
        SMALL[0],
        SMALL[1],
    ];
    let study = study("mtum-replica.toml", &set);
    let run = study.run(&study.market(Some(folder.path())).unwrap(), &Silent).unwrap();
    let warned = run.ledger.iter().filter(|row| row.message.starts_with("signal market_cap is"));
    let warned: Vec<(&str, &str)> =
        warned.map(|row| (row.kind.as_str(), row.message.as_str())).collect();
    // From 2018-12-17 to 2019-07-31 there are 155 sessions.
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!(warned[0].0, "warning");
    assert!(warned[0].1.contains("sessions old in"), "{warned:?}");
}

/// Both trainers on the same rows; XGBoost itself where it is found.
#[test]
fn both_trainers_select_alike_without_sampling() {
    if let Err(error) = walkfolio_learn::XgBoost::load(None) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{error}");
        println!("skipped: xgboost not found");
        return;
    }
    let whole = [
        "select.parameters={ subsample = 1.0, colsample_bytree = 1.0 }",
        "walk_forward.last=2020-06-30",
    ];
    let Some((ours, loaded)) = on_real_data("mtum-replica.toml", &whole) else { return };
    let xgboost = [whole[0], whole[1], "select.trainer={ kind = 'xgboost' }"];
    let Some((theirs, _)) = on_real_data("mtum-replica.toml", &xgboost) else { return };
    let (a, b) = (ours.run(&loaded, &Silent).unwrap(), theirs.run(&loaded, &Silent).unwrap());
    let pairs = a.decisions.iter().zip(&b.decisions);
    let worst = pairs
        .map(|(a, b)| (a.probability.unwrap_or(0.0) - b.probability.unwrap_or(0.0)).abs())
        .fold(0.0, f64::max);
    println!("probabilities within {worst:.1e}");
    assert!(worst < 1e-6, "{worst:e}");
}

/// Candidates with shorter windows could begin earlier: they must not be judged on more decisions.
#[test]
fn settings_are_tuned_on_the_same_decisions() {
    let tune = |values: &str| {
        format!(
            "tune={{ every_months = 1, look_back_months = 600, keys = {{ \"allocate.objective.window\" = {values} }} }}"
        )
    };
    let told = |values: &str| {
        let set =
            [&tune(values)[..], "walk_forward.first=2014-12-01", "walk_forward.last=2015-01-30"];
        let run = study_of_with("mtum-all-eleven.toml", &set);
        messages(&run, "note").into_iter().find(|m| m.starts_with("tuned")).unwrap().to_owned()
    };
    let (both, long) = (told("[60, 252]"), told("[252]"));
    let since = |text: &str| text.split_whitespace().nth(5).unwrap().to_owned();
    assert_eq!(since(&both), since(&long), "{both} | {long}");
}

/// What is tried is what would have been held: among the selected assets.
#[test]
fn settings_are_tuned_among_the_selected() {
    let tune = "tune={ every_months = 12, look_back_months = 24, keys = { \"allocate.objective.half_life_days\" = [30, 250] } }";
    let error = |study: &str, more: &[&str]| {
        let set = [&[tune, "walk_forward.last=2019-06-28"], more].concat();
        let run = study_of_with(study, &set);
        messages(&run, "note").into_iter().find(|m| m.starts_with("tuned")).unwrap().to_owned()
    };
    assert_ne!(error("mtum-all-eleven.toml", &[]), error("mtum-replica.toml", &SMALL));
}

/// Features, model and label are those of the month: a forecast is judged once, however often it is
/// used.
#[test]
fn weekly_decisions_do_not_count_a_forecast_twice() {
    let monthly = run(&["walk_forward.last=2019-10-31"]).classifier.unwrap();
    let weekly =
        run(&["walk_forward.last=2019-10-31", "walk_forward.every=week"]).classifier.unwrap();
    assert_eq!(weekly.predictions.len(), monthly.predictions.len());
}
