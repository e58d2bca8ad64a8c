//! Inference against independent programs: `inference/SOURCE.md` says which.
#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, not by their helpers")]

use std::collections::BTreeMap;

use walkfolio_stats::inference::bootstrap::{
    Bootstrap, Interval, max_drawdown, mean_block_length, mean_return_annual, sharpe_difference,
    sharpe_ratio, volatility,
};
use walkfolio_stats::inference::deflated::{
    SharpeSample, average_correlation, deflated, effective_trials,
};
use walkfolio_stats::inference::normal;
use walkfolio_stats::inference::normal_fit::{Bins, normal_fit};
use walkfolio_stats::inference::overfitting::overfitting;
use walkfolio_stats::measures::performance;

struct Expected(BTreeMap<&'static str, f64>);

impl Expected {
    fn read() -> Self {
        let lines = include_str!("inference/expected.csv").lines();
        Self(lines.filter_map(|line| line.split_once(',')).map(number).collect())
    }

    fn check(&self, name: &str, found: f64, relative: f64) {
        let expected = self.0[name];
        let error = (found - expected).abs();
        assert!(error <= relative * expected.abs(), "{name}: {found} for {expected}");
    }

    fn starting_with(&self, prefix: &'static str) -> impl Iterator<Item = (f64, f64)> + '_ {
        let argument =
            move |name: &str| name.strip_prefix(prefix).map(|rest| rest.parse().unwrap());
        self.0.iter().filter_map(move |(name, value)| Some((argument(name)?, *value)))
    }
}

fn number((name, value): (&'static str, &str)) -> (&'static str, f64) {
    (name, value.parse().unwrap())
}

fn noise(seed: u32, count: usize) -> Vec<f64> {
    let step = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(f64::from(*state) / 4_294_967_296.0 - 0.5)
    };
    std::iter::repeat_n((), count).scan(seed, |state, ()| step(state)).collect()
}

fn autoregressive(seed: u32, count: usize, phi: f64, drift: f64) -> Vec<f64> {
    let mut level = 0.0;
    let mut next = |shock: f64| {
        level = phi * level + 0.02 * shock;
        drift + level
    };
    noise(seed, count).into_iter().map(&mut next).collect()
}

fn skewed(seed: u32, count: usize) -> Vec<f64> {
    let shape = |e: f64| 0.02 * e + 0.04 * e * e * e - 0.01 * e * e;
    noise(seed, count).into_iter().map(shape).collect()
}

fn slices(series: &[Vec<f64>]) -> Vec<&[f64]> {
    series.iter().map(Vec::as_slice).collect()
}

fn plus(a: &[f64], weight: f64, b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + weight * b).collect()
}

#[test]
fn block_lengths_of_arch() {
    let expected = Expected::read();
    for (name, seed, count, phi) in [
        ("white", 1, 1000, 0.0),
        ("ar_0.5", 2, 1000, 0.5),
        ("ar_0.9", 3, 2000, 0.9),
        ("ar_-0.4", 4, 500, -0.4),
        ("ar_0.2", 5, 4100, 0.2),
        ("short", 6, 60, 0.6),
        ("ar_0.99", 7, 300, 0.99),
    ] {
        let length = mean_block_length(&autoregressive(seed, count, phi, 0.0));
        expected.check(&format!("block_length.{name}"), length, 1e-11);
    }
}

#[test]
fn intervals_of_arch() {
    let expected = Expected::read();
    let x = autoregressive(11, 400, 0.3, 0.001);
    let settings =
        Bootstrap { resamples: 20_000, level: 0.9, mean_block: Some(8.0), ..Bootstrap::default() };
    let check = |name: &str, found: Interval| {
        let [low, high] =
            ["0.05", "0.95"].map(|share| expected.0[format!("interval.{name}.{share}").as_str()]);
        assert!((found.low - low).abs() < 0.03 * (high - low), "{name}: {found:?}, {low}");
        assert!((found.high - high).abs() < 0.03 * (high - low), "{name}: {found:?}, {high}");
    };
    check("mean", mean_return_annual(&x, 252.0, &settings).unwrap());
    check("volatility", volatility(&x, 252.0, &settings).unwrap());
    check("sharpe", sharpe_ratio(&x, 252.0, &settings).unwrap());
    check("drawdown", max_drawdown(&x, &settings).unwrap());
    let y = plus(&autoregressive(12, 400, 0.3, 0.0005), 0.5, &x);
    let difference = walkfolio_stats::inference::bootstrap::interval(
        &[&x, &y],
        |s| Some(performance::sharpe_ratio(s[0], 252.0)? - performance::sharpe_ratio(s[1], 252.0)?),
        &settings,
    );
    check("difference", difference.unwrap());
}

#[test]
fn the_studentized_difference() {
    let expected = Expected::read();
    let x = autoregressive(21, 250, 0.3, 0.0012);
    let y = plus(&autoregressive(22, 250, 0.3, 0.0), 0.3, &x);
    let settings =
        Bootstrap { resamples: 50_000, level: 0.9, mean_block: Some(5.0), ..Bootstrap::default() };
    let found = sharpe_difference(&x, &y, None, 252.0, &settings).unwrap();
    expected.check("studentized.estimate", found.interval.estimate, 1e-12);
    expected.check("studentized.error", found.standard_error, 1e-12);
    assert!((found.p_value - expected.0["studentized.p_value"]).abs() < 0.006, "{found:?}");
    let critical = (found.interval.high - found.interval.estimate) / found.standard_error;
    expected.check("studentized.critical", critical, 0.02);
}

#[test]
fn the_normal_distribution_of_scipy() {
    let expected = Expected::read();
    for (p, z) in expected.starting_with("quantile.") {
        let found = normal::quantile(p).unwrap();
        assert!((found - z).abs() <= 1e-14 * z.abs(), "{p}: {found} for {z}");
    }
    for (z, p) in expected.starting_with("cdf.") {
        let found = normal::cdf(z);
        assert!((found - p).abs() <= 1e-14 * p * (1.0 + z * z), "{z}: {found} for {p}");
    }
}

#[test]
fn the_deflated_sharpe_ratio() {
    let expected = Expected::read();
    let trial = |seed: u32| -> Vec<f64> {
        let shift = 0.0004 * (f64::from(seed) - 30.0) / 10.0;
        skewed(seed, 700).iter().map(|r| r + shift).collect()
    };
    let trials: Vec<Vec<f64>> = (31..51).map(trial).collect();
    let ratio = |trial: &Vec<f64>| performance::sharpe_ratio(trial, 1.0).unwrap();
    let best = trials.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b))).unwrap();
    let ratios: Vec<f64> = trials.iter().map(ratio).collect();
    let found = deflated(best, &ratios).unwrap();
    expected.check("deflated.variance", found.variance_of_trials, 1e-11);
    expected.check("deflated.expected", found.expected_maximum, 1e-11);
    expected.check("deflated.probability", found.probability, 1e-11);
    let above_zero = SharpeSample::of(best).unwrap().probability_above(0.0).unwrap();
    expected.check("deflated.above_zero", above_zero, 1e-11);
    let shared = skewed(99, 700);
    let correlated: Vec<Vec<f64>> = trials.iter().map(|t| plus(t, 0.7, &shared)).collect();
    let rho = average_correlation(&slices(&correlated)).unwrap();
    expected.check("deflated.correlation", rho, 1e-11);
    expected.check("deflated.effective", effective_trials(&slices(&correlated)).unwrap(), 1e-11);
}

#[test]
fn the_probability_of_overfitting() {
    let expected = Expected::read();
    let trial = |seed: u32| -> Vec<f64> {
        let shift = 0.00005 * (f64::from(seed) - 62.0);
        skewed(seed, 131).iter().map(|r| r + shift).collect()
    };
    let trials: Vec<Vec<f64>> = (60..72).map(trial).collect();
    let found = overfitting(&slices(&trials), 8).unwrap();
    let count = found.logits.len() as f64;
    let mean = found.logits.iter().sum::<f64>() / count;
    let square = found.logits.iter().map(|logit| (logit - mean).powi(2)).sum::<f64>() / count;
    let line = found.degradation.unwrap();
    assert_eq!((found.rows, found.blocks), (128, 8));
    for (name, value) in [
        ("splits", found.splits as f64),
        ("probability", found.probability),
        ("loss", found.probability_of_loss),
        ("logit_mean", mean),
        ("logit_deviation", square.sqrt()),
        ("slope", line.slope),
        ("intercept", line.intercept),
        ("r_squared", line.r_squared.unwrap()),
    ] {
        expected.check(&format!("overfitting.{name}"), value, 1e-11);
    }
}

#[test]
fn the_fitted_normal() {
    let expected = Expected::read();
    let fit = normal_fit(&skewed(80, 900), Bins::Automatic).unwrap();
    expected.check("fit.jarque_bera", fit.jarque_bera, 1e-10);
    expected.check("fit.p_value", fit.p_value, 1e-10);
    expected.check("fit.bins", fit.histogram.counts.len() as f64, 0.0);
    for (bin, count) in fit.histogram.counts.iter().enumerate() {
        expected.check(&format!("fit.count.{bin}"), *count as f64, 0.0);
    }
    expected.check("fit.expected_first", fit.expected_counts()[0], 1e-10);
    for index in [0, 449, 899] {
        expected.check(&format!("fit.normal.{index}"), fit.quantiles[index].normal, 1e-10);
        expected.check(&format!("fit.observed.{index}"), fit.quantiles[index].observed, 1e-10);
    }
}
