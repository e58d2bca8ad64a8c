//! Models of expected returns against independent programs: `golden/advanced/SOURCE.md`.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_core::{Covariance, Date, Past};
use walkfolio_estimate::covariance::{CovarianceChoice, LedoitWolf, Sample, ShrinkageTarget};
use walkfolio_estimate::expected_returns::{
    BayesStein, BlackLitterman, Capm, Equilibrium, Ewma, ExpectedReturnsChoice, JamesStein,
    MarketView,
};
use walkfolio_estimate::{Scale, Units};

use crate::covariance::{made_up, with_factors};
use crate::data::{FUNDS, folder, market_of, row};

const YEAR: Scale = Scale { units: Units::Annual, periods_per_year: 252.0 };

fn golden(folder: &Path, problem: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join(format!("mu_{problem}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn every(past: &Past<'_>) -> Vec<usize> {
    (0..past.universe().len()).collect()
}

fn close(found: &[f64], expected: &[f64], what: &str) {
    let size = expected.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9 * size, "{what}: {found} {expected}");
    }
}

fn is_matrix(found: &Covariance, golden: &serde_json::Value, what: &str) {
    let rows: Vec<f64> = golden.as_array().unwrap().iter().flat_map(numbers).collect();
    close(found.to_dense().values(), &rows, what);
}

fn sample(window: u32) -> CovarianceChoice {
    Sample { window }.into()
}

/// Weights proportional to n, n - 1, ..., 1.
fn reference(past: &Past<'_>, window: u32) -> Equilibrium {
    let names = past.universe().tickers().iter().rev();
    let weights = names.zip(1..).map(|(name, weight)| (name.to_string(), f64::from(weight)));
    Equilibrium {
        covariance: Some(Box::new(sample(window))),
        weights: weights.collect(),
        ..Equilibrium::default()
    }
}

fn views(past: &Past<'_>, confidences: [f64; 3]) -> Vec<MarketView> {
    let names: Vec<String> = past.universe().tickers().iter().map(ToString::to_string).collect();
    let of = |pairs: &[(usize, f64)]| -> BTreeMap<String, f64> {
        pairs.iter().map(|&(at, weight)| (names[at].clone(), weight)).collect()
    };
    let stated = [
        (of(&[(0, 1.0)]), 0.08),
        (of(&[(1, 1.0), (2, -1.0)]), 0.02),
        (of(&[(3, 0.5), (4, 0.5), (0, -1.0)]), -0.01),
    ];
    let view = |((assets, expected), confidence)| MarketView {
        assets,
        expected,
        confidence,
        from: Date::constant(1999, 1, 1),
        until: None,
    };
    stated.into_iter().zip(confidences).map(view).collect()
}

fn check(past: &Past<'_>, window: u32, folder: &Path, problem: &str) {
    let golden = golden(folder, problem);
    let target = ShrinkageTarget::Identity;
    let shrunk = || Some(Box::new(LedoitWolf { window, target }.into()));
    let bayes = |covariance, scale_covariance| BayesStein {
        window,
        covariance,
        scale_covariance,
        posterior_covariance: true,
    };
    let equal =
        Equilibrium { covariance: Some(Box::new(sample(window))), ..Equilibrium::default() };
    let all: [(&str, ExpectedReturnsChoice); 9] = [
        ("ewma60", Ewma { window, half_life: 60.0 }.into()),
        ("james_stein", JamesStein { window, covariance: None }.into()),
        ("james_stein_lw", JamesStein { window, covariance: shrunk() }.into()),
        ("bayes_stein", bayes(None, true).into()),
        ("bayes_stein_unscaled", bayes(None, false).into()),
        ("bayes_stein_lw", bayes(shrunk(), true).into()),
        ("bayes_stein_unscaled_lw", bayes(shrunk(), false).into()),
        ("equilibrium_delta2.5_equal", equal.into()),
        ("equilibrium_delta2.5_reference", reference(past, window).into()),
    ];
    let assets = every(past);
    for (name, model) in all {
        close(&model.estimate(past, &assets, YEAR).unwrap(), &numbers(&golden[name]), name);
        if let Some(expected) = golden.get(format!("{name}_covariance")) {
            let found = model.covariance(past, &assets, YEAR).unwrap().unwrap();
            is_matrix(&found, expected, name);
        }
    }
    for (name, confidences) in [("he_litterman", [0.5; 3]), ("idzorek", [0.3, 0.65, 0.9])] {
        let model = BlackLitterman {
            prior: reference(past, window),
            views: views(past, confidences),
            ..BlackLitterman::default()
        };
        let model = ExpectedReturnsChoice::from(model);
        let expected = &golden["bl"][name];
        let found = model.estimate(past, &assets, YEAR).unwrap();
        close(&found, &numbers(&expected["posterior_mean"]), name);
        let found = model.covariance(past, &assets, YEAR).unwrap().unwrap();
        is_matrix(&found, &expected["posterior_covariance"], name);
    }
}

#[test]
fn models_agree_with_independent_programs() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    let market = with_factors(&folder, "R1", "ff3");
    let past = market.before(41).unwrap();
    check(&past, 40, &folder, "R1");
    let capm = Capm { window: 40, risk_free: Some(0.02), premium: Some(0.05) };
    let found = ExpectedReturnsChoice::from(capm).estimate(&past, &every(&past), YEAR).unwrap();
    close(&found, &numbers(&golden(&folder, "R1")["capm_rf2_premium5"]), "capm");
    let implied = Equilibrium { implied_window: Some(40), ..reference(&past, 40) };
    let error = ExpectedReturnsChoice::from(implied).estimate(&past, &every(&past), YEAR);
    let start = "the risk aversion implied by 40 rows of Mkt-RF is -8.35870469781";
    assert!(error.unwrap_err().to_string().starts_with(start));
    let Some(market) = market_of("mtum/prices.csv", &FUNDS[..10]) else { return };
    check(&market.before(row(&market, "2019-06-03")).unwrap(), 252, &folder, "A2019");
    let global =
        ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
    let Some(market) = market_of("global_etf/prices.csv", &global) else { return };
    check(&market.before(row(&market, "2020-03-30")).unwrap(), 120, &folder, "B2020");
}

/// A certain view holds, none leaves the prior, and a view is not known before its day.
#[test]
fn views_hold_from_their_day_on() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    let market = made_up(&folder, "R1");
    let past = market.before(41).unwrap();
    let last = *past.dates().last().unwrap();
    let assets = every(&past);
    let prior = reference(&past, 40);
    let mean_of = |view: &MarketView| {
        let views = vec![view.clone()];
        let model = BlackLitterman { prior: prior.clone(), views, ..BlackLitterman::default() };
        ExpectedReturnsChoice::from(model).estimate(&past, &assets, YEAR).unwrap()
    };
    let plain = ExpectedReturnsChoice::from(prior.clone()).estimate(&past, &assets, YEAR).unwrap();
    let view = MarketView { from: last, ..views(&past, [1.0; 3])[1].clone() };
    let found = mean_of(&view);
    assert!((found[1] - found[2] - 0.02).abs() < 1e-12);
    assert_eq!(mean_of(&MarketView { confidence: 0.0, ..view.clone() }), plain);
    let tomorrow = MarketView { from: last.tomorrow().unwrap(), ..view.clone() };
    assert_eq!(mean_of(&tomorrow), plain);
    let over = MarketView {
        until: last.yesterday().ok(),
        from: Date::constant(1999, 1, 1),
        ..view.clone()
    };
    assert_eq!(mean_of(&over), plain);
    let views = vec![view.clone(), view];
    let twice = BlackLitterman { prior, views, ..BlackLitterman::default() };
    let error = ExpectedReturnsChoice::from(twice).estimate(&past, &assets, YEAR).unwrap_err();
    assert!(error.to_string().starts_with("view 2 says nothing"), "{error}");
}
