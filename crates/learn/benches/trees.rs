//! The built-in trainer, beside the real library where it is found.
//!
//! One fit of 300 trees of depth 6 to 700 rows of 7 features, and the original's whole grid at one
//! month: 432 settings on three folds of 1,474 rows (134 months of 11 assets).

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_learn::{
    BuiltIn, FitCache, Grid, Parameters, Search, Table, Trainer, Validation, XgBoost,
};

use common::{Look, data};

const CONTINUOUS: [Look; 7] = [Look::Continuous; 7];

fn table(rows: usize) -> (Table, Vec<bool>) {
    data(rows, &CONTINUOUS, 7)
}

fn one_fit(c: &mut Criterion) {
    let (table, labels) = table(700);
    let sampled = Parameters {
        n_estimators: 300,
        max_depth: 6,
        learning_rate: 0.05,
        ..Parameters::default()
    };
    let whole = Parameters { subsample: 1.0, colsample_bytree: 1.0, ..sampled.clone() };
    let mut group = c.benchmark_group("trees: 300 of depth 6 on 700 x 7");
    group.sample_size(20);
    for (name, parameters) in [("all rows", &whole), ("sampled", &sampled)] {
        group.bench_function(format!("built-in, {name}"), |b| {
            b.iter(|| BuiltIn.fit(&table, black_box(&labels), parameters).unwrap());
        });
        if let Ok(xgboost) = XgBoost::load(None) {
            group.bench_function(format!("XGBoost exact, {name}"), |b| {
                b.iter(|| xgboost.fit(&table, black_box(&labels), parameters).unwrap());
            });
        }
    }
    group.finish();
}

fn grid(c: &mut Criterion) {
    let (table, labels) = table(1474);
    let months: Vec<usize> = (0..1474).map(|row| row / 11).collect();
    let (grid, base) = (Grid::original(), Parameters::default());
    let search =
        Search { trainer: &BuiltIn, grid: &grid, base: &base, validation: Validation::default() };
    let mut group = c.benchmark_group("grid: 432 settings, 3 folds, 134 months of 11");
    group.sample_size(10).measurement_time(Duration::from_secs(30));
    group.bench_function("built-in, all threads", |b| {
        b.iter(|| search.run(&table, &labels, &months, &FitCache::new()).unwrap());
    });
    group.finish();
}

criterion_group!(benches, one_fit, grid);
criterion_main!(benches);
