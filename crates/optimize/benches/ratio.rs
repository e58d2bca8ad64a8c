//! Strategy II on every date of the long-short study, certified: whole studies, and the time of each date.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

#[path = "../tests/ratio/golden.rs"]
mod golden;

use std::hint::black_box;
use std::time::Instant;

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

/// Each reading solved date after date so many times; the least time of a date counts.
const REPEATS: usize = 7;

/// The median, the mean and the slowest twentieth of the dates' times in microseconds, and the intervals of their proofs.
fn each_date(_: &mut Criterion) {
    let Some(folder) = golden::folder() else { return };
    let inputs = golden::inputs(&folder);
    println!("each date, us:             median   mean    95 %  intervals  pivots");
    for (name, reading) in [
        ("not tradable", Reading::NotTradable),
        ("floor", Reading::Floor),
        ("active", Reading::Active),
    ] {
        let dates = inputs.dates(reading, 0.1);
        for tolerance in [1e-4, 1e-6] {
            let mut least = vec![f64::INFINITY; dates.len()];
            let (mut intervals, mut pivots) = (0, 0);
            for _ in 0..REPEATS {
                let mut solver = RatioSolver::new(FUNDS, 2);
                (intervals, pivots) = (0, 0);
                for (date, least) in dates.iter().zip(&mut least) {
                    let started = Instant::now();
                    let answer = black_box(solver.solve(&date.view(), tolerance).unwrap());
                    *least = least.min(started.elapsed().as_secs_f64() * 1e6);
                    intervals += answer.intervals;
                    pivots += answer.pivots;
                }
            }
            let count = least.len() as f64;
            let mean = least.iter().sum::<f64>() / count;
            least.sort_by(f64::total_cmp);
            let at = |part: usize| least[least.len() * part / 100];
            println!(
                "{name:14} to {tolerance:.0e} {:10.1} {mean:7.1} {:7.1} {:9.2} {:8.2}",
                at(50),
                at(95),
                f64::from(intervals) / count,
                f64::from(pivots) / count
            );
        }
    }
}

criterion_group!(benches, ratios, each_date);
criterion_main!(benches);
