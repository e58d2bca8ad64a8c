//! The ledger: every event, to be searched, and how the solves ended.

mod solves;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, count, counted, scientific};
use walkfolio_analysis::solves::{Solves, relative_gap};
use walkfolio_record::LedgerRow;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;
use solves::Charts;

const TEMPLATE: &str = include_str!("ledger.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "ledger", title: "Ledger", script: include_str!("ledger.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let rows = &summary.run.ledger;
    let ledger = Ledger::of(rows, summary.found.solves.as_ref());
    let html = part(TEMPLATE, serde_json::json!({ "ledger": ledger }))?;
    Drawn::section(html)
        .with("solves", &Charts::of(summary.run))?
        .with("ledger", &Searched::of(rows))
}

/// Rows of the table; more would make the page slow and nobody wiser.
const SHOWN: usize = 500;
/// Events that the page's search can look at.
const SEARCHED: usize = 20_000;
/// One row of the ledger's table.
#[derive(Debug, Serialize)]
struct Event {
    date: String,
    kind: String,
    message: String,
}

/// The ledger's section.
#[derive(Debug, Serialize)]
struct Ledger<'a> {
    solves: Option<String>,
    events: Vec<Event>,
    kinds: Vec<&'a str>,
    total: usize,
    left_out: usize,
    searchable: bool,
}

/// The whole ledger for the page's search: by event its date, and the places of its kind and message.
#[derive(Debug, Serialize)]
struct Searched<'a> {
    kinds: Vec<&'a str>,
    messages: Vec<Cow<'a, str>>,
    events: Vec<(Option<String>, usize, usize)>,
}

impl<'a> Searched<'a> {
    /// Every event, in the order of the table; `None` where they are too many for a page.
    fn of(rows: &'a [LedgerRow]) -> Option<Self> {
        if rows.len() > SEARCHED {
            return None;
        }
        let mut found = Self { kinds: kinds(rows), messages: Vec::new(), events: Vec::new() };
        let mut places: BTreeMap<Cow<'a, str>, usize> = BTreeMap::new();
        for row in in_order(rows.iter()) {
            let message = message(row);
            let place = *places.entry(message.clone()).or_insert(found.messages.len());
            if place == found.messages.len() {
                found.messages.push(message);
            }
            let kind = found.kinds.iter().position(|kind| *kind == row.kind).unwrap_or(0);
            found.events.push((row.date.map(|date| date.to_string()), kind, place));
        }
        Some(found)
    }
}

/// What an event says; a solve in words.
fn message(row: &LedgerRow) -> Cow<'_, str> {
    if row.kind != "solve" {
        return Cow::Borrowed(&row.message);
    }
    let words = [row.solver.as_deref(), row.status.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    let gap = relative_gap(row);
    let gap = gap.map_or(String::new(), |gap| format!(", relative gap {}", scientific(gap)));
    Cow::Owned(format!("{}{gap}", words.join(": ").replace('_', " ")))
}

/// The kinds of events, in the order of the alphabet.
fn kinds(rows: &[LedgerRow]) -> Vec<&str> {
    let mut kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// What concerns the whole run first, then the newest events.
fn in_order<'a>(rows: impl Iterator<Item = &'a LedgerRow>) -> Vec<&'a LedgerRow> {
    let mut events: Vec<&LedgerRow> = rows.collect();
    events.sort_by_key(|row| (row.date.is_some(), std::cmp::Reverse(row.date)));
    events
}

impl<'a> Ledger<'a> {
    /// What concerns the whole run first, then the newest events.
    fn of(rows: &'a [LedgerRow], found: Option<&Solves>) -> Self {
        let events = in_order(rows.iter().filter(|row| row.kind != "solve"));
        let event = |row: &&LedgerRow| Event {
            date: row.date.map_or_else(|| "whole run".to_owned(), |date| date.to_string()),
            kind: row.kind.clone(),
            message: row.message.clone(),
        };
        Self {
            solves: found.map(solves),
            kinds: kinds(rows),
            searchable: rows.len() <= SEARCHED,
            total: events.len(),
            left_out: events.len().saturating_sub(SHOWN),
            events: events.iter().take(SHOWN).map(event).collect(),
        }
    }
}

/// All solves in a sentence: how many, how they ended, and the worst relative gap.
fn solves(found: &Solves) -> String {
    let word = |text: &Option<String>| text.as_deref().unwrap_or(UNDEFINED).replace('_', " ");
    let parts: Vec<String> = found
        .ended
        .iter()
        .map(|one| {
            let solver = one.solver.as_deref().unwrap_or(UNDEFINED);
            format!("{} {} by {solver}", count(one.solves as f64), word(&one.status))
        })
        .collect();
    let worst = found.worst.map_or(String::new(), |worst| {
        let when = worst.date.map_or(String::new(), |date| format!(" on {date}"));
        format!("; worst relative gap {}{when}", scientific(worst.gap))
    });
    format!("{}: {}{worst}.", counted(found.solves, "solve"), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(objective: Option<f64>, bound: Option<f64>) -> LedgerRow {
        LedgerRow {
            date: None,
            kind: "solve".to_owned(),
            solver: Some("kernel".to_owned()),
            status: Some("limit".to_owned()),
            objective,
            bound,
            gap: Some(3.8e-4),
            message: String::new(),
        }
    }

    #[test]
    fn a_gap_is_shown_as_a_part_of_the_objective() {
        let row = solve(Some(4e-4), Some(2e-5));
        assert_eq!(message(&row), "kernel: limit, relative gap 9.5e-1");
        assert_eq!(
            solves(&Solves::of(&[row]).unwrap()),
            "1 solve: 1 limit by kernel; worst relative gap 9.5e-1."
        );
    }

    #[test]
    fn an_objective_of_zero_shows_no_gap() {
        for row in [solve(Some(0.0), Some(-1.0)), solve(Some(1.0), None), solve(None, Some(1.0))] {
            assert_eq!(message(&row), "kernel: limit");
        }
    }
}
