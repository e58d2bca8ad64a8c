#![allow(clippy::unwrap_used)]

use walkfolio_core::{Date, Market, Need, Poison, Prices, Universe};

use super::*;

/// Three assets and a benchmark over six years of weekdays, from sums of waves.
fn market() -> Market {
    let start = Date::constant(2015, 1, 1);
    let weekday = |date: &Date| date.weekday().to_monday_zero_offset() < 5;
    let dates: Vec<Date> = (0..2200)
        .map(|day| start.saturating_add(jiff::Span::new().days(day)))
        .filter(weekday)
        .collect();
    let rows = dates.len();
    let path = |seed: f64| -> Vec<Option<f64>> {
        let step = |t: usize| 0.01 * (seed * (t * t % 97) as f64).sin() + 0.0003 * seed.cos();
        let mut price = 50.0;
        (0..rows)
            .map(|t| {
                price *= 1.0 + step(t);
                Some(price)
            })
            .collect()
    };
    let columns = vec![path(1.0), path(2.0), path(3.5)];
    let universe = Universe::new(["A", "B", "C"]).unwrap();
    let prices = Prices::new(dates.clone(), universe, columns).unwrap();
    let benchmark = Prices::new(dates, Universe::new(["M"]).unwrap(), vec![path(1.3)]).unwrap();
    Market::new(prices).unwrap().with_benchmark(benchmark).unwrap()
}

fn review() -> Review {
    let base = [("C".to_owned(), 0.5)].into();
    Review {
        months: vec![5, 11],
        stale: 0.05,
        ad_hoc: None,
        prior: Some(Prior { rows: 5.0, half_life_days: 63.0, base, clip: 3.0 }),
        tilt: Some(Tilt { strength: 0.04, decay_days: 21.0 }),
    }
}

fn estimator(review: &Review) -> ReviewAware<'_> {
    ReviewAware { rows: 504, shortest: 252, half_life: Some(60.0), review }
}

const NEED: Need = Need { rows: 252, history_months: Some(13) };

#[test]
fn nothing_of_it_looks_ahead() {
    let (market, review) = (market(), review());
    for t in [1200, 1301, 1433] {
        let honest =
            estimator(&review).moments(&market.before(t).unwrap(), &[0, 1, 2], NEED).unwrap();
        let lied = market.poisoned(t, Poison::Values);
        let again = estimator(&review).moments(&lied.before(t).unwrap(), &[0, 1, 2], NEED).unwrap();
        assert_eq!(honest, again);
    }
}

#[test]
fn without_its_parts_it_is_the_average_of_a_window() {
    let market = market();
    let past = market.before(1300).unwrap();
    let review = Review { stale: 1.0, prior: None, tilt: None, ..review() };
    let plain = ReviewAware { rows: 252, half_life: None, ..estimator(&review) };
    let found = plain.moments(&past, &[0, 1, 2], NEED).unwrap();
    let window = past.returns(&[0, 1, 2], 252).unwrap();
    let whole = TrackingMoments::of_window(&window, past.benchmark(252).unwrap()).unwrap();
    for (a, b) in found.cross.iter().zip(&whole.cross) {
        assert!((a - b / 252.0).abs() < 1e-18);
    }
    assert!((found.benchmark_square - whole.benchmark_square / 252.0).abs() < 1e-18);
    let w = [0.2, 0.5, 0.3];
    let (a, b) = (found.second_moment.variance(&w), whole.second_moment.variance(&w) / 252.0);
    assert!((a - b).abs() < 1e-18);
}

#[test]
fn a_believed_portfolio_alone_is_what_is_tracked() {
    let market = market();
    let past = market.before(1300).unwrap();
    let prior = review().prior.unwrap();
    let known = *review().rows(&past).unwrap().last().unwrap();
    let p = prior.portfolio(&past, &[0, 1, 2], known, NEED).unwrap();
    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    // With next to no weight on the benchmark's own returns, H p = g.
    let prior = Some(Prior { rows: 1e9, ..prior });
    let review = Review { stale: 0.0, prior, tilt: None, ..review() };
    let estimator = ReviewAware { half_life: Some(1e-3), ..estimator(&review) };
    let moments = estimator.moments(&past, &[0, 1, 2], NEED).unwrap();
    for (a, b) in moments.second_moment.times(&p).iter().zip(&moments.cross) {
        assert!((a - b).abs() < 1e-7 * b.abs(), "{a} {b}");
    }
}

#[test]
fn rows_before_a_review_count_less() {
    let quarter = Review { stale: 0.25, ..review() };
    let estimator = ReviewAware { half_life: None, ..estimator(&quarter) };
    assert_eq!(estimator.own_weights(5, 2), [0.25, 0.25, 0.25, 1.0, 1.0]);
    // A review at the last known row leaves nothing after it.
    assert_eq!(estimator.own_weights(2, 0), [0.25, 0.25]);
    let whole = Review { stale: 1.0, ..review() };
    let halved = ReviewAware { half_life: Some(1.0), review: &whole, ..estimator };
    assert_eq!(halved.own_weights(3, 9), [0.25, 0.5, 1.0]);
}

#[test]
fn scheduled_reviews_are_the_last_sessions_of_their_months() {
    let market = market();
    let past = market.before(700).unwrap();
    let rows = review().rows(&past).unwrap();
    let dates: Vec<String> = rows.iter().map(|&row| past.dates()[row].to_string()).collect();
    assert_eq!(dates, ["2015-05-29", "2015-11-30", "2016-05-31", "2016-11-30", "2017-05-31"]);
}

#[test]
fn a_score_has_mean_zero_and_unit_variance() {
    let market = market();
    let scores = momentum_score(&market.before(1300).unwrap(), &[0, 1, 2]).unwrap();
    let square: f64 = scores.iter().map(|z| z * z).sum();
    assert!(scores.iter().sum::<f64>().abs() < 1e-12 && (square - 3.0).abs() < 1e-12);
    let error = momentum_score(&market.before(200).unwrap(), &[0]).unwrap_err();
    assert!(error.to_string().contains("needs at least 14"), "{error}");
}

#[test]
fn an_asset_that_the_market_lacks_is_an_error() {
    let market = market();
    let past = market.before(1300).unwrap();
    let prior = review().prior.map(|prior| Prior { base: [("Z".to_owned(), 1.0)].into(), ..prior });
    let review = Review { prior, ..review() };
    let error = estimator(&review).moments(&past, &[0, 1, 2], NEED).unwrap_err();
    assert_eq!(error.to_string(), "Z is not an asset of the market");
}
