//! What a user states: forecasts and views of files, and blends.

use walkfolio_core::{Date, Dated, Faults, Market, Past, Poison, Signal, StatedView};
use walkfolio_estimate::covariance::{
    self, CovarianceChoice, CovariancePart, Detoned, Pca, Sample,
};
use walkfolio_estimate::expected_returns::{
    BlackLitterman, Blend, Equilibrium, ExpectedReturnsChoice, File, ForecastPer, ForecastUnit,
    Historical, JamesStein, MarketView, MissingForecast, ModelViews, Momentum, ReturnsPart,
    views_name,
};
use walkfolio_estimate::{Needs, Scale};

use crate::data::{drawn_market, weekday};

const YEAR: Scale = Scale { units: walkfolio_estimate::Units::Annual, periods_per_year: 252.0 };
const ROWS: usize = 400;
const T: usize = 380;
const ALL: [usize; 3] = [0, 1, 2];

/// Forecasts in percent: of A0 and A1 long ago, of A0 on the last known row and on the decision's; and views.
fn market() -> Market {
    let records = vec![
        vec![(weekday(T - 1), 7.0), (weekday(10), 5.0), (weekday(T), 99.0)],
        vec![(weekday(100), 3.0)],
        Vec::new(),
    ];
    let signal = Signal::new(File::signal("mu.csv"), records).unwrap();
    let view = |assets: &[(&str, f64)], expected, until| StatedView {
        assets: assets.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect(),
        expected,
        confidence: 0.4,
        until,
    };
    let pair = [("A0", 1.0), ("A1", -1.0)];
    let views = vec![
        (weekday(50), view(&pair, Some(0.5), None)),
        (weekday(200), view(&pair, Some(0.02), None)),
        (weekday(50), view(&[("A2", 1.0)], Some(0.1), Some(weekday(100)))),
        (weekday(60), view(&[("A1", 1.0)], Some(0.1), None)),
        (weekday(70), view(&[("A1", 1.0)], None, None)),
        (weekday(T), view(&[("A2", 1.0)], Some(0.3), None)),
    ];
    let market = drawn_market(ROWS, &[(0, ROWS); 3], 7);
    let market = market.with_signal(signal).unwrap();
    market.with_views(Dated::new(views_name("v.csv"), views))
}

fn file(missing: MissingForecast) -> File {
    let (unit, per) = (ForecastUnit::Percent, ForecastPer::Year);
    File { file: "mu.csv".to_owned(), unit, per, max_age: None, missing }
}

fn estimate(
    model: impl Into<ExpectedReturnsChoice>,
    past: &Past<'_>,
    assets: &[usize],
) -> Vec<f64> {
    model.into().estimate(past, assets, YEAR).unwrap()
}

fn is_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-14, "{found} {expected}");
    }
}

#[test]
fn a_forecast_is_the_newest_that_is_known_in_its_unit() {
    let market = market();
    let past = market.before(T).unwrap();
    is_near(&estimate(file(MissingForecast::Error), &past, &[1, 0]), &[0.03, 0.07]);
    let earlier = market.before(T - 1).unwrap();
    is_near(&estimate(file(MissingForecast::Error), &earlier, &[0]), &[0.05]);
    let daily = File { per: ForecastPer::Period, ..file(MissingForecast::Error) };
    is_near(&estimate(daily.clone(), &past, &[0]), &[0.07 * 252.0]);
    let session = Scale { units: walkfolio_estimate::Units::Daily, ..YEAR };
    let found = ExpectedReturnsChoice::from(daily).estimate(&past, &[0], session).unwrap();
    is_near(&found, &[0.07]);
}

#[test]
fn a_missing_forecast_is_refused_or_said() {
    let market = market();
    let past = market.before(T).unwrap();
    let strict = ExpectedReturnsChoice::from(file(MissingForecast::Error));
    let error = strict.estimate(&past, &ALL, YEAR).unwrap_err();
    assert_eq!(error.to_string(), "mu.csv has no forecast of A2 that is known on 2001-06-15");
    assert!(!strict.is_ready(&past, &ALL) && strict.is_ready(&past, &[0, 1]));
    let lenient = ExpectedReturnsChoice::from(file(MissingForecast::Mean));
    is_near(&lenient.estimate(&past, &ALL, YEAR).unwrap(), &[0.07, 0.03, 0.05]);
    let notes: Vec<String> =
        lenient.notes(&past, &ALL).into_iter().map(|note| note.message).collect();
    assert_eq!(notes, ["mu.csv has no forecast of A2: the mean of the others is used"]);
    assert!(lenient.notes(&past, &[0, 1]).is_empty());
    let young = File { max_age: Some(365), ..file(MissingForecast::Error) };
    let error = ExpectedReturnsChoice::from(young).estimate(&past, &[0, 1], YEAR).unwrap_err();
    let text = "the newest forecast of A1 in mu.csv is of 2000-05-22: it is 389 days old on 2001-06-15, max_age is 365";
    assert_eq!(error.to_string(), text);
    assert!(error.hint().is_some_and(|hint| hint.contains("raise max_age")));
}

fn half(of: impl Into<ExpectedReturnsChoice>, weight: f64) -> ReturnsPart {
    ReturnsPart { of: Box::new(of.into()), weight }
}

fn part(of: impl Into<CovarianceChoice>, weight: f64) -> CovariancePart {
    CovariancePart { of: Box::new(of.into()), weight }
}

#[test]
fn a_blend_is_the_weighted_mean_of_its_parts_and_needs_what_they_need() {
    let market = market();
    let past = market.before(T).unwrap();
    let (history, momentum) = (Historical { window: 300 }, Momentum::default());
    let blend = Blend { blend: vec![half(history, 0.25), half(momentum.clone(), 0.75)] };
    let (one, other) = (estimate(history, &past, &ALL), estimate(momentum, &past, &ALL));
    let mean: Vec<f64> = one.iter().zip(&other).map(|(a, b)| 0.25 * a + 0.75 * b).collect();
    let choice = ExpectedReturnsChoice::from(blend);
    is_near(&choice.estimate(&past, &ALL, YEAR).unwrap(), &mean);
    assert_eq!(choice.needs(), Needs::returns(300));
    let with_file =
        Blend { blend: vec![half(choice, 0.5), half(file(MissingForecast::Mean), 0.5)] };
    let with_file = ExpectedReturnsChoice::from(with_file);
    assert_eq!(with_file.files()[0].key(), "blend[1].of.file");
    assert_eq!(with_file.notes(&past, &ALL).len(), 1);
    let (sample, pca) = (Sample { window: 60 }, Pca { window: 350, factors: 1 });
    let blend = covariance::Blend { blend: vec![part(sample, 0.4), part(pca, 0.6)] };
    let choice = CovarianceChoice::from(blend);
    assert_eq!(choice.needs(), Needs::returns(350));
    let dense = |choice: CovarianceChoice| choice.estimate(&past, &ALL, YEAR).unwrap().to_dense();
    let (one, other) = (dense(sample.into()), dense(pca.into()));
    let mean: Vec<f64> =
        one.values().iter().zip(other.values()).map(|(a, b)| 0.4 * a + 0.6 * b).collect();
    is_near(dense(choice).values(), &mean);
}

#[test]
fn the_faults_of_a_blend_have_their_places() {
    let detoned: CovarianceChoice =
        Detoned { window: 60, of: covariance::DetonedFrom::Sample, noise_variance: 1.0 }.into();
    assert!(detoned.only_for_clustering().is_some());
    let blend =
        covariance::Blend { blend: vec![part(Sample { window: 1 }, 0.5), part(detoned, 0.4)] };
    let mut faults = Faults::default();
    CovarianceChoice::from(blend).validate(&mut faults);
    ExpectedReturnsChoice::from(Blend { blend: Vec::new() }).validate(&mut faults);
    let negative = Blend { blend: vec![half(Historical { window: 60 }, -1.0)] };
    ExpectedReturnsChoice::from(negative).validate(&mut faults);
    let found: Vec<String> = faults
        .into_found()
        .into_iter()
        .map(|fault| format!("{}: {}", fault.path, fault.message))
        .collect();
    insta_like(
        &found,
        &[
            "blend: has weights that sum to 0.900000, not to 1",
            "blend[0].of.window: a window of 1 rows is too short: the covariance needs at least 2",
            "blend[1].of.kind: leaves out what all assets have in common",
            "blend: has no parts",
            "blend[0].weight: must be above 0, found -1",
            "blend: has weights that sum to -1.000000, not to 1",
        ],
    );
}

/// Each message begins as expected.
fn insta_like(found: &[String], expected: &[&str]) {
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

fn black_litterman(views: Vec<MarketView>, views_file: Option<&str>) -> BlackLitterman {
    let prior = Equilibrium {
        covariance: Some(Box::new(Sample { window: 60 }.into())),
        ..Equilibrium::default()
    };
    let views_file = views_file.map(str::to_owned);
    BlackLitterman { prior, views, views_file, ..BlackLitterman::default() }
}

/// The newest of each combination counts; what has ended, is withdrawn or comes later does not.
#[test]
fn views_of_a_file_are_those_of_a_study() {
    let market = market();
    let past = market.before(T).unwrap();
    let own = MarketView {
        assets: [("A0".to_owned(), 1.0), ("A1".to_owned(), -1.0)].into(),
        expected: 0.02,
        confidence: 0.4,
        from: Date::constant(1999, 1, 1),
        until: None,
    };
    let of_file = black_litterman(Vec::new(), Some("v.csv"));
    let of_study = black_litterman(vec![own.clone()], None);
    let found = estimate(of_file.clone(), &past, &ALL);
    assert_eq!(found, estimate(of_study, &past, &ALL));
    assert_ne!(found, estimate(black_litterman(Vec::new(), None), &past, &ALL));
    // Without A1 the view is left out, and a note says so.
    let choice = ExpectedReturnsChoice::from(of_file.clone());
    let left = choice.estimate(&past, &[0, 2], YEAR).unwrap();
    assert_eq!(left, estimate(black_litterman(Vec::new(), None), &past, &[0, 2]));
    let note = &choice.notes(&past, &[0, 2])[0].message;
    assert_eq!(note, "the view A0 - A1 of 2000-10-09 is left out: A1 is not eligible");
    assert!(choice.notes(&past, &ALL).is_empty());
    assert_eq!(choice.files()[0].file(), "v.csv");
    let certain = MarketView { confidence: 1.0, ..own };
    let twice = black_litterman(vec![certain.clone(), certain], None);
    let error = ExpectedReturnsChoice::from(twice).estimate(&past, &ALL, YEAR).unwrap_err();
    assert!(error.to_string().starts_with("view 2 says nothing"), "{error}");
    let missing = ExpectedReturnsChoice::from(black_litterman(Vec::new(), Some("w.csv")));
    assert!(missing.estimate(&past, &ALL, YEAR).is_err());
}

/// One certain model leaves nothing of the prior; half certain ones of what the prior says leave it.
#[test]
fn a_model_is_a_view_of_every_asset() {
    let market = market();
    let past = market.before(T).unwrap();
    let model = |of: ExpectedReturnsChoice, confidence| ModelViews { of: Box::new(of), confidence };
    let with = |model_views| BlackLitterman { model_views, ..black_litterman(Vec::new(), None) };
    let momentum = || ExpectedReturnsChoice::from(Momentum::default());
    let certain = estimate(with(vec![model(momentum(), 1.0)]), &past, &ALL);
    for (found, expected) in certain.iter().zip(estimate(momentum(), &past, &ALL)) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
    let prior = black_litterman(Vec::new(), None);
    let same = ExpectedReturnsChoice::from(prior.prior.clone());
    is_near(
        &estimate(with(vec![model(same, 0.5)]), &past, &ALL),
        &estimate(prior.clone(), &past, &ALL),
    );
    assert_eq!(
        estimate(with(vec![model(momentum(), 0.0)]), &past, &ALL),
        estimate(prior, &past, &ALL)
    );
    let choice = ExpectedReturnsChoice::from(with(vec![
        model(Historical { window: 333 }.into(), 0.3),
        model(file(MissingForecast::Mean).into(), 0.3),
    ]));
    assert_eq!(choice.needs(), Needs::returns(333));
    assert_eq!(choice.files()[0].key(), "model_views[1].of.file");
    let mut faults = Faults::default();
    ExpectedReturnsChoice::from(with(vec![model(momentum(), 1.5)])).validate(&mut faults);
    assert_eq!(faults.into_found()[0].path, "model_views[0].confidence");
}

#[test]
fn fewer_rows_than_assets_are_refused_where_an_inverse_is_needed() {
    let market = market();
    let past = market.before(T).unwrap();
    let model = ExpectedReturnsChoice::from(JamesStein { window: 3, covariance: None });
    let error = model.estimate(&past, &ALL, YEAR).unwrap_err();
    assert!(error.to_string().contains("it needs at least"), "{error}");
}

#[test]
fn what_is_stated_later_changes_nothing() {
    let market = market();
    let blend = Blend {
        blend: vec![
            half(file(MissingForecast::Mean), 0.5),
            half(black_litterman(Vec::new(), Some("v.csv")), 0.5),
        ],
    };
    let models = [
        ExpectedReturnsChoice::from(file(MissingForecast::Mean)),
        black_litterman(Vec::new(), Some("v.csv")).into(),
        blend.into(),
    ];
    let covariance = CovarianceChoice::from(covariance::Blend {
        blend: vec![part(Sample { window: 60 }, 0.5), part(Pca { window: 90, factors: 1 }, 0.5)],
    });
    for t in [120, 250, T] {
        for poison in [Poison::Values, Poison::Delist] {
            let other = market.poisoned(t, poison);
            let (honest, other) = (market.before(t).unwrap(), other.before(t).unwrap());
            for model in &models {
                let of = |past| model.estimate(past, &ALL, YEAR).unwrap();
                assert_eq!(of(&honest), of(&other), "{t}");
                assert_eq!(model.notes(&honest, &ALL), model.notes(&other, &ALL));
            }
            let of = |past| covariance.estimate(past, &ALL, YEAR).unwrap();
            assert_eq!(of(&honest), of(&other), "{t}");
        }
    }
    // The decision's own row tells something else.
    let (at, after) = (market.before(T).unwrap(), market.before(T + 1).unwrap());
    for model in &models[..2] {
        let of = |past| model.estimate(past, &ALL, YEAR).unwrap();
        assert_ne!(of(&at), of(&after));
    }
    let known = after.to_market();
    assert_eq!(known.before(T).unwrap().views(&views_name("v.csv")).unwrap().len(), 5);
}
