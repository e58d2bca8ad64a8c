//! The replica study's estimators on real data (`WALKFOLIO_DATA`, default `../shared/data`).
//!
//! Without the data the benchmark says so and ends.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_core::{Date, Market, Past, Ticker, Universe};
use walkfolio_data::{FileRequest, load};
use walkfolio_estimate::Scale;
use walkfolio_estimate::expected_returns::{ExpectedReturnsModel, MultiFactor, Shrinkage};
use walkfolio_estimate::features::{
    Correlation, Feature, History, Momentum, Standardize, Volatility, cross_section, need,
};
use walkfolio_estimate::tracking::{TrackingMoments, exponential_weights};

const FUNDS: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
const ALL: [usize; 11] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

fn market() -> Option<Market> {
    let data = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    if !data.is_dir() {
        println!("skipped: real data not found");
        return None;
    }
    let request = FileRequest {
        benchmark: Some(Ticker::new("MTUM").unwrap()),
        ..FileRequest::new(data.join("mtum/prices.csv"), Universe::new(FUNDS).unwrap())
    };
    Some(load(&request).unwrap().market)
}

fn seven() -> Vec<Box<dyn Feature>> {
    let mut features: Vec<Box<dyn Feature>> = Vec::new();
    for months in [1, 3, 6, 12] {
        features.push(Box::new(Momentum { months }));
    }
    for days in [20, 60] {
        features.push(Box::new(Volatility { days, periods_per_year: 252.0 }));
    }
    features.push(Box::new(Correlation { days: 60 }));
    features
}

/// What one decision needs: the features of its last 134 month-ends.
fn panel(past: &Past<'_>, features: &[Box<dyn Feature>], way: Standardize) -> usize {
    let history = History::new(past);
    let ends = history.month_ends().len();
    let rows = (ends - 134..ends).map(|index| {
        let end = history.at(index).unwrap();
        let mut table = end.features(&end.eligible(need(features)), features).unwrap();
        way.table(&mut table);
        black_box(table).len()
    });
    rows.sum()
}

fn replica(criterion: &mut Criterion) {
    let Some(market) = market() else { return };
    let last = market.row_on_or_after(Date::constant(2025, 6, 2)).unwrap();
    let past = market.before(last).unwrap();
    let features = seven();
    let mut group = criterion.benchmark_group("replica, real data");
    group.warm_up_time(std::time::Duration::from_millis(300));
    group.measurement_time(std::time::Duration::from_secs(2));
    for (name, way) in [
        ("panel of 134 month-ends", Standardize::None),
        ("panel of 134 month-ends, z-scores", Standardize::ZScore),
        ("panel of 134 month-ends, ranks", Standardize::Rank),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| panel(&past, &features, way)));
    }
    group.bench_function("one cross-section", |bencher| {
        bencher.iter(|| cross_section(&past, &ALL, &features).unwrap());
    });
    group.bench_function("shrinkage", |bencher| {
        bencher.iter(|| Shrinkage::default().estimate(&past, &ALL, Scale::annual(252.0)).unwrap());
    });
    group.bench_function("multi-factor", |bencher| {
        bencher
            .iter(|| MultiFactor::default().estimate(&past, &ALL, Scale::annual(252.0)).unwrap());
    });
    let (returns, benchmark) = (past.returns(&ALL, 504).unwrap(), past.benchmark(504).unwrap());
    let weights = exponential_weights(504, 63.0);
    group.bench_function("weights of 504 rows", |bencher| {
        bencher.iter(|| exponential_weights(504, black_box(63.0)));
    });
    group.bench_function("weighted moments of 504 rows", |bencher| {
        bencher.iter(|| TrackingMoments::weighted(black_box(&returns), benchmark, &weights));
    });
    group.finish();
}

criterion_group!(benches, replica);
criterion_main!(benches);
