use proptest::prelude::*;

use super::*;
use walkfolio_core::random::SplitMix64;

fn noise(seed: u64, trials: usize, rows: usize) -> Vec<Vec<f64>> {
    let series = |trial: usize| {
        let mut generator = SplitMix64::stream(seed, trial);
        (0..rows).map(|_| 0.02 * (generator.unit() - 0.5)).collect()
    };
    (0..trials).map(series).collect()
}

fn slices(trials: &[Vec<f64>]) -> Vec<&[f64]> {
    trials.iter().map(Vec::as_slice).collect()
}

#[test]
fn pure_noise_is_overfitted_half_of_the_time() {
    let share = |seed| overfitting(&slices(&noise(seed, 20, 400)), 8).unwrap().probability;
    let average = (0..100).map(share).sum::<f64>() / 100.0;
    println!("mean probability of overfitting of noise: {average}");
    assert!((average - 0.5).abs() < 0.08, "{average}");
}

#[test]
fn a_truly_better_trial_is_found() {
    let mut trials = noise(1, 20, 800);
    trials[7].iter_mut().for_each(|r| *r += 0.002);
    let found = overfitting(&slices(&trials), BLOCKS).unwrap();
    assert_eq!(found.splits, 12_870);
    assert!(found.probability < 0.02 && found.probability_of_loss < 0.02, "{}", found.probability);
    assert!(found.chosen.iter().filter(|trial| **trial == 7).count() > 12_000);
}

#[test]
fn two_blocks_by_hand() {
    // Ratios of the first trial: 1.5 / sqrt(1/2) and -1.5 / sqrt(1/2), of the second 0 and 0. The
    // first row is left out. Each half chooses the one that is the lower of the other half.
    let (a, b) = ([9.0, 1.0, 2.0, -1.0, -2.0], [9.0, 1.0, -1.0, 1.0, -1.0]);
    let found = overfitting(&[&a, &b], 2).unwrap();
    assert_eq!(found.chosen, [0, 1]);
    assert_eq!((found.probability, found.probability_of_loss, found.splits), (1.0, 0.5, 2));
    let ratio = 1.5 * 2_f64.sqrt();
    assert!((found.sharpe_ratios[0].0 - ratio).abs() < 1e-12);
    assert!((found.sharpe_ratios[0].1 + ratio).abs() < 1e-12);
    assert!(found.logits.iter().all(|logit| (logit + 2_f64.ln()).abs() < 1e-15));
}

#[test]
fn what_is_left_after_a_wipeout_has_ratio_zero() {
    let mut trials = noise(3, 3, 80);
    trials[0][40..].fill(0.0);
    let found = overfitting(&slices(&trials), 4).unwrap();
    assert!(found.sharpe_ratios.iter().all(|(inside, out)| inside.is_finite() && out.is_finite()));
}

#[test]
fn threads_change_nothing() {
    let trials = noise(5, 10, 200);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| overfitting(&slices(&trials), 8))
    };
    assert!(run(1).is_some());
    assert_eq!(run(1), run(3));
}

#[test]
fn nothing_to_choose_from() {
    let trials = noise(1, 3, 40);
    let all = slices(&trials);
    assert_eq!(overfitting(&all[..1], 4), None);
    assert_eq!(overfitting(&[], 4), None);
    assert_eq!(overfitting(&all, 0), None);
    assert_eq!(overfitting(&all, 5), None);
    assert_eq!(overfitting(&all, 22), None);
    assert_eq!(overfitting(&[&all[0][..7], &all[1][..7]], 8), None);
    assert_eq!(overfitting(&[&all[0][..3], &all[1][..3]], 2), None);
    assert_eq!(overfitting(&[all[0], &all[1][1..]], 4), None);
    assert_eq!(overfitting(&[all[0], &[0.01; 40]], 4), None);
    assert_eq!(overfitting(&[all[0], &[f64::NAN; 40]], 4), None);
}

proptest! {
    #[test]
    fn order_and_scale_of_the_trials_change_nothing(seed: u64, scale in 0.1_f64..10.0) {
        let trials = noise(seed, 6, 96);
        let found = overfitting(&slices(&trials), 6).unwrap();
        let turned: Vec<Vec<f64>> = trials.iter().rev().cloned().collect();
        let scaled: Vec<Vec<f64>> =
            turned.iter().map(|trial| trial.iter().map(|r| r * scale).collect()).collect();
        let other = overfitting(&slices(&scaled), 6).unwrap();
        prop_assert_eq!(found.probability, other.probability);
        prop_assert_eq!(&found.logits, &other.logits);
        prop_assert!((0.0..=1.0).contains(&found.probability));
    }
}
