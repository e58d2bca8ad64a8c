//! Baskets, the rule of the index and the moments made of them, on markets small enough to work out by hand.

use std::collections::BTreeMap;

use walkfolio_core::{
    BenchmarkHoldings, Date, Dated, Faults, Market, Need, Poison, Prices, Row, Signal, Universe,
};

use super::super::Tracking;
use super::super::basket::newest_basket;
use super::super::review_aware::Review;
use super::{ByRule, Holdings};

const ROWS: usize = 700;
const NEED: Need = Need { rows: 0, history_months: None };

fn weekday(t: usize) -> Date {
    let days = 7 * (t / 5) + t % 5;
    Date::constant(2000, 1, 3) + std::time::Duration::from_secs(86_400 * days as u64)
}

fn dates() -> Vec<Date> {
    (0..ROWS).map(weekday).collect()
}

/// A price that grows by `growth` a row and wobbles.
fn price(growth: f64, phase: usize, t: usize) -> f64 {
    let wobble = 1.0 + 0.01 * (((13 * t + 7 * phase) % 17) as f64 / 17.0);
    100.0 * (1.0 + growth).powi(i32::try_from(t).unwrap()) * wobble
}

fn market_of(
    names: &[String],
    growth: impl Fn(usize) -> f64,
    first: impl Fn(usize) -> Row,
) -> Market {
    let column = |at: usize| -> Vec<Option<f64>> {
        (0..ROWS).map(|t| (t >= first(at)).then(|| price(growth(at), at, t))).collect()
    };
    let columns = (0..names.len()).map(column).collect();
    Market::new(Prices::new(dates(), Universe::new(names).unwrap(), columns).unwrap()).unwrap()
}

/// Two funds and a benchmark over six stocks: the first three rise, the last three fall; S5 lists late.
fn market(holdings: Vec<(Date, BenchmarkHoldings)>) -> Market {
    let names: Vec<String> = (0..6).map(|at| format!("S{at}")).collect();
    let growth = |at: usize| 1e-3 * (2.5 - at as f64);
    let stocks = market_of(&names, growth, |at| if at == 5 { 300 } else { 0 });
    let caps = (0..6_i32).map(|at| match at {
        2 => Vec::new(),
        _ => vec![(weekday(100), 100.0 * f64::from(at + 1)), (weekday(650), 1.0)],
    });
    let stocks = stocks.with_signal(Signal::new("market_cap", caps.collect()).unwrap()).unwrap();
    let funds = market_of(&["F0".to_owned(), "F1".to_owned()], |at| 1e-3 - 1e-3 * at as f64, |_| 0);
    let index = market_of(&["IDX".to_owned()], |_| 5e-4, |_| 0);
    funds
        .with_benchmark(index.prices().clone())
        .unwrap()
        .with_constituents(stocks)
        .unwrap()
        .with_benchmark_holdings(Dated::new("h", holdings))
}

fn stated(weights: &[(&str, f64)]) -> BenchmarkHoldings {
    let weights: BTreeMap<String, f64> =
        weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
    BenchmarkHoldings { weights }
}

fn is_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}

#[test]
fn holdings_of_a_file_drift_from_their_day_on() {
    let holdings = vec![
        (weekday(400), stated(&[("S0", 0.5), ("S5", 0.3), ("CASH", 0.2)])),
        (weekday(600), stated(&[("S1", 1.0)])),
    ];
    let market = market(holdings);
    assert!(newest_basket(&market.before(400).unwrap()).is_none());
    let past = market.before(500).unwrap();
    let basket = newest_basket(&past).unwrap();
    assert_eq!(basket.of, weekday(400));
    is_near(basket.known, 0.8);
    let ratio = |at: usize, growth: f64| price(growth, at, 499) / price(growth, at, 400);
    let (first, last) = (0.5 * ratio(0, 2.5e-3), 0.3 * ratio(5, -2.5e-3));
    is_near(basket.weights[0].1, first / (first + last));
    // The return of S5 begins on row 301: before it the other name is all.
    let returns = basket.returns(&past, 205).unwrap();
    let own =
        |at: usize, growth: f64, t: usize| price(growth, at, t) / price(growth, at, t - 1) - 1.0;
    is_near(returns[0], own(0, 2.5e-3, 295));
    let weight = basket.weights[0].1;
    is_near(returns[204], weight * own(0, 2.5e-3, 499) + (1.0 - weight) * own(5, -2.5e-3, 499));
    let names: Vec<usize> = newest_basket(&market.before(601).unwrap())
        .unwrap()
        .weights
        .iter()
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(names, [1]);
}

fn review() -> Review {
    Review { months: vec![5, 11], stale: 1.0, ad_hoc: None, prior: None, tilt: None }
}

fn rule(names: u32) -> ByRule {
    ByRule { names, cap: 0.9, least_weeks: 20, ..ByRule::default() }
}

fn holdings(by_rule: Option<ByRule>) -> Holdings {
    Holdings { rows: 10.0, half_life_days: 50.0, by_rule }
}

/// Of stocks that differ in their growth alone the rule holds the fastest, by capitalization and score.
#[test]
fn the_rule_holds_what_rose_most() {
    let market = market(Vec::new());
    let past = market.before(600).unwrap();
    let basket = holdings(Some(rule(2))).basket(&past, Some(&review())).unwrap();
    let names: Vec<usize> = basket.weights.iter().map(|(at, _)| *at).collect();
    // S2 has no capitalization.
    assert_eq!((names, basket.known), (vec![0, 1], 1.0));
    // The review of November 2001 at its last session, row 497; S1 is twice as large as S0 on row 100.
    assert_eq!(basket.of, Date::constant(2001, 11, 30));
    let moved = |at: usize, growth: f64| price(growth, at, 599) / price(growth, at, 100);
    let (small, large) = (100.0 * moved(0, 2.5e-3), 200.0 * moved(1, 1.5e-3));
    let score = |at: usize| {
        // Weight over capitalization, up to a common factor.
        basket.weights[at].1 / [small, large][at]
    };
    assert!(score(0) > score(1), "{basket:?}");
    let with = ByRule { unpublished: Some(0.0), ..rule(3) };
    let basket = holdings(Some(with)).basket(&past, Some(&review())).unwrap();
    assert_eq!(basket.weights.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1, 2]);
    // Seven names are more than there are.
    let none = holdings(Some(rule(7))).basket(&past, Some(&review()));
    assert_eq!(none.unwrap_err().to_string(), "no holdings of the benchmark are known yet");
}

#[test]
fn a_cap_spreads_what_is_above_it_in_proportion() {
    let market = market(Vec::new());
    let past = market.before(600).unwrap();
    let capped = ByRule { cap: 0.4, unpublished: Some(0.5), ..rule(3) };
    let free = ByRule { cap: 0.9, ..capped };
    let at_review = |rule: ByRule| {
        let rows = review().rows(&past).unwrap();
        let then = past.before(rows[rows.len() - 1] + 1).unwrap();
        let basket = holdings(Some(rule)).basket(&then, Some(&review())).unwrap();
        basket.weights.iter().map(|(_, weight)| *weight).collect::<Vec<_>>()
    };
    let (free, capped) = (at_review(free), at_review(capped));
    let above: Vec<usize> = (0..3).filter(|&at| capped[at] > 0.4 - 1e-12).collect();
    assert!(!above.is_empty() && capped.iter().all(|weight| *weight < 0.4 + 1e-12), "{capped:?}");
    is_near(capped.iter().sum(), 1.0);
    let below: Vec<usize> = (0..3).filter(|at| !above.contains(at)).collect();
    if let [one, other] = below[..] {
        is_near(capped[one] / capped[other], free[one] / free[other]);
    }
}

fn tracking(holdings: Holdings, review: Option<Review>) -> Tracking {
    Tracking {
        window: 120,
        shortest_days: None,
        half_life_days: Some(60.0),
        ridge_to_holdings: None,
        review,
        holdings: Some(holdings),
    }
}

/// With the benchmark's returns at a weight of nothing, what is left is the holdings'.
#[test]
fn moments_blend_the_holdings_with_the_benchmark() {
    let market = market(vec![(weekday(400), stated(&[("S0", 1.0)]))]);
    let past = market.before(500).unwrap();
    let assets = [0, 1];
    for review in [None, Some(review())] {
        let cross = |rows: f64| {
            let keys = tracking(Holdings { rows, ..holdings(None) }, review.clone());
            let estimator = keys.estimator();
            assert!(estimator.is_ready(&past, &assets, NEED));
            estimator.moments(&past, &assets, NEED).unwrap()
        };
        let plain = Tracking { holdings: None, ..tracking(holdings(None), review.clone()) };
        let plain = plain.estimator().moments(&past, &assets, NEED).unwrap();
        let weights: f64 = (0..120).map(|age| 0.5_f64.powf(f64::from(age) / 60.0)).sum();
        let size = if review.is_some() { 1.0 } else { weights };
        // Next to no rows of holdings change nothing.
        let few = cross(1e-9);
        is_near(few.cross[0], plain.cross[0] / size);
        // Many make g = H for an asset that is what is held: x'S0 for each asset.
        let many = cross(1e9);
        let decay: Vec<f64> =
            (0..120).rev().map(|age| 0.5_f64.powf(f64::from(age) / 50.0)).collect();
        let total: f64 = decay.iter().sum();
        let expected: f64 = (380..500)
            .zip(&decay)
            .map(|(t, weight)| {
                let own =
                    |at: usize, growth: f64| price(growth, at, t) / price(growth, at, t - 1) - 1.0;
                weight * own(0, 2.5e-3) * own(0, 1e-3)
            })
            .sum();
        assert!((many.cross[0] - expected / total).abs() < 1e-9 * expected.abs().max(1e-6));
    }
}

#[test]
fn what_comes_later_changes_no_basket_and_no_moment() {
    let all = vec![
        (weekday(400), stated(&[("S0", 0.5), ("S5", 0.5)])),
        (weekday(599), stated(&[("S1", 1.0)])),
        (weekday(600), stated(&[("S3", 1.0)])),
    ];
    let market = market(all);
    let by_rule = ByRule { unpublished: Some(0.25), ..rule(3) };
    for keys in [
        tracking(holdings(None), None),
        tracking(holdings(None), Some(review())),
        tracking(holdings(Some(by_rule)), Some(review())),
    ] {
        for t in [520, 600] {
            for poison in [Poison::Values, Poison::Delist] {
                let poisoned = market.poisoned(t, poison);
                let of = |market: &Market| {
                    let past = market.before(t).unwrap();
                    let estimator = keys.estimator();
                    (
                        estimator.basket(&past).unwrap(),
                        estimator.moments(&past, &[0, 1], NEED).unwrap(),
                    )
                };
                assert_eq!(of(&market), of(&poisoned));
            }
            let known = market.before(t + 1).unwrap().to_market();
            let of = |market: &Market| keys.estimator().basket(&market.before(t).unwrap()).unwrap();
            assert_eq!(of(&market), of(&known));
        }
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_key() {
    let keys = tracking(
        Holdings {
            rows: 0.0,
            half_life_days: 50.0,
            by_rule: Some(ByRule { names: 10, cap: 0.05, buffer: 1.5, ..ByRule::default() }),
        },
        None,
    );
    let mut faults = Faults::default();
    keys.validate(&mut faults);
    let found: Vec<String> = faults
        .into_found()
        .into_iter()
        .map(|fault| format!("{}: {}", fault.path, fault.message))
        .collect();
    assert_eq!(
        found,
        [
            "holdings.rows: must be above 0, found 0",
            "holdings.by_rule.buffer: must be between 0 and 1, found 1.5",
            "holdings.by_rule.cap: 10 names of at most 0.05 each cannot sum to 1",
            "holdings.by_rule: holds what an index takes at its reviews, and none are described",
        ]
    );
}
