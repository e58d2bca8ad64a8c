//! Eigenvalues and eigenvectors against matrices whose own are known, and their definition.

#![allow(clippy::unwrap_used)] // clippy knows test functions only, not their helpers

use proptest::prelude::*;
use walkfolio_core::linear::{dot_in_lanes, max_abs};
use walkfolio_core::{Eigen, Matrix};

/// How far vectors are from orthonormal, and `A v` from `l v`, relative to the largest entry.
fn fault(a: &Matrix, eigen: &Eigen) -> f64 {
    let n = a.rows();
    let scale = max_abs(a.values()).max(f64::MIN_POSITIVE);
    let mut worst: f64 = 0.0;
    for (i, v) in eigen.vectors.iter_rows().enumerate() {
        for (av, v) in a.times(v).iter().zip(v) {
            worst = worst.max((av - eigen.values[i] * v).abs() / scale);
        }
        for (j, u) in eigen.vectors.iter_rows().enumerate() {
            let one = if i == j { 1.0 } else { 0.0 };
            worst = worst.max((dot_in_lanes(u, v) - one).abs());
        }
    }
    assert!(eigen.values.windows(2).all(|pair| pair[0] >= pair[1]));
    worst / n as f64
}

fn symmetric(n: usize, values: &[f64]) -> Matrix {
    let mut a = Matrix::zeros(n, n);
    let mut next = values.iter();
    for i in 0..n {
        a.row_mut(i)[i..].iter_mut().for_each(|to| *to = *next.next().unwrap());
    }
    a.mirror();
    a
}

#[test]
fn a_chain_of_springs_has_known_frequencies() {
    // 2 on the diagonal, -1 next to it: 2 - 2 cos(k pi / (n + 1)).
    let n = 60;
    let mut a = Matrix::zeros(n, n);
    for i in 0..n {
        a[(i, i)] = 2.0;
        if i > 0 {
            a[(i, i - 1)] = -1.0;
            a[(i - 1, i)] = -1.0;
        }
    }
    let eigen = Eigen::of(&a);
    for (k, value) in eigen.values.iter().rev().enumerate() {
        let angle = (k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64;
        assert!((value - (2.0 - 2.0 * libm::cos(angle))).abs() < 1e-14, "{k}: {value}");
    }
    assert!(fault(&a, &eigen) < 1e-15);
}

#[test]
fn equal_eigenvalues_and_none() {
    // Ones everywhere: n once, and 0.
    let eigen = Eigen::of(&Matrix::from_rows(5, 5, vec![1.0; 25]));
    assert!((eigen.values[0] - 5.0).abs() < 1e-14);
    assert!(eigen.values[1..].iter().all(|value| value.abs() < 1e-15));
    assert!(fault(&Matrix::from_rows(5, 5, vec![1.0; 25]), &eigen) < 1e-15);
    assert_eq!(Eigen::of(&Matrix::zeros(4, 4)).values, [0.0; 4]);
    assert_eq!(Eigen::of(&Matrix::from_rows(1, 1, vec![-3.0])).values, [-3.0]);
    assert!(Eigen::of(&Matrix::zeros(0, 0)).values.is_empty());
}

#[test]
fn scales_far_apart_keep_the_small_eigenvalue() {
    // diag(1, 1e-8) turned; the entries themselves are rounded to 1e-16.
    let (c, s) = (0.8, 0.6);
    let entries = [c * c + s * s * 1e-8, c * s * (1.0 - 1e-8), s * s + c * c * 1e-8];
    let eigen = Eigen::of(&symmetric(2, &entries));
    assert!((eigen.values[1] - 1e-8).abs() < 5e-16, "{}", eigen.values[1]);
}

proptest! {
    #[test]
    fn any_symmetric_matrix_is_taken_apart(
        n in 1usize..24,
        entries in prop::collection::vec(-1.0f64..1.0, 300),
        size in -100i32..100,
    ) {
        let scaled: Vec<f64> = entries.iter().map(|value| value * 2f64.powi(size)).collect();
        let a = symmetric(n, &scaled);
        let eigen = Eigen::of(&a);
        prop_assert!(fault(&a, &eigen) < 1e-15, "{}", fault(&a, &eigen));
    }

    /// Gram matrices of few rows: most eigenvalues are 0.
    #[test]
    fn a_singular_matrix_is_taken_apart(
        rows in 1usize..6, entries in prop::collection::vec(-1.0f64..1.0, 120),
    ) {
        let a = Matrix::from_rows(rows, 20, entries[..rows * 20].to_vec()).gram();
        let eigen = Eigen::of(&a);
        prop_assert!(fault(&a, &eigen) < 1e-15);
        prop_assert!(eigen.values[rows..].iter().all(|value| value.abs() < 1e-13));
    }
}
