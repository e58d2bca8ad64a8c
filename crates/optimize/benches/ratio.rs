//! Strategy II on every date of the long-short study, certified.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

#[path = "../tests/ratio/golden.rs"]
mod golden;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use golden::{FUNDS, Reading};
use walkfolio_optimize::matrix_form::RatioSolver;

fn ratios(criterion: &mut Criterion) {
    let Some(folder) = golden::folder() else { return };
    let inputs = golden::inputs(&folder);
    let mut group = criterion.benchmark_group("ratio");
    for (name, reading) in [
        ("not tradable", Reading::NotTradable),
        ("floor", Reading::Floor),
        ("active", Reading::Active),
    ] {
        let dates = inputs.dates(reading, 0.1);
        group.throughput(Throughput::Elements(dates.len() as u64));
        for tolerance in [1e-4, 1e-6] {
            let mut solver = RatioSolver::new(FUNDS, 2);
            group.bench_function(format!("{name}, to {tolerance:.0e}"), |bencher| {
                bencher.iter(|| {
                    for date in &dates {
                        black_box(solver.solve(&date.view(), tolerance).unwrap());
                    }
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, ratios);
criterion_main!(benches);
