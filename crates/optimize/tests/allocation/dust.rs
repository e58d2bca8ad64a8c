//! Weights that no solver can tell from 0 or from a bound are it when they leave the optimizer.

use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Constraints, GrossLeverage, Mandate, Objective, Optimizer, Precision, Settings,
    Solution, solve,
};

use super::random::{Random, mean_variance, tracking};

fn held(weights: &[f64]) -> usize {
    weights.iter().filter(|w| **w != 0.0).count()
}

fn by(choice: Choice, mandate: &Mandate) -> Solution {
    let settings = Settings { choice, ..Settings::default() };
    Optimizer::new(settings).solve(mandate, Precision::Full).unwrap()
}

#[test]
fn a_benchmark_among_the_assets_is_one_holding() {
    let random = &mut Random(1);
    for round in 0..30 {
        let window = random.window(20, 3 + round % 4);
        let benchmark: Vec<f64> = window.iter_rows().map(|row| row[2]).collect();
        let objective = Objective::tracking_error(&window, &benchmark).unwrap();
        let mandate = Mandate::long_only(objective, 1.0).unwrap();
        let solution = by(Choice::Auto, &mandate);
        assert_eq!((held(&solution.weights), solution.weights[2]), (1, 1.0), "{solution:?}");
        assert_eq!(solution.report.objective, Some(mandate.value(&solution.weights)));
    }
}

/// Forty assets, ten rows: the covariance is singular, and gross leverage needs the cone program.
#[test]
fn few_rows_and_gross_leverage_leave_few_holdings() {
    let random = &mut Random(2);
    for _ in 0..5 {
        let window = random.window(10, 40);
        let expected = (0..40).map(|_| random.between(-0.5, 1.0)).collect();
        let covariance = Covariance::window(window).unwrap();
        let objective = Objective::mean_variance(expected, covariance, 5.0).unwrap();
        let constraints = Constraints::between(vec![-1.0; 40], vec![1.0; 40]).unwrap();
        let constraints = constraints.with(GrossLeverage::new(3.0).unwrap()).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        let raw = solve(&mandate, Precision::Full).unwrap();
        assert_eq!(held(&raw.weights), 40);
        for choice in [Choice::Auto, Choice::Clarabel] {
            let solution = by(choice, &mandate);
            // No more than a basic solution of ten rows, the budget and the leverage has.
            let most = if choice == Choice::Auto { 12 } else { 20 };
            assert!(held(&solution.weights) <= most, "{:?}", solution.weights);
            assert!(mandate.constraints().violation(&solution.weights) < 1e-9);
            let (value, own) = (solution.report.objective.unwrap(), raw.report.objective.unwrap());
            assert!((value - own).abs() < 1e-8, "{value} {own}");
            assert_eq!(value, mandate.value(&solution.weights));
            assert!(value - solution.report.bound.unwrap() < 1e-8);
        }
    }
}

/// More assets than the kernel takes: Clarabel's weights are never zero.
#[test]
fn many_assets_hold_what_is_held() {
    let random = &mut Random(3);
    let window = random.window(40, 1100);
    let mix: Vec<f64> = (0..1100).map(|i| if i % 37 == 0 { 1.0 / 30.0 } else { 0.0 }).collect();
    let benchmark: Vec<f64> =
        window.times(&mix).iter().map(|r| r + random.between(-0.2, 0.2)).collect();
    let objective = Objective::tracking_error(&window, &benchmark).unwrap();
    let mandate = Mandate::long_only(objective, 0.05).unwrap();
    let solution = by(Choice::Auto, &mandate);
    assert_eq!(solution.report.solver, "clarabel");
    assert!(held(&solution.weights) <= 60, "{}", held(&solution.weights));
    assert!(mandate.constraints().violation(&solution.weights) <= 1e-12);
}

#[test]
fn nothing_that_is_snapped_leaves_a_constraint() {
    let random = &mut Random(4);
    let mut moved = 0;
    for round in 0..200 {
        let n = 3 + round % 6;
        let mut draft =
            if round % 2 == 0 { tracking(random, n) } else { mean_variance(random, n, 4.0) };
        draft.min.fill(if round % 3 == 0 { -0.4 } else { 0.0 });
        draft.max.fill(0.7);
        let beta: Vec<f64> = (0..n).map(|_| random.between(0.2, 1.6)).collect();
        draft.beta = (round % 4 < 2).then_some((beta, 0.9, if round % 8 < 4 { 0.9 } else { 1.1 }));
        draft.gross_leverage = (round % 5 == 0).then_some(1.3);
        let mandate = draft.mandate();
        let Ok(raw) = solve(&mandate, Precision::Full) else { continue };
        let snapped = by(Choice::Clarabel, &mandate);
        moved += usize::from(snapped.weights != raw.weights);
        let outside = mandate.constraints().violation(&snapped.weights);
        assert!(outside <= 1e-9, "{round}: {outside:e}");
        let near = |(w, (min, max)): (&f64, (f64, f64))| {
            let places = [0.0, min, max];
            places.iter().any(|at| (w - at).abs() < 1e-10) && !places.contains(w)
        };
        let dust = snapped.weights.iter().zip(mandate.constraints().bounds()).any(near);
        assert!(!dust, "{round}: {:?}", snapped.weights);
        let (value, bound) = (snapped.report.objective.unwrap(), snapped.report.bound.unwrap());
        assert_eq!(value, mandate.value(&snapped.weights));
        assert!(value - bound < 1e-7 && bound - value < 1e-8, "{round}: {value} {bound}");
    }
    assert!(moved > 100, "{moved}");
}

#[test]
fn weights_without_dust_keep_their_bits() {
    let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]));
    let objective = Objective::mean_variance(vec![0.0; 2], covariance.unwrap(), 1.0).unwrap();
    let mandate = Mandate::long_only(objective, 1.0).unwrap();
    let solution = solve(&mandate, Precision::Full).unwrap();
    assert_eq!(by(Choice::Clarabel, &mandate).weights, solution.weights);
}
