//! Where active risk was expected to come from, and what it became.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::active_risk::{ActiveRisk, Contribution};
use walkfolio_analysis::format::{brief, count, decimals, measure, percent, short};
use walkfolio_analysis::line::{Line, evenly};
use walkfolio_analysis::{Unit, stated};
use walkfolio_record::{RiskRow, Run};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::page::part;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("risk.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "risk", title: "Active risk", script: include_str!("risk.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.active_risk.as_ref(), |found| {
        Drawn::section(section(summary.run, found)?).with("risk", &charts(summary.run, found))
    })
}

/// Colours that can be told apart; more names than these are drawn as one.
const COLOURS: usize = 12;
/// Decisions that are drawn; of more, evenly some.
const DRAWN: usize = 1500;
/// Rows of the table of the last decision.
const ROWS: usize = 40;

/// What the chart is drawn from.
#[derive(Debug, Serialize)]
struct Charts {
    dates: Vec<String>,
    end: Option<String>,
    parts: Vec<Part>,
    expected: Line,
    realized: Line,
    sessions: usize,
    full: Option<f64>,
}

/// The contributions of one name; the colour is its place among the assets.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    colour: usize,
    values: Line,
}

#[derive(Serialize)]
struct Body {
    sentence: String,
    benchmark: String,
    own: bool,
    tracks: bool,
    periods_per_year: String,
    sessions: usize,
    date: String,
    rows: Vec<Row>,
    total: Row,
    left_out: usize,
}

#[derive(Debug, Serialize, PartialEq)]
struct Row {
    name: String,
    active_weight: String,
    marginal: String,
    contribution: String,
    share: String,
}

/// Writes the section.
fn section(run: &Run, found: &ActiveRisk) -> Result<String> {
    let benchmark = run.manifest.benchmark.clone().unwrap_or_default();
    let mut rows: Vec<&Contribution> = found.last.iter().collect();
    let left_out = rows.len().saturating_sub(ROWS);
    if left_out > 0 {
        rows.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        rows.truncate(ROWS);
        rows.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    }
    let body = Body {
        sentence: sentence(found),
        own: run.manifest.assets.contains(&benchmark),
        tracks: stated::tracks(&run.manifest),
        periods_per_year: stated::periods_per_year(&run.manifest).to_string(),
        benchmark,
        sessions: found.sessions,
        date: found.dates.last().map_or_else(String::new, ToString::to_string),
        rows: rows.into_iter().map(row).collect(),
        total: Row {
            name: "Expected tracking error".to_owned(),
            active_weight: percent(found.last_active_weight),
            marginal: String::new(),
            contribution: percent(found.expected.last().copied().unwrap_or(0.0)),
            share: percent(1.0),
        },
        left_out,
    };
    part(TEMPLATE, body)
}

/// What the chart is drawn from.
fn charts(run: &Run, found: &ActiveRisk) -> Charts {
    let decisions: Vec<&[RiskRow]> = run.risk.chunk_by(|a, b| a.date == b.date).collect();
    let drawn = evenly(decisions.len(), DRAWN);
    Charts {
        dates: drawn.iter().map(|&place| found.dates[place].to_string()).collect(),
        end: run.manifest.last.map(|date| date.to_string()),
        parts: parts(run, &decisions, &drawn),
        expected: drawn.iter().map(|&place| brief(found.expected[place])).collect(),
        realized: found.realized.iter().map(|value| value.and_then(brief)).collect(),
        sessions: found.sessions,
        full: found.realized_full.and_then(short),
    }
}

/// Expected against realized, as means.
fn sentence(found: &ActiveRisk) -> String {
    let mean = found.expected_mean;
    let over = format!(
        "Tracking error was expected to be {} a year, as a mean over {} decisions",
        percent(mean),
        count(found.dates.len() as f64)
    );
    match found.realized_full.filter(|_| mean > 0.0) {
        Some(full) => format!(
            "{over}; {} was realized over the full sample, {} times as much.",
            percent(full),
            decimals(full / mean, 2)
        ),
        None => format!("{over}."),
    }
}

fn row(found: &Contribution) -> Row {
    Row {
        name: if found.is_benchmark {
            format!("{} (benchmark)", found.asset)
        } else {
            found.asset.clone()
        },
        active_weight: percent(found.active_weight),
        marginal: percent(found.marginal),
        contribution: percent(found.contribution),
        share: measure(Unit::Percent, found.share),
    }
}

/// Every name's contributions, the smallest together where there are many.
fn parts(run: &Run, decisions: &[&[RiskRow]], drawn: &[usize]) -> Vec<Part> {
    let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (place, rows) in decisions.iter().enumerate() {
        for row in *rows {
            let line = table.entry(&row.asset);
            line.or_insert_with(|| vec![0.0; decisions.len()])[place] = row.contribution;
        }
    }
    let assets = &run.manifest.assets;
    let place = |name: &str| assets.iter().position(|asset| asset == name);
    let mut names: Vec<&str> = table.keys().copied().collect();
    names.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
    let few = names.len() <= COLOURS;
    let rest = if few { Vec::new() } else { smallest(&mut names, &table) };
    let colour = |order: usize, name: &str| match place(name) {
        Some(place) if few => place,
        None if few => assets.len(),
        _ => order,
    };
    let mut parts: Vec<Part> = names
        .iter()
        .enumerate()
        .map(|(order, name)| Part {
            name: (*name).to_owned(),
            colour: colour(order, name),
            values: drawn.iter().map(|&place| brief(table[name][place])).collect(),
        })
        .collect();
    if !rest.is_empty() {
        let sum = |place: usize| rest.iter().map(|name| table[name][place]).sum::<f64>();
        parts.push(Part {
            name: format!("{} others, net", rest.len()),
            colour: COLOURS - 1,
            values: drawn.iter().map(|&place| brief(sum(place))).collect(),
        });
    }
    parts
}

/// Takes the names with the smallest contributions out, so that colours are left for the others.
fn smallest<'a>(names: &mut Vec<&'a str>, table: &BTreeMap<&str, Vec<f64>>) -> Vec<&'a str> {
    let size = |name: &str| -> f64 { table[name].iter().map(|value| value.abs()).sum() };
    let mut by_size = names.clone();
    by_size.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let rest = by_size.split_off(COLOURS - 1);
    names.retain(|name| !rest.contains(name));
    rest
}
