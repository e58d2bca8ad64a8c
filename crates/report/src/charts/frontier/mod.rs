//! The frontier of a grid over the number of holdings: what each further one saves.

use serde::Serialize;
use walkfolio_analysis::alerts::Alerts;
use walkfolio_analysis::axes::Swept;
use walkfolio_analysis::format::{UNDEFINED, count, decimals, measure, percent, short};
use walkfolio_analysis::frontier::{CLOSE, Frontier, FrontierBest, FrontierLine, FrontierPoint};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;
use walkfolio_record::GridRun;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("frontier.html");

/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "frontier", title: "Frontier", script: include_str!("frontier.js"), draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.frontier.as_ref(), |found| {
        let html = section(summary.grid, found)?;
        Drawn::section(html).with("frontier", &charts(summary.grid, found))
    })
}

/// What is next to the tracking error in the table.
const BESIDE: [&str; 4] =
    ["holdings_mean", "information_ratio", "turnover_annual", "annual_return"];

/// What the chart is drawn from.
#[derive(Debug, Serialize)]
struct Charts {
    lines: Vec<DrawnLine>,
}

#[derive(Debug, Serialize)]
struct DrawnLine {
    name: String,
    holdings: Vec<f64>,
    tracking_error: Line,
    /// The backtest of each point.
    cells: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct Table {
    name: String,
    sentence: Option<String>,
    rows: Vec<Row>,
    remarks: Option<Alerts>,
}

#[derive(Debug, Serialize)]
struct Row {
    holdings: String,
    tracking_error: String,
    saved: String,
    beside: Vec<String>,
    failed: Option<String>,
}

/// What the chart is drawn from.
fn charts(grid: &GridRun, found: &Frontier) -> Charts {
    let line = |line: &FrontierLine| DrawnLine {
        name: name(grid, line),
        holdings: line.points.iter().map(|point| point.holdings).collect(),
        tracking_error: line.points.iter().map(|p| p.tracking_error.and_then(short)).collect(),
        cells: line.points.iter().map(|point| point.cell).collect(),
    };
    Charts { lines: found.lines.iter().map(line).collect() }
}

/// Writes the section.
fn section(grid: &GridRun, found: &Frontier) -> Result<String> {
    let columns: Vec<&str> = BESIDE.iter().filter_map(|key| Some(definition(key)?.label)).collect();
    let tables: Vec<Table> = found.lines.iter().map(|line| table(grid, line)).collect();
    let values = serde_json::json!({
        "benchmark": grid.manifest.benchmark, "columns": columns, "tables": tables,
    });
    part(TEMPLATE, values)
}

/// The other swept settings of a line in words; empty where there are none.
fn name(grid: &GridRun, line: &FrontierLine) -> String {
    let parts = line.settings.iter().map(|(at, value)| {
        let key = &grid.keys[*at];
        format!("{} {}", key.rsplit('.').next().unwrap_or(key), Swept::text(value))
    });
    parts.collect::<Vec<String>>().join(", ")
}

fn table(grid: &GridRun, line: &FrontierLine) -> Table {
    let row = |point: &FrontierPoint| {
        let cell = &grid.cells[point.cell];
        let beside = BESIDE.iter().filter_map(|key| definition(key));
        Row {
            holdings: count(point.holdings),
            tracking_error: point.tracking_error.map_or_else(dash, percent),
            saved: point.saved.map_or_else(dash, |saved| decimals(100.0 * saved, 2)),
            beside: beside
                .map(|definition| measure(definition.unit, cell.measure(definition.key)))
                .collect(),
            failed: cell.message.clone(),
        }
    };
    Table {
        name: name(grid, line),
        sentence: line.best.as_ref().map(sentence),
        rows: line.points.iter().map(row).collect(),
        remarks: remarks(grid, line),
    }
}

fn dash() -> String {
    UNDEFINED.to_owned()
}

/// What the decisions had to say, with the numbers of holdings that they were allowed.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a number of holdings is small
fn remarks(grid: &GridRun, line: &FrontierLine) -> Option<Alerts> {
    let of_point = |point: &FrontierPoint| {
        let (index, allowed) = (point.cell, point.holdings as usize);
        let own = grid.ledger.iter().filter(move |(cell, _)| *cell == Some(index));
        let dated = own.filter(|(_, row)| row.date.is_some());
        dated.map(move |(_, row)| (Some(allowed), row))
    };
    Alerts::of(line.points.iter().flat_map(of_point))
}

/// The fewest holdings that are about as good as any.
fn sentence(best: &FrontierBest) -> String {
    let holdings = |number: f64| {
        format!("at most {} holding{}", count(number), if number == 1.0 { "" } else { "s" })
    };
    if best.fewest == best.holdings {
        return format!(
            "Tracking error is lowest with {}: {}.",
            holdings(best.holdings),
            percent(best.tracking_error)
        );
    }
    format!(
        "Tracking error is lowest with {}, {}; {} come within {} points of it: {}.",
        holdings(best.holdings),
        percent(best.tracking_error),
        holdings(best.fewest),
        decimals(100.0 * CLOSE, 2),
        percent(best.fewest_tracking_error)
    )
}
