//! Generated returns, and mandates of them.

use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{Mandate, Objective, Penalties, TrackingError};

/// What a mandate is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// More returns than assets.
    Long,
    /// Fewer returns than assets, with a ridge.
    Ridge,
    /// Fewer returns than assets.
    Wide,
    /// Mean-variance of a factor model.
    Factors,
    /// More returns than assets, of which some are alike.
    Duplicates,
}

/// Returns of `n` assets on one factor, `t` rows.
pub fn returns(n: usize, t: usize, seed: u64) -> Matrix {
    let mut random = SplitMix64::new(seed);
    let betas: Vec<f64> = (0..n).map(|_| 0.5 + random.unit()).collect();
    let mut values = Vec::with_capacity(n * t);
    for _ in 0..t {
        let market = 0.02 * (random.unit() - 0.45);
        values.extend(betas.iter().map(|beta| beta * market + 0.02 * (random.unit() - 0.5)));
    }
    Matrix::from_rows(t, n, values)
}

/// Long-only tracking of a target, as a study builds it.
pub fn tracking(x: &Matrix, target: &[f64]) -> Mandate {
    let cross = x.transpose_times(target);
    let square = target.iter().map(|r| r * r).sum();
    let second = if x.rows() > x.cols() {
        Covariance::gram(x).unwrap()
    } else {
        Covariance::window(x.clone()).unwrap()
    };
    let objective = TrackingError::from_moments(second, cross, square).unwrap();
    Mandate::long_only(objective, 0.1).unwrap()
}

/// A mandate of a month; the windows of months overlap.
pub fn mandate(shape: Shape, n: usize, seed: u64, month: usize) -> Mandate {
    let rows = match shape {
        Shape::Long | Shape::Duplicates => 2 * n,
        Shape::Ridge | Shape::Wide => n / 3,
        Shape::Factors => return factors(n, seed, month),
    };
    let all = returns(n, rows + 5 * 8, seed);
    let window = all.iter_rows().skip(5 * month).take(rows);
    let mut x = Matrix::from_rows(rows, n, window.flatten().copied().collect());
    if shape == Shape::Duplicates {
        (0..rows).for_each(|t| (0..n / 5).for_each(|i| x[(t, 5 * i + 1)] = x[(t, 5 * i)]));
    }
    // Some names weigh much, and a few none.
    let held: Vec<f64> = (0..n).map(|i| ((i * 7 + 3) % 11) as f64).collect();
    let sum: f64 = held.iter().sum();
    let mut target = x.times(&held.iter().map(|w| w / sum).collect::<Vec<_>>());
    let mut random = SplitMix64::new(seed + 100);
    for r in &mut target {
        *r += 0.004 * (random.unit() - 0.5);
    }
    let mandate = tracking(&x, &target);
    let mean = x.values().iter().map(|r| r * r).sum::<f64>() / n as f64;
    let l2 = if shape == Shape::Ridge { 0.02 * mean } else { 0.0 };
    mandate.with_penalties(Penalties { l1: 0.0, l2 }).unwrap()
}

fn factors(n: usize, seed: u64, month: usize) -> Mandate {
    let mut random = SplitMix64::new(seed);
    let drift = 0.01 * month as f64;
    let (mut loadings, mut means, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..n {
        loadings
            .extend([1.0, 0.0, 0.0].map(|at| at + random.unit() - 0.5 + drift * (i % 3) as f64));
        own.push(0.02 + 0.08 * random.unit());
        means.push(0.05 + 0.05 * random.unit());
    }
    let factor = Matrix::from_rows(3, 3, vec![0.03, 0.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.0, 0.01]);
    let covariance = Covariance::factor(Matrix::from_rows(n, 3, loadings), factor, own).unwrap();
    Mandate::long_only(Objective::mean_variance(means, covariance, 4.0).unwrap(), 0.1).unwrap()
}

/// The bits of weights.
pub fn bits(weights: &[f64]) -> Vec<u64> {
    weights.iter().map(|w| w.to_bits()).collect()
}
