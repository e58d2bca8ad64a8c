use super::*;
use crate::inference::normal;
use crate::measures::moments::mean;
use walkfolio_core::Interrupt;
use walkfolio_core::random::SplitMix64;

/// Normal shocks of 1 %, of which a share `phi` stays until the next row.
fn autoregressive(seed: u64, rows: usize, phi: f64) -> Vec<f64> {
    let mut generator = SplitMix64::stream(seed, 0);
    let mut level = 0.0;
    let mut series: Vec<f64> = Vec::with_capacity(rows);
    for _ in 0..rows + 50 {
        let shock = normal::quantile(generator.unit().max(1e-12)).unwrap();
        level = phi * level + 0.01 * shock;
        series.push(level);
    }
    series.split_off(50)
}

/// The share of 400 simulations in which an interval holds the truth.
fn coverage(holds: impl Fn(u64) -> bool) -> f64 {
    (0..400).filter(|seed| holds(*seed)).count() as f64 / 400.0
}

fn settings(seed: u64) -> Bootstrap {
    Bootstrap { resamples: 299, level: 0.9, seed, ..Bootstrap::default() }
}

fn has(interval: Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}

#[test]
fn nine_of_ten_intervals_hold_the_truth() {
    // The deviation of an autoregression is that of its shocks over sqrt(1 - phi^2).
    let (phi, drift) = (0.3, 0.001);
    let deviation = 0.01 / (1.0_f64 - phi * phi).sqrt();
    let series = |seed: u64| -> Vec<f64> {
        autoregressive(seed, 600, phi).iter().map(|r| r + drift).collect()
    };
    let shares = [
        coverage(|seed| {
            has(mean_return_annual(&series(seed), 1.0, &settings(seed)).unwrap(), drift)
        }),
        coverage(|seed| has(volatility(&series(seed), 1.0, &settings(seed)).unwrap(), deviation)),
        coverage(|seed| {
            has(sharpe_ratio(&series(seed), 1.0, &settings(seed)).unwrap(), drift / deviation)
        }),
    ];
    println!("coverage of the mean, the volatility and the Sharpe ratio: {shares:?}");
    assert!(shares.iter().all(|share| (0.80..0.97).contains(share)), "{shares:?}");
}

#[test]
fn a_raised_flag_ends_it() {
    let (a, b) = (autoregressive(1, 100, 0.3), autoregressive(2, 100, 0.3));
    let after = |looks| Bootstrap { interrupt: Interrupt::after(looks), ..settings(1) };
    let [figure, pair, any, paths] = [10; 4].map(after);
    assert_eq!(volatility(&a, 1.0, &figure), None);
    assert_eq!(sharpe_difference(&a, &b, None, 1.0, &pair), None);
    assert_eq!(interval(&[&a], |s| mean(s[0]), &any), None);
    assert_eq!(path_intervals(&a, 1.0, &paths), [None; 2]);
    // Each of the others is left out.
    for found in [&figure, &pair, &any, &paths] {
        assert_eq!(found.interrupt.looks(), 299);
    }
}

#[test]
fn blocks_cover_what_single_rows_do_not() {
    let series = |seed: u64| autoregressive(seed, 600, 0.6);
    let single = |seed: u64| Bootstrap { mean_block: Some(1.0), ..settings(seed) };
    let rows = coverage(|s| has(mean_return_annual(&series(s), 1.0, &single(s)).unwrap(), 0.0));
    let blocks = coverage(|s| has(mean_return_annual(&series(s), 1.0, &settings(s)).unwrap(), 0.0));
    println!("coverage by rows {rows}, by blocks {blocks}");
    assert!(rows < 0.65 && blocks > 0.80, "{rows} {blocks}");
}

#[test]
fn equal_strategies_are_seldom_told_apart() {
    // Half of each is shared; both have the same true Sharpe ratio.
    let distinguished = |seed: u64| {
        let shared = autoregressive(seed + 20_000, 250, 0.3);
        let [a, b] = [seed, seed + 10_000].map(|seed| {
            let own = autoregressive(seed, 250, 0.3);
            own.iter().zip(&shared).map(|(own, shared)| own + shared).collect::<Vec<f64>>()
        });
        sharpe_difference(&a, &b, None, 252.0, &settings(seed)).unwrap().distinguishable
    };
    let share = coverage(distinguished);
    println!("equal strategies told apart at 10 %: {share}");
    assert!((0.03..0.20).contains(&share), "{share}");
}

#[test]
fn threads_change_nothing() {
    let series = autoregressive(1, 300, 0.3);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| interval(&[&series], |s| mean(s[0]), &Bootstrap::default()))
    };
    assert!(run(1).is_some());
    assert_eq!(run(1), run(3));
}

#[test]
fn the_seed_fixes_the_interval() {
    let series = autoregressive(1, 300, 0.3);
    let run = |seed| mean_return_annual(&series, 252.0, &settings(seed)).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    assert_eq!(run(1).estimate, run(2).estimate);
}

#[test]
fn a_figure_that_is_seldom_defined_has_no_interval() {
    let series = autoregressive(1, 50, 0.3);
    let first = series[0];
    let settings = Bootstrap::default();
    // Only one resample in fifty begins with the first row.
    let seldom = |s: &[&[f64]]| (s[0][0] == first).then_some(1.0);
    assert_eq!(interval(&[&series], seldom, &settings), None);
    let often = |s: &[&[f64]]| (s[0].contains(&first)).then_some(1.0);
    let found = interval(&[&series], often, &settings).unwrap();
    assert!(found.resamples > 500 && found.resamples < 1000);
    assert_eq!(interval(&[&series], |_| Some(f64::NAN), &settings), None);
    assert_eq!(interval(&[&series, &series[1..]], |_| Some(1.0), &settings), None);
    assert_eq!(interval(&[], |_| Some(1.0), &settings), None);
}

#[test]
fn resampled_drawdowns_surround_that_of_independent_returns() {
    let series = autoregressive(4, 1000, 0.0);
    let found = max_drawdown(&series, &Bootstrap::default()).unwrap();
    assert!(-1.0 < found.low && found.low < found.high && found.high < 0.0);
}

#[test]
fn the_automatic_block_is_the_longest_of_the_series() {
    let (short, long) = (autoregressive(1, 500, 0.1), autoregressive(2, 500, 0.9));
    let found = interval(&[&short, &long], |s| mean(s[0]), &Bootstrap::default()).unwrap();
    assert!(mean_block_length(&short) < mean_block_length(&long));
    assert_eq!(found.mean_block, mean_block_length(&long));
}
