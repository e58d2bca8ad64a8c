//! The kernel and Clarabel on the same mandates: same objective, a bound that is one, warm and cold.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Constraints, Error, Group, Mandate, MinimumVariance, Optimizer, Precision, Settings,
    solve,
};

mod draft;

use draft::{Aim, Draft};

fn optimizer(choice: Choice) -> Optimizer {
    Optimizer::new(Settings { choice, ..Settings::default() })
}

/// A mandate made of plain numbers, so that a failing one can be shrunk.
fn mandate(values: &[f64], shape: Shape) -> Mandate {
    draft(values, shape).mandate()
}

fn draft(values: &[f64], shape: Shape) -> Draft {
    let Shape { n, rows, short, beta, lambda, tracking } = shape;
    let at = |i: usize| values[i % values.len()];
    let window = Matrix::from_rows(
        rows,
        n,
        (0..rows * n)
            .map(|i| 0.02 * at(i) + 0.01 * at(i / n + 17) * (1.0 + (i % n) as f64))
            .collect(),
    );
    let objective = if tracking {
        let benchmark: Vec<f64> = (0..rows).map(|t| 0.02 * at(t + 5)).collect();
        Aim::TrackingError {
            second_moment: window.gram(),
            cross: window.transpose_times(&benchmark),
            benchmark_square: benchmark.iter().map(|r| r * r).sum(),
        }
    } else {
        Aim::RobustUtility {
            expected_returns: (0..n).map(|i| 0.3 * at(i + 31)).collect(),
            covariance: Covariance::dense(window.gram()).unwrap(),
            lambda,
        }
    };
    let cap = (2.0 / n as f64).clamp(0.1, 1.0);
    let (min, max) = if short { (-2.0, 2.0) } else { (0.0, cap) };
    let coefficients = || (0..n).map(|i| 1.0 + at(i + 53)).collect();
    Draft {
        min: vec![min; n],
        max: vec![max; n],
        beta: beta.map(|(min, max)| (coefficients(), min, max)),
        ..Draft::long_only(objective, n, 1.0)
    }
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    n: usize,
    rows: usize,
    short: bool,
    beta: Option<(f64, f64)>,
    lambda: f64,
    tracking: bool,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let beta = prop_oneof![
        Just(None),
        Just(Some((0.8, 1.2))),
        Just(Some((1.0, 1.0))),
        Just(Some((-0.5, 0.5))),
    ];
    let sizes = prop_oneof![9 => 2usize..16, 1 => 16usize..61];
    (sizes, any::<bool>(), beta, 0.0f64..2.0, any::<bool>(), 0usize..4).prop_map(
        |(n, short, beta, lambda, tracking, kind)| Shape {
            n,
            // Every fourth with fewer rows than assets: singular.
            rows: if kind == 0 { n.div_ceil(2) + 1 } else { 3 * n + 4 },
            short,
            beta,
            lambda: if kind == 1 { 0.0 } else { lambda },
            tracking,
        },
    )
}

/// How much better than the other an objective is, in its own sense.
fn advantage(mandate: &Mandate, one: f64, other: f64) -> f64 {
    if mandate.objective().is_minimized() { other - one } else { one - other }
}

fn compare(mandate: &Mandate, optimizer: &mut Optimizer) {
    let cone = solve(mandate, Precision::Full);
    match optimizer.solve(mandate, Precision::Full) {
        Ok(found) => {
            let value = found.report.objective.unwrap();
            let bound = found.report.bound.unwrap();
            let size = 1e-3 + value.abs();
            assert!(advantage(mandate, bound, value) > -1e-9 * size, "bound {bound} of {value}");
            if found.report.solver == "kernel" {
                assert!((bound - value).abs() < 1e-7 * size, "bound {bound} is far from {value}");
            }
            if let Ok(cone) = cone {
                let gap = advantage(mandate, cone.report.objective.unwrap(), value);
                assert!(gap < 1e-7 * size, "Clarabel is better by {gap:e} of {value}");
                assert!(advantage(mandate, bound, cone.report.objective.unwrap()) > -1e-7 * size);
            }
            let sum: f64 = found.weights.iter().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            for (w, (min, max)) in found.weights.iter().zip(mandate.constraints().bounds()) {
                assert!(*w > min - 1e-9 && *w < max + 1e-9, "{w}");
            }
        }
        Err(Error::Infeasible(conflict)) => {
            assert!(cone.is_err(), "{conflict}");
            assert!(!conflict.members.is_empty());
        }
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]
    #[test]
    fn kernel_and_clarabel_agree(
        values in prop::collection::vec(-1.0f64..1.0, 97),
        shape in shapes(),
    ) {
        compare(&mandate(&values, shape), &mut optimizer(Choice::Auto));
    }

    #[test]
    fn they_agree_from_unrelated_answers_too(
        first in prop::collection::vec(-1.0f64..1.0, 97),
        second in prop::collection::vec(-1.0f64..1.0, 89),
        shape in shapes(),
        lambda in 0.0f64..1.0,
    ) {
        let mut optimizer = optimizer(Choice::Kernel);
        let before = mandate(&first, Shape { lambda, tracking: !shape.tracking, ..shape });
        let _ = optimizer.solve(&before, Precision::Full);
        compare(&mandate(&second, shape), &mut optimizer);
    }
}

#[test]
fn the_kernel_refuses_what_it_does_not_fit() {
    let shape = Shape { n: 4, rows: 20, short: true, beta: None, lambda: 0.1, tracking: false };
    let mut mandate = draft(&[0.3, -0.7, 0.9, 0.1, -0.2], shape);
    mandate.gross_leverage = Some(1.5);
    mandate.penalties.l2 = 0.01;
    let mandate = mandate.mandate();
    let error = optimizer(Choice::Kernel).solve(&mandate, Precision::Full).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mandate is not valid: solver \"kernel\" does not fit: it has no gross_leverage"
    );
    let auto = optimizer(Choice::Auto).solve(&mandate, Precision::Full).unwrap();
    assert_eq!(auto.report.solver, "clarabel");
}

#[test]
fn bounds_that_leave_one_portfolio() {
    for n in [3, 7, 40] {
        let mut matrix = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                matrix[(i, j)] = 0.01 + if i == j { 0.01 * (1 + i) as f64 } else { 0.0 };
            }
        }
        let covariance = Covariance::dense(matrix).unwrap();
        let even = 1.0 / n as f64;
        let objective = MinimumVariance::new(covariance.clone()).unwrap();
        let found = Mandate::long_only(objective, even).unwrap().solve().unwrap();
        assert_eq!((found.weights, found.note), (vec![even; n], None));
        assert_eq!((found.report.solver, found.report.gap), ("kernel", Some(0.0)));
        // Least weights that fill the budget, and a rule that they break.
        let constraints = Constraints::between(vec![even; n], vec![1.0; n]).unwrap();
        let objective = MinimumVariance::new(covariance).unwrap();
        let mandate = Mandate::new(objective, constraints.clone()).unwrap();
        assert_eq!(mandate.solve().unwrap().weights, vec![even; n]);
        let first = Group::new("first", n, &[0]).unwrap().at_most(even / 2.0).unwrap();
        let broken = mandate.with_constraints(constraints.with(first).unwrap()).unwrap();
        assert!(matches!(broken.solve(), Err(Error::Infeasible(_))));
    }
}
