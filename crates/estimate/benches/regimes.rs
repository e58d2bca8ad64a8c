//! A hidden Markov model of 1,500 returns from nine starts, and the other detectors' last reading.
//!
//! On real prices where they are found (`WALKFOLIO_DATA`, default `../shared/data`), else on the sample
//! market; the name of the group says which.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_core::{Market, Universe};
use walkfolio_data::sample::{DEFAULT_SEED, SampleFactors, SampleRequest};
use walkfolio_data::{FileRequest, load, sample};
use walkfolio_estimate::regime::{Absorption, Drawdown, Regime, fit};

const FUNDS: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
const SPY: usize = 4;

fn market() -> (Market, &'static str) {
    let data = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    let assets = Universe::new(FUNDS).unwrap();
    let (loaded, label) = if data.is_dir() {
        (load(&FileRequest::new(data.join("global_etf/prices.csv"), assets)), "real data")
    } else {
        let factors = SampleFactors::FrenchThree;
        let request = SampleRequest { seed: DEFAULT_SEED, assets, benchmark: None, factors };
        (sample::load(&request), "sample market")
    };
    let first = "2007-01-03".parse().unwrap();
    (loaded.unwrap().market.between(Some(first), None).unwrap(), label)
}

fn benches(criterion: &mut Criterion) {
    let (market, label) = market();
    let mut group = criterion.benchmark_group(label);
    group.sample_size(20);
    let price = |row| market.prices().value(row, SPY).unwrap();
    let returns: Vec<f64> = (1..1511).map(|row| libm::log(price(row) / price(row - 1))).collect();
    for states in [2, 3] {
        group.bench_function(
            format!("hidden Markov model, {states} states, 1,510 returns, 9 starts"),
            |b| {
                b.iter(|| fit(black_box(&returns), states, 8, 0));
            },
        );
    }
    let past = market.before(market.rows() - 1).unwrap();
    let fall = Drawdown { of: Some("SPY".to_owned()), ..Drawdown::named("x") };
    group.bench_function("bull or bear", |b| {
        b.iter(|| Regime::new(fall.clone().into()).known(black_box(&past)));
    });
    group.bench_function("shift of the absorption ratio, 252 covariances of 12", |b| {
        b.iter(|| Regime::new(Absorption::named("x").into()).known(black_box(&past)));
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
