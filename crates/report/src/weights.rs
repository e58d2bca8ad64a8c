//! Weights and trades: what the second and third charts show.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_record::{DecisionRow, Run};

use walkfolio_analysis::format::short;
use walkfolio_analysis::line::{Line, evenly};

/// Colours that can be told apart; more assets than these are drawn as one.
const COLOURS: usize = 12;
/// Decisions that are drawn; of more, evenly some.
const DRAWN: usize = 1500;
/// Weights above this are not short: solvers leave dust on either side of zero.
const DUST: f64 = -1e-9;

/// The weights of the largest assets over time.
#[derive(Debug, Serialize)]
pub(crate) struct Weights {
    dates: Vec<String>,
    assets: Vec<Holding>,
    long_only: bool,
    end: Option<String>,
    #[serde(skip)]
    some: bool,
}

#[derive(Debug, Serialize)]
struct Holding {
    name: String,
    weights: Line,
}

/// One trade: what was turned over and what it cost, as fractions of equity.
#[derive(Debug, Serialize)]
pub(crate) struct Trades {
    dates: Vec<String>,
    turnover: Line,
    cost: Line,
}

impl Weights {
    /// The weights of a run, the smallest assets together where there are many.
    pub(crate) fn of(run: &Run) -> Self {
        let dates = dates(&run.decisions);
        let mut table = weights(&run.decisions, &dates);
        let mut names: Vec<String> = run.manifest.assets.clone();
        names.retain(|name| table.contains_key(name.as_str()));
        let mut rest = Vec::new();
        if names.len() > COLOURS {
            let size =
                |name: &String| -> f64 { table[name.as_str()].iter().map(|w| w.abs()).sum() };
            let mut by_size = names.clone();
            by_size.sort_by(|a, b| size(b).total_cmp(&size(a)));
            rest = by_size.split_off(COLOURS - 1);
            names.retain(|name| !rest.contains(name));
        }
        let others = others(&table, &rest, dates.len());
        let drawn = evenly(dates.len(), DRAWN);
        let line = |weights: Vec<f64>| -> Line {
            drawn.iter().map(|&place| weights.get(place).copied().and_then(short)).collect()
        };
        let mut assets: Vec<Holding> = names
            .into_iter()
            .map(|name| Holding {
                weights: line(table.remove(name.as_str()).unwrap_or_default()),
                name,
            })
            .collect();
        if !rest.is_empty() {
            assets.push(Holding {
                name: format!("{} others, net", rest.len()),
                weights: line(others),
            });
        }
        let some = drawn.len() < dates.len();
        Self {
            dates: drawn.into_iter().map(|place| dates[place].clone()).collect(),
            assets,
            some,
            long_only: run.decisions.iter().all(|row| row.weight >= DUST),
            end: run.manifest.last.map(|date| date.to_string()),
        }
    }
}

impl Weights {
    /// Whether there are more decisions than are drawn.
    pub(crate) fn are_some(&self) -> bool {
        self.some
    }

    /// Whether nothing was ever sold short.
    pub(crate) fn is_long_only(&self) -> bool {
        self.long_only
    }
}

impl Trades {
    /// The trades of a run, in the order of its decisions.
    pub(crate) fn of(run: &Run) -> Self {
        let dates = dates(&run.decisions);
        let decided = |date: &str| dates.binary_search_by(|other| other.as_str().cmp(date)).is_ok();
        let rows = run.returns.iter().map(|row| (row.date.to_string(), row));
        let mut trades = Self { dates: Vec::new(), turnover: Vec::new(), cost: Vec::new() };
        for (date, row) in rows.filter(|(date, _)| decided(date)) {
            trades.dates.push(date);
            trades.turnover.push(short(row.turnover));
            trades.cost.push(short(row.cost));
        }
        trades
    }

    /// Whether anything was paid.
    pub(crate) fn are_charged(&self) -> bool {
        self.cost.iter().flatten().any(|cost| *cost != 0.0)
    }
}

/// The dates of the decisions, in order, each once.
fn dates(rows: &[DecisionRow]) -> Vec<String> {
    let mut days: Vec<_> = rows.iter().map(|row| row.date).collect();
    days.sort_unstable();
    days.dedup();
    days.iter().map(ToString::to_string).collect()
}

/// Every asset's weights, one a decision; 0 where it has no row.
fn weights<'a>(rows: &'a [DecisionRow], dates: &[String]) -> BTreeMap<&'a str, Vec<f64>> {
    let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut place = 0;
    for row in rows {
        let date = row.date.to_string();
        if dates.get(place) != Some(&date) {
            place = dates.partition_point(|other| *other < date);
        }
        let line = table.entry(&row.asset).or_insert_with(|| vec![0.0; dates.len()]);
        if let Some(weight) = line.get_mut(place) {
            *weight = row.weight;
        }
    }
    table
}

fn others(table: &BTreeMap<&str, Vec<f64>>, rest: &[String], decisions: usize) -> Vec<f64> {
    let mut sum = vec![0.0; decisions];
    for weights in rest.iter().filter_map(|name| table.get(name.as_str())) {
        for (sum, weight) in sum.iter_mut().zip(weights) {
            *sum += weight;
        }
    }
    sum
}
