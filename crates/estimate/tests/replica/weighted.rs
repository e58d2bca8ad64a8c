//! Active risk, and tracking moments of weighted rows.

use proptest::prelude::*;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_estimate::tracking::{TrackingMoments, exponential_weights};
use walkfolio_estimate::{active_risk, joint_covariance, sample_covariance};

use crate::data::drawn_market;

/// A covariance in each of its forms, from the same numbers.
fn forms(values: &[f64]) -> [Covariance; 3] {
    let window = Matrix::from_rows(5, 4, values[..20].to_vec());
    let factor = Covariance::factor(
        Matrix::from_rows(4, 2, values[..8].to_vec()),
        Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.02]),
        values[..4].iter().map(|value| value * value).collect(),
    );
    [
        Covariance::dense(window.gram()).unwrap(),
        Covariance::window(window).unwrap(),
        factor.unwrap(),
    ]
}

proptest! {
    #[test]
    fn contributions_add_up_to_the_tracking_error(
        values in prop::collection::vec(-0.3f64..0.3, 20),
        active in prop::collection::vec(-1.0f64..1.0, 4),
    ) {
        for covariance in forms(&values) {
            let Some(risk) = active_risk(&covariance, &active) else { continue };
            let variance = covariance.variance(&active);
            prop_assert!((risk.tracking_error - variance.sqrt()).abs() < 1e-15);
            let sum: f64 = risk.contribution.iter().sum();
            prop_assert!((sum - risk.tracking_error).abs() < 1e-12, "{} {}", sum, variance);
            for ((contribution, marginal), a) in
                risk.contribution.iter().zip(&risk.marginal).zip(&active)
            {
                prop_assert_eq!(*contribution, marginal * a);
            }
        }
    }

    /// The marginal contribution is the derivative of the tracking error.
    #[test]
    fn a_little_more_of_an_asset_adds_its_marginal_risk(
        values in prop::collection::vec(-0.3f64..0.3, 20),
        active in prop::collection::vec(0.1f64..1.0, 4),
        asset in 0usize..4,
    ) {
        let covariance = &forms(&values)[2];
        let risk = active_risk(covariance, &active).unwrap();
        prop_assume!(risk.tracking_error > 1e-3);
        let mut more = active.clone();
        more[asset] += 1e-6;
        let added = (covariance.variance(&more).sqrt() - risk.tracking_error) / 1e-6;
        prop_assert!((added - risk.marginal[asset]).abs() < 1e-4);
    }

    /// Any shape: as many rows as lanes, more, fewer, fewer than assets.
    #[test]
    fn weighted_moments_are_those_of_scaled_rows(
        rows in 1usize..40, n in 1usize..6, seed in any::<u64>(),
    ) {
        let mut draw = crate::data::Draw(seed);
        let mut some = |count: usize| (0..count).map(|_| draw.uniform()).collect::<Vec<f64>>();
        let (values, benchmark, weights) = (some(rows * n), some(rows), some(rows));
        let returns = Matrix::from_rows(rows, n, values);
        let found = TrackingMoments::weighted(&returns, &benchmark, &weights).unwrap();
        let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
        let scaled = returns.iter_rows().zip(&roots).flat_map(|(row, root)| {
            row.iter().map(move |value| value * root)
        });
        let scaled = Matrix::from_rows(rows, n, scaled.collect());
        let target: Vec<f64> = benchmark.iter().zip(&roots).map(|(r, root)| r * root).collect();
        let expected = TrackingMoments::of_window(&scaled, &target).unwrap();
        let dense = |moments: &TrackingMoments| moments.second_moment.to_dense();
        let pairs = dense(&found).values().to_vec().into_iter()
            .zip(dense(&expected).values().to_vec())
            .chain(found.cross.iter().copied().zip(expected.cross.iter().copied()))
            .chain([(found.benchmark_square, expected.benchmark_square)]);
        for (found, expected) in pairs.collect::<Vec<_>>() {
            prop_assert!((found - expected).abs() < 1e-12, "{} {}", found, expected);
        }
        let is_window = |moments: &TrackingMoments| {
            moments.second_moment.as_dense().is_none()
        };
        prop_assert_eq!(is_window(&found), is_window(&expected));
    }
}

#[test]
fn no_active_weight_no_active_risk() {
    let covariance =
        Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.04, 0.04, 0.04])).unwrap();
    assert_eq!(active_risk(&covariance, &[0.0, 0.0]), None);
    // Two assets that are the same.
    assert_eq!(active_risk(&covariance, &[0.5, -0.5]), None);
    assert_eq!(active_risk(&covariance, &[0.5]), None);
}

/// With the benchmark as last column the risk of `(w, -1)` is the standard deviation of `r_p - r_b`.
#[test]
fn joint_moments_know_a_benchmark_that_is_no_asset() {
    let market = drawn_market(300, &[(0, 300), (0, 300)], 4);
    let past = market.before(299).unwrap();
    let joint = joint_covariance(&past, &[0, 1], 120, 252.0).unwrap();
    let returns = past.returns(&[0, 1], 120).unwrap();
    let active: Vec<f64> = (returns.times(&[0.3, 0.7]).iter())
        .zip(past.benchmark(120).unwrap())
        .map(|(portfolio, benchmark)| portfolio - benchmark)
        .collect();
    let variance = sample_covariance(&Matrix::from_rows(120, 1, active), 252.0).unwrap();
    let risk = active_risk(&joint, &[0.3, 0.7, -1.0]).unwrap();
    assert!((risk.tracking_error - variance.variance(&[1.0]).sqrt()).abs() < 1e-14);
    assert_eq!(risk.contribution.len(), 3);
    assert!(joint_covariance(&past, &[0], 1, 252.0).is_err());
    assert!(joint_covariance(&past, &[0], 300, 252.0).is_err());
}

#[test]
fn exponential_weights_by_hand() {
    let weights = exponential_weights(64, 63.0);
    assert_eq!((weights.len(), weights[63], weights[0]), (64, 1.0, 0.5));
    assert_eq!(exponential_weights(3, f64::INFINITY), [1.0; 3]);
    assert_eq!(exponential_weights(3, 0.0), [0.0, 0.0, 1.0]);
    assert_eq!(exponential_weights(2, f64::NAN), [0.0, 1.0]);
    assert!(exponential_weights(0, 5.0).is_empty());
}

#[test]
fn rows_that_cannot_be_weighed() {
    let returns = Matrix::from_rows(2, 1, vec![0.01, 0.02]);
    let text = |benchmark: &[f64], weights: &[f64]| {
        TrackingMoments::weighted(&returns, benchmark, weights).unwrap_err().to_string()
    };
    assert_eq!(text(&[0.0], &[1.0, 1.0]), "the benchmark has 1 rows, the returns have 2");
    assert_eq!(
        text(&[0.0, 0.0], &[1.0]),
        "the vector of row weights has 1 rows, the returns have 2"
    );
    assert_eq!(
        text(&[0.0, 0.0], &[1.0, -0.5]),
        "the weight of row 1 is -0.5; the weight of a row is finite and not negative"
    );
    assert!(text(&[0.0, 0.0], &[f64::NAN, 1.0]).starts_with("the weight of row 0 is NaN"));
    assert_eq!(text(&[0.0, 0.0], &[0.0, 0.0]), "all 2 rows of the window weigh 0");
    let empty = Matrix::zeros(0, 1);
    assert!(TrackingMoments::weighted(&empty, &[], &[]).is_err());
}
