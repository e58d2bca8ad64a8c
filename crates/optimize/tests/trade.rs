//! Turnover, risk and costs: conflicts in words, and optimality checked without the lowering.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Constraints, Costs, Error, GrossLeverage, Mandate, MaximumSharpe, MinimumVariance, Objective,
    RiskCap, Turnover,
};

fn diagonal(variances: &[f64]) -> Covariance {
    let n = variances.len();
    let mut matrix = Matrix::zeros(n, n);
    for (i, variance) in variances.iter().enumerate() {
        matrix[(i, i)] = *variance;
    }
    Covariance::dense(matrix).unwrap()
}

fn mandate(constraints: Constraints) -> Mandate {
    let steadiest = MinimumVariance::new(diagonal(&[0.04, 0.01, 0.09])).unwrap();
    Mandate::new(steadiest, constraints).unwrap()
}

/// The message, the hint, and what the first relaxation leads to.
fn conflict(constraints: Constraints) -> (String, String, Vec<f64>) {
    let constraints = constraints.with_bounds_named("bounds.min", "bounds.max");
    let mandate = mandate(constraints);
    let error = mandate.solve().unwrap_err();
    let Error::Infeasible(conflict) = &error else { panic!("{error}") };
    let change = conflict.first_relaxation().unwrap();
    let wider = mandate.constraints().widened(change.part, change.limits);
    let weights = mandate.clone().with_constraints(wider).unwrap().solve().unwrap().weights;
    (error.to_string(), error.hint().unwrap(), weights)
}

#[test]
fn a_turnover_that_leaves_no_way_to_the_bounds() {
    let turnover = Turnover::new(vec![0.8, 0.2, 0.0], 0.1).unwrap();
    let constraints = Constraints::long_only(3, 0.5).unwrap().with(turnover).unwrap();
    let (message, hint, weights) = conflict(constraints);
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: bounds.max 0.5, turnover 0.1");
    insta::assert_snapshot!(hint, @"raise bounds.max to at least 0.7, or raise turnover to at least 0.3");
    // The turnover that is needed sells 0.3 of the first asset.
    assert!((weights[0] - 0.5).abs() < 1e-6, "{weights:?}");
}

#[test]
fn what_leaves_the_portfolio_counts_as_turnover() {
    let turnover = Turnover::new(vec![0.4, 0.3, 0.0], 0.25).unwrap().with_sold(0.3).unwrap();
    let constraints =
        Constraints::long_only(3, 1.0).unwrap().with(turnover.named("turnover")).unwrap();
    // The 0.3 that are sold must be bought elsewhere.
    let (message, hint, weights) = conflict(constraints);
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: sum of weights 1, turnover 0.25");
    insta::assert_snapshot!(hint, @"raise turnover to at least 0.3");
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-8);
}

#[test]
fn a_volatility_that_no_portfolio_has() {
    let cap = RiskCap::volatility(diagonal(&[0.04, 0.01, 0.09]), 0.05).unwrap();
    let (message, hint, _) = conflict(Constraints::long_only(3, 1.0).unwrap().with(cap).unwrap());
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: sum of weights 1, volatility 0.05");
    insta::assert_snapshot!(hint, @"raise volatility to at least 0.0858");
}

#[test]
fn a_tracking_error_that_the_turnover_forbids() {
    let covariance = diagonal(&[0.04, 0.01, 0.09]);
    let cap = RiskCap::tracking_error(covariance, vec![1.0, 0.0, 0.0], 0.02).unwrap();
    let turnover = Turnover::new(vec![0.0, 1.0, 0.0], 0.3).unwrap();
    let constraints = Constraints::long_only(3, 1.0).unwrap().with(cap).unwrap();
    let (message, hint, _) = conflict(constraints.with(turnover).unwrap());
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: tracking error 0.02, turnover 0.3");
    insta::assert_snapshot!(hint, @"raise tracking error to at least 0.1566, or raise turnover to at least 0.9106");
}

fn sharpe(excess: Vec<f64>, constraints: Constraints) -> Mandate {
    let objective = MaximumSharpe::new(excess, diagonal(&[0.04, 0.01])).unwrap();
    Mandate::new(objective, constraints).unwrap()
}

#[test]
fn without_a_gain_there_is_no_largest_ratio() {
    let error =
        sharpe(vec![-0.02, -0.01], Constraints::long_only(2, 0.8).unwrap()).solve().unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"no portfolio that satisfies the constraints has a positive expected return above the risk-free rate: the largest is -0.012");
    insta::assert_snapshot!(error.hint().unwrap(), @"minimize the variance, or use mean_variance, which needs no positive gain; or widen the constraints");
    // Constraints without a portfolio are a conflict of their own.
    let error = sharpe(vec![0.02, 0.01], Constraints::long_only(2, 0.4).unwrap()).solve();
    assert!(matches!(error, Err(Error::Infeasible(_))), "{error:?}");
}

#[test]
fn a_ratio_needs_a_sum_of_weights_and_no_costs() {
    let neutral = Constraints::between(vec![-1.0; 2], vec![1.0; 2]).unwrap().with_budget(0.0);
    let error = sharpe(vec![0.02, 0.01], neutral.unwrap()).solve().unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"the objective does not say how much to invest, and neither do the constraints: they leave the sum of weights open, or allow to invest nothing");
    let costs = Costs::new(vec![0.5; 2], vec![TradingCost::linear(0.001); 2], 12.0).unwrap();
    let mandate = sharpe(vec![0.02, 0.01], Constraints::long_only(2, 1.0).unwrap());
    let error = mandate.with_costs(costs).unwrap().solve().unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"the mandate is not valid: costs of trading together with an objective that is a ratio: a cost is no part of it; limit the turnover instead");
}

#[test]
fn high_costs_leave_the_portfolio_as_it_is() {
    let held = vec![0.3, 0.3, 0.4];
    let covariance = diagonal(&[0.04, 0.01, 0.09]);
    let objective = Objective::mean_variance(vec![0.05, 0.06, 0.07], covariance, 1.0).unwrap();
    let costs = Costs::new(held.clone(), vec![TradingCost::linear(0.05); 3], 1.0).unwrap();
    let mandate = Mandate::long_only(objective, 1.0).unwrap().with_costs(costs).unwrap();
    let solution = mandate.solve().unwrap();
    assert_eq!(solution.weights, held);
    assert!(solution.report.gap.unwrap() < 1e-8);
}

#[test]
fn a_turnover_of_nothing_leaves_the_portfolio_as_it_is() {
    let held = vec![0.3, 0.3, 0.4];
    let turnover = Turnover::new(held.clone(), 0.0).unwrap();
    let constraints = Constraints::long_only(3, 1.0).unwrap().with(turnover).unwrap();
    let weights = mandate(constraints).solve().unwrap().weights;
    let apart = weights.iter().zip(&held).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-9, "{weights:?}");
}

#[test]
fn a_mandate_keeps_all_at_once() {
    let covariance = diagonal(&[0.04, 0.01, 0.09]);
    let constraints = Constraints::between(vec![-0.5; 3], vec![1.0; 3])
        .and_then(|all| all.with(GrossLeverage::new(1.4)?))
        .and_then(|all| all.with(Turnover::new(vec![0.5, 0.3, 0.2], 0.3)?))
        .and_then(|all| all.with(RiskCap::volatility(covariance.clone(), 0.12)?))
        .and_then(|all| {
            all.with(RiskCap::tracking_error(covariance.clone(), vec![0.4, 0.4, 0.2], 0.08)?)
        })
        .unwrap();
    let objective = Objective::mean_variance(vec![0.05, 0.02, 0.12], covariance, 0.5).unwrap();
    let costs = Costs::new(
        vec![0.5, 0.3, 0.2],
        vec![TradingCost { linear: 0.001, impact: 0.002 }; 3],
        12.0,
    );
    let mandate = Mandate::new(objective, constraints).unwrap().with_costs(costs.unwrap()).unwrap();
    let solution = mandate.solve().unwrap();
    assert!(mandate.constraints().violation(&solution.weights) < 1e-10);
    // The bound is from the data alone, whoever found the weights.
    assert!(solution.report.gap.unwrap() < 1e-10, "{:?}", solution.report);
}
