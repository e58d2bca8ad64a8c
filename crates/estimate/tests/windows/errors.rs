//! What the direct way refuses, `windows` refuses in the same words.

use walkfolio_core::{Date, Factors, Market, Matrix, Past, Prices, Universe};
use walkfolio_estimate::tracking::TrackingMoments;
use walkfolio_estimate::{
    FactorRegression, Result, capm_beta, sample_covariance, sample_mean, windows,
};

use crate::generated::Recipe;

/// B lists at row 30.
fn market() -> Market {
    Recipe { rows: 80, assets: vec![(0, 0.01), (30, 0.01)], seed: 11, crisis: (0, 1.0) }.market()
}

fn with_factors(market: Market, factor: impl Fn(usize) -> [f64; 2], risk_free: f64) -> Market {
    let rows = market.rows();
    let values = Matrix::from_rows(rows, 2, (0..rows).flat_map(factor).collect());
    let names = vec!["Mkt-RF".to_owned(), "SMB".to_owned()];
    let listing = 5..rows - 5;
    let factors = Factors::new(market.dates(), names, values, vec![risk_free; rows], listing);
    market.with_factors(factors.unwrap())
}

/// Every error and every value of the direct way, beside that of `windows`.
fn assert_same(past: &Past<'_>, assets: &[usize], rows: usize) -> Vec<String> {
    fn text<T>(result: Result<T>) -> String {
        result.map_or_else(|error| error.to_string(), |_| String::new())
    }
    let found = vec![
        text(windows::factor_model(past, assets, rows)),
        text(windows::capm_beta(past, assets, rows)),
        text(windows::sample_mean(past, assets, rows, 1.0)),
        text(windows::sample_covariance(past, assets, rows, 1.0)),
        text(windows::tracking(past, assets, rows)),
    ];
    let model = || FactorRegression::fit(&past.returns(assets, rows)?, &past.factors(rows)?);
    let beta = || capm_beta(&past.returns(assets, rows)?, &past.factors(rows)?);
    let tracking =
        || TrackingMoments::of_window(&past.returns(assets, rows)?, past.benchmark(rows)?);
    let expected = vec![
        text(model()),
        text(beta()),
        text((|| sample_mean(&past.returns(assets, rows)?, 1.0))()),
        text((|| sample_covariance(&past.returns(assets, rows)?, 1.0))()),
        text(tracking()),
    ];
    assert_eq!(found, expected);
    found
}

#[test]
fn windows_that_are_not_full() {
    let market = market();
    let past = market.before(50).unwrap();
    for (assets, rows) in [(&[0usize, 1][..], 20), (&[0][..], 50), (&[0][..], 51), (&[0][..], 0)] {
        let errors = assert_same(&past, assets, rows);
        assert!(errors.iter().all(|error| !error.is_empty()), "{errors:?}");
    }
    let errors = assert_same(&past, &[1], 20);
    assert_eq!(errors[0], "A1 has 19 returns before 2000-02-22, the window needs 20");
    for rows in [1, 2, 4, 5] {
        assert_same(&past, &[0], rows);
    }
}

#[test]
fn no_assets_and_too_many_rows() {
    let market = market();
    let past = market.before(10).unwrap();
    assert_same(&past, &[], 10);
    let error = windows::sample_mean(&past, &[], 11, 1.0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the market has 10 returns before 2000-01-13, the window needs 11"
    );
}

#[test]
fn factors_that_are_absent_short_dependent_or_constant() {
    let bare = Market::new(market().prices().clone()).unwrap();
    let errors = assert_same(&bare.before(50).unwrap(), &[0, 1], 10);
    assert_eq!(errors[0], "the factor model needs factor returns, and the market has none");
    assert_eq!(errors[4], "the objective needs a benchmark, and the market has none");

    let wave = |t: usize| ((t * t) as f64).sin() * 0.01;
    let short = with_factors(bare.clone(), |t| [wave(t), wave(t + 1)], 1e-4);
    assert_same(&short.before(20).unwrap(), &[0], 17);
    assert_same(&short.before(78).unwrap(), &[0], 10);

    let doubled = with_factors(bare.clone(), |t| [wave(t), 2.0 * wave(t)], 1e-4);
    let errors = assert_same(&doubled.before(60).unwrap(), &[0, 1], 20);
    assert_eq!(errors[0], "the 2 factors are linearly dependent over the 20 rows of the window");

    let constant = with_factors(bare.clone(), |t| [0.25, wave(t)], 0.125);
    let errors = assert_same(&constant.before(60).unwrap(), &[0, 1], 16);
    assert!(errors[1].starts_with("the market's return is constant"), "{errors:?}");

    let zero = with_factors(bare, |_| [0.0, 0.0], 0.0);
    let errors = assert_same(&zero.before(60).unwrap(), &[0, 1], 16);
    assert!(errors[1].starts_with("the market's return is constant"), "{errors:?}");
}

/// An asset that does not move has no variance; one that only follows cash keeps its digits.
#[test]
fn assets_that_hardly_move() {
    let dates: Vec<Date> = market().dates().to_vec();
    let flat = vec![Some(50.0); dates.len()];
    let cash = (0..dates.len()).map(|t| Some(100.0 * 1.0002f64.powi(i32::try_from(t).unwrap())));
    let universe = Universe::new(["FLAT", "CASH"]).unwrap();
    let prices = Prices::new(dates, universe, vec![flat, cash.collect()]).unwrap();
    let wave = |t: usize| ((t * t) as f64).sin() * 0.01;
    let market = with_factors(Market::new(prices).unwrap(), |t| [wave(t), wave(t + 1)], 0.0);
    let past = market.before(60).unwrap();
    let model = windows::factor_model(&past, &[0], 20).unwrap();
    assert_eq!((model.specific_variance[0], model.loadings.row(0)), (0.0, &[0.0, 0.0][..]));
    // The mean is all there is: the rows are read, so the answer is the direct one to the bit.
    let returns = past.returns(&[0, 1], 20).unwrap();
    let direct = FactorRegression::fit(&returns, &past.factors(20).unwrap()).unwrap();
    assert_eq!(windows::factor_model(&past, &[0, 1], 20).unwrap(), direct);
    let direct = sample_covariance(&returns, 1.0).unwrap();
    assert_eq!(windows::sample_covariance(&past, &[0, 1], 20, 1.0).unwrap(), direct);
}

#[test]
fn the_order_of_factors_does_not_move_a_beta() {
    let names = ["SMB", "Mkt-RF"].map(str::to_owned);
    let recipe = Recipe { rows: 80, assets: vec![(0, 0.01); 2], seed: 3, crisis: (0, 1.0) };
    let betas = |order: [usize; 2]| {
        let market = recipe.market();
        let columns: Vec<f64> = (0..80)
            .flat_map(|t| order.map(|k| [0.001 * f64::from(t % 7), 0.01 * f64::from(t % 5)][k]))
            .collect();
        let factors = Factors::new(
            market.dates(),
            order.map(|k| names[k].clone()).to_vec(),
            Matrix::from_rows(80, 2, columns),
            vec![0.0; 80],
            0..80,
        );
        let market = market.with_factors(factors.unwrap());
        windows::capm_beta(&market.before(70).unwrap(), &[0, 1], 40).unwrap()
    };
    assert_eq!(betas([0, 1]), betas([1, 0]));
}
