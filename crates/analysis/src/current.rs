//! The portfolio that a backtest ends with: what is held, what changed, where its risk comes from, and
//! which limits hold it.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{DecisionRow, RiskRow, Run};
use walkfolio_study::Spec;

use crate::active_risk::attributed;

/// A weight this near to a limit is at it; the same holds for sums of weights.
const AT_LIMIT: f64 = 1e-6;

/// The last decision.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::current::CurrentPortfolio;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = CurrentPortfolio::of(&run).unwrap();
/// assert_eq!((found.date.to_string().as_str(), found.holdings), ("2024-02-01", 2));
/// let a = found.positions.iter().find(|position| position.asset == "A").unwrap();
/// assert_eq!((a.weight, a.previous), (0.5, Some(0.6)));
/// assert!((a.change.unwrap() + 0.1).abs() < 1e-15);
/// // Two assets are as many as the study allows.
/// assert_eq!(found.limits[0].key, "allocate.max_holdings");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurrentPortfolio {
    /// The decision: it knows the sessions before this date.
    pub date: Date,
    /// The first session on which its weights earn.
    pub traded: Date,
    /// The decision before it.
    pub previous: Option<Date>,
    /// What is held, or was by the decision before, the largest weight first.
    pub positions: Vec<Position>,
    /// How many are held.
    pub holdings: usize,
    /// The sum of absolute weights.
    pub gross: f64,
    /// The sum of weights.
    pub net: f64,
    /// Half the sum of absolute changes against the decision before; drift between the two left aside.
    pub changed: Option<f64>,
    /// The expected tracking error, a year; the contributions add up to it, with that of what is not invested.
    pub expected_tracking_error: Option<f64>,
    /// The limits of the study that these weights reach.
    pub limits: Vec<Limit>,
}

/// One asset of the last decision.
///
/// # Units
/// Weights and changes are fractions of equity, `contribution` a fraction a year.
/// # Examples
/// See [`CurrentPortfolio`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Position {
    /// Its name.
    pub asset: String,
    /// Its weight.
    pub weight: f64,
    /// Its weight by the decision before, where there is one.
    pub previous: Option<f64>,
    /// The one less the other.
    pub change: Option<f64>,
    /// What it adds to the expected tracking error.
    pub contribution: Option<f64>,
    /// The share of the expected tracking error.
    pub share: Option<f64>,
    /// The bound that its weight reaches.
    pub bound: Option<Bound>,
}

/// An end of an interval that is reached.
///
/// # Examples
/// See [`CurrentPortfolio`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bound {
    /// Which end.
    pub end: End,
    /// Where it is.
    pub value: f64,
}

/// Which end of an interval.
///
/// # Examples
/// See [`CurrentPortfolio`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The smallest value.
    Min,
    /// The largest.
    Max,
}

/// A limit of all or some weights together that is reached, such as that of a group.
///
/// # Examples
/// See [`CurrentPortfolio`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    /// The key of the study, as `allocate.gross_leverage` or `allocate.groups.energy`.
    pub key: String,
    /// Which end.
    pub end: End,
    /// Where it is.
    pub value: f64,
}

impl CurrentPortfolio {
    /// The last decision of a run; `None` of a run without one.
    pub fn of(run: &Run) -> Option<Self> {
        let last = run.decisions.iter().map(|row| row.date).max()?;
        let now: Vec<&DecisionRow> = run.decisions.iter().filter(|row| row.date == last).collect();
        let earlier = run.decisions.iter().map(|row| row.date).filter(|date| *date < last);
        let previous = earlier.max();
        let before: Vec<&DecisionRow> =
            run.decisions.iter().filter(|row| Some(row.date) == previous).collect();
        let spec = &run.manifest.resolved;
        let risk = risk_of(run, last);
        let mut positions = positions(&risk, &now, &before);
        for position in &mut positions {
            position.bound = bound(spec, position);
        }
        let weights = || now.iter().map(|row| row.weight);
        let changed = positions.iter().map(|position| position.change.map(f64::abs));
        Some(Self {
            date: last,
            traded: now[0].traded,
            previous,
            holdings: weights().filter(|weight| is_held(*weight)).count(),
            gross: weights().map(f64::abs).sum(),
            net: weights().sum(),
            changed: changed
                .sum::<Option<f64>>()
                .filter(|_| previous.is_some())
                .map(|sum| 0.5 * sum),
            expected_tracking_error: (!risk.is_empty())
                .then(|| risk.iter().map(|row| row.contribution).sum()),
            limits: limits(spec, &now, previous.is_some()),
            positions,
        })
    }
}

fn is_held(weight: f64) -> bool {
    weight.abs() > AT_LIMIT
}

/// The contributions to the tracking error that a decision expects.
fn risk_of(run: &Run, date: Date) -> Vec<RiskRow> {
    let rows: Vec<RiskRow> = run.risk.iter().filter(|row| row.date == date).cloned().collect();
    attributed(run, &rows)
}

fn positions(rows: &[RiskRow], now: &[&DecisionRow], before: &[&DecisionRow]) -> Vec<Position> {
    let weight = |rows: &[&DecisionRow], asset: &str| {
        rows.iter().find(|row| row.asset == asset).map_or(0.0, |row| row.weight)
    };
    let total = (!rows.is_empty()).then(|| rows.iter().map(|row| row.contribution).sum());
    let risk = |asset: &str| rows.iter().find(|row| row.asset == asset).map(|row| row.contribution);
    let gone = before.iter().filter(|row| now.iter().all(|other| other.asset != row.asset));
    let names = now.iter().chain(gone).map(|row| row.asset.as_str());
    let position = |asset: &str| {
        let own = weight(now, asset);
        let previous = (!before.is_empty()).then(|| weight(before, asset));
        let contribution = risk(asset);
        Position {
            asset: asset.to_owned(),
            weight: own,
            previous,
            change: previous.map(|previous| own - previous),
            contribution,
            share: contribution
                .zip(total.filter(|sum: &f64| *sum > 0.0))
                .map(|(own, all)| own / all),
            bound: None,
        }
    };
    let shown = |one: &Position| is_held(one.weight) || one.previous.is_some_and(is_held);
    let mut all: Vec<Position> = names.map(position).filter(shown).collect();
    // Stable: of equals the one that the study names first.
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    all
}

/// Whether a key has one value at every decision, so that the study tells which it was at the last.
fn is_fixed(spec: &Spec, key: &str) -> bool {
    let tuned = spec.tune.as_ref().is_some_and(|tune| tune.keys.keys().any(|k| k.starts_with(key)));
    !tuned && !spec.switches(key)
}

fn reaches(value: f64, limit: f64) -> bool {
    (value - limit).abs() <= AT_LIMIT
}

/// The bound that a weight reaches; at none of nothing, which is not held.
fn bound(spec: &Spec, position: &Position) -> Option<Bound> {
    let fixed =
        ["allocate.bounds", "allocate.bounds_by_asset"].iter().all(|key| is_fixed(spec, key));
    if !fixed || !is_held(position.weight) {
        return None;
    }
    let own = spec.allocate.bounds_by_asset.get(&position.asset);
    let max = own.and_then(|own| own.max).unwrap_or(spec.allocate.bounds.max);
    let min = own.and_then(|own| own.min).unwrap_or(spec.allocate.bounds.min);
    let at = |end, value| reaches(position.weight, value).then_some(Bound { end, value });
    at(End::Max, max).or_else(|| at(End::Min, min))
}

/// The limits of more than one weight that are reached. Those of risk and exposure need estimates that a
/// record does not hold; `walkfolio decide` tells them with their shadow prices.
fn limits(spec: &Spec, now: &[&DecisionRow], traded_before: bool) -> Vec<Limit> {
    let allocate = &spec.allocate;
    let held = now.iter().filter(|row| is_held(row.weight)).count();
    let gross: f64 = now.iter().map(|row| row.weight.abs()).sum();
    let turnover: f64 = now.iter().map(|row| 0.5 * (row.weight - row.drifted).abs()).sum();
    let mut found = Vec::new();
    let mut reached = |key: &str, end, value: f64, limit: Option<f64>| {
        if let Some(limit) = limit.filter(|limit| reaches(value, *limit)) {
            let key = key.to_owned();
            found.extend(is_fixed(spec, &key).then_some(Limit { key, end, value: limit }));
        }
    };
    let count = |limit: Option<u32>| limit.map(f64::from);
    reached("allocate.max_holdings", End::Max, held as f64, count(allocate.max_holdings));
    reached("allocate.min_holdings", End::Min, held as f64, count(allocate.min_holdings));
    reached("allocate.gross_leverage", End::Max, gross, allocate.gross_leverage);
    let most = allocate.turnover.filter(|_| traded_before).and_then(|own| own.per_rebalance);
    reached("allocate.turnover", End::Max, turnover, most);
    for group in &allocate.groups {
        let inside = now.iter().filter(|row| group.assets.contains(&row.asset));
        let sum: f64 = inside.map(|row| row.weight).sum();
        let key = format!("allocate.groups.{}", group.name);
        reached(&key, End::Max, sum, group.max);
        reached(&key, End::Min, sum, group.min);
    }
    found
}
