//! Whatever goes in, what comes out is a finite number or nothing.

use proptest::collection::vec;
use proptest::prelude::*;

use super::bootstrap::{self, Bootstrap, Interval};
use super::deflated::{deflated, deflated_given, effective_trials};
use super::normal_fit::{Bins, normal_fit};
use super::overfitting::overfitting;

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        10 => -0.1_f64..0.1,
        2 => Just(0.0),
        2 => Just(0.01),
        1 => Just(-1.0),
        1 => any::<f64>(),
        1 => prop_oneof![Just(1e75), Just(-1e75), Just(1e-300), Just(1e300)],
    ]
}

fn series() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![vec(value(), 0..20), vec(-0.1_f64..0.1, 0..40), vec(Just(0.01), 0..20)]
}

fn settings() -> impl Strategy<Value = Bootstrap> {
    let block =
        prop_oneof![Just(None), (0.5_f64..30.0).prop_map(Some), any::<f64>().prop_map(Some)];
    (0..40_usize, 0.0..1.1, block, any::<u64>()).prop_map(|(resamples, level, mean_block, seed)| {
        Bootstrap { resamples, level, mean_block, seed, ..Bootstrap::default() }
    })
}

fn is_sound(interval: Option<Interval>) -> bool {
    interval.is_none_or(|i| {
        let numbers = [i.estimate, i.low, i.high, i.level, i.mean_block];
        numbers.iter().all(|number| number.is_finite()) && i.low <= i.high
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn intervals_are_finite(a in series(), b in series(), settings in settings()) {
        prop_assert!(bootstrap::mean_block_length(&a) >= 1.0);
        prop_assert!(is_sound(bootstrap::mean_return_annual(&a, 252.0, &settings)));
        prop_assert!(is_sound(bootstrap::volatility(&a, 252.0, &settings)));
        prop_assert!(is_sound(bootstrap::sharpe_ratio(&a, 252.0, &settings)));
        prop_assert!(is_sound(bootstrap::max_drawdown(&a, &settings)));
        prop_assert!(bootstrap::path_intervals(&a, 252.0, &settings).into_iter().all(is_sound));
        let rows = a.len().min(b.len());
        let apart = bootstrap::path_differences(&a[..rows], &b[..rows], 252.0, &settings);
        prop_assert!(apart.into_iter().all(is_sound));
        let found =
            bootstrap::sharpe_difference(&a[..rows], &b[..rows], None, 252.0, &settings);
        prop_assert!(is_sound(found.map(|found| found.interval)));
        let within = |p: f64| p > 0.0 && p <= 1.0;
        prop_assert!(found.is_none_or(|f| f.standard_error > 0.0 && within(f.p_value)));
        prop_assert!(bootstrap::sharpe_difference(&a, &a, None, 252.0, &settings).is_none());
    }

    #[test]
    fn deflated_ratios_are_probabilities(best in series(), trials in series(), count in value()) {
        let both = [deflated(&best, &trials), deflated_given(&best, 100.0 * count, count)];
        for found in both.into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&found.probability));
            prop_assert!(found.expected_maximum.is_finite());
        }
    }

    #[test]
    fn overfitting_is_a_probability(a in series(), b in series(), blocks in 0..9_usize) {
        let rows = a.len().min(b.len());
        let trials = [&a[..rows], &b[..rows], &b[..rows]];
        if let Some(found) = overfitting(&trials, blocks) {
            prop_assert!((0.0..=1.0).contains(&found.probability));
            prop_assert!(found.logits.iter().all(|logit| logit.is_finite()));
            prop_assert!(found.sharpe_ratios.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
            let line = found.degradation;
            prop_assert!(line.is_none_or(|l| l.slope.is_finite() && l.intercept.is_finite()));
        }
        let count = effective_trials(&trials);
        prop_assert!(count.is_none_or(|count| (1.0..=3.0).contains(&count)));
    }

    #[test]
    fn fits_are_finite(a in series(), bins in 0..12_usize) {
        for bins in [Bins::Automatic, Bins::Count(bins)] {
            if let Some(fit) = normal_fit(&a, bins) {
                prop_assert!(fit.jarque_bera.is_finite() && (0.0..=1.0).contains(&fit.p_value));
                prop_assert_eq!(fit.histogram.counts.iter().sum::<usize>(), a.len());
                prop_assert!(fit.expected_counts().iter().all(|count| count.is_finite()));
                prop_assert!(fit.quantiles.iter().all(|q| q.normal.is_finite()));
            }
        }
    }
}
