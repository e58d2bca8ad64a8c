//! The five figures that matter, each with the interval in which its true value may lie.

use serde::Serialize;
use walkfolio::inference::bootstrap::{
    Bootstrap, Interval, interval, max_drawdown, mean_return_annual, volatility,
};
use walkfolio::measures::{Unit, performance, relative};
use walkfolio::{MeasureTable, Run};

use crate::certainty::{Certainty, LEAST_SESSIONS, Sample, is_of};
use crate::format::{self, measure};
use crate::measures::definition;
use crate::period::Period;

/// The figures of a study that tracks, and of one that does not.
const TRACKING: [&str; 5] =
    ["tracking_error", "information_ratio", "excess_return_annual", "beta", "turnover_annual"];
const EARNING: [&str; 5] = ["annual_return", "sharpe_ratio", "volatility", "max_drawdown", "beta"];
/// What a portfolio earns above its benchmark.
const EXCESS: &str = "excess_return_annual";
/// In place of a beta that is not defined without a benchmark.
const ALONE: &str = "gross_exposure";

/// A figure on a card.
#[derive(Serialize)]
pub(crate) struct Card {
    /// The measure's key.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its value in its unit.
    pub value: String,
    /// How it is computed.
    pub formula: String,
    /// Where the formula comes from.
    pub source: &'static str,
    /// What it is best read beside.
    pub aside: Option<String>,
    /// The ends of its interval.
    pub interval: Option<String>,
    /// The same as numbers.
    #[serde(skip)]
    pub ends: Option<(f64, f64)>,
}

/// The intervals of a run's figures over its full sample, by key.
pub(crate) struct Intervals(Vec<(&'static str, Interval)>);

impl Intervals {
    /// Resamples the full sample; equal runs, equal intervals.
    pub(crate) fn of(run: &Run, full: &Period<'_>, certain: &Certainty, a_year: f64) -> Self {
        let mut found = Vec::new();
        // The excess return is for the verdict even where no card shows it.
        let mut all = keys(run).to_vec();
        if !all.contains(&EXCESS) {
            all.push(EXCESS);
        }
        for key in all {
            let interval = certain.own(key).or_else(|| resampled(run, full, key, a_year));
            let figure = run.measures.full.get(key);
            found.extend(interval.filter(|found| is_of(found, figure)).map(|found| (key, found)));
        }
        Self(found)
    }

    /// The interval of one figure.
    pub(crate) fn get(&self, key: &str) -> Option<Interval> {
        self.0.iter().find(|(other, _)| *other == key).map(|(_, found)| *found)
    }
}

/// The figures that matter most for the objective of a run, in order.
fn keys(run: &Run) -> [&'static str; 5] {
    let tracking = run.manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error";
    let mut keys = if tracking { TRACKING } else { EARNING };
    if run.measures.full.get("beta").is_none() {
        keys = keys.map(|key| if key == "beta" { ALONE } else { key });
    }
    keys
}

/// The interval of a figure that the indicators have none for.
fn resampled(run: &Run, full: &Period<'_>, key: &str, a_year: f64) -> Option<Interval> {
    if full.rows.len() < LEAST_SESSIONS {
        return None;
    }
    let (sample, settings) = (Sample::of(full.rows), Bootstrap::default());
    let own = sample.own.as_slice();
    match key {
        "excess_return_annual" => mean_return_annual(&sample.active()?, a_year, &settings),
        "volatility" => volatility(own, a_year, &settings),
        "max_drawdown" => max_drawdown(own, &settings),
        "annual_return" => {
            interval(&[own], |copy| performance::annual_return(copy[0], a_year), &settings)
        }
        "beta" => {
            let slope =
                |copy: &[&[f64]]| relative::least_squares(copy[1], copy[0]).map(|line| line.slope);
            interval(&[own, sample.benchmark.as_deref()?], slope, &settings)
        }
        "turnover_annual" => turnover(run, a_year),
        _ => None,
    }
}

/// Turnover by resampled rebalances, the first purchase left out as in the measure: sessions without
/// a rebalance would only blur it.
fn turnover(run: &Run, a_year: f64) -> Option<Interval> {
    let mut decided: Vec<_> = run.decisions.iter().map(|row| row.date).collect();
    decided.dedup();
    let traded = run.returns.iter().filter(|row| decided.binary_search(&row.date).is_ok());
    let traded: Vec<f64> = traded.map(|row| row.turnover).skip(1).collect();
    let each_year = a_year * decided.len() as f64 / run.returns.len() as f64;
    let mean = |copy: &[&[f64]]| copy[0].iter().sum::<f64>() / copy[0].len() as f64;
    interval(&[&traded], |copy| Some(mean(copy) * each_year), &Bootstrap::default())
}

/// The five cards of a run.
pub(crate) fn cards(run: &Run, intervals: &Intervals, a_year: f64) -> Vec<Card> {
    let full = &run.measures.full;
    let card = |key| {
        let definition = definition(key)?;
        let found = intervals.get(key);
        Some(Card {
            key,
            label: definition.label,
            value: measure(definition.unit, full.get(key)),
            formula: definition.formula_for(a_year),
            source: definition.source,
            aside: aside(key, full),
            interval: found.map(|found| format::interval(definition.unit, &found)),
            ends: found.map(|found| (found.low, found.high)),
        })
    };
    keys(run).into_iter().filter_map(card).collect()
}

/// What a figure is best read beside.
fn aside(key: &str, full: &MeasureTable) -> Option<String> {
    let (other, unit, words) = match key {
        "annual_return" => ("benchmark_annual_return", Unit::Percent, "benchmark"),
        "tracking_error" => ("tracking_error_monthly", Unit::Percent, "from months"),
        "information_ratio" => ("information_ratio_monthly", Unit::Ratio, "from months"),
        "excess_return_annual" => ("annual_return", Unit::Percent, "own, compounded"),
        "beta" => ("r_squared", Unit::Number, "R²"),
        "turnover_annual" => ("cost_annual", Unit::Percent, "cost a year"),
        "volatility" => ("gross_exposure", Unit::Number, "gross exposure"),
        "sharpe_ratio" => ("sortino_ratio", Unit::Ratio, "Sortino"),
        "max_drawdown" => ("max_drawdown_10d", Unit::Percent, "in 10 sessions"),
        "gross_exposure" => ("turnover_annual", Unit::Percent, "turnover a year"),
        _ => return None,
    };
    full.get(other).map(|value| format!("{words} {}", measure(unit, Some(value))))
}
