//! The models of expected returns against numpy, and their corner cases.

use walkfolio_core::{Market, Past, Prices, Universe};
use walkfolio_estimate::expected_returns::{
    ExpectedReturnsChoice, ExpectedReturnsModel, FamaMacBeth, Historical, Horizon, MeanReversion,
    Momentum, MultiFactor, SampleMean, Shrinkage, james_stein,
};
use walkfolio_estimate::{Error, Scale, Units};

use crate::data::{FUNDS, drawn_market, real_market, row};

const EXPECTED: &str = include_str!("expected_returns.csv");

fn model(name: &str) -> ExpectedReturnsChoice {
    match name {
        "historical" => Historical::default().into(),
        "shrinkage" => Shrinkage::default().into(),
        "momentum" => Momentum::default().into(),
        "mean_reversion" => MeanReversion::default().into(),
        _ => MultiFactor::default().into(),
    }
}

/// The same market without XLB's prices after 2023-03-15.
fn without_xlb(market: &Market) -> Market {
    let end = row(market, "2023-03-16");
    let column = |asset: usize| {
        let price =
            |t| market.prices().value(t, asset).filter(|_| FUNDS[asset] != "XLB" || t < end);
        (0..market.rows()).map(price).collect()
    };
    let columns = (0..FUNDS.len()).map(column).collect();
    let prices = Prices::new(market.dates().to_vec(), market.universe().clone(), columns);
    Market::new(prices.unwrap()).unwrap()
}

#[test]
fn five_models_on_three_dates() {
    let Some(whole) = real_market() else { return };
    let cut = without_xlb(&whole);
    let (mut worst, mut compared) = (0.0f64, 0);
    let lines: Vec<Vec<&str>> =
        EXPECTED.lines().skip(1).map(|line| line.split(',').collect()).collect();
    for block in lines.chunk_by(|a, b| a[..2] == b[..2]) {
        let (date, name) = (block[0][0], block[0][1]);
        let market = if name == "multi_factor_without_xlb" { &cut } else { &whole };
        let past = market.before(row(market, date)).unwrap();
        let assets: Vec<usize> =
            block.iter().map(|line| past.universe().position(line[2]).unwrap()).collect();
        let found = model(name).estimate(&past, &assets, YEAR).unwrap();
        for (found, line) in found.iter().zip(block) {
            let expected: f64 = line[3].parse().unwrap();
            worst = worst.max((found - expected).abs());
            compared += 1;
        }
    }
    println!("{compared} expected returns: largest difference {worst:.1e}");
    assert_eq!(compared, 175);
    assert!(worst < 1e-10, "{worst}");
}

/// Prices 100, 110, 99, 118.8, 106.92, 128.304: returns +10, -10, +20, -10, +20 %; the last row is
/// the decision's.
fn small() -> Market {
    let full = drawn_market(7, &[(0, 7)], 1);
    let prices = [100.0, 110.0, 99.0, 118.8, 106.92, 128.304, 1.0].map(Some).to_vec();
    let prices = Prices::new(full.dates().to_vec(), Universe::new(["A"]).unwrap(), vec![prices]);
    Market::new(prices.unwrap()).unwrap()
}

const YEAR: Scale = Scale { units: Units::Annual, periods_per_year: 252.0 };
const HUNDRED: Scale = Scale { units: Units::Annual, periods_per_year: 100.0 };

#[test]
fn the_simple_models_by_hand() {
    let market = small();
    let past = market.before(6).unwrap();
    let horizons = vec![Horizon { rows: 1, weight: 0.5 }, Horizon { rows: 2, weight: 0.25 }];
    // m = 100 * (0.2 - 0.1 + 0.2) / 3 = 10; R_1 = 0.2, R_2 = 0.9 * 1.2 - 1 = 0.08.
    let close = |found: Vec<f64>, expected: f64| {
        assert!(found.len() == 1 && (found[0] - expected).abs() < 1e-12, "{found:?} {expected}");
    };
    close(SampleMean { window: 3 }.estimate(&past, &[0], HUNDRED).unwrap(), 10.0);
    let model = Momentum {
        window: 3,
        historical_weight: 0.4,
        momentum_weight: 0.6,
        persistence: 0.5,
        horizons: horizons.clone(),
    };
    close(model.estimate(&past, &[0], HUNDRED).unwrap(), 0.4 * 10.0 + 0.6 * 0.5 * 0.12);
    let model = MeanReversion { window: 3, strength: 0.5, horizons };
    close(model.estimate(&past, &[0], HUNDRED).unwrap(), 10.0 - 0.5 * 0.12);
    // A single asset is not shrunk.
    close(Shrinkage { window: 3 }.estimate(&past, &[0], HUNDRED).unwrap(), 10.0);
    // In daily units a hundredth of it.
    let daily = Scale { units: Units::Daily, ..HUNDRED };
    close(Shrinkage { window: 3 }.estimate(&past, &[0], daily).unwrap(), 0.1);
}

#[test]
fn a_model_says_how_many_rows_it_needs() {
    let rows = |name: &str| model(name).needs().rows;
    assert_eq!(["historical", "shrinkage", "momentum", "mean_reversion"].map(rows), [252; 4]);
    assert_eq!(rows("multi_factor"), 252);
    let market = drawn_market(400, &[(0, 400), (150, 400)], 2);
    let past = market.before(399).unwrap();
    for name in ["historical", "shrinkage", "momentum", "mean_reversion", "multi_factor"] {
        let error = model(name).estimate(&past, &[0, 1], YEAR).unwrap_err();
        let text = "A1 has 248 returns before 2001-07-13, the window needs 252";
        assert_eq!(error.to_string(), text, "{name}");
    }
    let mut longer = Momentum::default();
    longer.horizons[3].rows = 399;
    let error = longer.estimate(&past, &[0], YEAR).unwrap_err();
    assert_eq!(error.to_string(), "A0 has 398 returns before 2001-07-13, the window needs 399");
    assert_eq!(longer.needs().rows, 399);
}

/// `copy` of the first asset's prices, and a constant one, beside three drawn ones.
fn with_double() -> Market {
    let drawn = drawn_market(400, &[(0, 400); 3], 2);
    let column = |asset: usize| (0..400).map(|t| drawn.prices().value(t, asset)).collect();
    let columns = vec![column(0), column(1), column(2), column(0), vec![Some(1.0); 400]];
    let universe = Universe::new(["A", "B", "C", "COPY", "CASH"]).unwrap();
    Market::new(Prices::new(drawn.dates().to_vec(), universe, columns).unwrap()).unwrap()
}

fn shrunk(past: &Past<'_>, assets: &[usize], rows: usize) -> String {
    james_stein(past, assets, rows).map_or_else(|error| error.to_string(), |_| String::new())
}

#[test]
fn a_covariance_without_inverse_is_refused() {
    let market = with_double();
    let past = market.before(399).unwrap();
    assert_eq!(
        shrunk(&past, &[1, 0, 3], 252),
        "over the 252 rows of the window COPY is constant or a mixture of other assets: the covariance has no inverse"
    );
    assert!(shrunk(&past, &[0, 4, 1], 252).contains("CASH is constant"));
    assert_eq!(
        shrunk(&past, &[0, 1, 2], 3),
        "a window of 3 rows is too short: the James-Stein estimator needs at least 4"
    );
    assert_eq!(shrunk(&past, &[0, 1, 2], 4), "");
    // Two assets are never shrunk, so that their covariance does not matter.
    assert_eq!(james_stein(&past, &[0, 3], 252).unwrap().intensity, 0.0);
    let error = james_stein(&past, &[0, 1, 3], 252).unwrap_err();
    let hint = "leave out COPY or its double, or choose another model of expected returns";
    assert_eq!(error.hint().unwrap(), hint);
}

#[test]
fn shrinkage_keeps_the_mean_and_the_order() {
    let market = with_double();
    let past = market.before(399).unwrap();
    let shrunk = james_stein(&past, &[0, 1, 2], 252).unwrap();
    assert!((0.0..=1.0).contains(&shrunk.intensity));
    let plain = Historical::default().estimate(&past, &[0, 1, 2], HUNDRED).unwrap();
    let target = plain.iter().sum::<f64>() / 3.0;
    for (shrunk_mean, plain) in shrunk.mean.iter().zip(&plain) {
        let expected = target + (1.0 - shrunk.intensity) * (plain - target);
        assert!((shrunk_mean * 100.0 - expected).abs() < 1e-12);
    }
}

#[test]
fn months_are_counted_by_what_became_of_them() {
    // Four assets until row 400, six from then on.
    let late = (400, 1_500);
    let listings = [(0, 1_500), (0, 1_500), (0, 1_500), (0, 1_500), late, late];
    let market = drawn_market(1_500, &listings, 8);
    let past = market.before(1_480).unwrap();
    let fit = FamaMacBeth::fit(&past, &MultiFactor { months: 60, ..Default::default() }).unwrap();
    assert_eq!((fit.months + fit.too_few_assets, fit.singular), (60, 0));
    // Six assets have 252 returns from the month-end of row 652 at the earliest.
    assert!(fit.too_few_assets > 20 && fit.months > 35, "{fit:?}");

    let early = market.before(400).unwrap();
    let error = MultiFactor::default().estimate(&early, &[0, 1], YEAR).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the multi-factor model has 0 usable month-ends, it needs at least 12"
    );
    assert_eq!(error.hint().unwrap(), "start later, or supply earlier data");
}

/// Five assets that are one until row 400: their scores are constant across them, month after month.
fn parted_at_400() -> Market {
    let drawn = drawn_market(1_000, &[(0, 1_000); 5], 2);
    let price = |t, asset| drawn.prices().value(t, asset).unwrap();
    let column = |asset: usize| {
        let own = |t| price(400, 0) * price(t, asset) / price(400, asset);
        (0..1_000).map(|t| Some(if t <= 400 { price(t, 0) } else { own(t) })).collect()
    };
    let universe = Universe::new(["A", "B", "C", "D", "E"]).unwrap();
    let prices = Prices::new(drawn.dates().to_vec(), universe, (0..5).map(column).collect());
    Market::new(prices.unwrap()).unwrap()
}

#[test]
fn dependent_scores_are_left_out_and_counted() {
    let market = parted_at_400();
    // Month-ends have scores from 2000-12-29 (row 259) on. To 2001-06-29 (389) they are all the same,
    // and at 2001-07-31 (411) the momentum still is: it leaves out the rows since 390. At row 740 the
    // month after 2002-09-30 (715) is over.
    let past = market.before(740).unwrap();
    let fit = FamaMacBeth::fit(&past, &MultiFactor::default()).unwrap();
    assert_eq!((fit.months, fit.singular, fit.too_few_assets), (14, 8, 11));
    let past = market.before(600).unwrap();
    let error = FamaMacBeth::fit(&past, &MultiFactor::default()).unwrap_err();
    assert!(matches!(error, Error::TooFewMonths { months: 7, least: 12, .. }), "{error}");
}

/// Without more assets than coefficients there is nothing to estimate, however few are asked for.
#[test]
fn three_assets_cannot_be_regressed() {
    let market = drawn_market(1_000, &[(0, 1_000); 3], 2);
    let past = market.before(990).unwrap();
    let few = MultiFactor { least_assets: 3, least_months: 1, ..Default::default() };
    assert!(matches!(FamaMacBeth::fit(&past, &few), Err(Error::TooFewMonths { months: 0, .. })));
    let one_row = MultiFactor { volatility_rows: 1, ..few };
    assert_eq!(
        one_row.estimate(&past, &[0], YEAR).unwrap_err().to_string(),
        "a window of 1 rows is too short: a volatility needs at least 2"
    );
}
