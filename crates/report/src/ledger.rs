//! The ledger: what must not pass in silence, grouped and listed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, count, counted, scientific};
use walkfolio_analysis::solves::{Solves, relative_gap};
use walkfolio_record::LedgerRow;

/// Rows of the table; more would make the page slow and nobody wiser.
const SHOWN: usize = 500;
/// Events that the page's search can look at.
const SEARCHED: usize = 20_000;
/// Different messages at the top of the page.
const ALERTS: usize = 8;
/// The kinds of rows that stand at the top of the page, the gravest first.
const KINDS: [&str; 3] = ["fallback", "warning", "note"];

/// What tells most about a portfolio stands before other warnings.
const FOREMOST: [&str; 2] = ["near ruin: ", "on average "];

/// A row, with the backtest of a grid that it belongs to.
type Entry<'a> = (Option<usize>, &'a LedgerRow);

/// One message, however often it was written and with whatever numbers.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Alert {
    kind: String,
    message: String,
    times: usize,
    alike: bool,
    when: String,
    cells: Vec<usize>,
}

/// Fallbacks and warnings, and what decisions did otherwise than asked, for the top of the page.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Alerts {
    summary: String,
    shown: Vec<Alert>,
    left_out: usize,
}

impl Alerts {
    /// The gravest messages.
    pub(crate) fn shown(&self) -> &[Alert] {
        &self.shown
    }

    /// How many different messages are not among them.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Groups what must be seen: fallbacks first, then warnings, then notes of single decisions,
    /// such as a bound that was raised; `None` if there is none of these.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = Entry<'a>>) -> Option<Self> {
        let mut counts = [0; KINDS.len()];
        let mut groups: Vec<(usize, Vec<Entry<'a>>)> = Vec::new();
        let mut places: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for (cell, row) in rows {
            let Some(grave) = gravity(row) else { continue };
            counts[grave] += 1;
            let place = *places.entry((grave, shape(&row.message))).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, group)) => group.push((cell, row)),
                None => groups.push((grave, vec![(cell, row)])),
            }
        }
        if groups.is_empty() {
            return None;
        }
        groups.sort_by_key(|(grave, group)| {
            let message = &group[0].1.message;
            let foremost = FOREMOST.iter().position(|start| message.starts_with(start));
            (*grave, foremost.unwrap_or(FOREMOST.len()))
        });
        let some = counts.into_iter().zip(KINDS).filter(|(number, _)| *number > 0);
        let summary = some.map(|(number, noun)| counted(number, noun)).collect::<Vec<_>>();
        Some(Self {
            summary: enumerated(&summary),
            shown: groups.iter().take(ALERTS).map(|(_, group)| Alert::of(group)).collect(),
            left_out: groups.len().saturating_sub(ALERTS),
        })
    }
}

/// How grave a row is, as a place in [`KINDS`]; notes on the whole run are for the ledger's table.
fn gravity(row: &LedgerRow) -> Option<usize> {
    let grave = KINDS.iter().position(|kind| *kind == row.kind)?;
    (row.kind != "note" || row.date.is_some()).then_some(grave)
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

impl Alert {
    fn of(group: &[Entry<'_>]) -> Self {
        let first = group[0].1;
        let mut dates: Vec<_> = group.iter().filter_map(|(_, row)| row.date).collect();
        dates.sort_unstable();
        let when = match dates.as_slice() {
            [] => String::new(),
            [first, .., last] if first != last => format!("{first} to {last}"),
            [first, ..] => first.to_string(),
        };
        let mut cells: Vec<usize> = group.iter().filter_map(|(cell, _)| *cell).collect();
        cells.dedup();
        Self {
            kind: first.kind.clone(),
            message: first.message.clone(),
            times: group.len(),
            alike: group.iter().any(|(_, other)| other.message != first.message),
            when,
            cells,
        }
    }
}

/// A message without its numbers and its regime: what makes it the same fact.
fn shape(message: &str) -> String {
    let regime = message.strip_prefix("regime ").and_then(|rest| rest.split_once(": "));
    let message = regime.map_or(message, |(_, fact)| fact);
    let mut shape = String::with_capacity(message.len());
    for letter in message.chars() {
        if !letter.is_ascii_digit() {
            shape.push(letter);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    // A sign before a number, or a dot inside it, is part of it.
    shape.replace("-#", "#").replace("#.#", "#")
}

/// One row of the ledger's table.
#[derive(Debug, Serialize)]
pub(crate) struct Event {
    date: String,
    kind: String,
    message: String,
}

/// The ledger's section.
#[derive(Debug, Serialize)]
pub(crate) struct Ledger<'a> {
    solves: Option<String>,
    events: Vec<Event>,
    kinds: Vec<&'a str>,
    total: usize,
    left_out: usize,
    searchable: bool,
}

/// The whole ledger for the page's search: by event its date, and the places of its kind and message.
#[derive(Debug, Serialize)]
pub(crate) struct Searched<'a> {
    kinds: Vec<&'a str>,
    messages: Vec<Cow<'a, str>>,
    events: Vec<(Option<String>, usize, usize)>,
}

impl<'a> Searched<'a> {
    /// Every event, in the order of the table; `None` where they are too many for a page.
    pub(crate) fn of(rows: &'a [LedgerRow]) -> Option<Self> {
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
    pub(crate) fn of(rows: &'a [LedgerRow], found: Option<&Solves>) -> Self {
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
