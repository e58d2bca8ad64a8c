//! The page of a grid: every cell, maps where the swept keys are numbers, and what it is all worth.

use serde::Serialize;
use walkfolio_analysis::Definition;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::{GridFindings, selection, stated};
use walkfolio_record::{Cell, CellStatus, GridRun, Manifest};

use crate::foot::foot;
use crate::head::head;
use crate::ledger::Alerts;
use crate::measures::headline;
use crate::page::{Page, part, shown};
use crate::surface::Surface;
use crate::{
    Result, allocation, data_report, effects, frontier, luck, pareto, targets, verdict, winners,
};
use walkfolio_analysis::axes::{Axes, Axis};
use walkfolio_analysis::format::{counted, measure};

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
    frontier: Option<frontier::Charts>,
    pareto: Option<pareto::Charts<'a>>,
}

/// Writes the report of a grid as one HTML page that needs nothing beside it.
///
/// # Errors
/// As [`html`](crate::html).
pub fn grid_html(grid: &GridRun) -> Result<String> {
    page(grid, &GridFindings::of(grid))
}

/// The page of a grid whose findings are there.
pub(crate) fn page(grid: &GridRun, found: &GridFindings) -> Result<String> {
    let manifest = &grid.manifest;
    let main = headline(manifest);
    let axes = Axes::of(grid);
    let data = Data {
        study: &manifest.study,
        keys: &axes.keys,
        cells: &axes.cells,
        map: Surface::of(grid, &axes, first(&main, &axes, found.frontier.is_some())),
        luck: grid.luck.as_ref().map(luck::charts),
        frontier: found.frontier.as_ref().map(|found| frontier::charts(grid, found)),
        pareto: found.pareto.as_ref().map(|found| pareto::charts(found, &axes)),
    };
    let alerts = Alerts::of(grid.ledger.iter().map(|(cell, row)| (*cell, row)));
    let tracks = stated::tracks(manifest);
    let parts = [
        head(manifest, size(grid), alerts)?,
        verdict::section(&found.assessment)?,
        shown(found.targets.as_ref(), targets::grid_section)?,
        shown(found.frontier.as_ref(), |found| frontier::section(grid, found))?,
        shown(data.map.as_ref(), |map| mapped(grid, map, &axes))?,
        shown(grid.luck.as_ref(), |found| luck::section(found, &axes, tracks))?,
        shown(grid.luck.as_ref(), |found| winners::section(grid, found, &axes))?,
        shown(found.pareto.as_ref(), |found| pareto::section(found, &axes))?,
        shown(found.effects.as_ref(), |found| effects::section(found, &axes))?,
        allocation::section(grid)?,
        part(TEMPLATE, body(grid, &axes))?,
        shown(grid.data_report.as_ref(), data_report::section)?,
        foot(manifest)?,
    ];
    Page { title: &manifest.study, parts: &parts, data: &data, scripts: &SCRIPTS }.html()
}

/// The measure that the map shows first: not what a frontier above it shows already.
fn first(main: &[&'static str; 5], axes: &Axes<'_>, frontier: bool) -> &'static str {
    match (frontier, axes.keys.as_slice()) {
        (true, [_]) => "turnover_annual",
        _ if main[0] == "tracking_error" => main[0],
        _ => main[2],
    }
}

fn mapped(grid: &GridRun, map: &Surface, axes: &Axes<'_>) -> Result<String> {
    let shown: Vec<&Axis<'_>> = map.axes().iter().map(|&at| &axes.keys[at]).collect();
    let keys = shown.iter().map(|axis| axis.key).collect();
    let look_backs = axes.look_backs().is_some();
    let luck = grid.luck.as_ref().map(selection::sentence);
    part(MAP, Map { axes: shown, keys, look_backs, left_out: map.left_out(), luck })
}

/// The measures of the table: those that matter most for the objective, and some for any.
pub(crate) fn columns(manifest: &Manifest) -> Vec<&'static Definition> {
    let more = ["annual_return", "max_drawdown", "turnover_annual"];
    let mut chosen: Vec<&Definition> = Vec::new();
    for key in headline(manifest).into_iter().chain(more) {
        let found = definition(key);
        chosen.extend(found.filter(|d| chosen.iter().all(|other| other.key != d.key)));
    }
    chosen
}

fn body<'a>(grid: &'a GridRun, axes: &Axes<'_>) -> Body<'a> {
    let chosen = columns(&grid.manifest);
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
