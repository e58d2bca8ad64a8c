//! The keys of limits, costs and ratios on real prices, against independent programs (`golden/advanced/SOURCE.md`): a
//! decision of 2019-06-03 over ten sector funds from given holdings.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{data, golden};
use serde_json::Value;
use walkfolio::{Allocation, Study};
use walkfolio_core::{Memory, View, Weights};

const STUDY: &str = r#"
name = "golden"

[market]
source = { kind = "csv" }
files = { prices = "mtum/prices.csv" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH"]
benchmark = "MTUM"

[walk_forward]
first = 2019-06-01
last = 2019-06-30
every = "month"

[estimate]
covariance = { kind = "sample", window = 252 }
expected_returns = { kind = "sample_mean", window = 252 }

[allocate]
objective = { kind = "mean_variance", risk_aversion = 5.0 }
bounds = { min = 0.0, max = 1.0 }

[costs]
per_side_bps = 10.0
"#;

/// A solution of the file, and the keys that ask for it.
const CASES: [(&str, &[&str]); 23] = [
    ("mean_variance_long_only", &[]),
    ("mean_variance_turnover", &["allocate.turnover=0.15"]),
    ("mean_variance_turnover0.40", &["allocate.turnover=0.4"]),
    ("mean_variance_linear_cost", &["allocate.trading_costs=1.0"]),
    ("max_mean_volatility_cap", &[LARGEST_MEAN, "allocate.volatility_cap=0.116612"]),
    (
        "mean_variance_market_neutral_gross1",
        &[
            "allocate.bounds={ min = -0.3, max = 0.3 }",
            "allocate.net_leverage={ value = 0.0 }",
            "allocate.gross_leverage=1.0",
        ],
    ),
    (
        "max_sharpe_long_only_rf2",
        &["allocate.objective={ kind = 'maximum_sharpe', risk_free = 0.02 }"],
    ),
    ("max_sharpe_turnover_rf0", &[SHARPE, "allocate.turnover=0.15"]),
    (
        "max_sharpe_gross_1.6_rf0",
        &[SHARPE, "allocate.bounds={ min = -0.3, max = 0.6 }", "allocate.gross_leverage=1.6"],
    ),
    ("max_diversification_long_only", &["allocate.objective={ kind = 'maximum_diversification' }"]),
    ("risk_parity_equal", &["allocate.objective={ kind = 'risk_parity' }"]),
    (
        "risk_parity_group_budgets",
        &[
            "allocate.objective={ kind = 'risk_parity', group_budgets = [{ name = 'G0', assets = ['XLE', 'XLI', 'XLY', 'SMH'], budget = 0.5 }, { name = 'G1', assets = ['XLF', 'XLK', 'XLP'], budget = 0.3 }, { name = 'G2', assets = ['XLU', 'XLV', 'XLB'], budget = 0.2 }] }",
        ],
    ),
    (
        "risk_parity_box",
        &[
            "allocate.objective={ kind = 'risk_parity' }",
            "allocate.bounds={ min = 0.071437, max = 0.1792 }",
        ],
    ),
    ("inverse_volatility", &["allocate.objective={ kind = 'inverse_volatility' }"]),
    ("inverse_variance", &["allocate.objective={ kind = 'inverse_volatility', of = 'variance' }"]),
    ("min_tracking_least_squares_series", &[TRACKING]),
    ("min_tracking_least_squares_series_turnover", &[TRACKING, "allocate.turnover=0.15"]),
    ("min_variance_long_only", &[STEADIEST]),
    ("min_cvar_long_only", &["allocate.objective={ kind = 'minimum_cvar', window = 252 }"]),
    (
        "min_cvar_box",
        &[
            "allocate.objective={ kind = 'minimum_cvar', window = 252 }",
            "allocate.bounds={ min = 0.02, max = 0.3 }",
        ],
    ),
    (
        "mean_cvar_target_mean",
        &["allocate.objective={ kind = 'minimum_cvar', window = 252, minimum_return = 0.141327 }"],
    ),
    (
        "mean_variance_robust_mean",
        &["allocate.objective={ kind = 'robust_mean_variance', risk_aversion = 5.0, kappa = 0.5 }"],
    ),
    (
        "min_variance_factor_ranges",
        &[
            STEADIEST,
            "market.factors=french3",
            "market.files.factors=french/F-F_Research_Data_Factors_daily.202503.csv",
            "allocate.factor_exposure=[{ factor = 'Mkt-RF', min = 0.8903328107411366, max = 0.9903328107411367 }, { factor = 'SMB', min = -0.12338956958794088, max = -0.023389569587940875 }, { factor = 'HML', min = 0.052794053089287155, max = 0.15279405308928717 }]",
        ],
    ),
];

const LARGEST_MEAN: &str = "allocate.objective={ kind = 'mean_variance', risk_aversion = 0.0 }";
const SHARPE: &str = "allocate.objective={ kind = 'maximum_sharpe' }";
const TRACKING: &str = "allocate.objective={ kind = 'tracking_error', window = 252 }";
const STEADIEST: &str = "allocate.objective={ kind = 'minimum_variance' }";

/// The weights that some keys give from some holdings.
fn weights(keys: &[&str], held: &[f64]) -> Option<Vec<f64>> {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let study = Study::parse("x.toml", STUDY, &keys).unwrap();
    let loaded = study.market(Some(&data()?)).unwrap();
    let (study, market) = (study.on(&loaded.market).unwrap(), &loaded.market);
    let row = market.dates().iter().position(|date| date.to_string() == "2019-06-03").unwrap();
    let allocation = Allocation::new(study.config());
    let held = Weights::new(held.to_vec()).unwrap();
    let view = View::new(Memory::Holdings, &held);
    let assets: Vec<usize> = (0..held.values().len()).collect();
    let past = market.before(row).unwrap();
    let mandate = allocation.mandate(&past, &assets, view, &mut Vec::new()).unwrap();
    Some(mandate.solve().unwrap_or_else(|error| panic!("{keys:?}: {error}")).weights)
}

#[test]
fn keys_give_the_weights_of_independent_programs() {
    let Some(golden) = golden() else { return };
    let text = std::fs::read_to_string(golden.join("advanced/obj_A2019.json")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let numbers = |value: &Value| serde_json::from_value::<Vec<f64>>(value.clone()).unwrap();
    let held = numbers(&json["inputs"]["previous_weights"]);
    for (solution, keys) in CASES {
        let expected = numbers(&json["solutions"][solution]["weights"]);
        // Limits, costs and risk-free rates are of a year, whatever the unit of the moments.
        for units in ["estimate.units=annual", "estimate.units=daily"] {
            let Some(found) = weights(&[keys, &[units]].concat(), &held) else { return };
            let apart = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(apart <= 1e-7, "{solution} {units}: {apart:e} {found:?} {expected:?}");
        }
    }
}
