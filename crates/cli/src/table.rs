//! What `run` prints: a heading, what went wrong, and a table of measures.

use std::collections::BTreeMap;
use std::fmt::Write;

use walkfolio::measures::{Definition, definitions};
use walkfolio::{CellStatus, GridRun, Manifest, MeasureTable, Run, Swept};

/// The measures of a summary, by what the study is for.
const TRACKING: [&str; 11] = [
    "tracking_error",
    "information_ratio",
    "beta",
    "r_squared",
    "annual_return",
    "benchmark_annual_return",
    "volatility",
    "sharpe_ratio",
    "max_drawdown",
    "turnover_annual",
    "holdings_mean",
];
const ABSOLUTE: [&str; 11] = [
    "annual_return",
    "mean_return_annual",
    "volatility",
    "sharpe_ratio",
    "sortino_ratio",
    "max_drawdown",
    "cvar_95",
    "market_beta",
    "turnover_annual",
    "gross_exposure",
    "benchmark_annual_return",
];

/// The summary of a backtest.
pub fn summary(run: &Run) -> String {
    let manifest = &run.manifest;
    let mut text = heading(manifest);
    if let Some(date) = manifest.ruined {
        let _ = writeln!(text, "RUIN on {date}: equity was gone and the backtest ended there");
    }
    if let (Some(first), Some(last)) = (manifest.first, manifest.last) {
        let _ = writeln!(text, "{} decisions, {first} to {last}", manifest.decisions);
    }
    text.push_str(&events(run));
    text.push('\n');
    text.push_str(&measures(run, keys(manifest)));
    text
}

/// The summary of a grid: how its cells ended, and the best of them.
pub fn grid(grid: &GridRun) -> String {
    let mut text = heading(&grid.manifest);
    let count = |status: CellStatus| grid.cells.iter().filter(|cell| cell.status == status).count();
    let _ = writeln!(text, "{} backtests over {}", grid.cells.len(), grid.keys.join(", "));
    for status in [CellStatus::Ruined, CellStatus::Failed, CellStatus::NotRun] {
        if count(status) > 0 {
            let _ = writeln!(text, "{} {}", count(status), status.as_str().replace('_', " "));
        }
    }
    text.push('\n');
    let key = keys(&grid.manifest)[usize::from(!is_tracking(&grid.manifest)) * 3];
    let Some(definition) = definitions().iter().find(|definition| definition.key == key) else {
        return text;
    };
    text.push_str(&ranking(grid, definition));
    text
}

fn ranking(grid: &GridRun, definition: &Definition) -> String {
    let mut cells: Vec<_> = grid
        .cells
        .iter()
        .filter_map(|cell| cell.measure(definition.key).map(|value| (value, cell)))
        .collect();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let best_first = definition.key == "tracking_error";
    if !best_first {
        cells.reverse();
    }
    let label = |key: &String| {
        key.rsplit('.')
            .nth(usize::from(key.ends_with(".window_days")))
            .map_or_else(|| key.clone(), str::to_owned)
    };
    let mut rows = vec![grid.keys.iter().map(label).chain([definition.label.to_owned()]).collect()];
    let shown: Vec<_> = if cells.len() > 10 {
        cells[..5].iter().chain(&cells[cells.len() - 5..]).collect()
    } else {
        cells.iter().collect()
    };
    for (value, cell) in shown {
        let settings = cell.settings.iter().map(Swept::text);
        rows.push(settings.chain([definition.unit.show(Some(*value))]).collect::<Vec<String>>());
    }
    let note = if cells.len() > 10 { "(the best five and the worst five)\n" } else { "" };
    format!("{}{note}", columns(&rows))
}

fn heading(manifest: &Manifest) -> String {
    let mut text = format!("{} on {}\n", manifest.study, manifest.data_label());
    if manifest.synthetic {
        text.push_str("simulated prices: no statement about any real fund\n");
    }
    text
}

/// Warnings and fallbacks, each message once with its count.
fn events(run: &Run) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &run.ledger {
        if matches!(row.kind.as_str(), "warning" | "fallback") {
            *counts.entry((&row.kind, &row.message)).or_default() += 1;
        }
    }
    let mut text = String::new();
    for ((kind, message), count) in counts.iter().take(8) {
        let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
        let _ = writeln!(text, "{kind}: {message}{times}");
    }
    if counts.len() > 8 {
        let _ = writeln!(text, "and {} more, see the report", counts.len() - 8);
    }
    text
}

fn is_tracking(manifest: &Manifest) -> bool {
    manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error"
}

fn keys(manifest: &Manifest) -> &'static [&'static str] {
    if is_tracking(manifest) { &TRACKING } else { &ABSOLUTE }
}

fn measures(run: &Run, keys: &[&str]) -> String {
    let periods: Vec<(&str, &MeasureTable)> = std::iter::once(("full", &run.measures.full))
        .chain(run.measures.regimes.iter().map(|(name, table)| (name.as_str(), table)))
        .collect();
    let head = std::iter::once(String::new());
    let mut rows = vec![head.chain(periods.iter().map(|(name, _)| (*name).to_owned())).collect()];
    for key in keys {
        let Some(definition) = definitions().iter().find(|d| d.key == *key) else { continue };
        let values = periods.iter().map(|(_, table)| definition.unit.show(table.get(key)));
        rows.push(std::iter::once(definition.label.to_owned()).chain(values).collect());
    }
    columns(&rows)
}

/// Rows as a table: the first column to the left, the others to the right.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = format!("{:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
