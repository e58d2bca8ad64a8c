//! Markets drawn at random: any shape, any listing, any scale, any past.

use proptest::prelude::*;
use proptest::sample::Index;
use walkfolio_core::{Date, Factors, Market, Matrix, Poison, Prices, Universe};
use walkfolio_estimate::{FactorRegression, windows};

use crate::compare::Worst;

/// What a market is drawn from.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub rows: usize,
    /// The first row of each asset's prices, and its daily standard deviation.
    pub assets: Vec<(usize, f64)>,
    pub seed: u64,
    /// Rows before this one move this many times as much.
    pub crisis: (usize, f64),
}

impl Recipe {
    /// Assets load on three factors; the benchmark is a fund of its own.
    pub fn market(&self) -> Market {
        let mut draw = Draw(self.seed);
        let dates: Vec<Date> =
            (0..self.rows).map(|t| Date::constant(2000, 1, 3) + days_after_start(t)).collect();
        let calm = |t: usize| if t < self.crisis.0 { self.crisis.1 } else { 1.0 };
        let factors: Vec<[f64; 3]> = (0..self.rows)
            .map(|t| [0.01, 0.006, 0.005].map(|deviation| calm(t) * deviation * draw.next()))
            .collect();
        let risk_free: Vec<f64> = (0..self.rows).map(|t| 1e-5 * (t / 21 % 9) as f64).collect();
        let mut column = |start: usize, deviation: f64| -> Vec<Option<f64>> {
            let loadings = [1.0, 0.3, -0.2].map(|mean| mean + 0.5 * draw.next());
            let mut price = 100.0;
            (0..self.rows)
                .map(|t| {
                    let common: f64 = loadings.iter().zip(&factors[t]).map(|(b, f)| b * f).sum();
                    let own = 0.01 * calm(t) * draw.next();
                    let value = risk_free[t] + deviation * 100.0 * (common + own);
                    price *= value.clamp(-0.6, 0.6).exp();
                    (t >= start).then_some(price)
                })
                .collect()
        };
        let columns = self.assets.iter().map(|&(start, deviation)| column(start, deviation));
        let columns: Vec<_> = columns.collect();
        let benchmark = column(0, 0.01);
        let names: Vec<String> = (0..self.assets.len()).map(|i| format!("A{i}")).collect();
        let universe = Universe::new(names.iter().map(String::as_str)).unwrap();
        let index = Prices::new(dates.clone(), Universe::new(["INDEX"]).unwrap(), vec![benchmark]);
        let values = Matrix::from_rows(self.rows, 3, factors.concat());
        let names = ["Mkt-RF", "SMB", "HML"].map(str::to_owned).to_vec();
        let factors = Factors::new(&dates, names, values, risk_free, 0..self.rows).unwrap();
        Market::new(Prices::new(dates, universe, columns).unwrap())
            .unwrap()
            .with_benchmark(index.unwrap())
            .unwrap()
            .with_factors(factors)
    }
}

fn days_after_start(days: usize) -> std::time::Duration {
    std::time::Duration::from_secs(86_400 * days as u64)
}

/// About standard normal: the sum of twelve uniform numbers of Steele's `SplitMix64`.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Up to eight assets between a money market and an oil fund; half of them list late.
fn recipes() -> impl Strategy<Value = Recipe> {
    let deviation = prop_oneof![Just(1e-5), Just(3e-4), Just(0.01), Just(0.03)];
    let asset = (prop_oneof![Just(0usize), 0usize..100], deviation);
    (prop::collection::vec(asset, 1..=8), 120usize..300, any::<u64>(), 0usize..100).prop_map(
        |(assets, rows, seed, crisis)| Recipe { rows, assets, seed, crisis: (crisis, 4.0) },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_window_gives_the_moments_of_its_rows(
        recipe in recipes(), at in any::<Index>(), length in any::<Index>(),
        order in any::<Index>(),
    ) {
        let market = recipe.market();
        let t = 20 + at.index(recipe.rows - 20);
        let rows = 6 + length.index(t - 6);
        let past = market.before(t).unwrap();
        let mut assets: Vec<usize> =
            (0..recipe.assets.len()).filter(|&asset| past.has_returns(asset, rows)).collect();
        prop_assume!(!assets.is_empty());
        let turn = order.index(assets.len());
        assets.rotate_left(turn);
        let mut worst = Worst::default();
        worst.add(&past, &assets, rows);
        prop_assert!(worst.largest() < 1e-10, "{worst:?}");
    }

    #[test]
    fn the_future_is_not_in_a_window_to_the_bit(recipe in recipes(), at in any::<Index>()) {
        let market = recipe.market();
        let t = 20 + at.index(recipe.rows - 20);
        let known = bits(&market, t);
        prop_assert_eq!(&known, &bits(&market.poisoned(t, Poison::Values), t));
        prop_assert_eq!(&known, &bits(&market.poisoned(t, Poison::Delist), t));
    }
}

/// All moments of the windows of 10 and 19 rows before row `t`, as bits.
fn bits(market: &Market, t: usize) -> Vec<u64> {
    let past = market.before(t).unwrap();
    let mut out = Vec::new();
    for rows in [10, 19] {
        let assets: Vec<usize> =
            (0..market.universe().len()).filter(|&asset| past.has_returns(asset, rows)).collect();
        let model = windows::factor_model(&past, &assets, rows).unwrap();
        out.extend(model_values(&model));
        out.extend(windows::capm_beta(&past, &assets, rows).unwrap());
        out.extend(windows::sample_mean(&past, &assets, rows, 252.0).unwrap());
        let covariance = windows::sample_covariance(&past, &assets, rows, 252.0).unwrap();
        out.extend(covariance.to_dense().values());
        let tracking = windows::tracking(&past, &assets, rows).unwrap();
        out.extend(tracking.second_moment.to_dense().values());
        out.extend(tracking.cross.iter().chain([&tracking.benchmark_square]));
    }
    out.into_iter().map(f64::to_bits).collect()
}

fn model_values(model: &FactorRegression) -> Vec<f64> {
    let vectors = [&model.alpha, &model.factor_mean, &model.specific_variance];
    let matrices = [&model.loadings, &model.factor_covariance];
    let mut out: Vec<f64> = vectors.into_iter().flatten().copied().collect();
    out.extend(matrices.into_iter().flat_map(Matrix::values));
    out.push(model.risk_free_mean);
    out
}

/// Twelve assets of every scale after 4,000 wild rows.
#[test]
fn four_thousand_rows_before_a_window_cost_no_digit() {
    let assets = (0..12).map(|i| (0, [1e-6, 1e-4, 0.01, 0.03][i % 4])).collect();
    let recipe = Recipe { rows: 4_300, assets, seed: 1, crisis: (4_000, 30.0) };
    let market = recipe.market();
    let all: Vec<usize> = (0..12).collect();
    let mut worst = Worst::default();
    for t in (4_050..4_300).step_by(10) {
        for rows in [20, 50] {
            worst.add(&market.before(t).unwrap(), &all, rows);
        }
    }
    println!("after 4,000 wild rows: {worst:?}");
    assert!(worst.largest() < 1e-11, "{worst:?}");
}

/// Products of 60 assets over 4,300 rows exceed 64 MiB: the window is read instead.
#[test]
fn a_large_universe_is_estimated_from_its_rows() {
    let assets = vec![(0, 0.01); 60];
    let recipe = Recipe { rows: 4_300, assets, seed: 7, crisis: (0, 1.0) };
    let market = recipe.market();
    let past = market.before(4_200).unwrap();
    let all: Vec<usize> = (0..60).collect();
    let direct = walkfolio_estimate::sample_covariance(&past.returns(&all, 90).unwrap(), 252.0);
    assert_eq!(windows::sample_covariance(&past, &all, 90, 252.0), direct);
    let mut worst = Worst::default();
    worst.add(&past, &all, 90);
    assert!(worst.largest() < 1e-10, "{worst:?}");
}

#[test]
fn fewer_rows_than_assets_keep_the_window_form() {
    let recipe = Recipe { rows: 60, assets: vec![(0, 0.01); 8], seed: 3, crisis: (0, 1.0) };
    let market = recipe.market();
    let past = market.before(50).unwrap();
    let all: Vec<usize> = (0..8).collect();
    for (rows, dense) in [(7, false), (8, false), (9, true)] {
        let covariance = windows::sample_covariance(&past, &all, rows, 1.0).unwrap();
        assert_eq!(covariance.as_dense().is_some(), dense);
        let tracking = windows::tracking(&past, &all, rows).unwrap();
        assert_eq!(tracking.second_moment.as_dense().is_some(), dense);
        Worst::default().add(&past, &all, rows);
    }
}

#[test]
fn cells_of_a_grid_share_the_sums() {
    let recipe = Recipe { rows: 200, assets: vec![(0, 0.01); 5], seed: 5, crisis: (0, 1.0) };
    let market = recipe.market();
    let cell =
        |t: usize| windows::factor_model(&market.before(t).unwrap(), &[0, 1, 4], 60).unwrap();
    let alone: Vec<_> = (100..200).map(cell).collect();
    let cell =
        |t: usize| windows::factor_model(&market.before(t).unwrap(), &[0, 1, 4], 60).unwrap();
    let shared: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (100..200).map(|t| scope.spawn(move || cell(t))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, shared);
}
