//! The long/short strategies: readings that are refused, data that does not fit, portfolios that end.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{data, on_real_data, study};
use walkfolio::{Allocation, Loaded, Run, Silent, Study};
use walkfolio_core::{Market, Memory, Policy, Prices, Universe, View, Weights};
use walkfolio_optimize::Objective;

const SHORT: [&str; 2] = ["walk_forward.last=2008-03-31", "measure.first=2007-12-03"];

fn sample(name: &str, overrides: &[&str]) -> (Study, Loaded) {
    let study = study(name, overrides);
    let loaded = study.market(None).unwrap();
    (study, loaded)
}

fn run(name: &str, overrides: &[&str]) -> Run {
    let (study, loaded) = sample(name, &[&SHORT[..], overrides].concat());
    study.run(&loaded, &Silent).unwrap()
}

fn refused(name: &str, overrides: &[&str]) -> String {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    let path = common::repository().join("studies").join(name);
    Study::load(&path, &overrides).unwrap_err().to_string()
}

fn messages<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    let rows = run.ledger.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.message.as_str()).collect()
}

fn solved(run: &Run) -> usize {
    let solves = run.ledger.iter().filter(|row| row.kind == "solve");
    solves.filter(|row| row.status.as_deref() == Some("optimal")).count()
}

#[test]
fn ratios_without_a_maximum_are_refused_with_the_reason() {
    let raw = refused(
        "information-ratio.toml",
        &["allocate.objective={ kind = 'information_ratio', lambda = 0.1, tev_floor = 0 }"],
    );
    assert!(raw.contains("has no bound: all in the benchmark is a tracking error of 0"), "{raw}");
    let active = refused(
        "information-ratio.toml",
        &[
            "allocate.objective={ kind = 'information_ratio', lambda = 0.1, tev_floor = 0, numerator = 'active' }",
        ],
    );
    assert!(active.contains("is in general not attained"), "{active}");
    let outside = refused("information-ratio.toml", &["market.benchmark=MTUM"]);
    assert!(outside.contains("against an asset of the study"), "{outside}");
}

#[test]
fn a_covariance_of_fewer_rows_than_assets_is_solved() {
    for name in ["long-short.toml", "information-ratio.toml"] {
        let set = "estimate.covariance={ kind = 'sample', window = 8 }";
        let (study, loaded) =
            sample(name, &[SHORT[0], SHORT[1], set, "allocate.objective.lambda=0.5"]);
        let run = study.run(&loaded, &Silent).unwrap();
        assert!(run.manifest.decisions >= 30);
        // Portfolios without risk in the window make a ratio large; its proof is as good relative to it.
        let solves = run.ledger.iter().filter(|row| row.kind == "solve");
        assert!(solves.into_iter().all(|row| row.gap.unwrap() < 1e-5));
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name}");
    }
}

/// The sample market with EWJ's prices in place of FEZ's: two assets that are one.
fn doubled(loaded: &Loaded) -> Loaded {
    let prices = loaded.market.prices();
    let (ewj, fez) = (prices.universe().position("EWJ"), prices.universe().position("FEZ"));
    let columns = (0..prices.universe().len()).map(|asset| {
        let from = if Some(asset) == fez { ewj.unwrap() } else { asset };
        (0..prices.dates().len()).map(|row| prices.value(row, from)).collect()
    });
    let columns = columns.collect();
    let universe =
        Universe::new(prices.universe().tickers().iter().map(walkfolio_core::Ticker::as_str))
            .unwrap();
    let prices = Prices::new(prices.dates().to_vec(), universe, columns).unwrap();
    let spy = loaded.market.prices().select(&Universe::new(["SPY"]).unwrap()).unwrap();
    let market = Market::new(prices).unwrap().with_benchmark(spy).unwrap();
    let market = market.with_factors(loaded.market.factors().unwrap().clone());
    Loaded { market: market.with_cash(loaded.market.cash().unwrap().clone()), ..loaded.clone() }
}

#[test]
fn two_assets_that_are_one_leave_the_objective_as_it_is() {
    for name in ["long-short.toml", "information-ratio.toml"] {
        let set = "estimate.covariance={ kind = 'sample', window = 60 }";
        let (study, loaded) = sample(name, &[SHORT[0], SHORT[1], set]);
        let doubled = doubled(&loaded);
        let run = study.run(&doubled, &Silent).unwrap();
        let found = study.verify(&run, &doubled, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name}");
        assert!(found.confirmed + found.fallbacks > 0);
    }
}

#[test]
fn factors_that_end_early_and_dates_that_lack_them_are_named() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let prices = std::fs::read_to_string(data.join("global_etf/prices.csv")).unwrap();
    std::fs::create_dir_all(folder.path().join("global_etf")).unwrap();
    std::fs::create_dir_all(folder.path().join("french")).unwrap();
    std::fs::write(folder.path().join("global_etf/prices.csv"), &prices).unwrap();
    let name = "french/F-F_Research_Data_Factors_daily.202503.csv";
    let factors = std::fs::read_to_string(data.join(name)).unwrap();
    let load = |text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        let study = study("long-short.toml", &[]);
        study.market(Some(folder.path())).map(|loaded| (study, loaded))
    };
    // Without 2010-06-16 the session has prices and no factors.
    let lines: Vec<&str> = factors.lines().collect();
    let gap: Vec<&str> =
        lines.iter().copied().filter(|line| !line.trim().starts_with("20100616")).collect();
    assert_eq!(gap.len() + 1, lines.len());
    let error = load(&gap.join("\n")).unwrap_err();
    assert!(error.to_string().contains("no row after 2010-06-15 and up to 2010-06-16"), "{error}");
    // Factors up to 2015 only: the study runs until they end, or says what is missing.
    let year = |line: &str| line.trim().get(..4).and_then(|year| year.parse::<u32>().ok());
    let early: Vec<&str> =
        lines.iter().copied().filter(|line| year(line).is_none_or(|year| year < 2016)).collect();
    let (study, loaded) = load(&early.join("\n")).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("factor table ends on 2015-12-31") && text.contains("decision of 2016-"),
        "{text}"
    );
}

#[test]
fn a_beta_out_of_reach_is_answered_with_the_range_there_is() {
    let set = [SHORT[0], SHORT[1], "allocate.beta={ min = 50, max = 60 }"];
    let (study, loaded) = sample("long-short.toml", &set);
    let error = study.run(&loaded, &Silent).unwrap_err();
    let told = format!("{error} {}", error.hint().unwrap_or_default());
    assert!(told.contains("beta") && told.contains("at most"), "{told}");
}

#[test]
fn without_aversion_to_risk_the_program_is_linear() {
    let run = run("long-short.toml", &["allocate.objective.lambda=0"]);
    assert_eq!(solved(&run), run.manifest.decisions);
    // All but one or two of twelve weights at a bound: a vertex.
    for rows in run.decisions.chunks(12) {
        let inside = rows.iter().filter(|row| row.weight.abs() < 2.0 - 1e-9).count();
        assert!(inside <= 2, "{inside}");
    }
}

#[test]
fn a_benchmark_outside_the_assets_is_only_measured_against() {
    let assets = "market.assets=['FXE', 'EWJ', 'GLD', 'QQQ', 'SHV', 'DBA', 'USO', 'XBI', 'ILF', 'EPP', 'FEZ']";
    let run = run("long-short.toml", &[assets]);
    assert_eq!(run.manifest.benchmark.as_deref(), Some("SPY"));
    assert!(run.measures.full.get("tracking_error").is_some());
    // Its part in active risk is a row of its own, with weight -1.
    let spy = run.risk.iter().find(|row| row.asset == "SPY").unwrap();
    assert_eq!(spy.active_weight, -1.0);
}

#[test]
fn a_wipeout_in_mid_period_ends_the_backtest_and_is_reported() {
    // A market that doubles its moves: leverage of twenty does the rest.
    let ruined = run("long-short.toml", &["allocate.bounds={ min = -40, max = 40 }"]);
    let date = ruined.manifest.ruined.unwrap();
    assert_eq!(ruined.returns.last().unwrap().portfolio, -1.0);
    assert_eq!(ruined.returns.last().unwrap().date, date);
    assert_eq!(ruined.measures.full.get("ruined"), Some(1.0));
    let warnings = messages(&ruined, "warning");
    assert!(warnings.iter().any(|m| m.starts_with("wipeout: equity is gone")), "{warnings:?}");
}

#[test]
fn costs_above_equity_are_ruin_and_free_trading_is_not() {
    let run = run("long-short.toml", &["costs.per_side_bps=9000"]);
    assert!(run.manifest.ruined.is_some());
    let warnings = messages(&run, "warning");
    assert!(
        warnings.iter().any(|m| m.contains("the cost of the trade exceeds equity")),
        "{warnings:?}"
    );
    let free = run.without_costs.unwrap();
    assert_eq!(free.full.get("ruined"), Some(0.0));
}

#[test]
fn measures_as_if_trading_were_free_are_those_of_a_free_run() {
    let charged = run("long-short.toml", &["costs.per_side_bps=5"]);
    let free = run("long-short.toml", &["costs.per_side_bps=0"]);
    assert!(free.without_costs.is_none());
    let set = charged.without_costs.unwrap();
    assert_eq!(set.full, free.measures.full);
    assert_eq!(set.regimes, free.measures.regimes);
    assert!(charged.measures.full.get("annual_return") < set.full.get("annual_return"));
    // The benchmark's own figures do not depend on costs.
    assert_eq!(charged.benchmark, free.benchmark);
    let spy = charged.benchmark.unwrap();
    assert!(spy.full.get("volatility").unwrap() > 0.05 && spy.full.get("tracking_error").is_none());
}

/// `rho` with the intercepts is the sample mean: an identity of least squares.
#[test]
fn the_factor_models_mean_with_alpha_is_the_sample_mean() {
    let Some((study, loaded)) = on_real_data("long-short.toml", &[]) else { return };
    let mean = ["estimate.expected_returns={ kind = 'sample_mean', window = 90 }"];
    let (other, _) = on_real_data("long-short.toml", &mean).unwrap();
    let without = ["estimate.expected_returns.alpha=exclude"];
    let (excluded, _) = on_real_data("long-short.toml", &without).unwrap();
    let market = loaded.market.between(study.config().spec().market.first, None).unwrap();
    let rho = |study: &Study, row: usize| {
        let policy = Allocation::new(study.config());
        let past = market.before(row).unwrap();
        let assets = past.eligible(policy.need());
        let none = Weights::none(assets.len());
        match policy
            .mandate(&past, &assets, View::new(Memory::Holdings, &none), &mut Vec::new())
            .unwrap()
            .objective()
        {
            Objective::RobustUtility(utility) => utility.expected_returns().to_vec(),
            _ => panic!("the objective is not the study's"),
        }
    };
    for row in [95, 1000, 3000] {
        let (model, sample, alone) = (rho(&study, row), rho(&other, row), rho(&excluded, row));
        for ((a, b), c) in model.iter().zip(&sample).zip(&alone) {
            assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()), "{a} {b}");
            assert!((a - c).abs() > 1e-6, "{a} {c}");
        }
    }
}

#[test]
fn a_cap_on_gross_leverage_holds_and_tames_the_bounds() {
    let free = run("long-short.toml", &[]);
    let capped = run("long-short.toml", &["allocate.gross_leverage=3"]);
    for rows in capped.decisions.chunks(12) {
        let gross: f64 = rows.iter().map(|row| row.weight.abs()).sum();
        assert!(gross <= 3.0 + 1e-6, "{gross}");
    }
    assert!(free.measures.full.get("gross_exposure").unwrap() > 15.0);
    let told =
        |run: &Run| messages(run, "warning").iter().any(|m| m.contains("sit at their bounds"));
    assert!(told(&free) && !told(&capped));
}

#[test]
fn near_ruin_is_said_in_plain_words() {
    let Some((study, loaded)) = on_real_data("long-short.toml", &[]) else { return };
    let run = study.run(&loaded, &Silent).unwrap();
    let warnings = messages(&run, "warning");
    let near = warnings.iter().find(|m| m.starts_with("near ruin")).unwrap();
    assert!(near.contains("lost 99.98 % of its value"), "{near}");
    // Prices of all twelve begin on 2007-01-11, returns are used from 2007-03-01 on: 90 rows later.
    assert_eq!(run.manifest.first.unwrap().to_string(), "2007-07-10");
    let notes = messages(&run, "note");
    assert!(
        notes.iter().any(|m| m.contains("no window of 90 rows is full before 2007-07-10")),
        "{notes:?}"
    );
}

#[test]
fn every_beta_and_reading_keeps_its_range() {
    for reading in
        ["tev_floor = 0.02", "benchmark_tradable = false", "tev_floor = 0.02, numerator = 'active'"]
    {
        for (beta, least, most) in [
            ("{ min = -2, max = 2 }", -2.0, 2.0),
            ("{ value = 0 }", 0.0, 0.0),
            ("{ value = 1 }", 1.0, 1.0),
        ] {
            let objective = format!(
                "allocate.objective={{ kind = 'information_ratio', lambda = 0.1, tolerance = 1e-6, {reading} }}"
            );
            let beta = format!("allocate.beta={beta}");
            let (study, loaded) =
                sample("information-ratio.toml", &[SHORT[0], SHORT[1], &objective, &beta]);
            let run = study.run(&loaded, &Silent).unwrap();
            // The verification bounds every date by a certificate and checks beta.
            let found = study.verify(&run, &loaded, &Silent).unwrap();
            assert_eq!(found.faults, [], "{reading} {beta} {least} {most}");
            let gaps =
                run.ledger.iter().filter(|row| row.kind == "solve").map(|row| row.gap.unwrap());
            let unproven = gaps.filter(|gap| *gap > 1e-5).count();
            let warned =
                messages(&run, "warning").iter().filter(|m| m.contains("not proven")).count();
            assert_eq!(unproven, warned, "{reading} {beta}");
        }
    }
}

#[test]
fn where_no_portfolio_has_a_positive_numerator_the_answer_is_bounded_and_told() {
    // Long-only in what loses in the crisis: no expected return is above zero on some dates.
    let only = [
        "market.assets=['USO', 'EWJ', 'SPY']",
        "allocate.bounds={ min = 0, max = 1 }",
        "allocate.objective={ kind = 'information_ratio', lambda = 0.1, tev_floor = 0.02 }",
        "allocate.beta={ min = -5, max = 5 }",
        "walk_forward.first=2008-06-02",
        "walk_forward.last=2009-06-30",
        "measure.first=2008-06-02",
    ];
    let (study, loaded) = sample("information-ratio.toml", &only);
    let run = study.run(&loaded, &Silent).unwrap();
    let mut negative = 0;
    for row in run.ledger.iter().filter(|row| row.kind == "solve") {
        let (objective, bound) = (row.objective.unwrap(), row.bound.unwrap());
        assert!(bound >= objective - 1e-9, "{objective} {bound}");
        negative += usize::from(objective < 0.0);
    }
    assert!(negative > 0, "no date without a positive numerator");
}
