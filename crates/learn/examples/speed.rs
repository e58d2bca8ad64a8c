//! One fit by both trainers in the same run: `cargo run --release -p walkfolio-learn --example speed`.

#![allow(clippy::unwrap_used)] // an example may stop at a fault

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use walkfolio_learn::{
    BuiltIn, FitCache, Grid, Parameters, Search, Table, Trainer, Validation, XgBoost,
};

/// Median of the fits, in milliseconds.
fn median(trainer: &dyn Trainer, table: &Table, labels: &[bool], parameters: &Parameters) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            trainer.fit(table, labels, parameters).unwrap();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn compare(table: &Table, labels: &[bool], parameters: &Parameters) {
    let ours = median(&BuiltIn, table, labels, parameters);
    let Ok(xgboost) = XgBoost::load(None) else {
        println!("built-in {ours:.1} ms; XGBoost not found");
        return;
    };
    let theirs = median(&xgboost, table, labels, parameters);
    println!("built-in {ours:.1} ms, XGBoost exact {theirs:.1} ms: {:.1} times", theirs / ours);
}

fn main() {
    let (table, labels) = common::data(700, &[common::Look::Continuous; 7], 7);
    for (name, subsample, colsample_bytree) in [("all rows", 1.0, 1.0), ("sampled", 0.8, 0.8)] {
        let base = Parameters::default();
        let (n_estimators, max_depth, learning_rate) = (300, 6, 0.05);
        let parameters = Parameters {
            n_estimators,
            max_depth,
            learning_rate,
            subsample,
            colsample_bytree,
            ..base
        };
        print!("300 trees of depth 6 on 700 x 7, {name}: ");
        compare(&table, &labels, &parameters);
    }
    search();
}

/// The original's grid at one month, then at each of 73 months with one cache.
fn search() {
    let (table, labels) = common::data(1474, &[common::Look::Continuous; 7], 7);
    let groups: Vec<usize> = (0..1474).map(|row| row / 11).collect();
    let (grid, base) = (Grid::original(), Parameters::default());
    let search =
        Search { trainer: &BuiltIn, grid: &grid, base: &base, validation: Validation::default() };
    let run = |months: usize, cache: &FitCache| {
        let start = Instant::now();
        let rows = months * 11;
        let (head, labels, groups) = (table.head(rows), &labels[..rows], &groups[..rows]);
        search.run(&head, labels, groups, cache).unwrap();
        start.elapsed().as_secs_f64()
    };
    println!("432 settings on 3 folds of 134 months of 11: {:.2} s", run(134, &FitCache::new()));
    let cache = FitCache::new();
    let seconds: f64 = (62..=134).map(|months| run(months, &cache)).sum();
    let (hits, fits) = (cache.hits(), cache.misses());
    let gigabytes = cache.bytes() as f64 / 1e9;
    println!(
        "the same at each of 73 months: {seconds:.0} s, {fits} fits, {hits} from the cache \
         ({gigabytes:.2} GB)"
    );
}
