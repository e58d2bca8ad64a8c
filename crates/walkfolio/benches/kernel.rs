//! The kernel beside Clarabel, on the programs of the studies: one thread, data ready in memory.
//!
//! On real data where it is found (`WALKFOLIO_DATA`, default `../shared/data`), else on the sample
//! market. Each figure is the mean over all decisions of a study.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a benchmark ends where it fails

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use walkfolio::{Allocation, Study};
use walkfolio_core::{Matrix, Memory, Policy, View, Weights};
use walkfolio_optimize::matrix_form::{ActiveSet, Dense};
use walkfolio_optimize::{Mandate, Objective, Precision, solve};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn data() -> Option<PathBuf> {
    let path = std::env::var_os("WALKFOLIO_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    path.is_dir().then_some(path)
}

/// The mandates of a study's decisions that have all assets.
fn mandates(name: &str, assets: usize) -> Vec<Mandate> {
    let path = repository().join("studies").join(format!("{name}.toml"));
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(data().as_deref()).unwrap();
    let study = study.on(&loaded.market).unwrap();
    let config = study.config();
    let market = loaded.market.between(config.spec().market.first, config.schedule().last).unwrap();
    let policy = Allocation::new(config);
    let run = study.run(&loaded, &walkfolio::Silent).unwrap();
    let mut dates: Vec<_> = run.decisions.iter().map(|row| row.date).collect();
    dates.dedup();
    let mandate = |date| {
        let past = market.before(market.row_on_or_after(date).unwrap()).unwrap();
        let eligible = past.eligible(policy.need());
        policy
            .mandate(
                &past,
                &eligible,
                View::new(Memory::Holdings, &Weights::none(past.universe().len())),
                &mut Vec::new(),
            )
            .unwrap()
    };
    let all = dates.into_iter().map(mandate);
    all.filter(|mandate| mandate.constraints().assets() == assets).collect()
}

fn tracking(criterion: &mut Criterion) {
    let mandates = mandates("mtum-all-eleven", 11);
    let dense: Vec<Dense> = mandates.iter().filter_map(Dense::of).collect();
    let mut group = criterion.benchmark_group("tracking QP, n = 11");
    group.throughput(Throughput::Elements(dense.len() as u64));
    let mut set = ActiveSet::new(11, 1);
    group.bench_function("kernel, warm", |bencher| {
        bencher.iter(|| dense.iter().for_each(|p| drop(black_box(set.solve(&p.program())))));
    });
    group.bench_function("kernel, cold", |bencher| {
        bencher.iter(|| {
            for program in &dense {
                set.forget();
                let _ = black_box(set.solve(&program.program()));
            }
        });
    });
    group.bench_function("Clarabel", |bencher| {
        bencher.iter(|| {
            for m in &mandates {
                drop(black_box(solve(m, Precision::Full)));
            }
        });
    });
    group.finish();
}

fn strategy_one(criterion: &mut Criterion) {
    let mandates = mandates("long-short", 12);
    let dense: Vec<Dense> = mandates.iter().filter_map(Dense::of).collect();
    let mut group = criterion.benchmark_group("Strategy I, n = 12");
    group.throughput(Throughput::Elements(dense.len() as u64));
    group.sample_size(20);
    let mut set = ActiveSet::new(12, 2);
    group.bench_function("kernel, warm", |bencher| {
        bencher.iter(|| {
            for p in &dense {
                drop(black_box(set.maximize_utility(&p.utility(0.1))));
            }
        });
    });
    group.bench_function("kernel, cold", |bencher| {
        bencher.iter(|| {
            for program in &dense {
                set.forget();
                let _ = black_box(set.maximize_utility(&program.utility(0.1)));
            }
        });
    });
    group.bench_function("Clarabel", |bencher| {
        bencher.iter(|| {
            for m in &mandates {
                drop(black_box(solve(m, Precision::Full)));
            }
        });
    });
    group.finish();
}

/// Windows of made-up returns with one common factor, each a month further than the last. The
/// index holds every fifth name, and a part of it no name explains.
fn months(n: usize) -> Vec<Mandate> {
    let mut state = 1u64;
    let mut random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let (rows, count) = (2 * n + 200, 6);
    let total = rows + 21 * count;
    let mut returns = Matrix::zeros(total, n);
    let mut index = vec![0.0; total];
    for (t, index) in index.iter_mut().enumerate() {
        let common = 0.02 * random();
        for (i, value) in returns.row_mut(t).iter_mut().enumerate() {
            *value = common * (0.5 + i as f64 / n as f64) + 0.03 * random();
            if i % 5 == 0 {
                *index += *value * 5.0 / n as f64;
            }
        }
        *index += 0.01 * random();
    }
    (0..count)
        .map(|month| {
            let window = 21 * month..21 * month + rows;
            let values = window.clone().flat_map(|t| returns.row(t).to_vec()).collect();
            let rows = Matrix::from_rows(rows, n, values);
            let objective = Objective::tracking_error(&rows, &index[window]).unwrap();
            Mandate::long_only(objective, 0.3).unwrap()
        })
        .collect()
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tracking QP by size, warm by one month");
    group.sample_size(10);
    for n in [25, 50, 100, 200, 500] {
        let mandates = months(n);
        let months: Vec<Dense> = mandates.iter().filter_map(Dense::of).collect();
        group.throughput(Throughput::Elements(months.len() as u64 - 1));
        let mut first = ActiveSet::new(n, 1);
        first.solve(&months[0].program()).unwrap();
        if n == 500 {
            let mut probe = first.clone();
            let answer = probe.solve(&months[1].program()).unwrap();
            let held = answer.x.iter().filter(|x| **x > 0.0).count();
            println!("n = {n}: {held} held, {} pivots", answer.pivots);
        }
        group.bench_with_input(BenchmarkId::new("kernel", n), &months, |bencher, months| {
            bencher.iter_batched(
                || first.clone(),
                |mut set| {
                    for month in &months[1..] {
                        black_box(set.solve(&month.program()).unwrap());
                    }
                },
                criterion::BatchSize::LargeInput,
            );
        });
        group.bench_with_input(BenchmarkId::new("Clarabel", n), &mandates, |bencher, mandates| {
            bencher.iter(|| {
                mandates[1..].iter().for_each(|m| drop(black_box(solve(m, Precision::Full))));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, tracking, strategy_one, growth);
criterion_main!(benches);
