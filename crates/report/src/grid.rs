//! The page of a grid: every cell, and a map where the swept keys are numbers.

use serde::Serialize;
use walkfolio::measures::{Better, Definition, Unit};
use walkfolio::{Cell, CellStatus, GridRun, Swept};

use crate::Result;
use crate::foot::foot;
use crate::format::{counted, measure, short};
use crate::frontier::Frontier;
use crate::head::head;
use crate::ledger::Alerts;
use crate::measures::{definition, headline};
use crate::page::{Page, part};
use crate::targets;

const TEMPLATE: &str = include_str!("../templates/grid.html");
const SCRIPTS: [&str; 2] =
    [include_str!("../templates/grid.js"), include_str!("../templates/frontier.js")];
/// Rows of the table.
const ROWS: usize = 2000;
/// Numbers of the map: beyond these only the full sample is kept, so that the page stays small.
const NUMBERS: usize = 150_000;

#[derive(Serialize)]
struct Body<'a> {
    keys: &'a [String],
    columns: Vec<&'static str>,
    rows: Vec<Row>,
    left_out: usize,
    mapped: bool,
}

#[derive(Serialize)]
struct Row {
    settings: Vec<Field>,
    status: &'static str,
    message: Option<String>,
    values: Vec<Field>,
}

/// A table's field: what is read, and what it is sorted by.
#[derive(Serialize)]
struct Field {
    text: String,
    order: String,
}

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    keys: Vec<Key<'a>>,
    cells: Vec<Vec<usize>>,
    measures: Vec<Surface>,
    first: &'static str,
    frontier: Option<Frontier>,
}

/// A swept key, its values in order of appearance.
#[derive(Serialize)]
struct Key<'a> {
    name: &'a str,
    numeric: bool,
    values: Vec<String>,
}

/// One measure over all cells.
#[derive(Serialize)]
struct Surface {
    key: String,
    label: String,
    unit: &'static str,
    lower_is_better: bool,
    values: Vec<Option<f64>>,
}

/// Writes the report of a grid as one HTML page that needs nothing beside it.
///
/// # Errors
/// As [`html`](crate::html).
pub fn grid_html(grid: &GridRun) -> Result<String> {
    let manifest = &grid.manifest;
    let main = headline(&manifest.resolved);
    let more = ["annual_return", "max_drawdown", "turnover_annual"];
    let mut chosen: Vec<&Definition> = Vec::new();
    for key in main.into_iter().chain(more) {
        let found = definition(key);
        chosen.extend(found.filter(|d| chosen.iter().all(|other| other.key != d.key)));
    }
    let keys: Vec<Key<'_>> = (0..grid.keys.len()).map(|place| key(grid, place)).collect();
    let frontier = Frontier::of(grid);
    let mapped = keys.iter().any(|key| key.numeric && key.values.len() > 1);
    let body = Body {
        keys: &grid.keys,
        columns: chosen.iter().map(|definition| definition.label).collect(),
        rows: grid.cells.iter().take(ROWS).map(|cell| row(cell, &chosen)).collect(),
        left_out: grid.cells.len().saturating_sub(ROWS),
        mapped,
    };
    let data = Data {
        study: &manifest.study,
        cells: grid.cells.iter().map(|cell| place(cell, &keys)).collect(),
        measures: if mapped { surfaces(grid) } else { Vec::new() },
        first: first(&main, &keys, frontier.as_ref()),
        keys,
        frontier,
    };
    let alerts = Alerts::of(grid.ledger.iter().map(|(cell, row)| (*cell, row)));
    let benchmark = manifest.benchmark.as_deref();
    let drawn = data.frontier.as_ref().map(|frontier| frontier.section(benchmark));
    let parts = [
        head(manifest, size(grid), alerts)?,
        targets::grid_section(grid)?,
        drawn.transpose()?.unwrap_or_default(),
        part(TEMPLATE, body)?,
        foot(manifest)?,
    ];
    Page { title: &manifest.study, parts: &parts, data: &data, scripts: &SCRIPTS }.html()
}

/// The measure that the map shows first: not what a frontier above it shows already.
fn first(main: &[&'static str; 5], keys: &[Key<'_>], frontier: Option<&Frontier>) -> &'static str {
    match (frontier, keys) {
        (Some(_), [_]) => "turnover_annual",
        _ if main[0] == "tracking_error" => main[0],
        _ => main[2],
    }
}

/// How many cells there are and how they ended.
fn size(grid: &GridRun) -> String {
    let count = |status| grid.cells.iter().filter(|cell| cell.status == status).count();
    let ends = [CellStatus::Complete, CellStatus::Ruined, CellStatus::Failed, CellStatus::NotRun];
    let ends = ends.into_iter().map(|status| (count(status), status.as_str().replace('_', " ")));
    let parts: Vec<String> = ends
        .filter(|(number, _)| *number > 0)
        .map(|(number, status)| format!("{number} {status}"))
        .collect();
    format!("{}: {}", counted(grid.cells.len(), "backtest"), parts.join(", "))
}

fn key(grid: &GridRun, place: usize) -> Key<'_> {
    let all = grid.cells.iter().filter_map(|cell| cell.settings.get(place));
    let numeric = Swept::of(all.clone()) != Swept::Texts;
    let mut values: Vec<String> = Vec::new();
    for text in all.map(Swept::text) {
        if !values.contains(&text) {
            values.push(text);
        }
    }
    Key { name: &grid.keys[place], numeric, values }
}

/// Where a cell stands: the index of each of its settings.
fn place(cell: &Cell, keys: &[Key<'_>]) -> Vec<usize> {
    let settings = cell.settings.iter().map(Swept::text).zip(keys);
    settings
        .map(|(text, key)| key.values.iter().position(|value| *value == text).unwrap_or(0))
        .collect()
}

fn row(cell: &Cell, chosen: &[&Definition]) -> Row {
    let setting = |value| {
        let text = Swept::text(value);
        Field { order: text.clone(), text }
    };
    let value = |definition: &&Definition| {
        let value = cell.measure(definition.key);
        Field {
            text: measure(definition.unit, value),
            order: value.map_or(String::new(), |value| value.to_string()),
        }
    };
    Row {
        settings: cell.settings.iter().map(setting).collect(),
        status: cell.status.as_str(),
        message: cell.message.clone(),
        values: chosen.iter().map(value).collect(),
    }
}

/// Every measure that is defined in some cell.
fn surfaces(grid: &GridRun) -> Vec<Surface> {
    let keys = grid.measure_keys();
    let all = keys.len() * grid.cells.len() <= NUMBERS;
    let kept = keys.iter().filter(|key| all || !key.contains('.'));
    kept.filter_map(|key| surface(grid, key)).collect()
}

fn surface(grid: &GridRun, key: &str) -> Option<Surface> {
    let (regime, plain) = key.split_once('.').map_or((None, key), |(r, k)| (Some(r), k));
    let definition = definition(plain)?;
    let values: Vec<Option<f64>> =
        grid.cells.iter().map(|cell| cell.measure(key).and_then(short)).collect();
    values.iter().any(Option::is_some).then(|| Surface {
        key: key.to_owned(),
        label: match regime {
            None => definition.label.to_owned(),
            Some(regime) => format!("{regime}: {}", definition.label),
        },
        unit: match definition.unit {
            Unit::Percent => "percent",
            Unit::Count => "count",
            Unit::Ratio | Unit::Number => "number",
        },
        lower_is_better: definition.better == Better::Lower,
        values,
    })
}
