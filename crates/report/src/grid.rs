//! The page of a grid.

use serde::Serialize;
use walkfolio_analysis::GridFindings;
use walkfolio_analysis::alerts::Alerts;
use walkfolio_analysis::axes::{Axes, Axis};
use walkfolio_analysis::format::counted;
use walkfolio_record::{CellStatus, GridRun};

use crate::Result;
use crate::chart::{GridSummary, Sections};
use crate::charts::GRID;
use crate::foot::foot;
use crate::head::head;
use crate::page::Page;

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    keys: &'a [Axis<'a>],
    cells: &'a [Vec<usize>],
}

/// Writes the report of a grid as one HTML page that needs nothing else.
///
/// # Errors
/// As [`html`](crate::html).
pub fn grid_html(grid: &GridRun) -> Result<String> {
    page(grid, &GridFindings::of(grid))
}

/// The page of a grid whose findings are there.
pub(crate) fn page(grid: &GridRun, found: &GridFindings) -> Result<String> {
    let manifest = &grid.manifest;
    let summary = GridSummary { grid, found, axes: Axes::of(grid) };
    let sections = Sections::of(GRID, |chart| (chart.draw)(&summary))?;
    let alerts = Alerts::of(grid.ledger.iter().map(|(cell, row)| (*cell, row)));
    let data =
        Data { study: &manifest.study, keys: &summary.axes.keys, cells: &summary.axes.cells };
    Page {
        title: &manifest.study,
        head: head(manifest, size(grid), alerts.as_ref())?,
        sections,
        foot: foot(manifest)?,
        data: &data,
    }
    .html()
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
