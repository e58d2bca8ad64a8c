//! What must not pass in silence: fallbacks and warnings, grouped for the console and the top of a page.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_record::LedgerRow;

use crate::format::counted;

/// Different messages at the top of the page.
const ALERTS: usize = 8;
/// The kinds of rows that stand at the top of the page, the gravest first.
const KINDS: [&str; 3] = ["fallback", "warning", "note"];

/// What tells most about a portfolio stands before other warnings.
const FOREMOST: [&str; 2] = ["near ruin: ", "on average "];

/// A row, with the backtest of a grid that it belongs to.
///
/// # Examples
/// See [`Alerts`].
pub type Entry<'a> = (Option<usize>, &'a LedgerRow);

/// One message, however often it was written and with whatever numbers.
///
/// # Examples
/// See [`Alerts`].
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Alert {
    /// `fallback`, `warning` or `note`.
    pub kind: String,
    /// The first of the messages.
    pub message: String,
    /// How many rows say it.
    pub times: usize,
    /// Whether some of them differ in their numbers.
    pub alike: bool,
    /// The decision, or the first and the last of them; empty for the whole run.
    pub when: String,
    /// The backtests of a grid that it belongs to.
    pub cells: Vec<usize>,
}

/// Fallbacks and warnings, and what decisions did otherwise than asked, the most severe first.
///
/// # Examples
/// ```
/// use walkfolio_analysis::alerts::Alerts;
/// use walkfolio_core::Note;
/// use walkfolio_record::LedgerRow;
///
/// let row = |share: &str| {
///     let message = format!("the cap of {share} is raised");
///     LedgerRow::of_note(None, &Note::warning(message))
/// };
/// let rows = [row("0.2"), row("0.3")];
/// let alerts = Alerts::of(rows.iter().map(|row| (None, row))).unwrap();
/// assert_eq!((alerts.shown().len(), alerts.shown()[0].times), (1, 2));
/// ```
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Alerts {
    summary: String,
    shown: Vec<Alert>,
    left_out: usize,
}

impl Alerts {
    /// The gravest messages.
    pub fn shown(&self) -> &[Alert] {
        &self.shown
    }

    /// How many different messages are not among them.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Groups what must be seen: fallbacks first, then warnings, then notes of single decisions,
    /// such as a bound that was raised; `None` if there is none of these.
    pub fn of<'a>(rows: impl Iterator<Item = Entry<'a>>) -> Option<Self> {
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
///
/// # Examples
/// ```
/// use walkfolio_analysis::alerts::shape;
///
/// assert_eq!(shape("lower beta to at most 11.35"), shape("lower beta to at most 9.8"));
/// ```
pub fn shape(message: &str) -> String {
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
