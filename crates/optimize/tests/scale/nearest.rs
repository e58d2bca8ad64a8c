//! Fewer returns than assets: the portfolio that is taken is the best one nearest to equal weights.

use walkfolio_core::Matrix;
use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_optimize::{Constraints, Optimizer, Precision};

use crate::data::{Shape, mandate, returns, tracking};

/// Nearest to `near` among the portfolios of the same returns: `w = near + R'mu + nu` between the bounds,
/// less at an upper one, more at a lower one, for some `mu` and `nu`.
pub fn is_nearest(x: &Matrix, weights: &[f64], near: f64, cap: f64) -> Result<(), String> {
    let (n, t) = (x.cols(), x.rows());
    let free: Vec<usize> = (0..n).filter(|&i| weights[i] > 0.0 && weights[i] < cap).collect();
    if free.len() <= t {
        return Err(format!("only {} weights are free", free.len()));
    }
    let row = |k: usize, i: usize| if k < t { x[(k, i)] * 100.0 } else { 1.0 };
    let values = (0..=t).flat_map(|k| free.iter().map(move |&i| (k, i))).map(|(k, i)| row(k, i));
    let rows = Matrix::from_rows(t + 1, free.len(), values.collect());
    let away: Vec<f64> = free.iter().map(|&i| weights[i] - near).collect();
    let lower = inverse_root(&rows.transposed().gram()).map_err(|i| format!("row {i} depends"))?;
    let mu = solve(&lower, &rows.times(&away));
    for (i, weight) in weights.iter().enumerate() {
        let column: Vec<f64> = (0..=t).map(|k| row(k, i)).collect();
        let wanted = near + dot(&mu, &column);
        if (wanted.clamp(0.0, cap) - weight).abs() > 1e-6 {
            return Err(format!("weight {i} is {weight}, the nearest {wanted}"));
        }
    }
    Ok(())
}

#[test]
fn the_best_portfolio_nearest_to_equal_weights_is_taken() {
    let (n, t) = (60, 12);
    for seed in 20..40 {
        let x = returns(n, t, seed);
        // A benchmark of a third of the names.
        let held: Vec<f64> =
            (0..n).map(|i| if i % 3 == 0 { 3.0 / n as f64 } else { 0.0 }).collect();
        let solution =
            Optimizer::default().solve(&tracking(&x, &x.times(&held)), Precision::Full).unwrap();
        assert_eq!(solution.report.solver, "kernel", "{seed}");
        assert!(solution.note.is_some(), "{seed}");
        let error: f64 = (x.times(&held).iter().zip(x.times(&solution.weights)))
            .map(|(a, b)| (a - b).powi(2))
            .sum();
        assert!(error < 1e-16, "{seed}: {error}");
        is_nearest(&x, &solution.weights, 1.0 / n as f64, 0.1).unwrap();
    }
}

#[test]
fn small_programs_take_the_nearest_portfolio_as_well() {
    let (n, t) = (10, 3);
    let x = returns(n, t, 3);
    // Only 0.1 of each sums to 1 below a cap of 0.1: wider caps leave the returns to decide.
    let target = x.times(&[0.1; 10]);
    let mandate = tracking(&x, &target);
    let constraints = Constraints::between(vec![0.0; n], vec![0.5; n]).unwrap();
    let mandate = mandate.with_constraints(constraints).unwrap();
    let solution = Optimizer::default().solve(&mandate, Precision::Full).unwrap();
    assert_eq!(solution.report.solver, "kernel");
    assert!(solution.weights.iter().all(|w| (w - 0.1).abs() < 1e-8), "{:?}", solution.weights);
}

#[test]
fn the_gap_is_proven_without_a_ridge() {
    for seed in 0..10 {
        let solution = Optimizer::default()
            .solve(&mandate(Shape::Wide, 90, seed, 0), Precision::Full)
            .unwrap();
        assert_eq!(solution.report.solver, "kernel");
        assert!(solution.report.gap.unwrap().abs() < 1e-9);
    }
}
