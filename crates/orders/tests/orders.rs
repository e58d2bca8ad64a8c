//! Orders against enumeration, and what always holds of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use proptest::prelude::*;
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Constraints, Costs, Group, Mandate, MaximumSharpe, MeanVariance, MinimumVariance, TrackingError,
};
use walkfolio_orders::{Account, Error, Goal, Lot, Plan, Side, Status, TradeRules};

struct Case {
    mandate: Mandate,
    target: Vec<f64>,
    account: Account,
    prices: Vec<f64>,
}

/// Correlated assets, so that the nearest whole numbers are not the best ones.
fn case(seed: u64, n: usize, kind: u64) -> Case {
    let mut numbers = SplitMix64::new(seed);
    let rows = 30;
    let mut returns = Vec::new();
    for _ in 0..rows {
        let common = 0.04 * (numbers.unit() - 0.5);
        returns.extend((0..n).map(|_| common + 0.02 * (numbers.unit() - 0.5)));
    }
    let returns = Matrix::from_rows(rows, n, returns);
    let covariance = Covariance::gram(&returns).unwrap();
    let mu: Vec<f64> = (0..n).map(|_| 0.1 * numbers.unit()).collect();
    let constraints = Constraints::long_only(n, 0.5).unwrap();
    let mandate = match kind {
        0 => {
            let weights: Vec<f64> = (0..n).map(|_| numbers.unit()).collect();
            let sum: f64 = weights.iter().sum();
            let weights: Vec<f64> = weights.iter().map(|w| w / sum).collect();
            let index: Vec<f64> = returns
                .times(&weights)
                .iter()
                .map(|r| r + 0.002 * (numbers.unit() - 0.5))
                .collect();
            Mandate::new(TrackingError::new(&returns, &index).unwrap(), constraints).unwrap()
        }
        1 => Mandate::new(MinimumVariance::new(covariance).unwrap(), constraints).unwrap(),
        2 => {
            let most = if n > 3 { 0.4 } else { 1.0 };
            let group = Group::new("first", n, &[0, 1]).unwrap().at_most(most).unwrap();
            let objective = MeanVariance::new(mu, covariance, 300.0).unwrap();
            Mandate::new(objective, constraints.with(group).unwrap()).unwrap()
        }
        _ => {
            let objective = MeanVariance::new(mu, covariance, 300.0).unwrap();
            let held = vec![1.0 / n as f64; n];
            let costs = Costs::new(held, vec![TradingCost::linear(0.002); n], 12.0).unwrap();
            Mandate::new(objective, constraints).unwrap().with_costs(costs).unwrap()
        }
    };
    let target = mandate.solve().unwrap().weights;
    let prices: Vec<f64> = (0..n).map(|_| 20.0 + 120.0 * numbers.unit()).collect();
    let shares = (0..n).map(|_| (6.0 * numbers.unit()).floor()).collect();
    Case { mandate, target, account: Account { shares, cash: 700.0 }, prices }
}

/// The best portfolio of whole shares that the cash pays for, by trying all of them: the loss of each is computed
/// from the mandate's own value, not from a model of it.
fn enumerated(case: &Case, rate: f64) -> f64 {
    let Case { mandate, target, account, prices } = case;
    // Where nothing is free to move several prices of the sum explain the target; the orders take this one.
    let shared = mandate.shared_prices(target).filter(|found| found.unexplained <= 1e-6);
    let budget =
        shared.map_or_else(|| mandate.sensitivity(target).unwrap().budget, |found| found.budget);
    let equity = account.equity(prices);
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let at_target = sense * mandate.value(target);
    // As the orders have it: what the account is worth once the target is paid for.
    let mut worth = equity;
    for _ in 0..200 {
        let traded: f64 = (0..prices.len())
            .map(|i| (target[i] * worth - account.shares[i] * prices[i]).abs())
            .sum();
        worth = equity - rate * traded;
    }
    let n = prices.len();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few shares")]
    let most: Vec<usize> = (0..n)
        .map(|i| if target[i] == 0.0 { 0 } else { (0.5 * worth / prices[i] + 1e-9) as usize })
        .collect();
    let mut shares = vec![0; n];
    let mut best = f64::INFINITY;
    loop {
        let weights: Vec<f64> = (0..n).map(|i| shares[i] as f64 * prices[i] / worth).collect();
        let moved = |i: usize| prices[i] * (shares[i] as f64 - account.shares[i]);
        let cash = account.cash - (0..n).map(|i| moved(i) + rate * moved(i).abs()).sum::<f64>();
        let keeps = mandate.constraints().violated(&weights, 1e-9).is_none();
        if cash >= -1e-9 && keeps {
            let invested: f64 = weights.iter().sum::<f64>() - target.iter().sum::<f64>();
            let loss = sense * mandate.value(&weights) - at_target + budget * invested;
            best = best.min(loss);
        }
        let Some(next) = (0..n).find(|&i| shares[i] < most[i]) else { return best };
        shares[next] += 1;
        shares[..next].fill(0);
    }
}

fn traded(case: &Case, rules: &TradeRules) -> Plan {
    let goal = Goal::of_mandate(&case.mandate, &case.target);
    case.account.trade(&case.prices, &goal, rules).unwrap()
}

#[test]
fn whole_shares_are_the_best_that_enumeration_finds() {
    let mut better = 0;
    for seed in 0..40 {
        let case = case(seed, 4, seed % 4);
        let plan = traded(&case, &TradeRules::whole(0.001));
        let rounding = plan.rounding.unwrap();
        assert_eq!(rounding.status, Status::Best, "{seed}");
        let best = enumerated(&case, 0.001);
        let size = best.abs().max(1e-12);
        assert!((rounding.loss - best).abs() < 1e-6 * size, "{seed}: {} {best}", rounding.loss);
        // Rounding each position by itself is worse as a rule.
        let worth: f64 = plan.equity - plan.cost;
        let nearest: Vec<f64> =
            (0..4).map(|i| (case.target[i] * worth / case.prices[i]).floor()).collect();
        better += usize::from(nearest != plan.shares);
    }
    assert!(better > 20, "{better}");
}

#[test]
fn many_assets_have_a_bound_beside_what_was_found() {
    let case = case(7, 60, 0);
    let account = Account { shares: vec![0.0; 60], cash: 100_000.0 };
    let plan = traded(&Case { account, ..case }, &TradeRules::whole(0.0005));
    let rounding = plan.rounding.unwrap();
    assert_eq!((rounding.status, rounding.bound), (Status::Improved, 0.0));
    assert!(rounding.loss >= 0.0 && plan.cash >= 0.0);
    // The target fits the index exactly: what is lost is a tracking error of some basis points.
    let (target, whole) = (rounding.objective.unwrap(), rounding.rounded.unwrap());
    assert!((whole - target).abs() < 1e-8, "{whole} {target}");
}

#[test]
fn a_ratio_is_rounded_by_its_second_order_and_says_so() {
    let mut case = case(3, 5, 1);
    let mu = vec![0.05, 0.08, 0.06, 0.07, 0.04];
    let mut numbers = SplitMix64::new(11);
    let rows: Vec<f64> = (0..200).map(|_| 0.1 * (numbers.unit() - 0.5)).collect();
    let covariance = Covariance::gram(&Matrix::from_rows(40, 5, rows)).unwrap();
    case.mandate = Mandate::long_only(MaximumSharpe::new(mu, covariance).unwrap(), 0.5).unwrap();
    case.target = case.mandate.solve().unwrap().weights;
    let rounding = traded(&case, &TradeRules::whole(0.0)).rounding.unwrap();
    assert_eq!(rounding.status, Status::Improved);
    assert!(rounding.rounded.unwrap() <= rounding.objective.unwrap() + 1e-9);
}

#[test]
fn a_limit_is_kept_by_whole_shares_too() {
    for seed in 0..12 {
        let case = case(100 + seed, 5, 2);
        let plan = traded(&case, &TradeRules::whole(0.001));
        let worth = plan.equity - plan.cost;
        let first: f64 = (0..2).map(|i| plan.shares[i] * case.prices[i] / worth).sum();
        assert!(first <= 0.4 + 2e-3, "{first}");
    }
}

#[test]
fn small_trades_and_weights_in_their_bands_are_left_alone() {
    let goal = Goal::of_weights(vec![0.25; 4]);
    let account = Account { shares: vec![26.0, 24.5, 49.5, 0.0], cash: 0.0 };
    let prices = [10.0; 4];
    let plan = account
        .trade(&prices, &goal, &TradeRules { min_value: 15.0, ..TradeRules::whole(0.0) })
        .unwrap();
    assert_eq!((plan.too_small.clone(), plan.in_band.len()), (vec![0, 1], 0));
    // Two trades: the third is sold for the fourth.
    assert_eq!(plan.orders.len(), 2);
    assert_eq!((plan.shares[0], plan.shares[1]), (26.0, 24.5));
    let rules = TradeRules { band: 0.02, bands: vec![(2, 0.3)], ..TradeRules::whole(0.0) };
    let plan = account.trade(&prices, &goal, &rules).unwrap();
    assert_eq!(plan.in_band, [0, 1, 2]);
    assert!(plan.orders.is_empty() && plan.rounding.is_none());
}

/// 50 of debt next to weights that are all in their bands, and to trades that are all too small: what is sold pays it.
#[test]
fn a_debt_is_paid_whatever_the_bands_are() {
    let account = Account { shares: vec![61.0, 40.0], cash: -50.0 };
    let goal = Goal::of_weights(vec![0.6, 0.4]);
    let rules = |band, min_value| TradeRules { band, min_value, ..TradeRules::whole(0.001) };
    for rules in [rules(0.2, 0.0), rules(0.0, 500.0), rules(0.2, 500.0)] {
        let plan = account.trade(&[10.0, 10.0], &goal, &rules).unwrap();
        assert!(plan.cash >= 0.0 && !plan.orders.is_empty(), "{plan:?}");
        let fine = TradeRules { lot: Lot::ANY, ..rules };
        let plan = account.trade(&[10.0, 10.0], &goal, &fine).unwrap();
        assert!(plan.cash >= -1e-9 && !plan.orders.is_empty(), "{plan:?}");
    }
    // Without a debt they are left alone.
    let account = Account { cash: 0.0, ..account };
    assert!(account.trade(&[10.0, 10.0], &goal, &rules(0.2, 0.0)).unwrap().orders.is_empty());
}

#[test]
fn a_debt_inside_the_bands_is_paid_by_what_is_furthest_above() {
    let account = Account { shares: vec![30.0, 50.0, 25.0, 0.0], cash: -50.0 };
    let goal = Goal::of_weights(vec![0.25; 4]);
    for (band, min_value) in [(0.9, 0.0), (0.0, 5_000.0), (0.9, 5_000.0)] {
        let rules = TradeRules { band, min_value, ..TradeRules::whole(0.001) };
        let plan = account.trade(&[10.0; 4], &goal, &rules).unwrap();
        let orders: Vec<_> = plan.orders.iter().map(|own| (own.asset, own.side)).collect();
        // The second is 25 % above its target, which is enough; nothing is bought.
        assert_eq!(orders, [(1, Side::Sell)]);
        assert!(plan.cash >= 0.0, "{plan:?}");
    }
}

#[test]
fn lots_and_fractions() {
    let goal = Goal::of_weights(vec![0.6, 0.4]);
    let account = Account { shares: vec![0.0; 2], cash: 10_000.0 };
    let rules = TradeRules { lots: vec![(0, Lot::of(100.0))], ..TradeRules::whole(0.0) };
    let plan = account.trade(&[13.0, 7.0], &goal, &rules).unwrap();
    assert_eq!(plan.shares[0] % 100.0, 0.0);
    let plan = account.trade(&[13.0, 7.0], &goal, &TradeRules::fractional(0.001)).unwrap();
    assert_eq!(plan.rounding.unwrap().status, Status::Fine);
    assert!(plan.cash >= 0.0 && plan.cash < 0.01, "{}", plan.cash);
    assert!((plan.after[0] - 0.6).abs() < 1e-6);
}

#[test]
fn short_positions_and_borrowed_cash_stay_within_the_target() {
    let goal = Goal::of_weights(vec![1.2, 0.3, -0.2]);
    let account = Account { shares: vec![0.0; 3], cash: 50_000.0 };
    let plan = account.trade(&[101.0, 53.0, 77.0], &goal, &TradeRules::whole(0.0005)).unwrap();
    assert!(plan.shares[2] < 0.0);
    // The target borrows 30 % of equity: no more is borrowed.
    assert!(plan.cash >= -0.3 * (plan.equity - plan.cost) - 1e-6, "{}", plan.cash);
    assert!((plan.after.iter().sum::<f64>() - 1.3).abs() < 0.01);
}

#[test]
fn what_cannot_be_traded_is_said() {
    let goal = Goal::of_weights(vec![1.0]);
    let account = |shares, cash| Account { shares, cash };
    let rules = TradeRules::whole(0.0);
    assert!(matches!(
        account(vec![1.0], 0.0).trade(&[0.0], &goal, &rules),
        Err(Error::Value { .. })
    ));
    assert!(matches!(
        account(vec![f64::NAN], 0.0).trade(&[1.0], &goal, &rules),
        Err(Error::Value { .. })
    ));
    assert!(matches!(
        account(vec![1.0; 2], 0.0).trade(&[1.0], &goal, &rules),
        Err(Error::Shape { .. })
    ));
    assert!(matches!(
        account(vec![1.0], -2.0).trade(&[1.0], &goal, &rules),
        Err(Error::NoEquity { .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The orders, applied to the holdings, give the stated shares and cash; what the account is worth falls by
    /// the cost alone; cash is never negative.
    #[test]
    fn orders_applied_to_holdings_are_the_plan(
        seed in 0_u64..1_000,
        n in 2_usize..12,
        kind in 0_u64..4,
        cash in -200.0..5_000.0_f64,
        rate in 0.0..0.01_f64,
        band in prop_oneof![Just(0.0), 0.0..0.1_f64],
        min_value in prop_oneof![Just(0.0), 0.0..300.0_f64],
        whole in any::<bool>(),
    ) {
        let mut case = case(seed, n, kind);
        case.account.cash = cash;
        prop_assume!(case.account.equity(&case.prices) > 100.0);
        let rules = if whole { TradeRules::whole(rate) } else { TradeRules::fractional(rate) };
        let rules = TradeRules { band, min_value, nodes: 20_000, ..rules };
        let goal = Goal::of_mandate(&case.mandate, &case.target);
        let plan = match case.account.trade(&case.prices, &goal, &rules) {
            Ok(plan) => plan,
            // A debt that no lots pay.
            Err(Error::NoLots) => return Ok(()),
            Err(error) => panic!("{error}"),
        };
        let (mut shares, mut left) = (case.account.shares.clone(), cash);
        for order in &plan.orders {
            let sign = if order.side == Side::Buy { 1.0 } else { -1.0 };
            shares[order.asset] += sign * order.shares;
            left -= sign * order.value + order.cost;
            prop_assert!((order.value - order.shares * order.price).abs() < 1e-9 * order.value);
            // A debt is paid whatever the smallest trade.
            prop_assert!(order.value >= min_value || order.value < 1e-6 || cash < 0.0);
        }
        for (own, stated) in shares.iter().zip(&plan.shares) {
            prop_assert!((own - stated).abs() < 1e-9);
        }
        prop_assert!((left - plan.cash).abs() < 1e-9 * plan.equity);
        prop_assert!(plan.cash >= 0.0 || plan.orders.is_empty(), "{}", plan.cash);
        let after = Account { shares: plan.shares.clone(), cash: plan.cash }.equity(&case.prices);
        prop_assert!((after - (plan.equity - plan.cost)).abs() < 1e-9 * plan.equity);
        if whole {
            let traded = plan.orders.iter().all(|order| (plan.shares[order.asset]).fract() == 0.0);
            prop_assert!(traded);
        }
        if let Some(rounding) = plan.rounding {
            prop_assert!(rounding.loss >= rounding.bound - 1e-12);
        }
    }
}
