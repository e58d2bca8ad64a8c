//! What `run` prints: a heading, warnings, a table of measures, and targets.

use std::fmt::Write;

use serde_json::Value;
use walkfolio::analysis::alerts::{Alert, Alerts, shape};
use walkfolio::analysis::format::counted;
use walkfolio::analysis::part;
use walkfolio::analysis::solves::unproven;
use walkfolio::measures::{Definition, definitions};
use walkfolio::record::WIPED_OUT;
use walkfolio::{Cell, CellStatus, GridRun, Manifest, MeasureTable, Run, Swept};

use crate::layout::{table, width};
use crate::{account, classifier, targets};

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

/// The key whose sweep alone is a frontier.
const FRONTIER: &str = "allocate.max_holdings";

/// The summary of a backtest.
pub fn summary(run: &Run) -> String {
    let manifest = &run.manifest;
    let mut text = heading(manifest);
    if let Some(date) = manifest.ruined {
        let _ = writeln!(text, "WIPEOUT on {date}: {WIPED_OUT}");
    }
    if let (Some(first), Some(last)) = (manifest.first, manifest.last) {
        let _ = writeln!(text, "{}, {first} to {last}", counted(manifest.decisions, "decision"));
    }
    text.push_str(&stops_short(manifest));
    for caveat in walkfolio::caveats(run) {
        let _ = writeln!(text, "{}", caveat.replace('\u{202f}', " ").replace('\u{2212}', "-"));
    }
    text.push_str(&events(run));
    text.push('\n');
    text.push_str(&measures(run, keys(manifest)));
    for sentence in part::sentences(&run.measures.full, |key| keys(manifest).contains(&key)) {
        let _ = writeln!(text, "{sentence}");
    }
    if let Some(account) = account::block(run) {
        let _ = write!(text, "\n{account}");
    }
    if let Some(quality) = classifier::quality(run) {
        let _ = write!(text, "\n{}", classifier::block(&quality));
    }
    let targets = walkfolio::targets(manifest, &run.measures.full);
    if !targets.is_empty() {
        let _ = write!(text, "\n{}", targets::block(&targets));
    }
    text
}

/// What was done of a backtest that was stopped: the measures of a part are no result.
pub fn stump(run: &Run, steps: Option<u64>) -> String {
    let manifest = &run.manifest;
    let of = steps.map_or(String::new(), |steps| format!(" of {steps}"));
    let mut text = heading(manifest);
    let _ = write!(text, "stopped after {}{of} decisions", manifest.decisions);
    if let (Some(first), Some(last)) = (manifest.first, manifest.last) {
        let _ = write!(text, ", {first} to {last}");
    }
    text + "\n"
}

/// That a study ends before its prices do.
fn stops_short(manifest: &Manifest) -> String {
    let prices = manifest.sources.iter().filter(|source| source.role == "prices");
    let data = prices.filter_map(|source| source.last).max();
    match (manifest.resolved.walk_forward.last, manifest.last, data) {
        (Some(key), Some(last), Some(data)) if last < data && !manifest.synthetic => {
            format!("note: walk_forward.last is {key}; the prices go on to {data}\n")
        }
        _ => String::new(),
    }
}

/// The summary of a grid: how its cells ended, and the best of them, or the whole of a frontier.
pub fn grid(grid: &GridRun) -> String {
    let mut text = heading(&grid.manifest);
    let count = |status: CellStatus| grid.cells.iter().filter(|cell| cell.status == status).count();
    let (all, left) = (grid.cells.len(), count(CellStatus::NotRun));
    let made = if left > 0 { format!("{} of {all}", all - left) } else { all.to_string() };
    let _ = writeln!(text, "{made} backtests over {}", grid.keys.join(", "));
    if count(CellStatus::Ruined) > 0 {
        let _ = writeln!(text, "{} wiped out", count(CellStatus::Ruined));
    }
    text.push_str(&failures(grid));
    // The best of a part is no result, and its selection bias would be another's.
    if left > 0 {
        return text;
    }
    text.push('\n');
    if grid.keys == [FRONTIER] {
        text.push_str(&frontier(grid));
        return text;
    }
    let key = keys(&grid.manifest)[usize::from(!is_tracking(&grid.manifest)) * 3];
    let Some(definition) = definitions().iter().find(|definition| definition.key == key) else {
        return text;
    };
    text.push_str(&ranking(grid, definition));
    text.push_str(&crate::selection_bias::summary(grid.selection_bias.as_ref()));
    text
}

/// Why cells failed, a line a reason with their number, the most frequent first.
fn failures(grid: &GridRun) -> String {
    let mut reasons: Vec<(String, &str, Vec<usize>)> = Vec::new();
    for (at, cell) in grid.cells.iter().enumerate() {
        let Some(message) = cell.message.as_deref() else { continue };
        let shape = shape(message);
        match reasons.iter_mut().find(|(other, ..)| *other == shape) {
            Some((.., cells)) => cells.push(at + 1),
            None => reasons.push((shape, message, vec![at + 1])),
        }
    }
    reasons.sort_by_key(|(.., cells)| std::cmp::Reverse(cells.len()));
    let mut text = String::new();
    for (_, message, cells) in reasons {
        let (count, all) = (cells.len(), grid.cells.len());
        let some: Vec<String> = cells.iter().take(5).map(ToString::to_string).collect();
        let more = if count > some.len() { ", ..." } else { "" };
        let noun = if count == 1 { "cell" } else { "cells" };
        let some = some.join(", ");
        let _ = writeln!(text, "{count} of {all} cells failed: {message} ({noun} {some}{more})");
    }
    text
}

/// Every cell in its order: what a further holding adds.
fn frontier(grid: &GridRun) -> String {
    let keys = if is_tracking(&grid.manifest) {
        ["tracking_error", "information_ratio", "turnover_annual", "holdings_mean"]
    } else {
        ["volatility", "sharpe_ratio", "turnover_annual", "holdings_mean"]
    };
    let shown = || keys.iter().filter_map(|key| definitions().iter().find(|d| d.key == *key));
    let head = std::iter::once(label(&grid.keys[0])).chain(shown().map(|d| d.label.to_owned()));
    let row = |cell: &Cell| {
        let values = shown().map(|d| d.unit.show(cell.measure(d.key)));
        cell.settings.iter().map(Swept::text).chain(values).collect()
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(head.collect()).chain(grid.cells.iter().map(row)).collect();
    table(&rows, width())
}

/// A swept key in a few letters: its last part, or the one before `window`.
fn label(key: &str) -> String {
    key.rsplit('.')
        .nth(usize::from(key.ends_with(".window")))
        .map_or_else(|| key.to_owned(), str::to_owned)
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
    // A wiped-out backtest is measured over fewer sessions, and is the worst whatever its ratio.
    cells.sort_by_key(|(_, cell)| cell.status == CellStatus::Ruined);
    let mut rows =
        vec![grid.keys.iter().map(|key| label(key)).chain([definition.label.to_owned()]).collect()];
    let shown: Vec<_> = if cells.len() > 10 {
        cells[..5].iter().chain(&cells[cells.len() - 5..]).collect()
    } else {
        cells.iter().collect()
    };
    let of_key = |key| grid.cells.iter().filter_map(|cell| cell.settings.get(key)).collect();
    let swept: Vec<Vec<&Value>> = (0..grid.keys.len()).map(of_key).collect();
    for (value, cell) in shown {
        let settings =
            cell.settings.iter().zip(&swept).map(|(value, all)| Swept::label(value, all));
        let wiped = if cell.status == CellStatus::Ruined { "wiped out, " } else { "" };
        let value = format!("{wiped}{}", definition.unit.show(Some(*value)));
        rows.push(settings.chain([value]).collect::<Vec<String>>());
    }
    let note = if cells.len() > 10 { "(the best five and the worst five)\n" } else { "" };
    // A line is one backtest: it means nothing in parts.
    format!("{}{note}", table(&rows, usize::MAX))
}

fn heading(manifest: &Manifest) -> String {
    let mut text = format!("{} on {}\n", manifest.study, manifest.data_label());
    if let Some(simulated) = manifest.simulated() {
        let _ = writeln!(text, "{simulated}");
    }
    text
}

/// What must not pass in silence, one line a kind, the most severe first: errors of the data check,
/// solves without proof, then the ledger.
fn events(run: &Run) -> String {
    let mut text = run.data_report.as_ref().map_or_else(String::new, data_errors);
    let stopped = unproven(run.ledger.iter());
    if stopped > 0 {
        let solves = counted(stopped, "solve");
        let _ = writeln!(text, "warning: {solves} ended without proof of optimality");
    }
    let Some(alerts) = Alerts::of(run.ledger.iter().map(|row| (None, row))) else { return text };
    for alert in alerts.shown() {
        let Alert { kind, message, .. } = alert;
        let _ = writeln!(text, "{kind}: {message}{}", times(alert));
    }
    if alerts.left_out() > 0 {
        let _ = writeln!(text, "and {} more; see the report", alerts.left_out());
    }
    text
}

/// How often an alert was written, and when.
fn times(alert: &Alert) -> String {
    let Alert { times, alike, when, .. } = alert;
    let when = if when.is_empty() { String::new() } else { format!(", {when}") };
    match (times, alike) {
        (1, _) => String::new(),
        (_, true) => format!(" ({times} times with other numbers{when})"),
        (_, false) => format!(" ({times} times{when})"),
    }
}

/// The errors of a data report: a line a kind with their number and the first of them.
fn data_errors(report: &Value) -> String {
    let errors = report["findings"].as_array().into_iter().flatten();
    let errors = errors.filter(|finding| finding["severity"] == "error");
    let mut kinds: Vec<(&str, &str, usize)> = Vec::new();
    for finding in errors {
        let (Some(kind), Some(message)) = (finding["kind"].as_str(), finding["message"].as_str())
        else {
            continue;
        };
        match kinds.iter_mut().find(|(other, ..)| *other == kind) {
            Some((.., times)) => *times += 1,
            None => kinds.push((kind, message, 1)),
        }
    }
    let mut text = String::new();
    for (kind, message, times) in kinds {
        let more = if times > 1 {
            format!(" (1 of {times}; see `walkfolio check`)")
        } else {
            String::new()
        };
        let _ = writeln!(text, "error: data, {}: {message}{more}", kind.replace('_', " "));
    }
    text
}

/// Whether a study's objective is tracking error.
fn is_tracking(manifest: &Manifest) -> bool {
    manifest.resolved.tracks()
}

/// The measures of a summary.
pub fn keys(manifest: &Manifest) -> &'static [&'static str] {
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
    table(&rows, width())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_of_a_grid_shows_what_was_done_and_ranks_nothing() {
        let file = std::fs::File::open("../analysis/tests/example/grid.json").unwrap();
        let mut part: GridRun = serde_json::from_reader(file).unwrap();
        assert!(grid(&part).contains("backtests over"));
        let (all, lines) = (part.cells.len(), grid(&part).lines().count());
        part.cells[1].status = CellStatus::NotRun;
        part.cells[1].measures = None;
        let shown = grid(&part);
        assert!(shown.contains(&format!("{} of {all} backtests over", all - 1)), "{shown}");
        assert!(shown.lines().count() < lines && !shown.contains("Selection bias"), "{shown}");
    }

    #[test]
    fn a_swept_table_shows_what_differs() {
        let (long, short) = (json!({ "kind": "x", "min": -1, "max": 1 }), json!({ "kind": "x" }));
        let all = [&long, &short];
        assert_eq!(all.map(|value| Swept::label(value, &all)), ["max 1, min -1", "–"]);
        assert_eq!(Swept::label(&json!(3), &[&json!(4)]), "3");
    }
}
