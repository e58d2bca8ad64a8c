//! When money is first allocated, and why not earlier.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::format::count;
use walkfolio_record::GridRun;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::first_allocation::{First, available};
use crate::template::part;

const TEMPLATE: &str = include_str!("allocation.html");
/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "allocation", title: "Allocation", script: "", draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Ok(Drawn::section(section(summary.grid)?))
}

/// How often decisions fall, in words.
fn rhythm(every: &str) -> String {
    match (every, every.strip_suffix('d')) {
        ("week" | "month" | "quarter" | "year", _) => {
            format!("on the first session of each {every}")
        }
        (_, Some("1")) => "on every session".to_owned(),
        (_, Some(sessions)) => format!("on one session in {sessions}"),
        (dates, None) => format!("on {dates}"),
    }
}

#[derive(Serialize)]
struct Row {
    window: String,
    full: String,
    allocated: String,
    backtests: String,
}

/// Writes the section of a grid: first allocations by longest window; empty where no window delays
/// any.
fn section(grid: &GridRun) -> Result<String> {
    let mut found: BTreeMap<usize, First> = BTreeMap::new();
    for (cell, row) in &grid.ledger {
        if let Some((cell, first)) = cell.zip(First::read(row)) {
            found.entry(cell).or_insert(first);
        }
    }
    let mut groups: BTreeMap<(usize, String, String), usize> = BTreeMap::new();
    for (cell, first) in found {
        let allocated = grid.cells.get(cell).and_then(|cell| cell.first);
        let (Some(allocated), Ok(window)) = (allocated, first.window.parse()) else { continue };
        *groups.entry((window, first.full, allocated.to_string())).or_default() += 1;
    }
    if groups.is_empty() {
        return Ok(String::new());
    }
    let rows: Vec<Row> = groups
        .into_iter()
        .map(|((window, full, allocated), number)| Row {
            window: count(window as f64),
            full,
            allocated,
            backtests: count(number as f64),
        })
        .collect();
    let resolved = &grid.manifest.resolved;
    let values = serde_json::json!({
        "available": available(&grid.manifest),
        "rows": rows,
        "every": rhythm(&resolved.walk_forward.every.to_string()),
        "measured": resolved.measure.first,
    });
    part(TEMPLATE, values)
}
