//! What can be asked of a run: its columns, and its measures by key.

use std::collections::BTreeSet;

use walkfolio_stats::measures::definitions;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A word: equal or not.
    Text,
    /// A hash: its first letters suffice.
    Hash,
    /// A date.
    Date,
    /// A moment (UTC), compared with a date by its day.
    Moment,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A column of the table of runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: &'static str,
    pub of: Type,
}

/// Every column, by the name that a filter has for it; the names in the table are the same.
pub(super) const COLUMNS: [Column; 14] = [
    Column { name: "folder", of: Type::Text },
    Column { name: "study", of: Type::Text },
    Column { name: "status", of: Type::Text },
    Column { name: "kind", of: Type::Text },
    Column { name: "created", of: Type::Moment },
    Column { name: "version", of: Type::Text },
    Column { name: "study_hash", of: Type::Hash },
    Column { name: "data_hash", of: Type::Hash },
    Column { name: "vintage", of: Type::Text },
    Column { name: "synthetic", of: Type::Flag },
    Column { name: "first", of: Type::Date },
    Column { name: "last", of: Type::Date },
    Column { name: "cells", of: Type::Number },
    Column { name: "decisions", of: Type::Number },
];

/// Short names of measures.
const ALIASES: [(&str, &str); 13] = [
    ("te", "tracking_error"),
    ("ir", "information_ratio"),
    ("sharpe", "sharpe_ratio"),
    ("sortino", "sortino_ratio"),
    ("calmar", "calmar_ratio"),
    ("vol", "volatility"),
    ("return", "annual_return"),
    ("cagr", "annual_return"),
    ("alpha", "alpha_annual"),
    ("drawdown", "max_drawdown"),
    ("turnover", "turnover_annual"),
    ("holdings", "holdings_mean"),
    ("run", "folder"),
];

/// A key of a filter or an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Column(&'static Column),
    Measure(String),
}

impl Key {
    /// The key that a word means; `known` are the measures of the catalogue's runs. The error is the
    /// remedy.
    pub fn parse(word: &str, known: &BTreeSet<String>) -> Result<Self, String> {
        let (before, last) = match word.rsplit_once('.') {
            Some((before, last)) => (Some(before), last),
            None => (None, word),
        };
        let alias = ALIASES.iter().find(|(short, _)| *short == last);
        let last = alias.map_or(last, |(_, long)| long);
        let name = before.map_or_else(|| last.to_owned(), |before| format!("{before}.{last}"));
        if let Some(column) = COLUMNS.iter().find(|column| column.name == name) {
            return Ok(Self::Column(column));
        }
        let defined = before.is_none() && definitions().iter().any(|d| d.key == name);
        if defined || known.contains(&name) {
            return Ok(Self::Measure(name));
        }
        Err(suggestion(word, known))
    }

    /// The name in the catalogue.
    pub fn name(&self) -> &str {
        match self {
            Self::Column(column) => column.name,
            Self::Measure(key) => key,
        }
    }
}

/// The nearest keys, or where to find them all.
fn suggestion(word: &str, known: &BTreeSet<String>) -> String {
    let columns = COLUMNS.iter().map(|column| column.name);
    let names = columns.chain(definitions().iter().map(|definition| definition.key));
    let names = names.chain(ALIASES.iter().map(|(short, _)| *short));
    let mut near: Vec<(f64, &str)> = names
        .chain(known.iter().map(String::as_str))
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    let near: Vec<String> = near.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    match near.as_slice() {
        [] => {
            let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
            format!(
                "the keys are {}, those of measures.json, and `regime.key` for a regime",
                columns.join(", ")
            )
        }
        [one] => format!("did you mean {one}?"),
        [most @ .., last] => format!("did you mean {} or {last}?", most.join(", ")),
    }
}
