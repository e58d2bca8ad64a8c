//! Turnover, limits of risk, exposures, costs in the objective and ratios: a study with each of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::Traded;
use insta::assert_snapshot;
use walkfolio::{Loaded, Run, Silent, Study};
use walkfolio_core::TradingCost;
use walkfolio_optimize::Costs;

const STUDY: Traded = Traded {
    tables: r#"
[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]
benchmark = "MTUM"
factors = "french3"

[costs]
per_side_bps = 10.0
"#,
    always: &[],
};

fn made(overrides: &[&str]) -> (Study, Loaded, Run) {
    STUDY.made(overrides, None)
}

/// A run that its verification confirms.
fn run(overrides: &[&str]) -> Run {
    let (study, loaded, run) = made(overrides);
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, [], "{overrides:?}");
    assert_eq!(found.unconfirmed, 0, "{overrides:?}");
    run
}

/// The turnover of each rebalance but the first, which is none.
fn turnovers(run: &Run) -> Vec<f64> {
    run.returns.iter().map(|row| row.turnover).filter(|turnover| *turnover > 0.0).collect()
}

const OBJECTIVES: [&str; 6] = [
    "allocate.objective={ kind = 'mean_variance', risk_aversion = 3.0 }",
    "allocate.objective={ kind = 'minimum_variance' }",
    "allocate.objective={ kind = 'robust_utility', lambda = 0.3 }",
    "allocate.objective={ kind = 'tracking_error', window = 60 }",
    "allocate.objective={ kind = 'maximum_sharpe' }",
    "allocate.objective={ kind = 'maximum_diversification' }",
];

#[test]
fn turnover_is_kept_but_by_the_initial_trade() {
    for objective in OBJECTIVES {
        let run = run(&[objective, "allocate.turnover=0.05", FALLBACK]);
        let all = turnovers(&run);
        assert!(all.iter().all(|t| *t <= 0.05 + 1e-8), "{objective}: {all:?}");
    }
}

/// A ratio has no solution where nothing has a gain.
const FALLBACK: &str = "allocate.fallbacks=['previous']";

#[test]
fn every_convex_objective_keeps_all_limits_together() {
    for objective in OBJECTIVES {
        let run = run(&[
            objective,
            "allocate.turnover=0.3",
            "allocate.volatility_cap=0.5",
            "allocate.tracking_error_cap=0.4",
            "allocate.factor_exposure=[{ factor = 'SMB', min = -1.0, max = 1.0 }]",
            "allocate.gross_leverage=1.2",
            "allocate.bounds.min=-0.1",
            "allocate.keep=['XLU']",
            FALLBACK,
        ]);
        assert_eq!(run.decisions.len(), 12 * 5);
    }
}

#[test]
fn costs_in_the_objective_lower_the_turnover() {
    let sum = |overrides: &[&str]| turnovers(&run(overrides)).iter().sum::<f64>();
    let (free, paid) = (sum(&[]), sum(&["allocate.trading_costs=20.0"]));
    assert!(paid < 0.9 * free, "{paid} {free}");
}

/// The standard deviation of the differences from the benchmark over the window, times the root of 252.
#[test]
fn the_tracking_error_of_the_window_is_capped() {
    let (_, loaded, run) =
        made(&["allocate.tracking_error_cap=0.08", "walk_forward.last=2019-12-31"]);
    let market = &loaded.market;
    let mut binding = 0;
    for rows in run.decisions.chunks(run.manifest.assets.len()) {
        let row = market.dates().iter().position(|date| *date == rows[0].date).unwrap();
        let past = market.before(row).unwrap();
        let returns = past.returns(&[0, 1, 2, 3, 4], 60).unwrap();
        let w: Vec<f64> = rows.iter().map(|row| row.weight).collect();
        let apart: Vec<f64> = returns
            .times(&w)
            .iter()
            .zip(past.benchmark(60).unwrap())
            .map(|(own, benchmark)| own - benchmark)
            .collect();
        let mean = apart.iter().sum::<f64>() / 60.0;
        let variance = apart.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / 59.0;
        let error = (variance * 252.0).sqrt();
        assert!(error <= 0.08 + 1e-9, "{} {error}", rows[0].date);
        binding += usize::from(error > 0.08 - 1e-9);
    }
    assert!(binding > 4, "{binding}");
}

/// The cost that an objective subtracts is the one that the simulation charges, at the same holdings.
#[test]
fn the_cost_of_a_decision_is_the_one_that_is_charged() {
    let run = run(&["allocate.trading_costs=1.0"]);
    let rate = TradingCost::linear(10.0 * 1e-4);
    let mut charged = run.returns.iter().filter(|row| row.turnover > 0.0);
    for rows in run.decisions.chunks(run.manifest.assets.len()).skip(1) {
        let current: Vec<f64> = rows.iter().map(|row| row.drifted).collect();
        let target: Vec<f64> = rows.iter().map(|row| row.weight).collect();
        let costs = Costs::new(current, vec![rate; rows.len()], 12.0).unwrap();
        if costs.of(&target) > 0.0 {
            let paid = charged.next().unwrap().cost;
            assert!((costs.of(&target) - paid).abs() < 1e-16, "{} {paid}", costs.of(&target));
        }
    }
    assert!(charged.next().is_none());
}

#[test]
fn what_is_kept_is_not_sold() {
    // The share of the semiconductors that is sold at most.
    let most_sold = |overrides: &[&str]| {
        let run = run(overrides);
        let held = run.decisions.iter().filter(|row| row.asset == "SMH");
        held.map(|row| row.drifted.min(0.6) - row.weight).fold(0.0, f64::max)
    };
    assert!(most_sold(&[]) > 0.1);
    assert!(most_sold(&["allocate.keep=['SMH']"]) < 1e-9);
}

#[test]
fn what_cannot_be_meant_or_combined_is_refused() {
    let faults = [
        "allocate.turnover=-0.1",
        "allocate.volatility_cap=0.0",
        "allocate.net_leverage={ min = 0.5 }",
        "allocate.net_leverage={ value = 3.5 }",
        "allocate.objective={ kind = 'maximum_diversification' }|allocate.net_leverage={ min = 0.5, max = 1.0 }",
        "allocate.max_holdings=3|allocate.net_leverage={ min = 0.5, max = 1.0 }",
        "allocate.factor_exposure=[{ factor = 'SMB' }]",
        "allocate.factor_exposure=[{ factor = 'SMB', max = 0.1 }, { factor = 'SMB', min = 0.1 }]",
        "allocate.keep=['NOPE']",
        "costs={ per_side_bps = 0.0 }|allocate.trading_costs=1.0",
        "allocate.objective={ kind = 'maximum_sharpe' }|allocate.trading_costs=1.0",
        "allocate.objective={ kind = 'maximum_sharpe', risk_free = 2.0 }|allocate.l2_penalty=0.1",
        "allocate.max_holdings=3|allocate.volatility_cap=0.1",
        "market.benchmark=XLK|allocate.objective={ kind = 'information_ratio', lambda = 0.1, tev_floor = 0.02 }|allocate.volatility_cap=0.1",
    ]
    .map(|overrides| STUDY.parse(&overrides.split('|').collect::<Vec<_>>()).unwrap_err());
    assert_snapshot!(faults.join("\n"), @r"
    x.toml: allocate.turnover: must be at least 0, found -0.1
    x.toml: allocate.volatility_cap: must be above 0, found 0 (0.15 is 15 % a year)
    x.toml: allocate.net_leverage: must have min and max, or value alone (write { min = 0.8, max = 1.0 } or { value = 0.0 })
    x.toml: allocate.net_leverage: 3.5 is above 3, the sum of the maximum weights (lower it, or raise allocate.bounds.max)
    x.toml: allocate.net_leverage: leaves open how much to invest, and the objective does not say it (write one value other than 0)
    x.toml: allocate.net_leverage: cannot be a range with max_holdings, min_holdings or an exact min_weight (write one value, or remove these rules)
    x.toml: allocate.factor_exposure[0]: has neither min nor max (add one of them)
    x.toml: allocate.factor_exposure[1].factor: SMB is listed twice (give each factor one range)
    x.toml: allocate.keep[0]: NOPE is not one of market.assets (one of: XLE, XLF, XLU, XLK, SMH)
    x.toml: allocate.trading_costs: is a multiple of costs.per_side_bps, which is 0 (set costs.per_side_bps, such as 5.0)
    x.toml: allocate.trading_costs: has no place in a ratio, which does not depend on the size of a portfolio (limit allocate.turnover instead, or use another objective)
    x.toml: allocate.l2_penalty: has no place in a ratio, which does not depend on the size of a portfolio (remove it, or use another objective)
    x.toml: allocate.objective.risk_free: must be between -1 and 1, found 2 (0.02 is 2 % a year)
    x.toml: allocate.volatility_cap: cannot be combined with max_holdings, min_holdings or an exact min_weight: the search over holdings has linear constraints only (remove it, or these rules)
    x.toml: allocate.volatility_cap: is no part of the proof of an information ratio's maximum (remove it, or use another objective, such as maximum_sharpe or mean_variance)
    ");
}

/// The sum of the weights of each decision.
fn sums(run: &Run) -> Vec<f64> {
    let rows = run.decisions.chunks(run.manifest.assets.len());
    rows.map(|rows| rows.iter().map(|row| row.weight).sum()).collect()
}

#[test]
fn weights_sum_to_the_net_leverage() {
    let short = "allocate.bounds.min=-0.3";
    for objective in &OBJECTIVES[..4] {
        let neutral = "allocate.net_leverage={ value = 0.0 }";
        let all = sums(&run(&[objective, short, neutral, "allocate.gross_leverage=1.0"]));
        assert!(all.iter().all(|sum| sum.abs() < 1e-8), "{objective}: {all:?}");
        let range = "allocate.net_leverage={ min = 0.4, max = 1.2 }";
        let all = sums(&run(&[
            objective,
            range,
            "allocate.volatility_cap=0.1",
            "allocate.fallbacks=['relax']",
        ]));
        assert!(
            all.iter().all(|sum| (0.4 - 1e-8..=1.2 + 1e-8).contains(sum)),
            "{objective}: {all:?}"
        );
    }
    for objective in &OBJECTIVES[4..] {
        let all = sums(&run(&[
            objective,
            "allocate.net_leverage={ value = 1.2 }",
            "allocate.fallbacks=['equal_weight']",
        ]));
        assert!(all.iter().all(|sum| (sum - 1.2).abs() < 1e-8), "{objective}: {all:?}");
    }
}

/// Scaling what is left to a sum of 0 made it nothing.
#[test]
fn a_neutral_portfolio_without_small_weights_is_held() {
    let neutral = "allocate.net_leverage={ value = 0.0 }";
    let bounds = "allocate.bounds={ min = -0.3, max = 0.3 }";
    let small = "allocate.min_weight={ below = 0.05, rule = 'drop_and_renormalize' }";
    let run = run(&[neutral, bounds, small]);
    for rows in run.decisions.chunks(run.manifest.assets.len()) {
        let weights: Vec<f64> = rows.iter().map(|row| row.weight).collect();
        let gross: f64 = weights.iter().map(|w| w.abs()).sum();
        assert!(gross > 0.1, "{}: {weights:?}", rows[0].date);
        assert!(weights.iter().sum::<f64>().abs() < 1e-8, "{}: {weights:?}", rows[0].date);
        assert!(weights.iter().all(|w| *w == 0.0 || w.abs() >= 0.05), "{weights:?}");
    }
}

#[test]
fn an_empty_portfolio_is_a_warning() {
    let run = run(&["allocate.net_leverage={ value = 0.0 }"]);
    assert!(run.decisions.iter().all(|row| row.weight == 0.0));
    assert!(run.ledger.iter().any(|row| row.message.starts_with("the portfolio is empty")));
}

#[test]
fn a_factor_that_is_not_there_is_named() {
    let study =
        STUDY.parse(&["allocate.factor_exposure=[{ factor = 'Size', max = 0.1 }]"]).unwrap();
    let loaded = study.market(None).unwrap();
    let error = study.run(&loaded, &Silent).unwrap_err().to_string();
    assert!(error.contains("there is no factor Size"), "{error}");
}

#[test]
fn a_ratio_without_a_gain_says_so() {
    let (_, _, run) = made(&[
        "allocate.objective={ kind = 'maximum_sharpe', risk_free = 0.9 }",
        "allocate.fallbacks=['equal_weight']",
    ]);
    let told = run.ledger.iter().find(|row| row.kind == "fallback").unwrap();
    assert!(told.message.contains("has a positive expected return above the risk-free rate"));
}
