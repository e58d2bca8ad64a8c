//! The impact of trades on prices: in the simulation, in decisions, and by what was known.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{Traded, data, golden};
use walkfolio::orders::TradeRules;
use walkfolio::{AccountHoldings, AccountInput, Ask, Loaded, Run, Silent, Study};
use walkfolio_core::{MarketImpact, TradingCost};
use walkfolio_optimize::Costs;

const STUDY: Traded = Traded {
    tables: r#"
[market]
files = { prices = "mtum/prices.csv", volumes = "mtum/volumes.csv", closes = "mtum/close.csv" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH"]
benchmark = "MTUM"

[costs]
per_side_bps = 5.0
impact = { portfolio_value = 1e9 }
"#,
    always: &["allocate.trading_costs=1.0"],
};

fn made(overrides: &[&str]) -> Option<(Study, Loaded, Run)> {
    Some(STUDY.made(overrides, Some(&data()?)))
}

/// Rates of the assets before a decision, from the market itself.
fn rates(loaded: &Loaded, run: &Run, impact: MarketImpact, decision: usize) -> Vec<TradingCost> {
    let n = run.manifest.assets.len();
    let date = run.decisions[decision * n].date;
    let row = loaded.market.row_on_or_after(date).unwrap();
    let past = loaded.market.before(row).unwrap();
    let rate = |asset| TradingCost { linear: 5e-4, impact: impact.rate(&past, asset).unwrap() };
    (0..n).map(rate).collect()
}

const IMPACT: MarketImpact = MarketImpact {
    coefficient: 1.0,
    portfolio_value: 1e9,
    volatility_window: 60,
    volume_window: 21,
};

/// The cost that an objective subtracts is the one that the simulation charges, at the same holdings.
#[test]
fn the_cost_of_a_decision_is_the_one_that_is_charged() {
    for objective in [
        "allocate.objective={ kind = 'mean_variance', risk_aversion = 3.0 }",
        "allocate.objective={ kind = 'robust_utility', lambda = 0.3 }",
        "allocate.objective={ kind = 'tracking_error', window = 60 }",
    ] {
        let Some((study, loaded, run)) = made(&[objective]) else { return };
        let n = run.manifest.assets.len();
        let mut charged = run.returns.iter().filter(|row| row.turnover > 0.0);
        let (mut linear, mut total) = (0.0, 0.0);
        for (decision, rows) in run.decisions.chunks(n).enumerate().skip(1) {
            let current: Vec<f64> = rows.iter().map(|row| row.drifted).collect();
            let target: Vec<f64> = rows.iter().map(|row| row.weight).collect();
            let costs = Costs::new(current, rates(&loaded, &run, IMPACT, decision), 12.0).unwrap();
            let expected = costs.of(&target);
            if expected > 0.0 {
                let row = charged.next().unwrap();
                assert!((expected - row.cost).abs() < 1e-15, "{expected} {}", row.cost);
                linear += 1e-3 * row.turnover;
                total += row.cost;
            }
        }
        assert!(charged.next().is_none());
        // A billion is much for these funds: the impact is no small part.
        assert!(total > 1.2 * linear, "{objective}: {total} {linear}");
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!((found.faults, found.unconfirmed), (vec![], 0), "{objective}");
    }
}

/// The orders of an account, and those of a decision for one, cost the impact of their own values by the same formula.
#[test]
fn accounts_and_orders_pay_the_same_impact() {
    let set = ["costs.charge_first=true", "account={ capital = 1e9, whole_shares = false }"];
    let Some((study, loaded, run)) = made(&set) else { return };
    let in_currency = MarketImpact { portfolio_value: 1.0, ..IMPACT };
    let rates = rates(&loaded, &run, in_currency, 0);
    let assets = &run.manifest.assets;
    let rate = |name: &str| rates[assets.iter().position(|own| own == name).unwrap()];
    let orders = &run.account.as_ref().unwrap().orders;
    let first = orders.iter().filter(|order| order.date == orders[0].date);
    let mut paid = 0.0;
    for order in first {
        let expected = rate(&order.asset).of(order.shares * order.price);
        assert!((order.cost / expected - 1.0).abs() < 1e-12, "{order:?} {expected}");
        paid += order.cost;
    }
    // As much money as the portfolio is said to be worth pays what the weights pay, but for what the cost leaves of it.
    let weights = run.returns[0].cost;
    assert!((paid / 1e9 / weights - 1.0).abs() < 0.01, "{paid} {weights}");
    let date = run.decisions[0].date;
    let live = study.live(&loaded, Ask { on: Some(date), ..Ask::default() }).unwrap();
    let file = std::env::temp_dir().join(format!("walkfolio-impact-{}.csv", std::process::id()));
    std::fs::write(&file, "ticker,shares\nCASH,5e8\n").unwrap();
    let holdings = AccountHoldings::read(&file).unwrap();
    let input = AccountInput { holdings, cash: None, value: None, quotes: Vec::new(), tax: None };
    let decided = live.trade(&input, (&TradeRules::whole(0.0), None), &Silent).unwrap().record;
    let account = decided.account.unwrap();
    assert!(!account.orders.is_empty() && account.cash_after >= 0.0);
    for order in &account.orders {
        let expected = rate(&order.asset).of(order.value);
        assert!((order.cost / expected - 1.0).abs() < 1e-12, "{order:?} {expected}");
    }
    let linear: f64 = account.orders.iter().map(|order| 5e-4 * order.value).sum();
    assert!(account.cost > 1.2 * linear, "{} {linear}", account.cost);
}

#[test]
fn what_is_charged_lowers_the_turnover() {
    let turnover = |overrides: &[&str]| {
        let (_, _, run) = made(overrides)?;
        Some(run.returns.iter().map(|row| row.turnover).sum::<f64>())
    };
    let Some(large) = turnover(&["costs.impact.portfolio_value=1e11"]) else { return };
    let small = turnover(&["costs.impact.portfolio_value=1e6"]).unwrap();
    assert!(large < 0.7 * small, "{large} {small}");
}

/// Prices, volumes and closes after a decision change none of it, in the market and in the files.
#[test]
fn no_decision_looks_ahead() {
    let Some((study, loaded, _)) = made(&["walk_forward.last=2019-12-31"]) else { return };
    let found = study.audit(&loaded, &Silent).unwrap();
    assert_eq!((found.leak, found.complete), (None, true));
    let found = study.audit_files(&loaded, data().as_deref(), &Silent).unwrap();
    assert_eq!((found.leak, found.skipped), (None, None));
    assert!(found.attacked > 5);
}

/// The values that independent programs made of the same files, from prices and volumes to the cost of a trade.
#[test]
fn rates_of_real_data() {
    let (Some(data), Some(golden)) = (data(), golden()) else { return };
    let study = STUDY.parse(&["market.assets=['*']", "costs.impact.portfolio_value=1e8"]).unwrap();
    let market = study.market(Some(&data)).unwrap().market;
    let impact = MarketImpact { portfolio_value: 1e8, ..IMPACT };
    let past = market.before(market.row_on_or_after("2019-06-01".parse().unwrap()).unwrap());
    let past = past.unwrap();
    let text = std::fs::read_to_string(golden.join("advanced/cost_from_data_PUBLIC.csv")).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let asset = market.universe().position(cells[1]).unwrap();
        assert_eq!(cells[0], past.dates().last().unwrap().to_string());
        let rate = TradingCost { linear: 0.0, impact: impact.rate(&past, asset).unwrap() };
        let (found, expected) = (rate.of(0.05), cells[7].parse::<f64>().unwrap());
        assert!((found - expected).abs() <= 1e-12 * expected, "{}: {found} {expected}", cells[1]);
        compared += 1;
    }
    assert_eq!(compared, 11);
}

#[test]
fn what_does_not_combine_is_refused() {
    let cases: [(&[&str], &[&str]); 4] = [
        (
            &["allocate.max_holdings=4"],
            &[
                "allocate.trading_costs: has the impact of trades, and rules about holdings know linear costs alone",
            ],
        ),
        (
            &["costs.impact.portfolio_value=0.0", "costs.impact.volatility_window=1"],
            &[
                "costs.impact.portfolio_value: must be above 0, found 0 (100 million is 1e8)",
                "costs.impact.volatility_window: must be at least 2, found 1",
            ],
        ),
        (
            &["costs.impact.coefficient=-1.0", "market.source={ kind = 'sample' }"],
            &[
                "costs.impact.coefficient: must be at least 0, found -1",
                "costs.impact: needs the volumes of trading, and the sample market has none",
            ],
        ),
        (&["costs.impact={ coefficient = 1.0 }"], &["portfolio_value: is missing"]),
    ];
    for (overrides, messages) in cases {
        let error = STUDY.parse(overrides).unwrap_err();
        for message in messages {
            assert!(error.contains(message), "{overrides:?}: {error}");
        }
    }
}

/// A study whose price file has no volumes says which files it needs.
#[test]
fn missing_volumes_are_named() {
    let Some(data) = data() else { return };
    let text =
        STUDY.text().replace(", volumes = \"mtum/volumes.csv\", closes = \"mtum/close.csv\"", "");
    let study = Study::parse("x.toml", &text, &[]).unwrap();
    let error = study.market(Some(&data)).unwrap_err();
    let told = "does not say what was traded of XLE and 9 more: it has no column of volumes";
    assert!(error.to_string().contains(told), "{error}");
    assert!(error.to_string().contains("costs.impact"), "{error}");
}
