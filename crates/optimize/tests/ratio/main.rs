//! Strategy II on real dates against the reference answers, and on random programs.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::needless_for_each)]

mod golden;
mod random;

use golden::{FUNDS, Reading};
use walkfolio_optimize::matrix_form::{RatioSolver, verify_certificate};

#[test]
fn agrees_with_the_reference_on_every_date() {
    let Some(folder) = golden::folder() else { return };
    let dates = golden::inputs(&folder).dates(Reading::NotTradable, 0.1);
    let values = golden::table(&folder.join("info_II_nospy_S40_90_lambda0.1.csv"));
    let weights = golden::table(&folder.join("weights_II_nospy_S40_90_lambda0.1.csv"));
    assert_eq!((dates.len(), values.len(), weights.len()), (842, 842, 842));
    for chain in [32, 1] {
        let mut solver = RatioSolver::new(FUNDS, 2);
        let (mut worst_value, mut worst_weight) = (0.0f64, 0.0f64);
        for (t, date) in dates.iter().enumerate() {
            if t % chain == 0 {
                solver.forget();
            }
            let answer =
                solver.solve(&date.view(), 1e-6).unwrap_or_else(|stop| panic!("{t}: {stop:?}"));
            worst_value = worst_value.max((answer.value - values[t][0]).abs() / values[t][0].abs());
            let misses = answer.x.iter().zip(&weights[t]).map(|(x, y)| (x - y).abs());
            let miss = misses.fold(0.0, f64::max);
            worst_weight = worst_weight.max(miss);
            if miss > 1e-6 {
                println!(
                    "{t}: {miss:e} value {} ref {} gap {:e}",
                    answer.value,
                    values[t][0],
                    answer.gap()
                );
            }
            let verified = verify_certificate(&date.view(), &answer.certificate).unwrap();
            assert!(verified <= answer.bound * (1.0 + 1e-12) + 1e-12);
        }
        println!("chains of {chain}: J {worst_value:.1e}, weights {worst_weight:.1e}");
        assert!(worst_value < 1e-8 && worst_weight < 1e-6);
    }
}

#[test]
fn every_reading_is_proven() {
    let Some(folder) = golden::folder() else { return };
    let inputs = golden::inputs(&folder);
    for reading in [Reading::NotTradable, Reading::Floor, Reading::Active] {
        for (lambda, tolerance) in [(0.1, 1e-4), (0.1, 1e-6), (0.5, 1e-4), (0.5, 1e-6)] {
            let mut solver = RatioSolver::new(FUNDS, 2);
            let (mut unproven, mut gap, mut most) = (0, 0.0f64, 0);
            for (t, date) in inputs.dates(reading, lambda).iter().enumerate() {
                let answer = solver.solve(&date.view(), tolerance).unwrap();
                let verified = verify_certificate(&date.view(), &answer.certificate);
                assert!(verified.is_ok(), "{t}: {verified:?}");
                unproven += usize::from(answer.gap() > tolerance);
                gap = gap.max(answer.gap());
                most = most.max(answer.intervals);
            }
            println!(
                "{reading:?} {lambda} {tolerance:.0e}: {unproven} unproven, gap {gap:.1e}, intervals {most}"
            );
            assert_eq!(unproven, 0, "{reading:?} {lambda} {tolerance:e}");
        }
    }
}

#[test]
fn warm_and_cold_agree_to_the_bit_almost_always() {
    let Some(folder) = golden::folder() else { return };
    let dates = golden::inputs(&folder).dates(Reading::NotTradable, 0.1);
    let mut warm = RatioSolver::new(FUNDS, 2);
    let mut apart = 0;
    for date in &dates {
        let a = warm.solve(&date.view(), 1e-6).unwrap();
        let b = RatioSolver::new(FUNDS, 2).solve(&date.view(), 1e-6).unwrap();
        let same = a.x.iter().zip(&b.x).all(|(x, y)| x.to_bits() == y.to_bits());
        apart += usize::from(!same);
    }
    println!("{apart} of {} dates differ in a bit", dates.len());
    assert!(apart <= 8, "{apart}");
}
