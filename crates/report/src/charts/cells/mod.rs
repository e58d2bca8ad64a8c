//! Every backtest of a grid.

use serde::Serialize;
use walkfolio_analysis::Definition;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::curves::ranked;
use walkfolio_analysis::format::measure;
use walkfolio_record::{Cell, CellStatus, GridRun};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::columns::columns;
use crate::template::part;

const TEMPLATE: &str = include_str!("cells.html");
/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "cells", title: "Backtests", script: include_str!("cells.js"), draw };
/// Rows of the table.
const ROWS: usize = 2000;

#[derive(Serialize)]
struct Body<'a> {
    keys: &'a [String],
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    left_out: usize,
    /// Whether every backtest is: then none has to say so.
    complete: bool,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    best: bool,
    settings: Vec<String>,
    status: &'static str,
    message: Option<String>,
    values: Vec<String>,
}

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Ok(Drawn::section(part(TEMPLATE, body(summary.grid, &summary.axes))?))
}

fn body<'a>(grid: &'a GridRun, axes: &Axes<'_>) -> Body<'a> {
    let chosen = columns(&grid.manifest);
    let cells = grid.cells.iter().enumerate().take(ROWS);
    let mut rows: Vec<Row> = cells.map(|(index, cell)| row(index, cell, axes, &chosen)).collect();
    if let Some(best) = ranked(grid).first().and_then(|(cell, _)| rows.get_mut(*cell)) {
        best.best = true;
    }
    Body {
        keys: &grid.keys,
        columns: chosen.iter().map(|definition| definition.label).collect(),
        rows,
        complete: grid
            .cells
            .iter()
            .all(|cell| cell.status == CellStatus::Complete && cell.message.is_none()),
        left_out: grid.cells.len().saturating_sub(ROWS),
    }
}

fn row(index: usize, cell: &Cell, axes: &Axes<'_>, chosen: &[&Definition]) -> Row {
    let setting = |(at, place): (usize, &usize)| axes.keys[at].values[*place].clone();
    let value = |definition: &&Definition| measure(definition.unit, cell.measure(definition.key));
    Row {
        number: index + 1,
        best: false,
        settings: axes.cells[index].iter().enumerate().map(setting).collect(),
        status: cell.status.as_str(),
        message: cell.message.clone(),
        values: chosen.iter().map(value).collect(),
    }
}
