//! Every covariance at 100 assets and 500 rows of made-up returns with three factors.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Date, Factors, Market, Matrix, Prices, Universe};
use walkfolio_estimate::Scale;
use walkfolio_estimate::covariance::{
    Blend, CovarianceChoice, CovariancePart, Denoised, Detoned, DetonedFrom, Ewma, EwmaMean,
    EwmaVolatilityCorrelation, FactorModel, Gerber, GerberCount, LedoitWolf, LedoitWolfNonlinear,
    Oas, OasIntensity, Pca, Sample, ShrinkageTarget,
};

const ASSETS: usize = 100;
const ROWS: u32 = 500;

/// Five hundred returns of assets that load on three factors.
fn market() -> Market {
    let mut random = SplitMix64::new(1);
    let mut draw = |size: f64| size * (random.unit() + random.unit() + random.unit() - 1.5);
    let rows = ROWS as usize + 2;
    let factors: Vec<f64> = (0..3 * rows).map(|_| draw(0.02)).collect();
    let column = |asset: usize, noise: &mut dyn FnMut(f64) -> f64| -> Vec<Option<f64>> {
        let loading = |k: usize| 1.0 - (((7 * asset + 3 * k) % 11) as f64) / 6.0;
        let mut price = 100.0;
        let mut prices = Vec::with_capacity(rows);
        for f in factors.chunks(3) {
            let common: f64 = (0..3).map(|k| loading(k) * f[k]).sum();
            price *= 1.0 + common + noise(0.02);
            prices.push(Some(price));
        }
        prices
    };
    let columns: Vec<_> = (0..ASSETS).map(|asset| column(asset, &mut draw)).collect();
    let first = Date::constant(2000, 1, 3);
    let dates: Vec<Date> = first.series(jiff::Span::new().days(1)).take(rows).collect();
    let names: Vec<String> = (0..ASSETS).map(|asset| format!("A{asset}")).collect();
    let universe = Universe::new(&names).unwrap();
    let values = Matrix::from_rows(rows, 3, factors);
    let names = ["Mkt-RF", "SMB", "HML"].map(str::to_owned).to_vec();
    let factors = Factors::new(&dates, names, values, vec![0.0; rows], 1..rows).unwrap();
    Market::new(Prices::new(dates, universe, columns).unwrap()).unwrap().with_factors(factors)
}

fn all() -> Vec<(&'static str, CovarianceChoice)> {
    let window = ROWS;
    let shrunk = |target| CovarianceChoice::from(LedoitWolf { window, target });
    let part = |of: CovarianceChoice| CovariancePart { of: Box::new(of), weight: 0.5 };
    let gerber = |count| CovarianceChoice::from(Gerber { window, threshold: 0.5, count });
    let ewma = Ewma { window, half_life: 60.0, mean: EwmaMean::Zero };
    vec![
        ("sample", Sample { window }.into()),
        ("ewma", ewma.into()),
        (
            "ewma_volatility_correlation",
            EwmaVolatilityCorrelation {
                window,
                volatility_half_life: 20.0,
                correlation_half_life: 120.0,
            }
            .into(),
        ),
        ("ledoit_wolf identity", shrunk(ShrinkageTarget::Identity)),
        ("ledoit_wolf constant_correlation", shrunk(ShrinkageTarget::ConstantCorrelation)),
        ("ledoit_wolf single_factor", shrunk(ShrinkageTarget::SingleFactor)),
        ("ledoit_wolf_nonlinear", LedoitWolfNonlinear { window }.into()),
        ("oas", Oas { window, intensity: OasIntensity::default() }.into()),
        ("denoised", Denoised { window, noise_variance: 1.0 }.into()),
        ("detoned", Detoned { window, of: DetonedFrom::Denoised, noise_variance: 1.0 }.into()),
        ("gerber", gerber(GerberCount::default())),
        ("pca", Pca { window, factors: 3 }.into()),
        ("factor_model", FactorModel { window }.into()),
        (
            "blend of sample and pca",
            Blend {
                blend: vec![
                    part(Sample { window }.into()),
                    part(Pca { window, factors: 3 }.into()),
                ],
            }
            .into(),
        ),
    ]
}

fn covariances(criterion: &mut Criterion) {
    let market = market();
    let past = market.before(ROWS as usize + 1).unwrap();
    let assets: Vec<usize> = (0..ASSETS).collect();
    let scale = Scale::annual(252.0);
    let mut group = criterion.benchmark_group("covariance, 100 assets, 500 rows");
    group.sample_size(20);
    for (name, estimator) in all() {
        group.bench_function(name, |bench| {
            bench.iter(|| black_box(estimator.estimate(&past, &assets, scale).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, covariances);
criterion_main!(benches);
