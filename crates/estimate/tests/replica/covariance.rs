//! Estimators of the covariance against independent programs: `golden/advanced/SOURCE.md`.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use walkfolio_core::{Covariance, Eigen, Factors, Market, Matrix, Past, Prices, Universe};
use walkfolio_estimate::covariance::{
    CovarianceChoice, Denoised, Detoned, DetonedFrom, Ewma, EwmaMean, EwmaVolatilityCorrelation,
    FactorModel, Gerber, GerberCount, LedoitWolf, LedoitWolfNonlinear, Oas, OasIntensity, Pca,
    Sample, ShrinkageTarget,
};
use walkfolio_estimate::{Scale, Units};

use crate::data::{Draw, FUNDS, folder, market_of, row, weekday};

const DAILY: Scale = Scale { units: Units::Daily, periods_per_year: 252.0 };

/// The names and one column of a golden file: the upper triangle, by rows.
fn golden(folder: &Path, problem: &str, column: &str) -> Vec<([String; 2], f64)> {
    let text = fs::read_to_string(folder.join(format!("cov_{problem}.csv"))).unwrap();
    let place = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        ([cells[0].to_owned(), cells[1].to_owned()], cells[place].parse().unwrap())
    };
    text.lines().skip(1).map(line).collect()
}

/// The largest difference, in units of `sqrt(S_ii S_jj)` of the golden matrix.
fn largest(found: &Covariance, names: &[&str], golden: &[([String; 2], f64)]) -> f64 {
    let at = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let own = |name: &str| {
        golden.iter().find(|(pair, _)| pair.iter().all(|other| other == name)).unwrap().1
    };
    let dense = found.to_dense();
    assert_eq!(golden.len(), names.len() * (names.len() + 1) / 2);
    let difference = |(pair, value): &([String; 2], f64)| {
        let [i, j] = pair;
        (dense[(at(i), at(j))] - value).abs() / (own(i) * own(j)).sqrt()
    };
    golden.iter().map(difference).fold(0.0, f64::max)
}

/// Rows of a table of numbers, without its first column, and the names of the others.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let text = fs::read_to_string(path).unwrap();
    let cells = |line: &str| line.split(',').skip(1).map(str::to_owned).collect::<Vec<String>>();
    let numbers = |line| cells(line).iter().map(|cell| cell.parse().unwrap()).collect();
    (cells(text.lines().next().unwrap()), text.lines().skip(1).map(numbers).collect())
}

/// Returns as prices, with one row more for the decision.
pub fn market_with(names: &[String], returns: &[Vec<f64>]) -> Market {
    let mut columns = vec![vec![Some(100.0)]; names.len()];
    for row in returns {
        for (column, value) in columns.iter_mut().zip(row) {
            let last = column.last().copied().flatten().unwrap();
            column.push(Some(last * (1.0 + value)));
        }
    }
    for column in &mut columns {
        column.push(Some(100.0));
    }
    let dates = (0..columns[0].len()).map(weekday).collect();
    Market::new(Prices::new(dates, Universe::new(names).unwrap(), columns).unwrap()).unwrap()
}

/// Made-up returns of the golden files.
pub fn made_up(folder: &Path, problem: &str) -> Market {
    let (names, returns) = table(&folder.join(format!("input_returns_{problem}.csv")));
    market_with(&names, &returns)
}

/// The same with their factors.
pub fn with_factors(folder: &Path, problem: &str, factors: &str) -> Market {
    let market = made_up(folder, problem);
    let (mut names, rows) = table(&folder.join(format!("input_factors_{factors}_{problem}.csv")));
    names.pop();
    let k = names.len();
    let mut values = vec![0.0; k];
    let mut risk_free = vec![0.0];
    for row in &rows {
        values.extend(&row[..k]);
        risk_free.push(row[k]);
    }
    values.extend(vec![0.0; k]);
    risk_free.push(0.0);
    let all = risk_free.len();
    let values = Matrix::from_rows(all, k, values);
    let factors = Factors::new(market.dates(), names, values, risk_free, 1..all).unwrap();
    market.with_factors(factors)
}

fn every(past: &Past<'_>) -> Vec<usize> {
    (0..past.universe().len()).collect()
}

fn compare(
    (column, estimator, tolerance): &(&str, CovarianceChoice, f64),
    past: &Past<'_>,
    folder: &Path,
    problem: &str,
) {
    let names: Vec<&str> =
        past.universe().tickers().iter().map(walkfolio_core::Ticker::as_str).collect();
    let found = estimator.estimate(past, &every(past), DAILY).unwrap();
    let worst = largest(&found, &names, &golden(folder, problem, column));
    println!("{problem} {column}: largest difference {worst:.1e}");
    assert!(worst < *tolerance, "{problem} {column}: {worst}");
}

/// Every estimator that needs no factors, with its column of the golden files.
fn estimators(window: u32, factors: u32) -> Vec<(&'static str, CovarianceChoice, f64)> {
    let ewma = |mean| Ewma { window, half_life: 60.0, mean }.into();
    let shrunk = |target| LedoitWolf { window, target }.into();
    let oas = |intensity| Oas { window, intensity }.into();
    let detoned = |of| Detoned { window, of, noise_variance: 1.0 }.into();
    let gerber = |count| Gerber { window, threshold: 0.5, count }.into();
    let (volatility_half_life, correlation_half_life) = (20.0, 120.0);
    let two = EwmaVolatilityCorrelation { window, volatility_half_life, correlation_half_life };
    let all: [(&str, CovarianceChoice); 17] = [
        ("sample", Sample { window }.into()),
        ("ewma60_zero_mean", ewma(EwmaMean::Zero)),
        ("ewma60_weighted_mean", ewma(EwmaMean::Weighted)),
        ("ewma60_weighted_mean_unbiased", ewma(EwmaMean::WeightedUnbiased)),
        ("ewma_vol20_corr120", two.into()),
        ("lw_identity", shrunk(ShrinkageTarget::Identity)),
        ("lw_constant_correlation", shrunk(ShrinkageTarget::ConstantCorrelation)),
        ("lw_single_factor", shrunk(ShrinkageTarget::SingleFactor)),
        ("oas", oas(OasIntensity::Simplified)),
        ("oas_paper", oas(OasIntensity::Paper)),
        ("lw_nonlinear_2020", LedoitWolfNonlinear { window }.into()),
        ("gerber_2022_union", gerber(GerberCount::Union)),
        ("gerber_2019_geometric", gerber(GerberCount::Geometric)),
        ("pca_k", Pca { window, factors }.into()),
        ("detoned_sample", detoned(DetonedFrom::Sample)),
        ("mp_denoised_sigma2_1", Denoised { window, noise_variance: 1.0 }.into()),
        ("detoned_mp_sigma2_1", detoned(DetonedFrom::Denoised)),
    ];
    let tolerance = |column: &str| if column == "lw_nonlinear_2020" { 1e-8 } else { 1e-10 };
    all.map(|(column, estimator)| (column, estimator, tolerance(column))).into()
}

#[test]
fn estimators_agree_with_independent_programs() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    let market = made_up(&folder, "R1");
    for one in estimators(40, 2) {
        compare(&one, &market.before(41).unwrap(), &folder, "R1");
    }
    for (column, factors) in [("ff3", "ff3"), ("ff5_mom", "ff6")] {
        let market = with_factors(&folder, "R1", factors);
        let model = (column, FactorModel { window: 40 }.into(), 1e-10);
        compare(&model, &market.before(41).unwrap(), &folder, "R1");
    }
    let global =
        ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
    let problems = [
        ("A2019", "mtum/prices.csv", &FUNDS[..10], 252, "2019-06-03"),
        ("B2020", "global_etf/prices.csv", &global[..], 120, "2020-03-30"),
    ];
    for (problem, file, names, rows, decision) in problems {
        let Some(market) = market_of(file, names) else { return };
        let past = market.before(row(&market, decision)).unwrap();
        for one in estimators(rows, 3) {
            compare(&one, &past, &folder, problem);
        }
    }
}

/// Other settings than the golden files have, by programs of `variants.py`.
#[test]
fn other_settings_agree_with_independent_programs() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    let (market, window) = (made_up(&folder, "R1"), 40);
    let gerber = |threshold, count| Gerber { window, threshold, count }.into();
    let (volatility_half_life, correlation_half_life) = (10.0, 30.0);
    let two = EwmaVolatilityCorrelation { window, volatility_half_life, correlation_half_life };
    let all: [(&str, CovarianceChoice); 8] = [
        ("ewma15_zero_mean", Ewma { window, half_life: 15.0, mean: EwmaMean::Zero }.into()),
        ("ewma_vol10_corr30", two.into()),
        ("gerber_union_0.3", gerber(0.3, GerberCount::Union)),
        ("gerber_union_0.8", gerber(0.8, GerberCount::Union)),
        ("gerber_geometric_0.3", gerber(0.3, GerberCount::Geometric)),
        ("mp_denoised_0.6", Denoised { window, noise_variance: 0.6 }.into()),
        ("pca_1", Pca { window, factors: 1 }.into()),
        ("pca_4", Pca { window, factors: 4 }.into()),
    ];
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replica");
    for (column, estimator) in all {
        let one = (column, estimator, 1e-12);
        compare(&one, &market.before(41).unwrap(), &own, "variants_R1");
    }
}

/// A market of `n` assets with the given returns, and its names.
fn drawn(n: usize, values: &[f64], size: f64) -> Market {
    let names: Vec<String> = (0..n).map(|i| format!("A{i}")).collect();
    let rows = values.chunks_exact(n).map(|row| row.iter().map(|value| size * value).collect());
    market_with(&names, &rows.collect::<Vec<Vec<f64>>>())
}

/// Returns of `n` assets that have something in common, by rows.
fn with_a_common_part(rows: usize, n: usize, seed: u64) -> Vec<f64> {
    let mut draw = Draw(seed);
    let mut values = Vec::with_capacity(rows * n);
    for _ in 0..rows {
        let common = 0.04 * (draw.uniform() - 0.5);
        values.extend((0..n).map(|_| common + 0.04 * (draw.uniform() - 0.5)));
    }
    values
}

fn near(a: &Matrix, b: &Matrix, size: f64) -> Result<(), TestCaseError> {
    for i in 0..a.rows() {
        for j in 0..a.rows() {
            let own = (b[(i, i)] * b[(j, j)]).sqrt() * size;
            prop_assert!((a[(i, j)] - size * b[(i, j)]).abs() < 1e-9 * own, "{i} {j}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Of windows with more rows than assets and with fewer: symmetric, positive semidefinite, the same
    /// in any order of the assets, and twice the returns have four times the covariance.
    #[test]
    fn a_covariance_is_one_in_every_order_and_scale(
        n in 2usize..9,
        rows in 3usize..16,
        seed in any::<u64>(),
        turn in 1usize..8,
    ) {
        let values = with_a_common_part(rows, n, seed);
        let (market, double) = (drawn(n, &values, 1.0), drawn(n, &values, 2.0));
        let (past, twice) = (market.before(rows + 1).unwrap(), double.before(rows + 1).unwrap());
        let order: Vec<usize> = (0..n).map(|i| (i + turn) % n).collect();
        for (column, estimator, _) in estimators(u32::try_from(rows).unwrap(), 2) {
            let Ok(found) = estimator.estimate(&past, &every(&past), DAILY) else {
                prop_assert!(column == "lw_nonlinear_2020" && rows < n + 2, "{column}");
                continue;
            };
            let dense = found.to_dense();
            if column == "mp_denoised_sigma2_1" && dense[(0, 1)] == 0.0 {
                // Nothing but noise: it has no first component.
                break;
            }
            let eigen = Eigen::of(&dense);
            prop_assert!(eigen.values[n - 1] > -1e-13 * eigen.values[0], "{column}");
            let turned = estimator.estimate(&past, &order, DAILY).unwrap().to_dense();
            let mut back = Matrix::zeros(n, n);
            for (i, &at) in order.iter().enumerate() {
                for (j, &to) in order.iter().enumerate() {
                    back[(at, to)] = turned[(i, j)];
                }
            }
            near(&back, &dense, 1.0).map_err(|error| TestCaseError::fail(format!("{column}: {error}")))?;
            let scaled = estimator.estimate(&twice, &every(&twice), DAILY).unwrap().to_dense();
            near(&scaled, &dense, 4.0).map_err(|error| TestCaseError::fail(format!("{column}: {error}")))?;
        }
    }
}

#[test]
fn windows_that_say_nothing_are_refused() {
    let mut values: Vec<f64> = (0..40).map(|i| f64::from(i * i * 7 % 11) / 500.0).collect();
    let of = |values: &[f64], estimator: CovarianceChoice| {
        let market = drawn(4, values, 1.0);
        let past = market.before(11).unwrap();
        estimator.estimate(&past, &every(&past), DAILY).unwrap_err().to_string()
    };
    assert_eq!(
        of(&values, LedoitWolfNonlinear { window: 5 }.into()),
        "a window of 5 rows is too short: nonlinear shrinkage needs at least 6"
    );
    values.iter_mut().skip(2).step_by(4).for_each(|value| *value = 0.0);
    assert_eq!(
        of(&values, Denoised { window: 10, noise_variance: 1.0 }.into()),
        "A2 does not move over the 10 rows of the window: its correlation is undefined"
    );
    assert_eq!(
        of(&values, LedoitWolfNonlinear { window: 10 }.into()),
        "over the 10 rows of the window A2 is constant or a mixture of other assets: the covariance has no inverse"
    );
}
