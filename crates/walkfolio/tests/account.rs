//! An account traded by a study: positions as brokers export them to orders.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::PathBuf;

use common::study;
use walkfolio::orders::{Account, LotMethod, TaxRates, TradeRules};
use walkfolio::prelude::*;
use walkfolio::record::LiveDecision;
use walkfolio::{AccountHoldings, AccountInput, Ask, Error, Live, Loaded, Study, TaxInput};

const STUDY: &str = "mtum-all-eleven.toml";

/// A file of its own for each text.
fn file(name: &str, text: &str) -> PathBuf {
    let path =
        std::env::temp_dir().join(format!("walkfolio-account-{name}-{}.csv", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

fn holdings(name: &str, text: &str) -> AccountHoldings {
    AccountHoldings::read(&file(name, text)).unwrap()
}

fn input(name: &str, text: &str) -> AccountInput {
    let holdings = holdings(name, text);
    AccountInput { holdings, cash: None, value: None, quotes: Vec::new(), tax: None }
}

fn market() -> (Study, Loaded) {
    let study = study(STUDY, &[]);
    let loaded = study.market(None).unwrap();
    (study, loaded)
}

fn live<'a>(study: &Study, loaded: &'a Loaded) -> Live<'a> {
    let on = "2025-06-02".parse().ok();
    study.live(loaded, Ask { on, ..Ask::default() }).unwrap()
}

fn traded(live: &Live<'_>, input: &AccountInput, rules: &TradeRules) -> LiveDecision {
    live.trade(input, (rules, None), &Silent).unwrap().record
}

fn said(decision: &LiveDecision, what: &str) -> bool {
    decision.notes.iter().any(|row| row.message.contains(what))
}

#[test]
fn cash_becomes_the_target_in_whole_shares() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let decision =
        traded(&live, &input("cash", "ticker,shares\nCASH,250000\n"), &TradeRules::whole(0.0));
    let account = decision.account.as_ref().unwrap();
    assert!(account.orders.iter().all(|order| order.side == "buy" && order.shares.fract() == 0.0));
    assert!(account.cash_after >= 0.0 && account.cash_after < 1_000.0, "{}", account.cash_after);
    for row in &account.positions {
        assert!((row.after - row.target).abs() < 0.002, "{row:?}");
    }
    // The costs are the study's: 5 basis points.
    let value: f64 = account.orders.iter().map(|order| order.value).sum();
    assert!((account.cost - 0.0005 * value).abs() < 1e-9 * value);
    // What a backtest decides is decided here.
    let own = live.decide(None, &Silent).unwrap();
    let targets: Vec<f64> =
        decision.target.iter().map(|row| row.target).filter(|w| *w != 0.0).collect();
    let expected: Vec<f64> = own.target.values().iter().copied().filter(|w| *w != 0.0).collect();
    assert_eq!(targets, expected);
}

#[test]
fn an_account_at_its_target_trades_nothing() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let first =
        traded(&live, &input("first", "ticker,shares\nCASH,250000\n"), &TradeRules::whole(0.0));
    let account = first.account.unwrap();
    let mut text = "ticker,shares\n".to_owned();
    for row in &account.positions {
        let _ = writeln!(text, "{},{}", row.asset, row.shares_after);
    }
    let _ = writeln!(text, "CASH,{}", account.cash_after);
    let rules = TradeRules { band: 0.003, ..TradeRules::whole(0.0) };
    let second = traded(&live, &input("second", &text), &rules);
    assert!(!second.trades(), "{:?}", second.account.unwrap().orders);
    // Within the band of risk nothing is traded either, without a look at single weights.
    let again =
        live.trade(&input("third", &text), (&TradeRules::whole(0.0), Some(0.01)), &Silent).unwrap();
    assert!(!again.record.trades());
    assert!(said(&again.record, "within the band of 1.00 %"));
}

#[test]
fn what_does_not_fit_is_said() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let price =
        |name: &str| live.price(loaded.market.universe().position(name).unwrap()).unwrap().0;
    let text = format!(
        "ticker,shares,price\nXLE,100,{}\nXLK,50,{}\nTSLA,10,180\nCASH,-500,\n",
        price("XLE"),
        1.1 * price("XLK")
    );
    let decision = traded(&live, &input("odd", &text), &TradeRules::whole(0.0));
    assert!(said(&decision, "no assets of the study, left alone and not counted: TSLA"));
    assert!(said(&decision, "the account owes 500 in cash"));
    assert!(said(&decision, "the price of XLK is"));
    assert!(!said(&decision, "the price of XLE is"));
    assert!(decision.account.unwrap().cash_after >= 0.0);
    // Quotes take the place of the last prices, and say where they differ.
    let quotes = vec![("XLE".to_owned(), 1.5 * price("XLE"))];
    let quoted = AccountInput { quotes, ..input("quoted", "ticker,shares\nXLE,100\nCASH,1000\n") };
    let decision = traded(&live, &quoted, &TradeRules::whole(0.0));
    assert!(said(&decision, "the quote of XLE is"));
    let row =
        decision.account.unwrap().positions.into_iter().find(|row| row.asset == "XLE").unwrap();
    assert_eq!(row.price, 1.5 * price("XLE"));
}

#[test]
fn a_split_since_the_holdings_multiplies_their_shares() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    // The file is of March, when a share cost four times what the data have, which are adjusted for the split.
    let asset = loaded.market.universe().position("XLE").unwrap();
    let row =
        loaded.market.dates().partition_point(|date| *date <= Date::constant(2025, 3, 14)) - 1;
    let then = loaded.market.prices().value(row, asset).unwrap();
    let text =
        format!("ticker,shares,price,as_of\nXLE,100,{},2025-03-14\nCASH,5000,,\n", 4.0 * then);
    let decision = traded(&live, &input("split", &text), &TradeRules::whole(0.0));
    assert!(said(&decision, "XLE was split since the holdings"));
    let row =
        decision.account.unwrap().positions.into_iter().find(|row| row.asset == "XLE").unwrap();
    assert_eq!(row.shares_before, 400.0);
}

#[test]
fn weights_need_a_value_and_values_need_none() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let weights = input("weights", "ticker,weight\nXLE,0.5\nXLK,0.3\n");
    let error = live.account(&weights).unwrap_err();
    assert!(
        matches!(error, Error::Account { .. }) && error.hint().unwrap().contains("--value"),
        "{error}"
    );
    let account = live.account(&AccountInput { value: Some(100_000.0), ..weights }).unwrap();
    assert!((account.account.cash - 20_000.0).abs() < 1e-6);
    assert!((account.account.equity(&account.prices) - 100_000.0).abs() < 1e-6);
    let values = live.account(&input("values", "ticker,value\nXLE,600\nCASH,400\n")).unwrap();
    assert_eq!(values.account.equity(&values.prices), 1_000.0);
}

#[test]
fn turnover_is_limited_from_what_the_account_holds() {
    let overrides = ["allocate.turnover=0.05"];
    let study = study(STUDY, &overrides);
    let loaded = study.market(None).unwrap();
    let on = "2025-06-02".parse().ok();
    let live = study.live(&loaded, Ask { on, ..Ask::default() }).unwrap();
    let text = "ticker,value\nXLE,30000\nXLF,30000\nXLK,25000\nXLP,15000\n";
    let decision = traded(&live, &input("turnover", text), &TradeRules::whole(0.0));
    assert!(decision.turnover <= 0.05 + 1e-9, "{}", decision.turnover);
    let limit = decision.limits.iter().find(|row| row.constraint == "turnover").unwrap();
    assert!(limit.price > 0.0);
}

/// Four lots, bought at a fifth to nine tenths of the last price.
fn taxed(live: &Live<'_>, text: &str, method: LotMethod, max_gains: Option<f64>) -> AccountInput {
    let price = |name: &str| {
        let asset = live.market().universe().position(name).unwrap();
        live.price(asset).unwrap().0
    };
    let mut lots = "ticker,shares,cost_basis,date\n".to_owned();
    for (name, shares, part, date) in [
        ("SMH", 100.0, 0.2, "2018-05-01"),
        ("SMH", 200.0, 0.9, "2025-01-15"),
        ("XLE", 300.0, 0.3, "2019-02-01"),
        ("XLE", 300.0, 0.8, "2024-11-20"),
    ] {
        let _ = writeln!(lots, "{name},{shares},{},{date}", shares * part * price(name));
    }
    let lots = holdings("lots", &lots);
    let rates = Some(TaxRates { short_term: 0.37, long_term: 0.2 });
    AccountInput { tax: Some(TaxInput { lots, method, rates, max_gains }), ..input("taxed", text) }
}

#[test]
fn sales_realize_gains_by_their_lots_and_a_cap_limits_them() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let text = "ticker,shares\nSMH,300\nXLE,600\nCASH,1000\n";
    let fifo = traded(&live, &taxed(&live, text, LotMethod::Fifo, None), &TradeRules::whole(0.0))
        .account
        .unwrap();
    let highest =
        traded(&live, &taxed(&live, text, LotMethod::HighestCost, None), &TradeRules::whole(0.0))
            .account
            .unwrap();
    // The orders are the same, what they realize is not.
    assert_eq!(fifo.orders, highest.orders);
    let (fifo, highest) = (fifo.gains.unwrap(), highest.gains.unwrap());
    assert!(highest.realized < fifo.realized, "{} {}", highest.realized, fifo.realized);
    for gains in [&fifo, &highest] {
        let sum: f64 = gains.lots.iter().map(|row| row.proceeds - row.cost).sum();
        assert!((sum - gains.realized - gains.disallowed).abs() < 1e-6);
    }
    let cap = 0.4 * highest.realized;
    assert!(cap > 0.0);
    let capped = live
        .trade(
            &taxed(&live, text, LotMethod::HighestCost, Some(cap)),
            (&TradeRules::whole(0.0), None),
            &Silent,
        )
        .unwrap();
    let gains = capped.record.account.as_ref().unwrap().gains.as_ref().unwrap();
    assert!(gains.realized <= cap + 1e-6 && gains.realized > 0.8 * cap, "{} {cap}", gains.realized);
    assert!(said(&capped.record, "realized gains are limited to"));
}

#[test]
fn what_was_sold_at_a_loss_is_not_bought_back_within_the_window() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let cash = "ticker,shares\nCASH,100000\n";
    let free = traded(&live, &input("free", cash), &TradeRules::whole(0.0));
    let largest =
        free.target.iter().max_by(|a, b| a.target.total_cmp(&b.target)).unwrap().asset.clone();
    let bought = |decision: &LiveDecision| {
        decision.account.as_ref().unwrap().orders.iter().any(|order| order.asset == largest)
    };
    assert!(bought(&free));
    let text = format!("ticker,shares,cost_basis,date,price\n{largest},-10,9000,2025-05-20,100\n");
    let lots = holdings("washed", &text);
    let tax = TaxInput { lots, method: LotMethod::HighestCost, rates: None, max_gains: None };
    let washed = AccountInput { tax: Some(tax), ..input("washed2", cash) };
    let decision = traded(&live, &washed, &TradeRules::whole(0.0));
    assert!(!bought(&decision));
    assert!(said(&decision, &format!("{largest} was sold at a loss on 2025-05-20")));
}

#[test]
fn drift_is_the_distance_to_the_study() {
    let (study, loaded) = market();
    let on = "2025-06-20".parse().ok();
    let live = study.live(&loaded, Ask { on, force: true, ..Ask::default() }).unwrap();
    let own = live.decide(None, &Silent).unwrap();
    // An account that holds what the study does is nowhere.
    let mut text = "ticker,value\n".to_owned();
    let tickers = loaded.market.universe().tickers();
    for (name, weight) in
        tickers.iter().zip(own.held.values()).filter(|(_, weight)| **weight != 0.0)
    {
        let _ = writeln!(text, "{name},{}", 1e6 * weight);
    }
    let found = live.drift(&input("drift", &text), &TradeRules::whole(0.0), &Silent).unwrap();
    assert!(found.from_last < 1e-6 && found.apart_from_last.unwrap() < 1e-6, "{found:?}");
    assert_eq!(found.last_decision, "2025-06-02".parse().ok());
    assert!((found.from_target - own.record.turnover).abs() < 1e-6);
    // The objective is no return: the price of risk at which it pays is told.
    assert_eq!((found.payback.gain, found.payback.pays), (None, None));
    let other = live
        .drift(&input("other", "ticker,value\nXLE,1000000\n"), &TradeRules::whole(0.0), &Silent)
        .unwrap();
    assert!(other.from_last > 0.5 && other.payback.less_risk.unwrap() > 0.0);
    assert!(other.payback.break_even.unwrap() > 0.0);
}

#[test]
fn a_rebalance_pays_where_the_objective_gains_more_than_it_costs() {
    let overrides = [
        "allocate.objective={ kind = 'mean_variance', risk_aversion = 5.0 }",
        "estimate={ covariance = { kind = 'sample', window = 252 }, expected_returns = { kind = 'sample_mean', window = 252 } }",
    ];
    let study = study(STUDY, &overrides);
    let loaded = study.market(None).unwrap();
    let on = "2025-06-02".parse().ok();
    let live = study.live(&loaded, Ask { on, ..Ask::default() }).unwrap();
    let found = live
        .drift(&input("pays", "ticker,value\nXLE,1000000\n"), &TradeRules::whole(0.0), &Silent)
        .unwrap();
    let gain = found.payback.gain.unwrap();
    assert!(gain > 0.0);
    assert_eq!(found.payback.pays, Some(gain > found.cost));
}

#[test]
fn shares_after_the_trade_are_worth_what_was_there_less_the_cost() {
    let (study, loaded) = market();
    let live = live(&study, &loaded);
    let text = "ticker,shares\nXLE,512\nXLF,77.25\nSMH,40\nCASH,1234.56\n";
    let account = traded(&live, &input("kept", text), &TradeRules::whole(0.0)).account.unwrap();
    let prices: Vec<f64> = account.positions.iter().map(|row| row.price).collect();
    let after = Account {
        shares: account.positions.iter().map(|row| row.shares_after).collect(),
        cash: account.cash_after,
    };
    assert!((after.equity(&prices) - (account.equity - account.cost)).abs() < 1e-6);
}
