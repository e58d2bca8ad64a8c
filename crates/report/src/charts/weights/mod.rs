//! Weights over time, holdings, and the probabilities of inclusion.

mod holdings;
mod inclusion;

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::format::short;
use walkfolio_analysis::line::{Line, evenly};
use walkfolio_record::{DecisionRow, Run};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::decisions::dates;
use crate::page::part;
use crate::summary::Summary;
use holdings::Holdings;
use inclusion::Inclusion;

const TEMPLATE: &str = include_str!("weights.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "weights", title: "Weights", script: include_str!("weights.js"), draw };

/// Colours that can be told apart; more assets than these are drawn as one.
const COLOURS: usize = 12;
/// Decisions that are drawn; of more, evenly some.
const DRAWN: usize = 1500;
/// Weights above this are not short: solvers leave dust on either side of zero.
const DUST: f64 = -1e-9;

#[derive(Serialize)]
struct Held<'a> {
    long_only: bool,
    some: bool,
    inclusion: Option<Included<'a>>,
}

#[derive(Serialize)]
struct Included<'a> {
    rule: &'a str,
    left_out: usize,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let weights = Weights::of(summary.run);
    let inclusion = Inclusion::of(summary.run);
    let held = Held {
        long_only: weights.long_only,
        some: weights.some,
        inclusion: inclusion
            .as_ref()
            .map(|map| Included { rule: &map.rule, left_out: map.left_out }),
    };
    Drawn::section(part(TEMPLATE, held)?)
        .with("weights", &weights)?
        .with("inclusion", &inclusion)?
        .with("holdings", &Holdings::of(&summary.found.holdings))
}

/// The weights of the largest assets over time.
#[derive(Debug, Serialize)]
struct Weights {
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

impl Weights {
    /// The weights of a run, the smallest assets together where there are many.
    fn of(run: &Run) -> Self {
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
