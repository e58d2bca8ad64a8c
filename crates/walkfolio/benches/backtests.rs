//! Whole backtests of both studies, estimation included, on one thread.
//!
//! On real data where it is found (`WALKFOLIO_DATA`, default `../shared/data`), else on the sample
//! market; the name of each benchmark says which.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio::{Silent, Study};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn data() -> Option<PathBuf> {
    let path = std::env::var_os("WALKFOLIO_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    path.is_dir().then_some(path)
}

fn backtests(criterion: &mut Criterion) {
    let data = data();
    let label = if data.is_some() { "real data" } else { "sample market" };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut group = criterion.benchmark_group(format!("backtest, {label}, one thread"));
    group.sample_size(10);
    for name in ["mtum-all-eleven", "long-short"] {
        let path = repository().join("studies").join(format!("{name}.toml"));
        let study = Study::load(&path, &[]).unwrap();
        let loaded = study.market(data.as_deref()).unwrap();
        let decisions = pool.install(|| study.run(&loaded, &Silent)).unwrap().manifest.decisions;
        group.bench_function(format!("{name}, {decisions} decisions"), |bencher| {
            bencher.iter(|| pool.install(|| black_box(study.run(&loaded, &Silent).unwrap())));
        });
    }
    group.finish();
}

criterion_group!(benches, backtests);
criterion_main!(benches);
