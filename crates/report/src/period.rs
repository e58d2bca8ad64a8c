//! The full sample and each regime: their dates, their returns and the measures of them.

use serde_json::Value;
use walkfolio::{MeasureSet, MeasureTable, ReturnRow, Run};

/// A period that figures are given for.
pub(crate) struct Period<'a> {
    /// `Full sample`, or the regime's name.
    pub name: &'a str,
    /// Its dates in words.
    pub range: String,
    /// Its sessions.
    pub rows: &'a [ReturnRow],
    /// The portfolio's measures.
    pub own: &'a MeasureTable,
    /// The benchmark's, as a portfolio of its own.
    pub benchmark: Option<&'a MeasureTable>,
    /// The portfolio's as if trading were free.
    pub without_costs: Option<&'a MeasureTable>,
}

/// The full sample, then the regimes that have a session, in the study's order.
pub(crate) fn periods(run: &Run) -> Vec<Period<'_>> {
    let resolved = &run.manifest.resolved;
    let first = resolved["measure"]["first"].as_str();
    let full = Period {
        name: "Full sample",
        range: sample(run),
        rows: between(&run.returns, first, None),
        own: &run.measures.full,
        benchmark: run.benchmark.as_ref().map(|set| &set.full),
        without_costs: run.without_costs.as_ref().map(|set| &set.full),
    };
    let regimes = run.measures.regimes.iter().map(|(name, own)| {
        let found = stated(resolved, name);
        let end = |key: &str| found.and_then(|regime| regime[key].as_str());
        Period {
            name,
            range: range(end("first"), end("last")),
            rows: between(&run.returns, end("first"), end("last")),
            own,
            benchmark: run.benchmark.as_ref().and_then(|set| of(set, name)),
            without_costs: run.without_costs.as_ref().and_then(|set| of(set, name)),
        }
    });
    std::iter::once(full).chain(regimes).collect()
}

fn of<'a>(set: &'a MeasureSet, name: &str) -> Option<&'a MeasureTable> {
    set.regimes.iter().find(|(other, _)| other == name).map(|(_, table)| table)
}

/// A regime as the study has it.
fn stated<'a>(resolved: &'a Value, name: &str) -> Option<&'a Value> {
    resolved["regime"].as_array()?.iter().find(|regime| regime["name"] == name)
}

/// The rows from one date to another, both included.
fn between<'a>(rows: &'a [ReturnRow], first: Option<&str>, last: Option<&str>) -> &'a [ReturnRow] {
    let date = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    let start = date(first).map_or(0, |first| rows.partition_point(|row| row.date < first));
    let end = date(last).map_or(rows.len(), |last| rows.partition_point(|row| row.date <= last));
    &rows[start.min(end)..end]
}

/// The dates of the full sample, which may start after the first decision.
fn sample(run: &Run) -> String {
    let asked = run.manifest.resolved["measure"]["first"].as_str().map(str::to_owned);
    let first = run.manifest.first.map(|date| date.to_string()).max(asked);
    let last = run.manifest.last.map(|date| date.to_string());
    range(first.as_deref(), last.as_deref())
}

fn range(first: Option<&str>, last: Option<&str>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("from {first}"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => String::new(),
    }
}
