//! What a study may say, and what it is told when it errs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use insta::assert_snapshot;
use walkfolio::Study;

const GOOD: &str = r#"
name = "small"

[market]
assets    = ["XLE", "XLF", "XLK"]
benchmark = "MTUM"
factors   = "french3"

[walk_forward]
first = 2019-06-01
last  = 2019-12-31
every = "month"

[estimate]
covariance       = { kind = "factor_model", window = 60 }
expected_returns = { kind = "factor_model", window = 90 }

[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds    = { min = 0.0, max = 0.5 }
"#;

fn parse(text: &str, overrides: &[&str]) -> Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", text, &overrides).map_err(|error| error.to_string())
}

/// The faults of the good study with some text replaced.
fn faults(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    parse(&GOOD.replace(from, to), &[]).unwrap_err()
}

/// The faults of the good study with overrides.
fn faults_of_set(overrides: &[&str]) -> String {
    parse(GOOD, overrides).unwrap_err()
}

#[test]
fn the_shipped_studies_are_valid() {
    for entry in std::fs::read_dir(common::repository().join("studies")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            Study::load(&path, &[]).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn unknown_keys_name_the_nearest() {
    assert_snapshot!(faults("max = 0.5", "max = 0.5, max_weigth = 1"), @"x.toml:20: allocate.bounds.max_weigth: unknown key `max_weigth` (did you mean `max`?)");
    assert_snapshot!(faults("benchmark =", "benchmarc ="), @"x.toml:6: market.benchmarc: unknown key `benchmarc` (did you mean `benchmark`?)");
    assert_snapshot!(faults("[estimate]", "[estimates]"), @"x.toml:14: estimates: unknown key `estimates` (did you mean `estimate`?)");
    assert_snapshot!(faults("\"tracking_error\"", "\"trackng_error\""), @r#"x.toml:19: allocate.objective.kind: unknown value "trackng_error" (did you mean `tracking_error`?)"#);
}

#[test]
fn a_key_of_an_earlier_version_is_answered_with_its_new_name() {
    assert_snapshot!(faults("every =", "execution_lag_days = 1\nevery ="), @"x.toml:12: walk_forward.execution_lag_days: unknown key `execution_lag_days` (it is now `execution_lag`)");
    // What had fixed dates under this name is a `[[period]]`; a regime is told by a detector.
    assert_snapshot!(faults("[walk_forward]", "[[regime]]\nname = \"x\"\n[walk_forward]"), @"x.toml:9: regime[0].kind: is missing (one of: hidden_markov, drawdown, trend, volatility, absorption, average_correlation, turbulence, factor_cycle)");
}

#[test]
fn wrong_types_say_what_was_expected() {
    assert_snapshot!(faults("max = 0.5", "max = \"0.5\""), @r#"x.toml:20: allocate.bounds.max: must be a number, found the text "0.5" (write 0.5 without quotes)"#);
    assert_snapshot!(faults("[\"XLE\", \"XLF\", \"XLK\"]", "\"XLE\""), @r#"x.toml:5: market.assets: must be a list, found the text "XLE" (write ["XLE"])"#);
    assert_snapshot!(faults("2019-06-01", "\"June 2019\""), @r#"x.toml:10: walk_forward.first: must be a date, found the text "June 2019" (write it as 2019-06-01)"#);
    assert_snapshot!(faults("window = 60 }\nbounds", "window = 60.5 }\nbounds"), @"x.toml:19: allocate.objective.window: must be a whole number, found the number 60.5");
    assert_snapshot!(faults("window = 60 }\nbounds", "window = -1 }\nbounds"), @"x.toml:19: allocate.objective.window: must be at least 0, found -1");
    assert_snapshot!(faults("max = 0.5", "max = nan"), @"x.toml:20: allocate.bounds.max: `nan` is not a finite number that fits");
}

#[test]
fn missing_keys_are_named() {
    assert_snapshot!(faults("every = \"month\"", ""), @"x.toml:9: walk_forward.every: is missing (add `every = ...`)");
    assert_snapshot!(faults("kind = \"tracking_error\", ", ""), @"x.toml:19: allocate.objective.kind: is missing (one of: tracking_error, mean_variance, minimum_variance, robust_utility, maximum_sharpe, maximum_diversification, frontier, robust_mean_variance, minimum_cvar, mean_cvar, minimum_cdar, information_ratio, risk_parity, equal_weight, inverse_volatility, hierarchical_risk_parity, hierarchical_equal_risk_contribution, ensemble)");
}

#[test]
fn values_that_contradict_each_other_are_named() {
    assert_snapshot!(faults("\"XLK\"]", "\"XLE\"]"), @"x.toml:5: market.assets: XLE is listed twice among the assets, at positions 1 and 3 (name each asset once)");
    assert_snapshot!(faults("\"XLK\"]", "\"\"]"), @r#"x.toml:5: market.assets: ticker "" is not valid: it is empty (write the name as the exchange does, with at most 64 characters)"#);
    assert_snapshot!(faults("2019-12-31", "2018-12-31"), @"x.toml:10: walk_forward.first: 2019-06-01 is later than walk_forward.last = 2018-12-31 (swap the two)");
    assert_snapshot!(faults("\"month\"", "\"fortnight\""), @r#"x.toml:12: walk_forward.every: unknown rebalance frequency "fortnight" (one of: week, month, quarter, year, 5d (a number of sessions), { dates = "file.csv" })"#);
    assert_snapshot!(faults("benchmark = \"MTUM\"\n", ""), @r#"x.toml:18: allocate.objective: tracks a benchmark, and there is none (add benchmark = "..." to [market])"#);
    assert_snapshot!(faults("max = 0.5", "max = 0.2"), @r#"x.toml:20: allocate.bounds.max: 0.2 over 3 assets sums to 0.6000, below 1 (raise it to at least 0.3334, or set when_too_tight = "raise" in allocate.bounds)"#);
    assert_snapshot!(faults("min = 0.0", "min = 0.6"), @r#"
    x.toml:20: allocate.bounds: min 0.6 is larger than max 0.5 (swap the two)
    x.toml:20: allocate.bounds.min: 0.6 over 3 assets sums to 1.8000, above 1 (lower it to at most 0.3333)
    "#);
    assert_snapshot!(faults("window = 60 }\nbounds", "window = 0 }\nbounds"), @"x.toml:19: allocate.objective.window: a window of 0 rows is too short: the objective needs at least 1 (give the window more rows)");
    assert_snapshot!(faults("[allocate]", "[allocate]\nbeta = { min = 1, value = 1 }"), @r"
    x.toml:19: allocate.beta: needs the window of [estimate], and the objective has none (remove it, or use an objective with moments, such as minimum_variance)
    x.toml:19: allocate.beta: must have min and max, or value alone (write { min = -0.5, max = 0.5 } or { value = 1.0 })
    ");
    assert_snapshot!(faults("[allocate]", "[costs]\nper_side_bps = -1\n[allocate]"), @"x.toml:19: costs.per_side_bps: must be between 0 and 10000, found -1 (5 is five hundredths of a percent)");
}

/// The faults of the good study with the objective of an information ratio.
fn ratio(more: &str) -> String {
    let objective = format!("objective = {{ kind = \"information_ratio\", lambda = 0.1{more} }}");
    let text = GOOD
        .replace("objective = { kind = \"tracking_error\", window = 60 }", &objective)
        .replace("\"MTUM\"", "\"XLE\"");
    parse(&text, &[]).err().unwrap_or_default()
}

#[test]
fn readings_of_the_ratio_without_a_maximum_are_refused_with_the_reason() {
    assert_eq!(ratio(""), "");
    assert_eq!(ratio(", benchmark_tradable = false"), "");
    assert_snapshot!(ratio(", tev_floor = 0"), @"x.toml:19: allocate.objective.tev_floor: has no bound: all in the benchmark is a tracking error of 0, and the ratio grows without end (set tev_floor = 0.02, or benchmark_tradable = false)");
    assert_snapshot!(ratio(", tev_floor = 0, numerator = \"active\""), @"x.toml:19: allocate.objective.tev_floor: is in general not attained: its supremum is approached as the portfolio nears the benchmark (set tev_floor = 0.02, or benchmark_tradable = false)");
}

#[test]
fn rules_about_holdings_are_checked() {
    assert_snapshot!(faults("[allocate]", "[allocate]\nmax_holdings = 0"), @"x.toml:19: allocate.max_holdings: must be at least 1, found 0");
    assert_snapshot!(faults("[allocate]", "[allocate]\nmax_holdings = 2\nmin_holdings = 3"), @"x.toml:20: allocate.min_holdings: 3 is more than max_holdings 2 (swap the two)");
    let set =
        ["allocate.objective={ kind = 'robust_utility', lambda = 0.1 }", "allocate.max_holdings=2"];
    assert_snapshot!(faults_of_set(&set), @"x.toml: allocate.max_holdings: is kept exactly for a quadratic objective only (use the objective tracking_error, mean_variance or minimum_variance, or remove the rule)");
}

#[test]
fn all_faults_come_at_once_with_their_lines() {
    let text = GOOD
        .replace("max = 0.5", "max = true")
        .replace("benchmark =", "benchmarc =")
        .replace("window = 90", "window_dys = 90")
        .replace("\"month\"", "5");
    assert_snapshot!(parse(&text, &[]).unwrap_err(), @r#"
    x.toml:6: market.benchmarc: unknown key `benchmarc` (did you mean `benchmark`?)
    x.toml:12: walk_forward.every: must be a text, found the number 5 (write "5" in quotes)
    x.toml:16: estimate.expected_returns.window_dys: unknown key `window_dys` (did you mean `window`?)
    x.toml:20: allocate.bounds.max: must be a number, found true
    "#);
}

#[test]
fn text_that_is_not_toml_is_placed() {
    assert_snapshot!(faults("name = \"small\"", "name = small\nx = [1"), @"x.toml:2: not valid TOML: string values must be quoted, expected literal string (put a text in quotes, and give a key one value)");
}

#[test]
fn grid_values_are_checked_in_their_place() {
    let grid = "\n[grid]\n\"allocate.bounds.max\" = [0.4, \"x\"]\n\"allocate.bonds.max\" = [1]\n";
    assert_snapshot!(parse(&format!("{GOOD}{grid}"), &[]).unwrap_err(), @r#"
    x.toml:23: grid.allocate.bounds.max[1]: allocate.bounds.max: must be a number, found the text "x"
    x.toml:24: grid.allocate.bonds.max[0]: allocate.bonds: unknown key `bonds` (did you mean `bounds`?)
    "#);
    let grid = "\n[grid]\nallocate.bounds.max = [0.4]\n";
    assert_snapshot!(parse(&format!("{GOOD}{grid}"), &[]).unwrap_err(), @r#"x.toml:23: grid.allocate: must be a list, found a table (quote a dotted key: "allocate.bounds.max" = [0.2, 0.3])"#);
}

#[test]
fn overrides_are_checked_like_the_file() {
    assert_snapshot!(faults_of_set(&["costs.per_side_bp=5"]), @"x.toml: costs.per_side_bp: unknown key `per_side_bp` (did you mean `per_side_bps`?)");
    assert_snapshot!(faults_of_set(&["costs.per_side_bps"]), @"x.toml: --set: `costs.per_side_bps` has no `=` (write --set costs.per_side_bps=10)");
    assert_snapshot!(faults_of_set(&["name.first=1"]), @"x.toml: name.first: `name` is not a table");
}

#[test]
fn a_kind_that_is_set_drops_what_it_does_not_know() {
    let set = ["allocate.objective.kind=robust_utility", "allocate.objective.lambda=0.1"];
    let study = parse(GOOD, &set).unwrap();
    let notes: Vec<&str> = study.notes().iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        notes,
        [
            "allocate.objective.window is dropped: allocate.objective of kind \"robust_utility\" has no such key"
        ]
    );
    assert_eq!(study.resolved()["allocate"]["objective"]["lambda"], 0.1);
}

#[test]
fn a_key_that_is_set_leaves_the_grid() {
    let grid = "\n[grid]\n\"allocate.bounds.max\" = [0.4, 0.5]\n\"costs.per_side_bps\" = [0, 5]\n";
    let study = parse(&format!("{GOOD}{grid}"), &["allocate.bounds = { min = 0, max = 0.6 }"]);
    let study = study.unwrap();
    assert_eq!(study.config().grid().keys().collect::<Vec<_>>(), ["costs.per_side_bps"]);
    assert!(study.notes()[0].message.contains("is removed from the grid"));
    assert_eq!(study.resolved()["allocate"]["bounds"]["max"], 0.6);
}

#[test]
fn a_bare_word_is_a_text() {
    let study = parse(GOOD, &["walk_forward.every=week", "market.first=2018-01-02"]).unwrap();
    assert_eq!(study.resolved()["walk_forward"]["every"], "week");
}

#[test]
fn the_hash_follows_the_settings_not_the_spelling() {
    let hash = |text: &str| parse(text, &[]).unwrap().hash();
    assert_eq!(hash(GOOD), hash(&GOOD.replace("max = 0.5", "max = 0.50")));
    assert_ne!(hash(GOOD), hash(&GOOD.replace("max = 0.5", "max = 0.6")));
}

#[test]
fn dates_and_names_that_the_data_lacks_are_placed_in_the_study() {
    let fault = |from: &str, to: &str| {
        parse(&GOOD.replace(from, to), &[]).unwrap().market(None).unwrap_err().to_string()
    };
    assert_snapshot!(fault("2019-06-01", "1999-06-01"), @"x.toml:10: walk_forward.first: 1999-06-01 lies outside the data, which runs from 2005-08-15 to 2025-08-12 (choose a date inside the data, or supply a longer file)");
    assert_snapshot!(fault("\"XLF\"", "\"xlf\""), @"x.toml:5: market.assets[1]: asset xlf is not in the sample market (did you mean XLF?)");
    assert_snapshot!(fault("\"MTUM\"", "\"NOPE\""), @"x.toml:6: market.benchmark: asset NOPE is not in the sample market (it has XLE, XLF, XLU, XLI, XLK, XLV, XLY, XLP, XLB, SMH, AIQ, MTUM, FXE, EWJ, GLD, QQQ, SPY, SHV, DBA, USO and 304 more)");
}

#[test]
fn every_shipped_study_runs_on_the_sample_market_but_those_that_read_files_alone() {
    let folder = common::repository().join("studies");
    let mut files_alone = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let study = Study::load(&file, &[]).unwrap();
        if study.resolved()["market"]["source"]["kind"] == "sample" {
            study.market(None).unwrap();
        } else {
            files_alone.push(file.file_stem().unwrap().to_owned());
        }
    }
    files_alone.sort();
    assert_eq!(files_alone, ["mtum-holdings", "sp500-tracking"]);
}

const TREES: &str = r#"[select]
kind = "boosted_trees"

[allocate]"#;

#[test]
fn the_faults_of_a_selection() {
    let with = |keys: &str| {
        faults("[allocate]", &TREES.replace("\n\n[allocate]", &format!("\n{keys}\n\n[allocate]")))
    };
    let messages = [
        with("min_selectd = 4"),
        with("parameters = { max_depth = 0, subsample = 1.5 }"),
        with("features = { momentum_months = [3, 3], volatility_days = [1] }"),
        with("features = { momentum_months = [], volatility_days = [], correlation_days = [] }"),
        with("labels = { threshold = 1.5, max_weight = 0.0 }"),
        with("validation = { folds = 1 }"),
        with("search = { every_months = 12, grid = { max_dept = [1] } }"),
        with("search = { every_months = 0, grid = { n_estimators = [1.5] } }"),
        with("min_selected = 9"),
        with("trainer = { kind = 'xgbost' }"),
        faults("[allocate]", "[select]\nkind = 'none'\nthreshold = 0.4\n[allocate]"),
    ];
    assert_snapshot!(messages.join("\n--\n"), @r#"
    x.toml:20: select.min_selectd: unknown key `min_selectd` (did you mean `min_selected`?)
    --
    x.toml:20: select.parameters.max_depth: must be 1 to 16, found 0
    x.toml:20: select.parameters.subsample: must be above 0 and at most 1, found 1.5
    --
    x.toml:20: select.features.momentum_months[1]: 3 is listed twice (list it once)
    x.toml:20: select.features.volatility_days[0]: must be at least 2, found 1
    --
    x.toml:20: select.features: names no feature (name at least one)
    --
    x.toml:20: select.labels.threshold: must be between 0 and 1, found 1.5 (0.005 is half a percent)
    x.toml:20: select.labels.max_weight: must be above 0 and at most 1, found 0 (0.3 is 30 %)
    --
    x.toml:20: select.validation.folds: must be 0 or at least 2, found 1 (use 3, or 0 for no cross-validation)
    --
    x.toml:20: select.search.grid.max_dept: unknown parameter `max_dept` (did you mean `max_depth`?)
    --
    x.toml:20: select.search.every_months: must be at least 1, found 0
    x.toml:20: select.search.grid.n_estimators: must be whole numbers, found 1.5
    --
    x.toml:20: select.min_selected: 9 is more than the 3 assets: nothing is selected (use select.kind = "none" for all assets)
    --
    x.toml:20: select.trainer.kind: unknown value "xgbost" (did you mean `xgboost`?)
    --
    x.toml:20: select.threshold: unknown key `threshold` (it belongs to kind = "boosted_trees")
    "#);
}

#[test]
fn the_faults_of_reviews_tuning_and_targets() {
    let objective = "objective = { kind = \"tracking_error\", window = 60 }";
    let review = |keys: &str| {
        faults(
            objective,
            &format!("objective = {{ kind = 'tracking_error', window = 60, {keys} }}"),
        )
    };
    let end = "bounds    = { min = 0.0, max = 0.5 }";
    let after = |text: &str| faults(end, &format!("{end}\n{text}"));
    let messages = [
        review("shortest_days = 20"),
        review("half_life_days = 0.0, ridge_to_holdings = -1"),
        review("review = { months = [] }"),
        review(
            "review = { months = [13], stale = 2, prior = { rows = 0, half_life_days = 1, base = { XLZ = 1 } } }",
        ),
        review("review = { months = [5], ad_hoc = { assets = ['XLZ'], quantile = 2 } }"),
        after("[tune]\nevery_months = 12\nkeys = { 'walk_forward.every' = ['week'] }"),
        after("[tune]\nevery_months = 0\nkeys = { 'allocate.objective.window' = [0, 60] }"),
        after("[[target]]\nmeasure = 'tracking_eror'\nmax = 0.04"),
        after("[[target]]\nmeasure = 'tracking_error'"),
        faults("every = \"month\"", "every = \"week\"\nalso = \"reviews\""),
        faults(end, &format!("{end}\nl1_penalty = -1")),
    ];
    assert_snapshot!(messages.join("\n--\n"), @r#"
    x.toml:19: allocate.objective.shortest_days: shrinks the window of a study with reviews only (remove it, or add `review`)
    --
    x.toml:19: allocate.objective.half_life_days: must be above 0, found 0 (63 is a quarter of a year)
    x.toml:19: allocate.objective.ridge_to_holdings: must be at least 0, found -1
    --
    x.toml:19: allocate.objective.review.months: names no review (write [5, 11])
    --
    x.toml:19: allocate.objective.review.months: a month is a number from 1 to 12 (5 is May)
    x.toml:19: allocate.objective.review.stale: must be between 0 and 1, found 2 (1 leaves older returns alone)
    x.toml:19: allocate.objective.review.prior.rows: must be above 0, found 0 (remove `prior` to do without)
    x.toml:19: allocate.objective.review.prior.base.XLZ: XLZ is not one of market.assets (one of: XLE, XLF, XLK)
    --
    x.toml:19: allocate.objective.review.ad_hoc.assets[0]: XLZ is not one of market.assets (one of: XLE, XLF, XLK)
    x.toml:19: allocate.objective.review.ad_hoc.quantile: must be between 0 and 1, found 2 (0.95 is the largest twentieth)
    --
    x.toml:23: tune.keys.walk_forward.every: cannot be tuned (use keys under allocate or estimate)
    --
    x.toml:22: tune.every_months: must be at least 1, found 0
    --
    x.toml:22: target[0].measure: unknown measure "tracking_eror" (did you mean `tracking_error`?)
    --
    x.toml:21: target[0]: has neither min nor max (add one of them)
    --
    x.toml:13: walk_forward.also: decides at reviews, and none are described (add [allocate.objective.review], or remove `also`)
    --
    x.toml:21: allocate.l1_penalty: must be at least 0, found -1
    "#);
}
