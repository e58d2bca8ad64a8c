//! Where active risk was expected to come from, and what it became.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio::measures::Unit;
use walkfolio::{RiskRow, Run};

use crate::Result;
use crate::format::{brief, count, decimals, measure, percent, short};
use crate::page::part;
use crate::series::{Line, drawn};

const TEMPLATE: &str = include_str!("../templates/risk.html");
/// Sessions of the realized tracking error.
const SESSIONS: usize = 63;
/// Colours that can be told apart; more names than these are drawn as one.
const COLOURS: usize = 12;
/// Decisions that are drawn; of more, evenly some.
const DRAWN: usize = 1500;
/// Rows of the table of the last decision.
const ROWS: usize = 40;

/// What the chart is drawn from.
#[derive(Debug, Serialize)]
pub(crate) struct Charts {
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

/// The contributions of a run, by decision.
pub(crate) struct ActiveRisk<'a> {
    run: &'a Run,
    decisions: Vec<&'a [RiskRow]>,
}

impl<'a> ActiveRisk<'a> {
    /// The contributions of a run, where it has any.
    pub(crate) fn of(run: &'a Run) -> Option<Self> {
        let decisions: Vec<_> = run.risk.chunk_by(|a, b| a.date == b.date).collect();
        (!decisions.is_empty()).then_some(Self { run, decisions })
    }

    /// Writes the section.
    pub(crate) fn section(&self) -> Result<String> {
        let Some(last) = self.decisions.last() else { return Ok(String::new()) };
        let benchmark = self.run.manifest.benchmark.clone().unwrap_or_default();
        let total = expected(last);
        let mut rows: Vec<&RiskRow> = last.iter().collect();
        rows.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let left_out = rows.len().saturating_sub(ROWS);
        if left_out > 0 {
            rows.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
            rows.truncate(ROWS);
            rows.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        }
        let body = Body {
            sentence: self.sentence(),
            own: self.run.manifest.assets.contains(&benchmark),
            tracks: self.run.manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error",
            periods_per_year: self.periods_per_year().to_string(),
            benchmark,
            sessions: SESSIONS,
            date: last[0].date.to_string(),
            rows: rows.into_iter().map(|row| self.row(row, total)).collect(),
            total: Row {
                name: "Expected tracking error".to_owned(),
                active_weight: percent(last.iter().map(|row| row.active_weight).sum()),
                marginal: String::new(),
                contribution: percent(total),
                share: percent(1.0),
            },
            left_out,
        };
        part(TEMPLATE, body)
    }

    /// What the chart is drawn from.
    pub(crate) fn charts(&self) -> Charts {
        let manifest = &self.run.manifest;
        let drawn = drawn(self.decisions.len(), DRAWN);
        let decisions = || drawn.iter().map(|&place| self.decisions[place]);
        Charts {
            dates: decisions().map(|rows| rows[0].date.to_string()).collect(),
            end: manifest.last.map(|date| date.to_string()),
            parts: self.parts(&drawn),
            expected: decisions().map(|rows| brief(expected(rows))).collect(),
            realized: self.realized(),
            sessions: SESSIONS,
            full: self.run.measures.full.get("tracking_error").and_then(short),
        }
    }

    /// Expected against realized, as means.
    fn sentence(&self) -> String {
        let all = self.decisions.iter().map(|rows| expected(rows)).sum::<f64>();
        let mean = all / self.decisions.len() as f64;
        let over = format!(
            "Tracking error was expected to be {} a year, as a mean over {} decisions",
            percent(mean),
            count(self.decisions.len() as f64)
        );
        match self.run.measures.full.get("tracking_error").filter(|_| mean > 0.0) {
            Some(full) => format!(
                "{over}; {} was realized over the full sample, {} times as much.",
                percent(full),
                decimals(full / mean, 2)
            ),
            None => format!("{over}."),
        }
    }

    fn row(&self, row: &RiskRow, total: f64) -> Row {
        let outside = !self.run.manifest.assets.contains(&row.asset);
        Row {
            name: if outside { format!("{} (benchmark)", row.asset) } else { row.asset.clone() },
            active_weight: percent(row.active_weight),
            marginal: percent(row.marginal),
            contribution: percent(row.contribution),
            share: measure(Unit::Percent, (total > 0.0).then(|| row.contribution / total)),
        }
    }

    /// Every name's contributions, the smallest together where there are many.
    fn parts(&self, drawn: &[usize]) -> Vec<Part> {
        let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (place, rows) in self.decisions.iter().enumerate() {
            for row in *rows {
                let line = table.entry(&row.asset);
                line.or_insert_with(|| vec![0.0; self.decisions.len()])[place] = row.contribution;
            }
        }
        let assets = &self.run.manifest.assets;
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

    fn periods_per_year(&self) -> f64 {
        self.run.manifest.resolved["periods_per_year"].as_f64().unwrap_or(252.0)
    }

    /// Realized tracking error of the sessions up to each one, aligned with the returns.
    fn realized(&self) -> Line {
        let periods = self.periods_per_year();
        let rows = &self.run.returns;
        let active: Vec<Option<f64>> =
            rows.iter().map(|row| row.benchmark.map(|b| row.portfolio - b)).collect();
        let at = |end: usize| {
            let window = &active[(end + 1).checked_sub(SESSIONS)?..=end];
            let window: Vec<f64> = window.iter().copied().collect::<Option<_>>()?;
            let error = walkfolio::measures::relative::tracking_error(&window, periods)?;
            brief(error)
        };
        (0..active.len()).map(at).collect()
    }
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

/// The contributions of a decision add up to it.
fn expected(rows: &[RiskRow]) -> f64 {
    rows.iter().map(|row| row.contribution).sum()
}
