//! Many assets: block pivoting, factor and window forms, and fewer returns than assets.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may stop at a fault

mod data;
mod nearest;

use data::{Shape, bits, mandate, returns, tracking};
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Constraints, Error, Group, Mandate, MinimumVariance, Optimizer, Precision, Settings,
    Solution,
};

const SHAPES: [Shape; 5] =
    [Shape::Long, Shape::Ridge, Shape::Wide, Shape::Factors, Shape::Duplicates];

fn by(choice: Choice, mandate: &Mandate) -> Solution {
    let settings = Settings { choice, ..Settings::default() };
    Optimizer::new(settings).solve(mandate, Precision::Full).unwrap()
}

#[test]
fn the_kernel_agrees_with_clarabel() {
    for shape in SHAPES {
        for (seed, n) in [(1, 35), (2, 60), (3, 131)] {
            let mandate = mandate(shape, n, seed, 0);
            let (ours, theirs) = (by(Choice::Auto, &mandate), by(Choice::Clarabel, &mandate));
            let context = format!("{shape:?}, {n} assets");
            assert_eq!(ours.report.solver, "kernel", "{context}");
            let size = mandate.value(&vec![1.0 / n as f64; n]).abs().max(1e-12);
            let better = mandate.value(&theirs.weights) - mandate.value(&ours.weights);
            assert!(
                better >= -1e-9 * size && better <= 1e-5 * size,
                "{context}: {better} of {size}"
            );
            assert!(mandate.constraints().violation(&ours.weights) < 1e-10, "{context}");
            assert!(ours.report.gap.unwrap().abs() < 1e-8 * size.max(1.0), "{context}");
        }
    }
}

#[test]
fn a_chain_gives_the_bits_of_cold_solves() {
    // Of assets that are alike either may be held.
    for shape in SHAPES.into_iter().filter(|shape| *shape != Shape::Duplicates) {
        let mut chain = Optimizer::default();
        for month in 0..8 {
            let mandate = mandate(shape, 60, 4, month);
            let warm = chain.solve(&mandate, Precision::Full).unwrap();
            let cold = Optimizer::default().solve(&mandate, Precision::Full).unwrap();
            assert_eq!(bits(&warm.weights), bits(&cold.weights), "{shape:?}, month {month}");
            assert_eq!(warm.note, cold.note);
        }
    }
}

#[test]
fn neither_order_nor_unit_matters() {
    let (n, t) = (50, 90);
    let x = returns(n, t, 5);
    let turned = Matrix::from_rows(
        t,
        n,
        x.iter_rows().flat_map(|row| row.iter().rev().copied().collect::<Vec<_>>()).collect(),
    );
    let scaled = Matrix::from_rows(t, n, x.values().iter().map(|r| 1000.0 * r).collect());
    let variance = |x: &Matrix| {
        let covariance = Covariance::gram(x).unwrap();
        let objective = MinimumVariance::new(covariance).unwrap();
        by(Choice::Auto, &Mandate::long_only(objective, 0.08).unwrap()).weights
    };
    // Twenty returns of the same, against a benchmark of the assets in the middle.
    let nearest = |x: &Matrix| {
        let few = Matrix::from_rows(20, n, x.values()[..20 * n].to_vec());
        let middle: Vec<f64> = (0..n).map(|i| (i.min(n - 1 - i) / 3) as f64).collect();
        let sum: f64 = middle.iter().sum();
        let target = few.times(&middle.iter().map(|w| w / sum).collect::<Vec<_>>());
        by(Choice::Auto, &tracking(&few, &target)).weights
    };
    for (weights, tolerance) in
        [(&variance as &dyn Fn(&Matrix) -> Vec<f64>, 1e-11), (&nearest, 1e-8)]
    {
        let (plain, turned, scaled) = (weights(&x), weights(&turned), weights(&scaled));
        for i in 0..n {
            assert!((plain[i] - turned[n - 1 - i]).abs() < tolerance, "{i}");
            assert!((plain[i] - scaled[i]).abs() < tolerance, "{i}");
        }
    }
}

#[test]
fn groups_and_short_positions_agree_with_clarabel() {
    for shape in SHAPES {
        for (seed, n) in [(11, 40), (12, 75)] {
            let thirds = |k: usize| (0..n).filter(|i| i % 3 == k).collect::<Vec<_>>();
            let low = Group::new("low", n, &thirds(0)).unwrap().at_most(0.2).unwrap();
            let high = Group::new("high", n, &thirds(1)).unwrap().at_least(0.5).unwrap();
            let constraints = Constraints::between(vec![-0.02; n], vec![0.1; n]).unwrap();
            let constraints = constraints.with(low).unwrap().with(high).unwrap();
            let mandate = mandate(shape, n, seed, 0).with_constraints(constraints).unwrap();
            let (ours, theirs) = (by(Choice::Auto, &mandate), by(Choice::Clarabel, &mandate));
            let context = format!("{shape:?}, {n} assets");
            assert_eq!(ours.report.solver, "kernel", "{context}");
            let size = mandate.value(&vec![1.0 / n as f64; n]).abs().max(1e-12);
            let better = mandate.value(&theirs.weights) - mandate.value(&ours.weights);
            assert!(
                better >= -1e-9 * size && better <= 1e-5 * size,
                "{context}: {better} of {size}"
            );
            assert!(mandate.constraints().violation(&ours.weights) < 1e-10, "{context}");
        }
    }
}

#[test]
fn five_thousand_assets_need_no_matrix() {
    let mandate = mandate(Shape::Factors, 5000, 6, 0);
    let solution = by(Choice::Auto, &mandate);
    assert_eq!(solution.report.solver, "kernel");
    assert!(solution.report.gap.unwrap().abs() < 1e-9);
    let sum: f64 = solution.weights.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
}

#[test]
fn beyond_a_thousand_assets_few_returns_need_no_matrix() {
    let (n, t) = (1100, 15);
    let x = returns(n, t, 9);
    let target =
        x.times(&(0..n).map(|i| if i % 2 == 0 { 2.0 / n as f64 } else { 0.0 }).collect::<Vec<_>>());
    let mandate = tracking(&x, &target);
    let solution = by(Choice::Auto, &mandate);
    assert_eq!(solution.report.solver, "kernel");
    assert!(solution.note.is_some());
    nearest::is_nearest(&x, &solution.weights, 1.0 / n as f64, 0.1).unwrap();
    // From its own answer nothing moves.
    let again = by(Choice::Auto, &mandate.near_to(solution.weights.clone()).unwrap());
    for (a, b) in solution.weights.iter().zip(&again.weights) {
        assert!((a - b).abs() < 1e-9);
    }
    assert!(again.note.unwrap().contains("nearest to the current holdings was taken"));
}

#[test]
fn caps_that_do_not_reach_the_budget_are_a_conflict() {
    for shape in SHAPES {
        let objective = mandate(shape, 40, 7, 0).objective().clone();
        let mandate = Mandate::long_only(objective, 0.02).unwrap();
        let stopped = Optimizer::default().solve(&mandate, Precision::Full);
        assert!(matches!(stopped, Err(Error::Infeasible(_))), "{shape:?}: {stopped:?}");
    }
}

#[test]
fn few_returns_are_a_warning_where_they_leave_weights_open() {
    let (n, t) = (60, 20);
    let x = returns(n, t, 8);
    let target = x.times(&vec![1.0 / n as f64; n]);
    let solution = by(Choice::Auto, &tracking(&x, &target));
    assert_eq!(
        solution.note.unwrap(),
        "20 returns cannot determine 60 weights: many portfolios are best in sample, and the one nearest \
         to equal weights was taken; add an l2 penalty, a largest number of holdings or a turnover cost"
    );
    assert!(solution.weights.iter().all(|w| (w - 1.0 / 60.0).abs() < 1e-9));
    // A minimum variance holds few of them, which the returns determine.
    let covariance = Covariance::window(x).unwrap();
    let concentrated = MinimumVariance::new(covariance).unwrap();
    let solution = by(Choice::Auto, &Mandate::long_only(concentrated, 0.2).unwrap());
    assert!(solution.weights.iter().filter(|w| **w > 0.0).count() <= t + 1);
}
