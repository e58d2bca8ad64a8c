//! The frontier of a grid over the number of holdings: what each further one saves.

use serde::Serialize;
use walkfolio::{Cell, GridRun, Swept};

use crate::Result;
use crate::format::{UNDEFINED, count, decimals, measure, percent, short};
use crate::ledger::Alerts;
use crate::measures::definition;
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/frontier.html");
/// The key that makes a grid a frontier.
const KEY: &str = "allocate.max_holdings";
/// Fewest holdings within this of the lowest tracking error are named.
const CLOSE: f64 = 0.000_5;
/// What stands beside the tracking error in the table.
const BESIDE: [&str; 4] =
    ["holdings_mean", "information_ratio", "turnover_annual", "annual_return"];

/// Tracking error by the most holdings that are allowed, one line for all other settings.
#[derive(Debug, Serialize)]
pub(crate) struct Frontier {
    lines: Vec<Line>,
    #[serde(skip)]
    tables: Vec<Table>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    holdings: Vec<f64>,
    tracking_error: Vec<Option<f64>>,
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

/// A cell with its number of holdings.
struct Point<'a> {
    holdings: f64,
    index: usize,
    place: usize,
    cell: &'a Cell,
}

impl Frontier {
    /// The frontier of a grid; `None` unless it sweeps the number of holdings against a benchmark.
    pub(crate) fn of(grid: &GridRun) -> Option<Self> {
        let place = grid.keys.iter().position(|key| key == KEY)?;
        let mut groups: Vec<(String, Vec<Point<'_>>)> = Vec::new();
        for (index, cell) in grid.cells.iter().enumerate() {
            let holdings = cell.settings.get(place)?.as_f64()?;
            let name = others(grid, cell, place);
            let point = Point { holdings, index, place, cell };
            match groups.iter_mut().find(|(other, _)| *other == name) {
                Some((_, points)) => points.push(point),
                None => groups.push((name, vec![point])),
            }
        }
        for (_, points) in &mut groups {
            points.sort_by(|a, b| a.holdings.total_cmp(&b.holdings));
        }
        let several = groups.iter().any(|(_, points)| points.len() > 1);
        let known = |point: &Point<'_>| tracking_error(point).is_some();
        if !several || !groups.iter().any(|(_, points)| points.iter().any(known)) {
            return None;
        }
        Some(Self {
            lines: groups.iter().map(|(name, points)| line(name, points)).collect(),
            tables: groups.iter().map(|(name, points)| table(grid, name, points)).collect(),
        })
    }

    /// Writes the section.
    pub(crate) fn section(&self, benchmark: Option<&str>) -> Result<String> {
        let columns: Vec<&str> =
            BESIDE.iter().filter_map(|key| Some(definition(key)?.label)).collect();
        let values = serde_json::json!({
            "benchmark": benchmark, "columns": columns, "tables": self.tables,
        });
        part(TEMPLATE, values)
    }
}

/// The other swept settings of a cell in words; empty where there are none.
fn others(grid: &GridRun, cell: &Cell, place: usize) -> String {
    let all = grid.keys.iter().zip(&cell.settings).enumerate();
    let name = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let parts: Vec<String> = all
        .filter(|(index, _)| *index != place)
        .map(|(_, (key, value))| format!("{} {}", name(key), Swept::text(value)))
        .collect();
    parts.join(", ")
}

fn tracking_error(point: &Point<'_>) -> Option<f64> {
    point.cell.measure("tracking_error").filter(|value| value.is_finite())
}

fn line(name: &str, points: &[Point<'_>]) -> Line {
    Line {
        name: name.to_owned(),
        holdings: points.iter().map(|point| point.holdings).collect(),
        tracking_error: points.iter().map(|p| tracking_error(p).and_then(short)).collect(),
    }
}

fn table(grid: &GridRun, name: &str, points: &[Point<'_>]) -> Table {
    let row = |(place, point): (usize, &Point<'_>)| {
        let before = place.checked_sub(1).and_then(|before| tracking_error(&points[before]));
        let saved = before.zip(tracking_error(point)).map(|(before, here)| before - here);
        let beside = BESIDE.iter().filter_map(|key| definition(key));
        Row {
            holdings: count(point.holdings),
            tracking_error: tracking_error(point).map_or_else(dash, percent),
            saved: saved.map_or_else(dash, |saved| decimals(100.0 * saved, 2)),
            beside: beside
                .map(|definition| measure(definition.unit, point.cell.measure(definition.key)))
                .collect(),
            failed: point.cell.message.clone(),
        }
    };
    Table {
        name: name.to_owned(),
        sentence: sentence(points),
        rows: points.iter().enumerate().map(row).collect(),
        remarks: remarks(grid, points),
    }
}

fn dash() -> String {
    UNDEFINED.to_owned()
}

/// What the decisions had to say, with the numbers of holdings that they were allowed.
fn remarks(grid: &GridRun, points: &[Point<'_>]) -> Option<Alerts> {
    let of_point = |point: &Point<'_>| {
        let (index, allowed) = (point.index, point.cell.settings.get(point.place)?.as_u64()?);
        let allowed = usize::try_from(allowed).ok()?;
        let own = grid.ledger.iter().filter(move |(cell, _)| *cell == Some(index));
        let dated = own.filter(|(_, row)| row.date.is_some());
        Some(dated.map(move |(_, row)| (Some(allowed), row)))
    };
    Alerts::of(points.iter().filter_map(of_point).flatten())
}

/// The fewest holdings that are about as good as any.
fn sentence(points: &[Point<'_>]) -> Option<String> {
    let known: Vec<(f64, f64)> =
        points.iter().filter_map(|point| Some((point.holdings, tracking_error(point)?))).collect();
    let (best, lowest) = known.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (fewest, error) = known.iter().copied().find(|(_, error)| *error <= lowest + CLOSE)?;
    let holdings = |number: f64| {
        format!("at most {} holding{}", count(number), if number == 1.0 { "" } else { "s" })
    };
    Some(if fewest == best {
        format!("Tracking error is lowest with {}: {}.", holdings(best), percent(lowest))
    } else {
        format!(
            "Tracking error is lowest with {}, {}; {} come within {} points of it: {}.",
            holdings(best),
            percent(lowest),
            holdings(fewest),
            decimals(100.0 * CLOSE, 2),
            percent(error)
        )
    })
}
