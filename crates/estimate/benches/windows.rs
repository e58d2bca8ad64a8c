//! Moments of a window from prefix sums, beside the estimators that read its rows.
//!
//! Twelve funds, on real data where it is found (`WALKFOLIO_DATA`, default `../shared/data`), else
//! on the sample market; the name of the group says which.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::path::Path;

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use walkfolio_core::{Date, Market, Past, Ticker, Universe};
use walkfolio_data::sample::{DEFAULT_SEED, SampleFactors, SampleRequest};
use walkfolio_data::{FactorRequest, FileRequest, load, sample};
use walkfolio_estimate::tracking::TrackingMoments;
use walkfolio_estimate::{FactorRegression, capm_beta, sample_covariance, sample_mean, windows};

const FUNDS: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
const ALL: [usize; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn market() -> (Market, &'static str) {
    let data = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    let assets = Universe::new(FUNDS).unwrap();
    let benchmark = Some(Ticker::new("SPY").unwrap());
    let (loaded, label) = if data.is_dir() {
        let request = FileRequest {
            factors: Some(FactorRequest::french3(
                data.join("french/F-F_Research_Data_Factors_daily.202503.csv"),
            )),
            benchmark,
            ..FileRequest::new(data.join("global_etf/prices.csv"), assets)
        };
        (load(&request), "real data")
    } else {
        let factors = SampleFactors::FrenchThree;
        let request = SampleRequest { seed: DEFAULT_SEED, assets, benchmark, factors };
        (sample::load(&request), "sample market")
    };
    let (first, last) = (Date::constant(2007, 3, 1), Date::constant(2024, 3, 28));
    (loaded.unwrap().market.between(Some(first), Some(last)).unwrap(), label)
}

/// Runs a closure on windows at one place after the other, as a walk through a grid does.
struct Walk<'a> {
    market: &'a Market,
    rows: usize,
    t: usize,
}

impl<'a> Walk<'a> {
    fn next(&mut self) -> (Past<'a>, usize) {
        self.t = if self.t + 5 < self.market.rows() { self.t + 5 } else { 200 };
        (self.market.before(self.t).unwrap(), self.rows)
    }
}

/// One moment, both ways, for windows of 60 and 180 rows.
fn pair<A, B>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    market: &Market,
    name: &str,
    sums: impl Fn(&Past<'_>, usize) -> A,
    direct: impl Fn(&Past<'_>, usize) -> B,
) {
    for rows in [60, 180] {
        let mut walk = Walk { market, rows, t: 200 };
        group.bench_function(format!("{name}, {rows} rows, sums"), |bencher| {
            bencher.iter(|| {
                let (past, rows) = walk.next();
                black_box(sums(&past, rows))
            });
        });
        group.bench_function(format!("{name}, {rows} rows, direct"), |bencher| {
            bencher.iter(|| {
                let (past, rows) = walk.next();
                black_box(direct(&past, rows))
            });
        });
    }
}

fn moments(criterion: &mut Criterion) {
    let (market, label) = market();
    let mut group = criterion.benchmark_group(format!("windows, {label}"));
    group.warm_up_time(std::time::Duration::from_millis(300));
    group.measurement_time(std::time::Duration::from_secs(1));
    pair(
        &mut group,
        &market,
        "factor model",
        |past, rows| windows::factor_model(past, &ALL, rows).unwrap(),
        |past, rows| {
            let returns = past.returns(&ALL, rows).unwrap();
            FactorRegression::fit(&returns, &past.factors(rows).unwrap()).unwrap()
        },
    );
    pair(
        &mut group,
        &market,
        "capm beta",
        |past, rows| windows::capm_beta(past, &ALL, rows).unwrap(),
        |past, rows| {
            let returns = past.returns(&ALL, rows).unwrap();
            capm_beta(&returns, &past.factors(rows).unwrap()).unwrap()
        },
    );
    pair(
        &mut group,
        &market,
        "sample mean",
        |past, rows| windows::sample_mean(past, &ALL, rows, 252.0).unwrap(),
        |past, rows| sample_mean(&past.returns(&ALL, rows).unwrap(), 252.0).unwrap(),
    );
    second_moments(&mut group, &market);
    group.finish();
}

fn second_moments(group: &mut BenchmarkGroup<'_, WallTime>, market: &Market) {
    pair(
        group,
        market,
        "sample covariance",
        |past, rows| windows::sample_covariance(past, &ALL, rows, 252.0).unwrap(),
        |past, rows| sample_covariance(&past.returns(&ALL, rows).unwrap(), 252.0).unwrap(),
    );
    pair(
        group,
        market,
        "tracking",
        |past, rows| windows::tracking(past, &ALL, rows).unwrap(),
        |past, rows| {
            let returns = past.returns(&ALL, rows).unwrap();
            TrackingMoments::of_window(&returns, past.benchmark(rows).unwrap()).unwrap()
        },
    );
}

/// The same market without sums.
fn fresh(market: &Market) -> Market {
    market.between(None, None).unwrap()
}

/// New sums and the first window of a kind, which builds its block; most of it is the system's time
/// for fresh memory.
fn building(criterion: &mut Criterion) {
    let (market, label) = market();
    let mut group = criterion.benchmark_group(format!("building sums, {label}"));
    group.bench_function("of factor models and betas", |bencher| {
        bencher.iter(|| {
            // A clone would find the sums that were built before.
            let market = fresh(&market);
            let past = market.before(market.rows() - 1).unwrap();
            windows::factor_model(&past, &ALL, 60).unwrap();
            windows::capm_beta(&past, &ALL, 60).unwrap();
            market
        });
    });
    group.bench_function("of tracking", |bencher| {
        bencher.iter(|| {
            // A clone would find the sums that were built before.
            let market = fresh(&market);
            let past = market.before(market.rows() - 1).unwrap();
            windows::tracking(&past, &ALL, 60).unwrap();
            market
        });
    });
    group.bench_function("of every kind", |bencher| {
        bencher.iter(|| {
            // A clone would find the sums that were built before.
            let market = fresh(&market);
            let past = market.before(market.rows() - 1).unwrap();
            windows::factor_model(&past, &ALL, 60).unwrap();
            windows::capm_beta(&past, &ALL, 60).unwrap();
            windows::sample_covariance(&past, &ALL, 60, 252.0).unwrap();
            windows::tracking(&past, &ALL, 60).unwrap();
            market
        });
    });
    group.finish();
}

criterion_group!(benches, moments, building);
criterion_main!(benches);
