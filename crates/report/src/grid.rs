//! The page of a grid: every cell, maps where the swept keys are numbers, and what it is all worth.

use serde::Serialize;
use walkfolio::measures::Definition;
use walkfolio::{Cell, CellStatus, GridRun};

use crate::axes::{Axes, Axis};
use crate::foot::foot;
use crate::format::{counted, measure};
use crate::frontier::Frontier;
use crate::grid_verdict::Evidence;
use crate::head::head;
use crate::ledger::Alerts;
use crate::measures::{definition, headline};
use crate::page::{Page, part};
use crate::pareto::Pareto;
use crate::surface::Surface;
use crate::{Result, allocation, data_report, effects, luck, targets, winners};

const TEMPLATE: &str = include_str!("../templates/grid.html");
const MAP: &str = include_str!("../templates/map.html");
const SCRIPTS: [&str; 5] = [
    include_str!("../templates/grid.js"),
    include_str!("../templates/map.js"),
    include_str!("../templates/pareto.js"),
    include_str!("../templates/luck.js"),
    include_str!("../templates/frontier.js"),
];
/// Rows of the table.
const ROWS: usize = 2000;

#[derive(Serialize)]
struct Body<'a> {
    keys: &'a [String],
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    left_out: usize,
}

#[derive(Serialize)]
struct Map<'a> {
    axes: Vec<&'a Axis<'a>>,
    keys: Vec<&'a str>,
    look_backs: bool,
    left_out: Option<&'static str>,
    luck: Option<String>,
}

#[derive(Serialize)]
struct Row {
    settings: Vec<String>,
    status: &'static str,
    message: Option<String>,
    values: Vec<String>,
}

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    keys: &'a [Axis<'a>],
    cells: &'a [Vec<usize>],
    map: Option<Surface>,
    luck: Option<luck::Charts>,
    frontier: Option<Frontier>,
    pareto: Option<Pareto>,
}

/// Writes the report of a grid as one HTML page that needs nothing beside it.
///
/// # Errors
/// As [`html`](crate::html).
pub fn grid_html(grid: &GridRun) -> Result<String> {
    let manifest = &grid.manifest;
    let main = headline(&manifest.resolved);
    let tracks = main[0] == "tracking_error";
    let axes = Axes::of(grid);
    let frontier = Frontier::of(grid);
    let pareto = Pareto::of(grid, &axes, tracks);
    let efficient = pareto.as_ref().map(Pareto::section);
    let data = Data {
        study: &manifest.study,
        keys: &axes.keys,
        cells: &axes.cells,
        map: Surface::of(grid, &axes, first(&main, &axes, frontier.as_ref())),
        luck: grid.luck.as_ref().map(luck::charts),
        frontier,
        pareto: pareto.map(Pareto::shortened),
    };
    let alerts = Alerts::of(grid.ledger.iter().map(|(cell, row)| (*cell, row)));
    let benchmark = manifest.benchmark.as_deref();
    let drawn = data.frontier.as_ref().map(|frontier| frontier.section(benchmark));
    let judged = grid.luck.as_ref().map(|found| luck::section(found, &axes, tracks));
    let won = grid.luck.as_ref().map(|found| winners::section(grid, found, &axes));
    let parts = [
        head(manifest, size(grid), alerts)?,
        Evidence::of(grid, &axes).verdict().section()?,
        targets::grid_section(grid)?,
        drawn.transpose()?.unwrap_or_default(),
        data.map.as_ref().map_or_else(|| Ok(String::new()), |map| mapped(grid, map, &axes))?,
        judged.transpose()?.unwrap_or_default(),
        won.transpose()?.unwrap_or_default(),
        efficient.transpose()?.unwrap_or_default(),
        effects::section(grid, &axes, tracks)?,
        allocation::section(grid)?,
        part(TEMPLATE, body(grid, &axes))?,
        grid.data_report.as_ref().map(data_report::section).transpose()?.unwrap_or_default(),
        foot(manifest)?,
    ];
    Page { title: &manifest.study, parts: &parts, data: &data, scripts: &SCRIPTS }.html()
}

/// The measure that the map shows first: not what a frontier above it shows already.
fn first(main: &[&'static str; 5], axes: &Axes<'_>, frontier: Option<&Frontier>) -> &'static str {
    match (frontier, axes.keys.as_slice()) {
        (Some(_), [_]) => "turnover_annual",
        _ if main[0] == "tracking_error" => main[0],
        _ => main[2],
    }
}

fn mapped(grid: &GridRun, map: &Surface, axes: &Axes<'_>) -> Result<String> {
    let shown: Vec<&Axis<'_>> = map.axes().iter().map(|&at| &axes.keys[at]).collect();
    let keys = shown.iter().map(|axis| axis.key).collect();
    let look_backs = axes.look_backs().is_some();
    let luck = grid.luck.as_ref().map(luck::sentence);
    part(MAP, Map { axes: shown, keys, look_backs, left_out: map.left_out(), luck })
}

/// The measures of the table: those that matter most for the objective, and some for any.
pub(crate) fn columns(resolved: &serde_json::Value) -> Vec<&'static Definition> {
    let more = ["annual_return", "max_drawdown", "turnover_annual"];
    let mut chosen: Vec<&Definition> = Vec::new();
    for key in headline(resolved).into_iter().chain(more) {
        let found = definition(key);
        chosen.extend(found.filter(|d| chosen.iter().all(|other| other.key != d.key)));
    }
    chosen
}

fn body<'a>(grid: &'a GridRun, axes: &Axes<'_>) -> Body<'a> {
    let chosen = columns(&grid.manifest.resolved);
    let cells = grid.cells.iter().enumerate().take(ROWS);
    Body {
        keys: &grid.keys,
        columns: chosen.iter().map(|definition| definition.label).collect(),
        rows: cells.map(|(index, cell)| row(index, cell, axes, &chosen)).collect(),
        left_out: grid.cells.len().saturating_sub(ROWS),
    }
}

/// How many cells there are and how they ended.
pub(crate) fn size(grid: &GridRun) -> String {
    let count = |status| grid.cells.iter().filter(|cell| cell.status == status).count();
    let ends = [CellStatus::Complete, CellStatus::Ruined, CellStatus::Failed, CellStatus::NotRun];
    let ends = ends.into_iter().map(|status| (count(status), status.as_str().replace('_', " ")));
    let parts: Vec<String> = ends
        .filter(|(number, _)| *number > 0)
        .map(|(number, status)| format!("{number} {status}"))
        .collect();
    format!("{}: {}", counted(grid.cells.len(), "backtest"), parts.join(", "))
}

fn row(index: usize, cell: &Cell, axes: &Axes<'_>, chosen: &[&Definition]) -> Row {
    let setting = |(at, place): (usize, &usize)| axes.keys[at].values[*place].clone();
    let value = |definition: &&Definition| measure(definition.unit, cell.measure(definition.key));
    Row {
        settings: axes.cells[index].iter().enumerate().map(setting).collect(),
        status: cell.status.as_str(),
        message: cell.message.clone(),
        values: chosen.iter().map(value).collect(),
    }
}
