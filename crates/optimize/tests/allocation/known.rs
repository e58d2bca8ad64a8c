//! Answers that are known by hand.

use walkfolio_core::{Covariance, Matrix, SolveStatus};
use walkfolio_optimize::{Choice, Optimizer, Penalties, Precision, Settings, Solution};

use super::draft::{Aim, Draft};

fn diagonal(variances: &[f64]) -> Covariance {
    let n = variances.len();
    let mut matrix = Matrix::zeros(n, n);
    variances.iter().enumerate().for_each(|(i, variance)| matrix[(i, i)] = *variance);
    Covariance::dense(matrix).unwrap()
}

fn mandate(mu: &[f64], variances: &[f64], risk_aversion: f64, cap: f64) -> Draft {
    let objective = Aim::MeanVariance {
        expected_returns: mu.to_vec(),
        covariance: diagonal(variances),
        risk_aversion,
    };
    Draft::long_only(objective, mu.len(), cap)
}

fn by_both(mandate: &Draft) -> [Solution; 2] {
    [Choice::Auto, Choice::Clarabel].map(|choice| {
        let settings = Settings { choice, ..Settings::default() };
        let solution = Optimizer::new(settings).solve(&mandate.mandate(), Precision::Full).unwrap();
        assert_eq!(solution.report.status, SolveStatus::Optimal);
        solution
    })
}

fn check(mandate: &Draft, weights: &[f64], objective: f64) {
    for solution in by_both(mandate) {
        for (found, expected) in solution.weights.iter().zip(weights) {
            assert!((found - expected).abs() < 1e-5, "{solution:?}");
        }
        let report = &solution.report;
        assert!((report.objective.unwrap() - objective).abs() < 1e-9, "{report:?}");
        assert!((report.bound.unwrap() - objective).abs() < 1e-8, "{report:?}");
    }
}

#[test]
fn two_assets_by_hand() {
    // 2 w_1 0.04 - 0.1 = 2 w_2 0.01 - 0.05, w_1 + w_2 = 1: w_1 = 0.7; a half of 2 times
    // 0.49 * 0.04 + 0.09 * 0.01 less 0.085.
    let mut mandate = mandate(&[0.1, 0.05], &[0.04, 0.01], 2.0, 1.0);
    check(&mandate, &[0.7, 0.3], 0.0205 - 0.085);
    // A constant l1 costs its price and moves nothing.
    mandate.penalties.l1 = 0.01;
    assert!(mandate.mandate().l1_is_constant());
    check(&mandate, &[0.7, 0.3], 0.0305 - 0.085);
    // l2 = 0.1: 0.28 w_1 - 0.1 = 0.22 w_2 - 0.05, w_1 = 0.54.
    mandate.penalties = Penalties { l1: 0.0, l2: 0.1 };
    check(&mandate, &[0.54, 0.46], 0.14 * 0.2916 + 0.11 * 0.2116 - 0.054 - 0.023);
}

#[test]
fn without_aversion_to_risk_it_is_a_linear_program() {
    for unit in [1.0, 1e-4] {
        let mu = [0.03, 0.1, -0.2, 0.07, 0.05].map(|mu| mu * unit);
        let mandate = mandate(&mu, &[0.04; 5], 0.0, 0.4);
        check(&mandate, &[0.0, 0.4, 0.0, 0.4, 0.2], -0.078 * unit);
    }
}

#[test]
fn an_l2_penalty_spreads_a_tracking_portfolio() {
    // (w_1 - 1)^2 + w_2^2 less l2's 1: the second asset has weight (1 - w_1).
    let benchmark = [1.0, 0.0];
    let objective = Aim::TrackingError {
        second_moment: diagonal(&[1.0, 1.0]).to_dense(),
        cross: benchmark.to_vec(),
        benchmark_square: 1.0,
    };
    let mut mandate = Draft::long_only(objective, 2, 1.0);
    mandate.penalties = Penalties { l1: 0.2, l2: 1.0 };
    // 2 (w_1 - 1) + 2 w_1 = 2 w_2 + 2 w_2: w_1 = 3/4; 1/16 + 1/16 + 9/16 + 1/16 + 0.2.
    check(&mandate, &[0.75, 0.25], 0.95);
    mandate.penalties = Penalties::default();
    check(&mandate, &[1.0, 0.0], 0.0);
}

#[test]
fn penalties_are_subtracted_from_a_robust_utility() {
    let mut mandate = mandate(&[0.1, 0.05], &[0.04, 0.01], 2.0, 1.0);
    mandate.objective = Aim::RobustUtility {
        expected_returns: vec![0.1, 0.05],
        covariance: diagonal(&[0.04, 0.01]),
        lambda: 0.0,
    };
    // 0.1 - 2 l2 w_1 = 0.05 - 2 l2 w_2, l2 = 0.1: w_1 = 0.625.
    mandate.penalties = Penalties { l1: 0.02, l2: 0.1 };
    check(&mandate, &[0.625, 0.375], 0.08125 - 0.1 * 0.53125 - 0.02);
    let kernel = Settings { choice: Choice::Kernel, ..Settings::default() };
    let error = Optimizer::new(kernel).solve(&mandate.mandate(), Precision::Full).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: solver \"kernel\" does not fit: it has no l2 penalty on a robust utility");
    // A constant l1 stays with the kernel.
    mandate.penalties = Penalties { l1: 0.02, l2: 0.0 };
    let [auto, cone] = by_both(&mandate);
    assert_eq!((auto.report.solver, cone.report.solver), ("kernel", "clarabel"));
    for report in [auto.report, cone.report] {
        assert!((report.objective.unwrap() - 0.08).abs() < 1e-8, "{report:?}");
        assert!((report.bound.unwrap() - 0.08).abs() < 1e-8, "{report:?}");
    }
}

#[test]
fn all_short_has_a_constant_l1_too() {
    let mut mandate = mandate(&[0.1, 0.05], &[0.04, 0.01], 2.0, 0.0);
    mandate.min.fill(-1.0);
    mandate.budget = -1.0;
    mandate.penalties.l1 = 0.5;
    assert!(mandate.mandate().l1_is_constant());
    // 0.08 w_1 - 0.1 = 0.02 w_2 - 0.05: w_1 = 0.3, moved by the sign of the budget.
    check(&mandate, &[0.3, -1.3].map(|w: f64| w.clamp(-1.0, 0.0)), 0.01 + 0.05 + 0.5);
}
