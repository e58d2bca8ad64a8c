//! Detectors of regimes against independent programs: `golden/advanced/SOURCE.md`. Every file that is found
//! is compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use walkfolio_core::{Date, Market, Matrix, Past, Poison, Prices, Row, Universe};
use walkfolio_estimate::Error;
use walkfolio_estimate::regime::{
    Absorption, AverageCorrelation, Drawdown, FitSample, GaussianStates, HiddenMarkov, Reading,
    Regime, RegimeChoice, ReturnKind, StateProbability, Trend, Turbulence, Volatility,
    absorption_ratio, average_correlation, fit, turbulence,
};

use crate::data::{Draw, FUNDS, drawn_market, folder, market_of, row, weekday};

const GLOBAL: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
const SECTORS: &[&str] = FUNDS.split_at(10).0;

/// The files of a folder whose names begin and end so, in their order.
fn files(folder: &Path, start: &str, end: &str) -> Vec<(String, PathBuf)> {
    let named = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_prefix(start)?.strip_suffix(end)?;
        Some((name.to_owned(), path.clone()))
    };
    let found: BTreeMap<String, PathBuf> = named.filter_map(of).collect();
    assert!(!found.is_empty(), "{start}*{end}");
    found.into_iter().collect()
}

/// The lines of a table by column; empty cells are left out.
fn lines(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let line = |line: &str| {
        let cells = head.iter().zip(line.split(',')).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect()
    };
    text.lines().skip(1).map(line).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The market of one ticker with a session after its last, at which all of it is known.
fn known(ticker: &str) -> Option<Market> {
    let file = if GLOBAL.contains(&ticker) { "global_etf/prices.csv" } else { "mtum/prices.csv" };
    market_of(file, &[ticker]).map(|market| continued(&market))
}

fn continued(market: &Market) -> Market {
    let mut dates = market.dates().to_vec();
    dates.push(dates[dates.len() - 1] + jiff::Span::new().days(1));
    let column = |asset: usize| {
        let mut prices: Vec<_> =
            (0..market.rows()).map(|row| market.prices().value(row, asset)).collect();
        prices.push(prices[prices.len() - 1]);
        prices
    };
    let columns = (0..market.universe().len()).map(column).collect();
    Market::new(Prices::new(dates, market.universe().clone(), columns).unwrap()).unwrap()
}

fn all_known(market: &Market) -> Past<'_> {
    market.before(market.rows() - 1).unwrap()
}

/// Log returns of one ticker between two dates.
fn log_returns(market: &Market, first: &str, last: &str) -> Vec<f64> {
    let price = |row: Row| market.prices().value(row, 0).unwrap();
    let rows = row(market, first)..=row(market, last);
    rows.map(|row| libm::log(price(row) / price(row - 1))).collect()
}

#[test]
fn hidden_markov_models_agree_with_an_independent_program() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    for (name, path) in files(&folder, "hmm_", ".json") {
        let golden: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let text = |key: &str| golden[key].as_str().map(str::to_owned);
        let (Some(series), Some(first), Some(last)) = (text("series"), text("first"), text("last"))
        else {
            continue;
        };
        let Some(market) = known(&series) else { return };
        let returns = log_returns(&market, &first, &last);
        assert_eq!(returns.len() as u64, golden["rows"].as_u64().unwrap());
        let states = usize::try_from(golden["states"].as_u64().unwrap()).unwrap();
        let found = fit(&returns, states, 8, 0).unwrap();
        let (best, ours) = (golden["log_likelihood"].as_f64().unwrap(), found.log_likelihood);
        println!("{name}: log-likelihood {ours}, {:.1e} apart", ours - best);
        assert!(ours > best - 1e-6, "{name}");
        assert!((ours - best).abs() < 1e-6, "{name}: another maximum, {ours} for {best}");
        let model = found.model;
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6 || (a / b - 1.0).abs() < 1e-5;
        let sigma: Vec<f64> = model.variance.iter().map(|variance| variance.sqrt()).collect();
        let pairs = [("mean", &model.mean), ("sigma", &sigma), ("start_probability", &model.start)];
        for (key, own) in pairs {
            let expected = numbers(&golden[key]);
            assert!(own.iter().zip(&expected).all(|(a, b)| near(*a, *b)), "{name} {key} {own:?}");
        }
        for (own, row) in model.transition.iter().zip(golden["transition"].as_array().unwrap()) {
            assert!(own.iter().zip(numbers(row)).all(|(a, b)| near(*a, b)), "{name} {own:?}");
        }
        let dwell = numbers(&golden["expected_dwell_sessions"]);
        let own = model.expected_dwell();
        assert!(own.iter().zip(dwell).all(|(a, b)| (a / b - 1.0).abs() < 1e-4), "{name}");
        filter_agrees(&folder, &name, &golden, &returns);
    }
}

#[test]
fn three_states_are_as_likely_as_hmmlearn_finds_them() {
    let Some(market) = known("SPY") else { return };
    let returns = log_returns(&market, "2007-01-03", "2012-12-31");
    let found = fit(&returns, 3, 8, 0).unwrap();
    // hmmlearn 0.3.3 without priors, the best of 12 starts, iterated to 1e-9.
    assert!((found.log_likelihood - 4_557.471_937_1).abs() < 1e-6, "{}", found.log_likelihood);
    let sigma: Vec<f64> = found.model.variance.iter().map(|variance| variance.sqrt()).collect();
    for (own, other) in sigma.iter().zip([0.005_799_41, 0.013_208_64, 0.035_118_41]) {
        assert!((own / other - 1.0).abs() < 1e-4, "{sigma:?}");
    }
    // The first start alone stops lower, or as high: restarts can only help.
    let alone = fit(&returns, 3, 0, 0).unwrap();
    assert!(alone.log_likelihood <= found.log_likelihood + 1e-9);
}

/// The filter at the parameters of the file.
fn filter_agrees(folder: &Path, name: &str, golden: &Value, returns: &[f64]) {
    let path = folder.join(format!("hmm_filtered_{name}.csv"));
    if !path.is_file() {
        return;
    }
    let rows = golden["transition"].as_array().unwrap();
    let model = GaussianStates {
        start: numbers(&golden["start_probability"]),
        transition: rows.iter().map(numbers).collect(),
        mean: numbers(&golden["mean"]),
        variance: numbers(&golden["sigma"]).iter().map(|sigma| sigma * sigma).collect(),
    };
    let filtered = model.filter(returns).probabilities;
    let golden = lines(&path);
    assert_eq!(golden.len(), returns.len());
    let mut worst: f64 = 0.0;
    for (own, line) in filtered.chunks_exact(model.states()).zip(&golden) {
        for (state, own) in own.iter().enumerate() {
            worst = worst.max((own - number(&line[&format!("filtered_{}", state + 1)])).abs());
        }
        worst = worst.max((model.predict(own)[0] - number(&line["predicted_next_1"])).abs());
    }
    println!("{name}: largest difference of a filtered probability {worst:.1e}");
    assert!(worst < 1e-10);
}

#[test]
fn turns_of_bull_and_bear_markets_are_those_of_an_independent_program() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    for (_, path) in files(&folder, "bull_bear_switches", ".csv") {
        let mut golden: BTreeMap<(String, String, String), Vec<(Date, String)>> = BTreeMap::new();
        for line in lines(&path) {
            let key = ["ticker", "down", "up"].map(|key| line[key].clone()).into();
            let turn = (line["date"].parse().unwrap(), line["new_state"].clone());
            golden.entry(key).or_default().push(turn);
        }
        for ((ticker, down, up), turns) in golden {
            let Some(market) = known(&ticker) else { return };
            let detector = Drawdown {
                of: Some(ticker.clone()),
                down: number(&down),
                up: number(&up),
                ..Drawdown::named("x")
            };
            let regime = Regime::new(detector.into());
            let readings = regime.track(&all_known(&market), 0..market.rows() - 1).unwrap();
            let states: Vec<(Date, usize)> = (market.dates().iter())
                .zip(&readings)
                .filter_map(|(date, reading)| Some((*date, reading.as_ref()?.state)))
                .collect();
            let found: Vec<(Date, String)> = states
                .windows(2)
                .filter(|pair| pair[0].1 != pair[1].1)
                .map(|pair| (pair[1].0, regime.states()[pair[1].1].to_owned()))
                .collect();
            assert_eq!(found, turns, "{ticker} {down} {up}");
        }
    }
}

#[test]
fn trends_are_those_of_an_independent_program() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    for (_, path) in files(&folder, "trend_200", ".csv") {
        for line in lines(&path) {
            let ticker = &line["ticker"];
            let Some(market) = known(ticker) else { return };
            let detector = Trend { name: "x".to_owned(), of: Some(ticker.clone()), window: 200 };
            let regime = Regime::new(detector.into());
            let readings = regime.track(&all_known(&market), 0..market.rows() - 1).unwrap();
            let states: Vec<(Date, usize)> = (market.dates().iter())
                .zip(&readings)
                .filter_map(|(date, reading)| Some((*date, reading.as_ref()?.state)))
                .collect();
            let turns: Vec<Date> = (states.windows(2))
                .filter(|pair| pair[0].1 != pair[1].1)
                .map(|pair| pair[1].0)
                .collect();
            let above = states.iter().filter(|(_, state)| *state == 0).count();
            let first = regime.states()[states[0].1];
            assert_eq!(
                [
                    states[0].0.to_string(),
                    states.len().to_string(),
                    above.to_string(),
                    turns.len().to_string(),
                    first.to_owned(),
                    turns[turns.len() - 1].to_string()
                ],
                [
                    "first_defined",
                    "sessions",
                    "sessions_above",
                    "switches",
                    "state_on_first",
                    "last_switch"
                ]
                .map(|key| line[key].clone()),
                "{ticker}"
            );
        }
    }
}

/// The market that a golden file of several assets is made of.
fn market_named(name: &str) -> Option<Market> {
    if name.contains("global12") {
        market_of("global_etf/prices.csv", &GLOBAL)
    } else if name.contains("mtum10") {
        market_of("mtum/prices.csv", SECTORS)
    } else {
        None
    }
}

#[test]
fn absorption_correlation_and_turbulence_agree_with_independent_programs() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    for (name, path) in files(&folder, "cross_section_", ".csv") {
        let Some(market) = market_named(&name).map(|market| continued(&market)) else { continue };
        let all: Vec<usize> = (0..market.universe().len()).collect();
        for line in lines(&path) {
            let past = market.before(row(&market, &line["date"]) + 1).unwrap();
            let window = |rows: usize| past.returns(&all, rows).unwrap();
            let ratio = |rows, weights: Option<&[f64]>| {
                absorption_ratio(&mut window(rows), weights, 0.2).unwrap()
            };
            let halving: Vec<f64> =
                (0..500).rev().map(|age| 0.5f64.powf(f64::from(age) / 250.0)).collect();
            let sum: f64 = halving.iter().sum();
            let halving: Vec<f64> = halving.iter().map(|weight| weight / sum).collect();
            let simple = window(60);
            let logs = simple.values().iter().map(|value| libm::log1p(*value)).collect();
            let logs = Matrix::from_rows(60, all.len(), logs);
            let found: [(&str, &dyn Fn() -> f64); 7] = [
                ("absorption_252", &|| ratio(252, None)),
                ("absorption_500", &|| ratio(500, None)),
                ("absorption_500_halflife_250", &|| ratio(500, Some(&halving))),
                ("average_correlation_60_simple", &|| average_correlation(&simple).unwrap()),
                ("average_correlation_60_log", &|| average_correlation(&logs).unwrap()),
                ("turbulence_252", &|| turbulence(&window(253)).unwrap()),
                ("turbulence_500", &|| turbulence(&window(501)).unwrap()),
            ];
            for (key, own) in found {
                let Some(golden) = line.get(key).map(|cell| number(cell)) else { continue };
                let apart = (own() / golden - 1.0).abs();
                println!("{name} {} {key}: {apart:.1e} apart", line["date"]);
                assert!(apart < 1e-10, "{name} {} {key}", line["date"]);
            }
        }
    }
    for (name, path) in files(&folder, "absorption_shift_", ".csv") {
        let Some(market) = market_named(&name).map(|market| continued(&market)) else { continue };
        let regime = Regime::new(Absorption::named("x").into());
        let golden = lines(&path);
        let mut worst: f64 = 0.0;
        for line in &golden {
            let at = row(&market, &line["date"]);
            let found = regime.known(&market.before(at + 1).unwrap()).unwrap().unwrap();
            worst = worst.max((found.value.unwrap() - number(&line["shift"])).abs());
        }
        println!("{name}: largest difference of {} shifts {worst:.1e}", golden.len());
        assert!(worst < 1e-9, "{name}");
    }
}

/// One of each kind, with short windows.
fn every_detector() -> Vec<RegimeChoice> {
    let name = || "x".to_owned();
    let of = Some("A0".to_owned());
    let markov = HiddenMarkov { window: 120, refit: 70, restarts: 2, ..HiddenMarkov::named("x") };
    let rolling = HiddenMarkov {
        sample: FitSample::Rolling,
        probability: StateProbability::Predicted,
        of: of.clone(),
        ..markov.clone()
    };
    let (window, history, quantile) = (20, 40, 0.8);
    vec![
        markov.into(),
        rolling.into(),
        Drawdown { down: 0.1, up: 0.1, ..Drawdown::named("x") }.into(),
        Trend { name: name(), of: of.clone(), window }.into(),
        Volatility { name: name(), of, window, history, quantile }.into(),
        Absorption { window, history, recent: 5, ..Absorption::named("x") }.into(),
        AverageCorrelation { name: name(), window, history, quantile, returns: ReturnKind::Log }
            .into(),
        Turbulence { name: name(), window, history, quantile, per_asset: true }.into(),
    ]
}

/// The readings at all closes before a row, as one who asks then gets them.
fn readings(market: &Market, t: Row, choice: &RegimeChoice) -> Result<Vec<Option<Reading>>, Error> {
    Regime::new(choice.clone()).track(&market.before(t).unwrap(), 0..t)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// A reading depends on nothing after its close, on no later question and on no other asked before.
    #[test]
    fn the_future_is_in_no_reading(seed in any::<u64>(), at in any::<Index>()) {
        let full = (0, 420);
        let market = drawn_market(420, &[full, full, full, (60, 300)], seed);
        let t = 1 + at.index(419);
        for choice in every_detector() {
            let then = readings(&market, t, &choice);
            for poison in [Poison::Values, Poison::Delist] {
                prop_assert_eq!(&then, &readings(&market.poisoned(t, poison), t, &choice));
            }
            let (Ok(then), Ok(later)) = (then, readings(&market, 419, &choice)) else { continue };
            prop_assert_eq!(&then[..], &later[..t]);
            let regime = Regime::new(choice);
            let last = regime.known(&market.before(t).unwrap()).unwrap();
            prop_assert_eq!(&last, &then[t - 1]);
        }
    }
}

/// Four assets and a benchmark that are quiet and loud in turns, so that there are two states.
fn alternating_market(rows: usize) -> Market {
    let dates: Vec<Date> = (0..rows).map(weekday).collect();
    let mut draw = Draw(5);
    let mut column = || -> Vec<Option<f64>> {
        let mut price = 100.0;
        let mut next = |t: usize| {
            let width = if (t / 30).is_multiple_of(2) { 0.01 } else { 0.08 };
            price *= 1.0 + width * (draw.uniform() - 0.5);
            Some(price)
        };
        (0..rows).map(&mut next).collect()
    };
    let columns = (0..4).map(|_| column()).collect();
    let index = Universe::new(["INDEX"]).unwrap();
    let index = Prices::new(dates.clone(), index, vec![column()]).unwrap();
    let universe = Universe::new(["A0", "A1", "A2", "A3"]).unwrap();
    let market = Market::new(Prices::new(dates, universe, columns).unwrap()).unwrap();
    market.with_benchmark(index).unwrap()
}

#[test]
fn every_detector_is_defined_once_its_rows_are_there() {
    let market = alternating_market(420);
    // Returns begin on row 1: 119 is the close of the 120th return less one row; and so on.
    let first = [120, 120, 0, 19, 59, 59, 59, 60];
    for (choice, first) in every_detector().iter().zip(first) {
        let readings = readings(&market, 419, choice).unwrap();
        let states = choice.states().len();
        assert_eq!(readings.iter().position(Option::is_some), Some(first), "{choice:?}");
        for reading in readings[first..].iter().map(|reading| reading.as_ref().unwrap()) {
            assert!(reading.state < states);
            let sum: f64 = (0..states).map(|state| reading.probability(state)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let market = drawn_market(300, &[(0, 300), (0, 300)], 1);
    let of = |name: &str| Drawdown { of: Some(name.to_owned()), ..Drawdown::named("x") }.into();
    let message = |choice: RegimeChoice, market: &Market| {
        readings(market, 299, &choice).unwrap_err().to_string()
    };
    assert_eq!(
        message(of("SPX"), &market),
        "SPX is neither an asset of the market nor its benchmark"
    );
    let flat: Vec<Option<f64>> = vec![Some(100.0); 300];
    let dates = (0..300).map(weekday).collect();
    let prices = Prices::new(dates, Universe::new(["A0"]).unwrap(), vec![flat]).unwrap();
    let flat = Market::new(prices).unwrap();
    let markov = HiddenMarkov { window: 100, ..HiddenMarkov::named("x") };
    assert_eq!(
        message(markov.clone().into(), &flat),
        "reads the benchmark, and the market has none"
    );
    let markov = HiddenMarkov { of: Some("A0".to_owned()), ..markov };
    assert!(message(markov.into(), &flat).starts_with("2 states collapse onto single returns"));
    let turbulent = Turbulence {
        name: "x".to_owned(),
        window: 2,
        per_asset: false,
        history: 20,
        quantile: 0.75,
    };
    assert_eq!(
        message(turbulent.into(), &market),
        "a window of 2 rows is too short: turbulence needs at least 3"
    );
}

#[test]
fn two_states_of_known_parameters_are_found_again() {
    let mut draw = Draw(3);
    let mut normal = || (0..12).map(|_| draw.uniform()).sum::<f64>() - 6.0;
    let mut turbulent = false;
    let mut switch = Draw(4);
    let mut returns = Vec::new();
    for _ in 0..8000 {
        let leaves = if turbulent { 0.05 } else { 0.02 };
        turbulent ^= switch.uniform() < leaves;
        returns.push(if turbulent { -0.001 + 0.025 * normal() } else { 0.0005 + 0.008 * normal() });
    }
    let model = fit(&returns, 2, 4, 9).unwrap().model;
    let sigma: Vec<f64> = model.variance.iter().map(|variance| variance.sqrt()).collect();
    assert!((sigma[0] / 0.008 - 1.0).abs() < 0.05 && (sigma[1] / 0.025 - 1.0).abs() < 0.05);
    assert!((model.transition[0][0] - 0.98).abs() < 0.01);
    assert!((model.transition[1][1] - 0.95).abs() < 0.02);
}
