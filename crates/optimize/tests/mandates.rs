//! Mandates whose answer is known, and the optimality conditions of those whose answer is not.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use walkfolio_core::{Covariance, Matrix, SolveStatus};
use walkfolio_optimize::{
    Beta, Constraints, Error, GrossLeverage, Mandate, Objective, Optimizer, Precision, Solution,
    TrackingError, solve,
};

fn robust(rho: Vec<f64>, covariance: Covariance, lambda: f64) -> Objective {
    Objective::robust_utility(rho, covariance, lambda).unwrap()
}

fn mandate(objective: Objective, constraints: Constraints) -> Mandate {
    Mandate::new(objective, constraints).unwrap()
}

fn tracking(window: &Matrix, benchmark: &[f64], form: fn(&Matrix) -> Covariance) -> Objective {
    let square = benchmark.iter().map(|r| r * r).sum();
    let cross = window.transpose_times(benchmark);
    TrackingError::from_moments(form(window), cross, square).unwrap().into()
}

fn as_gram(window: &Matrix) -> Covariance {
    Covariance::dense(window.gram()).unwrap()
}

fn as_window(window: &Matrix) -> Covariance {
    Covariance::window(window.clone()).unwrap()
}

fn solved(objective: Objective, constraints: Constraints) -> Solution {
    let solution = solve(&mandate(objective, constraints), Precision::Full).unwrap();
    assert_eq!(solution.report.status, SolveStatus::Optimal);
    solution
}

fn diagonal(variances: &[f64]) -> Covariance {
    let n = variances.len();
    let mut matrix = Matrix::zeros(n, n);
    for (i, variance) in variances.iter().enumerate() {
        matrix[(i, i)] = *variance;
    }
    Covariance::dense(matrix).unwrap()
}

#[test]
fn without_returns_the_robust_utility_is_minimum_variance() {
    // Uncorrelated: weights in proportion to 1 / variance, 4 : 1.
    let solution = solved(
        robust(vec![0.0, 0.0], diagonal(&[0.01, 0.04]), 1.0),
        Constraints::long_only(2, 1.0).unwrap(),
    );
    assert!((solution.weights[0] - 0.8).abs() < 1e-5, "{:?}", solution.weights);
    // sigma = sqrt(0.64 * 0.01 + 0.04 * 0.04) = sqrt(0.008).
    assert!((solution.report.objective.unwrap() + 0.008f64.sqrt()).abs() < 1e-10);
    assert!(solution.report.gap.unwrap() < 1e-8);
}

#[test]
fn with_lambda_zero_it_is_a_linear_program() {
    let constraints = Constraints::between(vec![-2.0; 3], vec![2.0; 3]).unwrap();
    let solution = solved(robust(vec![0.1, 0.05, 0.02], diagonal(&[0.01; 3]), 0.0), constraints);
    for (weight, expected) in solution.weights.iter().zip([2.0, 1.0, -2.0]) {
        assert!((weight - expected).abs() < 1e-7, "{:?}", solution.weights);
    }
}

#[test]
fn beta_and_gross_leverage_hold() {
    let constraints = Constraints::between(vec![-2.0; 3], vec![2.0; 3])
        .and_then(|all| all.with(Beta::new(vec![1.2, 0.8, 0.1], 0.5, 0.5)?))
        .and_then(|all| all.with(GrossLeverage::new(1.5)?))
        .unwrap();
    let solution =
        solved(robust(vec![0.2, 0.05, 0.02], diagonal(&[0.04, 0.02, 0.01]), 0.1), constraints);
    let w = &solution.weights;
    assert!((w.iter().sum::<f64>() - 1.0).abs() < 1e-8);
    assert!((1.2 * w[0] + 0.8 * w[1] + 0.1 * w[2] - 0.5).abs() < 1e-8);
    assert!(w.iter().map(|w| w.abs()).sum::<f64>() < 1.5 + 1e-8);
}

#[test]
fn equal_bounds_fix_a_weight() {
    let constraints = Constraints::between(vec![0.0, 0.25, 0.0], vec![1.0, 0.25, 1.0]).unwrap();
    let solution = solved(robust(vec![0.0; 3], diagonal(&[0.01; 3]), 1.0), constraints);
    assert!((solution.weights[1] - 0.25).abs() < 1e-8);
    assert!((solution.weights[0] - 0.375).abs() < 1e-6);
}

fn infeasible(constraints: Constraints) -> (String, String) {
    let n = constraints.assets();
    let constraints = constraints.with_bounds_named("bounds.min", "bounds.max");
    let objective = robust(vec![0.0; n], diagonal(&vec![0.01; n]), 1.0);
    match solve(&mandate(objective, constraints), Precision::Full) {
        Err(error @ Error::Infeasible(_)) => (error.to_string(), error.hint().unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_infeasible_mandate_names_the_conflict_and_the_closest_relaxation() {
    let (message, hint) = infeasible(Constraints::long_only(11, 0.05).unwrap());
    insta::assert_snapshot!(message, @"no portfolio satisfies the constraints: bounds.max 0.05 over 11 assets sums to 0.55, the weights must sum to 1");
    insta::assert_snapshot!(hint, @"raise bounds.max to at least 0.091");

    let beta = |min, max| {
        let beta = Beta::new(vec![0.5, 0.8, 1.0], min, max).unwrap();
        Constraints::long_only(3, 0.5).unwrap().with(beta).unwrap()
    };
    let (message, hint) = infeasible(beta(1.5, 2.0));
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: bounds.max 0.5, beta in [1.5, 2]");
    insta::assert_snapshot!(hint, @"lower beta to at most 0.9");
    let (message, hint) = infeasible(beta(0.1, 0.1));
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: sum of weights 1, bounds.max 0.5, beta 0.1");
    insta::assert_snapshot!(hint, @"raise beta to at least 0.65");

    let gross = GrossLeverage::new(1.2).unwrap().named("gross_leverage");
    let short = beta(1.5, 2.0).with_bounds(vec![-2.0; 3], vec![2.0; 3]).unwrap();
    let short = short.with(gross).unwrap();
    let (message, hint) = infeasible(short);
    insta::assert_snapshot!(message, @"no portfolio of 3 assets satisfies these together: beta in [1.5, 2], gross_leverage 1.2");
    insta::assert_snapshot!(hint, @"lower beta to at most 1.05, or raise gross_leverage to at least 3");
}

#[test]
fn the_advice_works() {
    for cap in [0.05, 0.0333, 0.01] {
        let constraints = Constraints::long_only(11, cap).unwrap();
        let objective = robust(vec![0.0; 11], diagonal(&[0.01; 11]), 1.0);
        let mandate = mandate(objective.clone(), constraints);
        let Err(Error::Infeasible(conflict)) = solve(&mandate, Precision::Full) else {
            panic!("feasible")
        };
        let change = conflict.first_relaxation().unwrap();
        let relaxed = mandate.constraints().widened(change.part, change.limits);
        solved(objective, relaxed);
    }
}

#[test]
fn crossed_bounds_are_a_conflict() {
    let constraints = Constraints::between(vec![0.6, 0.0], vec![0.4, 1.0]).unwrap();
    let (message, _) = infeasible(constraints);
    assert!(message.contains("bounds.min") && message.contains("bounds.max"), "{message}");
}

#[test]
fn a_mandate_of_the_wrong_shape_is_refused() {
    let error = Objective::robust_utility(vec![0.0; 3], diagonal(&[0.01; 2]), 1.0).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: moments of 2 and 3 assets");
    let objective = robust(vec![0.0; 3], diagonal(&[0.01; 3]), 1.0);
    let error = Mandate::new(objective, Constraints::long_only(2, 1.0).unwrap()).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: moments of 3 assets, bounds of 2");
    let error = Constraints::between(vec![0.0; 2], vec![1.0; 3]).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: 2 lower and 3 upper bounds");
    let returns = Matrix::from_rows(2, 1, vec![0.01, 0.02]);
    let error = Objective::tracking_error(&returns, &[0.01]).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: 2 rows of returns, 1 of the benchmark");
}

fn windows() -> impl Strategy<Value = (Matrix, Vec<f64>)> {
    (2usize..8, 3usize..20).prop_flat_map(|(n, rows)| {
        let returns = prop::collection::vec(-0.05f64..0.05, n * rows);
        let benchmark = prop::collection::vec(-0.05f64..0.05, rows);
        (returns.prop_map(move |values| Matrix::from_rows(rows, n, values)), benchmark)
    })
}

proptest! {
    // The same programs every time: a rare one that Clarabel cannot solve to the end is no news.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// No small shift of weight from one asset to another improves a tracking portfolio, and the
    /// two forms of the second moment give the same value.
    #[test]
    fn no_exchange_improves_a_tracking_portfolio((window, benchmark) in windows()) {
        let n = window.cols();
        let constraints = Constraints::long_only(n, 0.7).unwrap();
        let gram = solved(tracking(&window, &benchmark, as_gram), constraints.clone());
        let rows = solved(tracking(&window, &benchmark, as_window), constraints);
        let objective = tracking(&window, &benchmark, as_gram);
        let value = objective.value(&gram.weights);
        prop_assert!((value - objective.value(&rows.weights)).abs() < 1e-10);
        for from in 0..n {
            for to in 0..n {
                let mut w = gram.weights.clone();
                let step = 1e-4f64.min(w[from]).min(0.7 - w[to]).max(0.0);
                w[from] -= step;
                w[to] += step;
                prop_assert!(objective.value(&w) > value - 1e-11);
            }
        }
    }

    /// The reported bound is one: no feasible portfolio has a larger robust utility.
    #[test]
    fn the_bound_holds_for_random_portfolios(
        (window, rho) in windows(),
        raw in prop::collection::vec(0.0f64..1.0, 8),
        lambda in 0.0f64..2.0,
    ) {
        let n = window.cols();
        let rho: Vec<f64> = (0..n).map(|i| rho[i % rho.len()]).collect();
        let objective = robust(rho, as_window(&window), lambda);
        let constraints = Constraints::long_only(n, 1.0).unwrap();
        let mandate = mandate(objective.clone(), constraints);
        let solution = Optimizer::default().solve(&mandate, Precision::Full).unwrap();
        let total: f64 = raw[..n].iter().sum::<f64>() + 1e-9;
        let w: Vec<f64> = raw[..n].iter().map(|value| (value + 1e-9 / n as f64) / total).collect();
        prop_assert!(objective.value(&w) <= solution.report.bound.unwrap() + 1e-8);
        prop_assert!(solution.report.gap.unwrap() < 1e-7);
    }

    /// Permuting the assets permutes the weights.
    #[test]
    fn the_order_of_assets_does_not_matter((window, benchmark) in windows()) {
        let n = window.cols();
        let mirrored = Matrix::from_rows(
            window.rows(), n,
            window.iter_rows().flat_map(|row| row.iter().rev().copied().collect::<Vec<_>>()).collect(),
        );
        let constraints = Constraints::long_only(n, 0.7).unwrap();
        let one = solved(tracking(&window, &benchmark, as_gram), constraints.clone());
        let other = solved(tracking(&mirrored, &benchmark, as_gram), constraints);
        let value = |solution: &Solution| solution.report.objective.unwrap();
        prop_assert!((value(&one) - value(&other)).abs() < 1e-11);
    }
}
