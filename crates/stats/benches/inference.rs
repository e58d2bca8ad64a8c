//! The statistics of a whole surface: 450 trials of 4,100 rows.
#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_stats::inference::bootstrap::{
    Bootstrap, max_drawdown, mean_block_length, sharpe_difference, sharpe_ratio,
};
use walkfolio_stats::inference::deflated::effective_trials;
use walkfolio_stats::inference::normal_fit::{Bins, normal_fit};
use walkfolio_stats::inference::overfitting::{BLOCKS, overfitting};

const ROWS: usize = 4100;

fn returns(seed: u32) -> Vec<f64> {
    let step = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(0.0005 + 0.04 * (f64::from(*state) / 4_294_967_296.0 - 0.5))
    };
    std::iter::repeat_n((), ROWS).scan(seed, |state, ()| step(state)).collect()
}

fn bootstrap(c: &mut Criterion) {
    let (a, b) = (returns(1), returns(2));
    let mut group = c.benchmark_group("bootstrap: 1,000 resamples of 4,100 rows");
    for block in [1.0, 5.0, 10.0, 20.0] {
        let settings = Bootstrap { mean_block: Some(block), ..Bootstrap::default() };
        group.bench_function(format!("Sharpe difference, mean block {block}"), |bench| {
            bench.iter(|| sharpe_difference(black_box(&a), &b, None, 252.0, &settings).unwrap());
        });
    }
    let settings = Bootstrap { mean_block: Some(10.0), ..Bootstrap::default() };
    group.bench_function("Sharpe ratio, mean block 10", |bench| {
        bench.iter(|| sharpe_ratio(black_box(&a), 252.0, &settings).unwrap());
    });
    group.bench_function("maximum drawdown, mean block 10", |bench| {
        bench.iter(|| max_drawdown(black_box(&a), &settings).unwrap());
    });
    group.bench_function("automatic block length", |bench| {
        bench.iter(|| mean_block_length(black_box(&a)));
    });
    group.finish();
}

fn trials(c: &mut Criterion) {
    let trials: Vec<Vec<f64>> = (0..450).map(returns).collect();
    let trials: Vec<&[f64]> = trials.iter().map(Vec::as_slice).collect();
    let mut group = c.benchmark_group("450 trials of 4,100 rows");
    group.sample_size(20);
    group.bench_function("probability of overfitting, 12,870 splits", |bench| {
        bench.iter(|| overfitting(black_box(&trials), BLOCKS).unwrap());
    });
    group.bench_function("effective trials", |bench| {
        bench.iter(|| effective_trials(black_box(&trials)).unwrap());
    });
    group.bench_function("normal fit of one", |bench| {
        bench.iter(|| normal_fit(black_box(trials[0]), Bins::Automatic).unwrap());
    });
    group.finish();
}

criterion_group!(benches, bootstrap, trials);
criterion_main!(benches);
