//! The parameters of the trees over time: what a search changed, and when.

use serde::Serialize;
use walkfolio::ClassifierRow;

use super::number;
use crate::format::count;

/// Decisions in a row with equal parameters.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Era {
    first: String,
    decisions: String,
    cv_auc: String,
    values: Vec<Value>,
}

#[derive(Debug, Serialize, PartialEq)]
struct Value {
    text: String,
    changed: bool,
}

/// All eras of a run.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Eras {
    /// The parameters in words, where they never change.
    fixed: Option<String>,
    names: Vec<String>,
    rows: Vec<Era>,
}

impl Eras {
    /// The eras of some decisions, in order.
    pub(super) fn of(rows: &[ClassifierRow]) -> Self {
        let eras: Vec<&[ClassifierRow]> =
            rows.chunk_by(|a, b| a.parameters == b.parameters).collect();
        if eras.len() < 2 {
            let fixed = rows.first().map(|row| row.parameters.clone());
            return Self { fixed, names: Vec::new(), rows: Vec::new() };
        }
        let all: Vec<Vec<(&str, &str)>> = eras.iter().map(|era| settings(era)).collect();
        let era = |(place, era): (usize, &&[ClassifierRow])| Era {
            first: era[0].date.to_string(),
            decisions: count(era.len() as f64),
            cv_auc: number(era[0].cv_auc),
            values: values(&all, place),
        };
        Self {
            fixed: None,
            names: all[0].iter().map(|(name, _)| (*name).to_owned()).collect(),
            rows: eras.iter().enumerate().map(era).collect(),
        }
    }
}

/// The settings of an era, marked where they differ from those before.
fn values(all: &[Vec<(&str, &str)>], place: usize) -> Vec<Value> {
    let before = place.checked_sub(1).map(|before| &all[before]);
    let value = |(index, (_, text)): (usize, &(&str, &str))| Value {
        text: (*text).to_owned(),
        changed: before.is_some_and(|old| old.get(index).is_none_or(|(_, old)| old != text)),
    };
    all[place].iter().enumerate().map(value).collect()
}

/// `name value, name value` as pairs.
fn settings(era: &[ClassifierRow]) -> Vec<(&str, &str)> {
    let pairs = era[0].parameters.split(", ");
    pairs.map(|pair| pair.split_once(' ').unwrap_or((pair, ""))).collect()
}
