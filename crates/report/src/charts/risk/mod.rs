//! Where active risk was expected to come from, and what it became.

use serde::Serialize;
use walkfolio_analysis::active_risk::{ActiveRisk, Contribution, TailRisk};
use walkfolio_analysis::benchmark_holdings::BenchmarkHoldings;
use walkfolio_analysis::format::{brief, counted, decimals, measure, percent, short};
use walkfolio_analysis::grouped::{Grouped, MOST};
use walkfolio_analysis::line::{Line, evenly};
use walkfolio_analysis::{Unit, stated};
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("risk.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "risk", title: "Active risk", script: include_str!("risk.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.active_risk.as_ref(), |found| {
        let holdings = summary.found.benchmark_holdings.as_ref().map(against_holdings);
        Drawn::section(section(summary.run, found, holdings)?)
            .with("risk", &charts(summary.run, found))
    })
}

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
    tail: Option<String>,
    holdings: Option<String>,
    benchmark: String,
    own: bool,
    tracks: bool,
    periods_per_year: String,
    sessions: usize,
    date: String,
    rows: Vec<Row>,
    total: Row,
    left_out: usize,
    full: Option<String>,
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
fn section(run: &Run, found: &ActiveRisk, holdings: Option<String>) -> Result<String> {
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
        tail: found.tail.as_ref().map(tail),
        holdings,
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
        full: found.realized_full.map(percent),
    };
    part(TEMPLATE, body)
}

/// What the chart is drawn from.
fn charts(run: &Run, found: &ActiveRisk) -> Charts {
    let drawn = evenly(found.dates.len(), DRAWN);
    Charts {
        dates: drawn.iter().map(|&place| found.dates[place].to_string()).collect(),
        end: run.manifest.last.map(|date| date.to_string()),
        parts: parts(run, &found.parts, &drawn),
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
        "Tracking error was expected to be {} a year, as a mean over {}",
        percent(mean),
        counted(found.dates.len(), "decision")
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

/// The worst losses that were expected against those that were realized.
fn tail(found: &TailRisk) -> String {
    let TailRisk { window, expected_mean, .. } = found;
    let worst = percent(1.0 - found.confidence);
    let of = if found.of_drawdowns { "drawdowns" } else { "periods" };
    let mean = decimals(100.0 * expected_mean, 2);
    let over = format!(
        "The worst {worst} of {of} were expected to lose {mean} % on average, by the {window} rows before each decision (mean over decisions)"
    );
    match found.realized.filter(|_| *expected_mean > 0.0) {
        Some(realized) => format!(
            "{over}; in the full sample they lost {} %, {} times as much.",
            decimals(100.0 * realized, 2),
            decimals(realized / expected_mean, 2)
        ),
        None => format!("{over}."),
    }
}

/// Active share and the tracking error that holdings let expect.
pub(crate) fn against_holdings(found: &BenchmarkHoldings) -> String {
    format!(
        "Against the benchmark's holdings, {} names of {} at the last decision, active share was {} as a mean over {} and is {} at the last; they let expect a tracking error of {} a year as a mean, and of {} at the last. Funds and the stocks in them count as different names.",
        found.names,
        found.of,
        percent(found.active_share_mean),
        counted(found.decisions, "decision"),
        percent(found.active_share_last),
        percent(found.expected_mean),
        percent(found.expected_last)
    )
}

fn row(found: &Contribution) -> Row {
    Row {
        name: if found.is_benchmark { "Not invested".to_owned() } else { found.asset.clone() },
        active_weight: percent(found.active_weight),
        marginal: percent(found.marginal),
        contribution: percent(found.contribution),
        share: measure(Unit::Percent, found.share),
    }
}

/// Every name's contributions, the smallest together where there are many.
fn parts(run: &Run, found: &Grouped, drawn: &[usize]) -> Vec<Part> {
    let assets = &run.manifest.assets;
    let values = |line: &[f64]| -> Line { drawn.iter().map(|&place| brief(line[place])).collect() };
    let colour = |order: usize, name: &String| match assets.iter().position(|asset| asset == name) {
        _ if found.others.is_some() => order,
        Some(place) => place,
        None => assets.len(),
    };
    let named = found.names.iter().zip(&found.lines).enumerate();
    let own = named.map(|(order, (name, line))| Part {
        name: name.clone(),
        colour: colour(order, name),
        values: values(line),
    });
    let others = found.others.iter().map(|others| Part {
        name: format!("{} others, net", others.count),
        colour: MOST - 1,
        values: values(&others.sum),
    });
    own.chain(others).collect()
}
