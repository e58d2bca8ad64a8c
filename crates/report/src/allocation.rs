//! When money is first allocated, and why not earlier.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_record::{GridRun, LedgerRow, Manifest, Run};

use crate::Result;
use crate::page::part;
use walkfolio_analysis::format::count;

const TEMPLATE: &str = include_str!("../templates/allocation.html");
/// How the library says that windows were not full.
const BEGINS: &str = "the first decision is on ";
const NO_WINDOW: &str = "no window of ";
const BEFORE: &str = "is full before ";

/// What a ledger says of a first decision.
#[derive(Debug, PartialEq, Eq)]
struct First {
    window: String,
    full: String,
}

impl First {
    /// Reads "the first decision is on D: no window of N rows is full before F".
    fn read(row: &LedgerRow) -> Option<Self> {
        let (_, reason) = row.message.strip_prefix(BEGINS)?.split_once(NO_WINDOW)?;
        let (window, rest) = reason.split_once(' ')?;
        let (_, full) = rest.split_once(BEFORE)?;
        Some(Self { window: window.to_owned(), full: full.to_owned() })
    }
}

/// Why a backtest does not allocate from its first return on, in a sentence.
pub(crate) fn reason(run: &Run) -> Option<String> {
    let first = run.ledger.iter().find_map(First::read)?;
    Some(format!(
        "Why not earlier: {}, a decision reads only sessions before it, and the longest window needs {} of them.",
        available(&run.manifest)?,
        first.window
    ))
}

/// From when on the study uses returns.
fn available(manifest: &Manifest) -> Option<String> {
    let prices = manifest.sources.iter().find(|source| source.role == "prices");
    match (manifest.resolved.market.first, prices) {
        (Some(used), _) => Some(match manifest.complete_from {
            Some(all) => {
                format!("prices of all assets begin on {all}, returns are used from {used} on")
            }
            None => format!("returns are used from {used} on"),
        }),
        (None, Some(prices)) => Some(format!("prices begin on {}", prices.first)),
        (None, None) => None,
    }
}

/// How often decisions fall, in words.
fn rhythm(every: &str) -> String {
    match (every, every.strip_suffix('d')) {
        ("month", _) => "on the first session of each month".to_owned(),
        ("week", _) => "on the first session of each week".to_owned(),
        (_, Some("1")) => "on every session".to_owned(),
        (_, Some(sessions)) => format!("on one session in {sessions}"),
        (other, None) => other.to_owned(),
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
pub(crate) fn section(grid: &GridRun) -> Result<String> {
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
        "every": rhythm(&resolved.walk_forward.every),
        "measured": resolved.measure.first,
    });
    part(TEMPLATE, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_read_from_the_ledger() {
        let row = |message: &str| LedgerRow {
            date: None,
            kind: "note".to_owned(),
            solver: None,
            status: None,
            objective: None,
            bound: None,
            gap: None,
            message: message.to_owned(),
        };
        let message =
            "the first decision is on 2007-07-10: no window of 90 rows is full before 2007-07-09";
        let first = First::read(&row(message)).unwrap();
        assert_eq!((first.window.as_str(), first.full.as_str()), ("90", "2007-07-09"));
        assert_eq!(First::read(&row("another thing")), None);
    }
}
