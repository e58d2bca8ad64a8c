use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Covariance, TradingCost};

use super::*;
use crate::{
    Constraints, Costs, GrossLeverage, Group, MaximumSharpe, MeanCvar, MeanVariance, MinimumCdar,
    MinimumCvar, Objective, Penalties, RiskCap, RobustUtility, Turnover,
};

const N: usize = 6;

fn random(seed: u64) -> (Vec<f64>, Covariance) {
    let mut numbers = SplitMix64::new(seed);
    let rows: Vec<f64> = (0..40 * N).map(|_| 0.2 * (numbers.unit() - 0.5)).collect();
    let mu = (0..N).map(|_| 0.1 * numbers.unit()).collect();
    (mu, Covariance::gram(&Matrix::from_rows(40, N, rows)).unwrap())
}

/// What the best value gains when a limit is moved by a step, by solving twice.
fn gained(mandate: &Mandate, binding: &Binding) -> f64 {
    const STEP: f64 = 1e-5;
    let sense = if mandate.objective().is_minimized() { -1.0 } else { 1.0 };
    let at = |by: f64| {
        let moved = moved(mandate, binding, by);
        sense * moved.value(&moved.solve().unwrap().weights)
    };
    (at(STEP) - at(-STEP)) / (2.0 * STEP)
}

/// The mandate with a limit that is wider, or higher, by so much.
fn moved(mandate: &Mandate, binding: &Binding, by: f64) -> Mandate {
    let constraints = mandate.constraints();
    let (mut min, mut max) = (constraints.min().to_vec(), constraints.max().to_vec());
    let constraints = match (binding.part, binding.asset, binding.end) {
        (Part::Budget, ..) => constraints.clone().with_budget(binding.limit + by).unwrap(),
        (Part::Min, Some(i), _) => {
            min[i] -= by;
            constraints.clone().with_bounds(min, max).unwrap()
        }
        (Part::Max, Some(i), _) => {
            max[i] += by;
            constraints.clone().with_bounds(min, max).unwrap()
        }
        (Part::Listed(at), ..) => {
            let mut all = Constraints::between(min, max).unwrap();
            for (other, constraint) in constraints.list().iter().enumerate() {
                let own = if other == at {
                    with_limit(constraint, binding.limit + by)
                } else {
                    constraint.clone()
                };
                all = all.with(own).unwrap();
            }
            all
        }
        other => panic!("{other:?}"),
    };
    mandate.clone().with_constraints(constraints).unwrap()
}

fn with_limit(constraint: &Constraint, max: f64) -> Constraint {
    match constraint {
        Constraint::Group(_) => {
            Group::new("first", N, &[0, 1, 2]).unwrap().at_most(max).unwrap().into()
        }
        Constraint::Turnover(_) => Turnover::new(held(), max).unwrap().into(),
        Constraint::GrossLeverage(_) => GrossLeverage::new(max).unwrap().into(),
        Constraint::RiskCap(_) => RiskCap::volatility(random(3).1, max).unwrap().into(),
        other => panic!("{other:?}"),
    }
}

fn held() -> Vec<f64> {
    vec![0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
}

/// Every price is what solving again with a moved limit gains, and the prices explain the gradient.
fn check(mandate: &Mandate, expected: &[Part]) {
    let w = mandate.solve().unwrap().weights;
    let found = mandate.sensitivity(&w).unwrap();
    assert!(found.unexplained < 1e-7, "{found:?}");
    for part in expected {
        assert!(found.binding.iter().any(|own| own.part == *part), "{part:?} of {found:?}");
    }
    for binding in &found.binding {
        let gained = gained(mandate, binding);
        let apart = (gained - binding.price).abs();
        assert!(apart < 1e-4 * binding.price.abs().max(1e-3), "{gained} of {binding:?}");
    }
}

#[test]
fn prices_of_a_quadratic_are_what_more_room_gains() {
    let (mu, covariance) = random(3);
    let constraints = Constraints::long_only(N, 0.35).unwrap();
    let group = Group::new("first", N, &[0, 1, 2]).unwrap().at_most(0.3).unwrap();
    let objective = MeanVariance::new(mu, covariance, 2.0).unwrap();
    let plain = Mandate::new(objective, constraints.with(group).unwrap()).unwrap();
    check(&plain, &[Part::Budget, Part::Listed(0)]);
    let ridge = plain.clone().with_penalties(Penalties { l1: 0.0, l2: 0.01 }).unwrap();
    check(&ridge, &[Part::Budget]);
    let rates = vec![TradingCost::linear(0.004); N];
    check(&plain.with_costs(Costs::new(held(), rates, 1.0).unwrap()).unwrap(), &[Part::Budget]);
}

#[test]
fn prices_of_limits_that_bend_are_what_more_room_gains() {
    let (mu, covariance) = random(3);
    let between = || Constraints::between(vec![-0.5; N], vec![0.6; N]).unwrap();
    let utility = || RobustUtility::new(mu.clone(), covariance.clone(), 0.2).unwrap();
    let turnover = Turnover::new(held(), 0.2).unwrap();
    let objective = MeanVariance::new(mu.clone(), covariance.clone(), 2.0).unwrap();
    let mandate = Mandate::new(objective, between().with(turnover).unwrap()).unwrap();
    check(&mandate, &[Part::Listed(0)]);
    let free = Mandate::new(utility(), between()).unwrap().solve().unwrap().weights;
    let gross: f64 = free.iter().map(|w| w.abs()).sum();
    let gross = GrossLeverage::new(0.5 + 0.5 * gross).unwrap();
    check(&Mandate::new(utility(), between().with(gross).unwrap()).unwrap(), &[Part::Listed(0)]);
    let least = Mandate::new(crate::MinimumVariance::new(covariance.clone()).unwrap(), between());
    let least = least.unwrap();
    let sigma = covariance.variance(&least.solve().unwrap().weights).sqrt();
    let cap = RiskCap::volatility(covariance.clone(), 1.2 * sigma).unwrap();
    check(&Mandate::new(utility(), between().with(cap).unwrap()).unwrap(), &[Part::Listed(0)]);
    let sharpe = MaximumSharpe::new(mu.clone(), covariance.clone()).unwrap();
    let found = Mandate::new(sharpe, Constraints::long_only(N, 0.3).unwrap()).unwrap();
    check(&found, &[Part::Max]);
}

fn scenarios(rows: usize) -> Matrix {
    let mut numbers = SplitMix64::new(11);
    let values = (0..rows * N).map(|at| 0.04 * (numbers.unit() - 0.47) * (1.0 + (at % N) as f64));
    Matrix::from_rows(rows, N, values.collect())
}

/// Objectives whose worst losses tie at their best portfolio.
fn tails() -> [Objective; 4] {
    let mu: Vec<f64> = (0..N).map(|i| 0.001 * (1.0 + i as f64)).collect();
    [
        MinimumCvar::new(scenarios(150), 0.9).unwrap().into(), // 15 rows
        MinimumCvar::new(scenarios(150), 0.95).unwrap().into(), // 7.5 rows
        MeanCvar::new(mu, scenarios(150), 0.9, 0.4).unwrap().into(),
        MinimumCdar::new(scenarios(150), 0.9).unwrap().into(),
    ]
}

#[test]
fn prices_of_a_tail_are_what_more_room_gains() {
    let group = || Group::new("first", N, &[0, 1, 2]).unwrap().at_most(0.45).unwrap();
    for objective in tails() {
        let constraints = Constraints::long_only(N, 0.3).unwrap().with(group()).unwrap();
        let mandate = Mandate::new(objective.clone(), constraints).unwrap();
        check(&mandate, &[Part::Budget, Part::Listed(0)]);
        let rates = vec![TradingCost::linear(1e-4); N];
        let costs = Costs::new(held(), rates, 1.0).unwrap();
        check(&mandate.with_costs(costs).unwrap(), &[Part::Budget]);
        let between = Constraints::between(vec![-0.3; N], vec![0.6; N]).unwrap();
        let turnover = Turnover::new(held(), 0.06).unwrap();
        check(
            &Mandate::new(objective, between.with(turnover).unwrap()).unwrap(),
            &[Part::Listed(0)],
        );
    }
}

#[test]
fn another_portfolio_than_the_best_of_a_tail_is_not_explained() {
    for objective in tails() {
        let constraints = Constraints::long_only(N, 1.0).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        let mut w = mandate.solve().unwrap().weights;
        assert!(mandate.sensitivity(&w).unwrap().unexplained < 1e-7);
        let most = (0..N).fold(0, |most, i| if w[i] > w[most] { i } else { most });
        (w[most], w[(most + 1) % N]) = (w[most] - 1e-3, w[(most + 1) % N] + 1e-3);
        assert!(mandate.sensitivity(&w).unwrap().unexplained > 0.01);
    }
}

#[test]
fn a_portfolio_that_is_not_the_best_is_not_explained() {
    let (mu, covariance) = random(3);
    let objective = MeanVariance::new(mu, covariance, 2.0).unwrap();
    let mandate = Mandate::new(objective, Constraints::long_only(N, 1.0).unwrap()).unwrap();
    let equal = vec![1.0 / N as f64; N];
    assert!(mandate.sensitivity(&equal).unwrap().unexplained > 0.01);
}

#[test]
fn a_model_is_the_second_order_of_what_is_minimized() {
    let (mu, covariance) = random(5);
    let w = [0.3, 0.2, 0.1, 0.15, 0.05, 0.2];
    let d: Vec<f64> = [1.0, -0.5, 0.25, -1.0, 0.75, -0.5].map(|d| 1e-4 * d).to_vec();
    let moved: Vec<f64> = w.iter().zip(&d).map(|(w, d)| w + d).collect();
    let bounds = || Constraints::long_only(N, 1.0).unwrap();
    let utility = RobustUtility::new(mu.clone(), covariance.clone(), 0.3).unwrap();
    let variance = MeanVariance::new(mu, covariance, 2.0).unwrap();
    let rates = vec![TradingCost::linear(0.004); N];
    let costs = Costs::new(held(), rates, 1.0).unwrap();
    let quadratic = Mandate::new(variance, bounds()).unwrap().with_costs(costs).unwrap();
    for (mandate, exact) in [(Mandate::new(utility, bounds()).unwrap(), false), (quadratic, true)] {
        let model = mandate.model(&w);
        assert_eq!(model.is_exact, exact);
        let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
        let added = sense * (mandate.value(&moved) - mandate.value(&w));
        let apart = (added - model.step(&w, &d)).abs();
        assert!(apart < if exact { 1e-15 } else { 1e-11 }, "{apart}");
    }
}
