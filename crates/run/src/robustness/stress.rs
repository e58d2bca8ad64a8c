//! What the portfolios of all decisions would have returned in episodes of history and in shocks.

use walkfolio_core::{Date, Market, Past, Row};
use walkfolio_record::StressRow;
use walkfolio_stats::inference::regression::coefficients;
use walkfolio_study::{OthersSpec, RobustnessSpec, StressSpec, Study};

use crate::Result;
use crate::outcome::Outcome;
use crate::risk::ROWS;

/// Rows that a response to a shock needs at least.
const LEAST: usize = 60;

/// Returns of a scenario by universe index; none where nothing says what an asset would do.
struct Scenario {
    assets: Vec<Option<f64>>,
    benchmark: Option<f64>,
}

/// Whether the data have what the scenarios name.
pub(super) fn check(study: &Study, whole: &Market) -> Result<()> {
    let Some(spec) = &study.config().spec().robustness else { return Ok(()) };
    for (at, stress) in spec.stress.iter().enumerate() {
        let path = format!("robustness.stress[{at}]");
        if stress.first.is_some() && episode_rows(whole, stress).is_empty() {
            return Err(study.error_at(&path, no_session(whole, stress), None).into());
        }
        let proxies = stress.proxies.iter().flat_map(|(one, other)| [one, other]);
        for name in proxies.chain(stress.assets.keys()) {
            if whole.universe().position(name).is_none() {
                let hint = "name assets of the price file".to_owned();
                let message = format!("the data have no asset {name}");
                return Err(study.error_at(&path, message, Some(hint)).into());
            }
        }
    }
    Ok(())
}

/// That an episode is not in the data, and what is.
fn no_session(whole: &Market, stress: &StressSpec) -> String {
    let named = |key: &str, date: Option<Date>| date.map(|date| format!("{key} = {date}"));
    let named = [named("first", stress.first), named("last", stress.last)];
    let named: Vec<String> = named.into_iter().flatten().collect();
    let has = whole.dates().first().zip(whole.dates().last());
    let has = has.map_or_else(String::new, |(from, to)| format!(", which are from {from} to {to}"));
    format!("{} has no session in the data{has}", named.join(", "))
}

/// A row for each scenario and decision, and one for each asset of the last.
///
/// A decision is held without trades. What its assets would have returned in an episode is history, and what they
/// do in a shock is estimated from rows before the decision.
pub(super) fn rows(
    spec: &RobustnessSpec,
    whole: &Market,
    outcome: &Outcome,
) -> Result<Vec<StressRow>> {
    let mut rows = Vec::new();
    for stress in &spec.stress {
        let episode = stress.first.is_some().then(|| episode(whole, stress));
        let decisions = &outcome.simulation.rebalances;
        for (at, rebalance) in decisions.iter().enumerate() {
            let row = outcome.walk.steps[rebalance.step].row;
            let weights = rebalance.target.values();
            let shocked;
            let scenario = if let Some(found) = &episode {
                found
            } else {
                shocked = shock(stress, &outcome.market.before(row)?, weights)?;
                &shocked
            };
            let new = |asset: Option<String>| StressRow {
                scenario: stress.name.clone(),
                date: outcome.market.dates()[row],
                asset,
                weight: 0.0,
                value: None,
                contribution: None,
                benchmark: None,
            };
            rows.push(StressRow {
                benchmark: scenario.benchmark,
                ..portfolio(new(None), scenario, weights)
            });
            if at + 1 == decisions.len() {
                rows.extend(assets(whole, scenario, weights, &new));
            }
        }
    }
    Ok(rows)
}

/// The portfolio in a scenario: the assets whose returns are known.
fn portfolio(row: StressRow, scenario: &Scenario, weights: &[f64]) -> StressRow {
    let known = weights.iter().zip(&scenario.assets).filter_map(|(w, value)| Some((w, (*value)?)));
    let gross: f64 = weights.iter().map(|w| w.abs()).sum();
    let (mut value, mut covered) = (0.0, 0.0);
    for (weight, one) in known {
        value += weight * one;
        covered += weight.abs();
    }
    let weight = if gross > 0.0 { covered / gross } else { 1.0 };
    StressRow { weight, value: (covered > 0.0 || gross == 0.0).then_some(value), ..row }
}

fn assets<'a>(
    market: &'a Market,
    scenario: &'a Scenario,
    weights: &'a [f64],
    new: &'a dyn Fn(Option<String>) -> StressRow,
) -> impl Iterator<Item = StressRow> + 'a {
    let tickers = market.universe().tickers();
    let held = (0..weights.len()).filter(|&asset| weights[asset] != 0.0);
    held.map(move |asset| {
        let (weight, value) = (weights[asset], scenario.assets[asset]);
        let contribution = value.map(|value| weight * value);
        StressRow { weight, value, contribution, ..new(Some(tickers[asset].to_string())) }
    })
}

/// The rows of an episode.
fn episode_rows(market: &Market, stress: &StressSpec) -> std::ops::Range<Row> {
    let dates = market.dates();
    let start = stress.first.map_or(0, |first| dates.partition_point(|date| *date < first));
    let end = stress.last.map_or(dates.len(), |last| dates.partition_point(|date| *date <= last));
    // The first row of a market has no return.
    start.max(1)..end.max(start.max(1))
}

/// The compounded returns of an episode; of an asset without one those of its proxy.
fn episode(market: &Market, stress: &StressSpec) -> Scenario {
    let rows = episode_rows(market, stress);
    let compounded = |value: &dyn Fn(Row) -> Option<f64>| {
        rows.clone()
            .try_fold(1.0, |level, row| Some(level * (1.0 + value(row)?)))
            .map(|level| level - 1.0)
    };
    let of = |asset: usize| compounded(&|row| market.returns().value(row, asset));
    let proxy = |asset: usize| {
        let name = market.universe().tickers()[asset].as_str();
        of(market.universe().position(stress.proxies.get(name)?)?)
    };
    Scenario {
        assets: (0..market.universe().len())
            .map(|asset| of(asset).or_else(|| proxy(asset)))
            .collect(),
        benchmark: market.benchmark().and_then(|own| compounded(&|row| own.value(row))),
    }
}

/// What a shock does to everything held, by what is known at a decision.
fn shock(stress: &StressSpec, past: &Past<'_>, weights: &[f64]) -> Result<Scenario> {
    let universe = past.universe();
    let place = |name: &String| universe.position(name);
    let named: Vec<(usize, f64)> =
        stress.assets.iter().filter_map(|(name, value)| Some((place(name)?, *value))).collect();
    let own = |asset: usize| named.iter().find(|(at, _)| *at == asset).map(|(_, value)| *value);
    let responds = !stress.factors.is_empty() || stress.others == OthersSpec::Conditional;
    let response = |series: Series| -> Result<Option<f64>> {
        if responds { response(stress, past, &named, series) } else { Ok(None) }
    };
    let unchanged = (!responds).then_some(0.0);
    let mut assets = vec![unchanged; weights.len()];
    for (asset, value) in assets.iter_mut().enumerate() {
        *value = match own(asset) {
            Some(own) => Some(own),
            None if weights[asset] != 0.0 && responds => response(Series::Asset(asset))?,
            None => *value,
        };
    }
    let benchmark = match past.benchmark_asset() {
        Some(asset) => match own(asset) {
            Some(own) => Some(own),
            None => response(Series::Asset(asset))?.or(unchanged),
        },
        None if past.benchmark_name().is_some() => response(Series::Benchmark)?,
        None => None,
    };
    Ok(Scenario { assets, benchmark })
}

/// A series that responds to a shock.
#[derive(Clone, Copy)]
enum Series {
    Asset(usize),
    Benchmark,
}

/// The slopes of a series on what is shocked, over the last 252 rows or as many as all have, times the
/// shock; none under 60 rows or where the slopes are not determined.
fn response(
    stress: &StressSpec,
    past: &Past<'_>,
    named: &[(usize, f64)],
    series: Series,
) -> Result<Option<f64>> {
    let shocked: Vec<usize> = named.iter().map(|(asset, _)| *asset).collect();
    let mut window = match series {
        Series::Asset(asset) => past.returns_known(asset),
        Series::Benchmark => past.benchmark_returns_known(),
    };
    window =
        shocked.iter().map(|&asset| past.returns_known(asset)).fold(window.min(ROWS), Row::min);
    if window < LEAST {
        return Ok(None);
    }
    let y: Vec<f64> = match series {
        Series::Asset(asset) => past.returns(&[asset], window)?.values().to_vec(),
        Series::Benchmark => past.benchmark(window)?.to_vec(),
    };
    let (x, shocks): (Vec<Vec<f64>>, Vec<f64>) = if stress.factors.is_empty() {
        let returns = past.returns(&shocked, window)?;
        (
            returns.iter_rows().map(<[f64]>::to_vec).collect(),
            named.iter().map(|one| one.1).collect(),
        )
    } else {
        let Ok(factors) = past.factors(window) else { return Ok(None) };
        let names = past.factor_names().unwrap_or_default();
        let place = |name: &String| names.iter().position(|other| other == name);
        let places: Option<Vec<usize>> = stress.factors.keys().map(place).collect();
        let Some(places) = places else { return Ok(None) };
        let row = |t: usize| places.iter().map(|&place| factors.row(t)[place]).collect();
        ((0..window).map(row).collect(), stress.factors.values().copied().collect())
    };
    let x: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let slopes = coefficients(&y, &x);
    Ok(slopes.map(|all| all[1..].iter().zip(&shocks).map(|(slope, shock)| slope * shock).sum()))
}
