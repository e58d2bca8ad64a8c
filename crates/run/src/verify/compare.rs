//! A file of a run against the same file made again: the first difference of each column.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use walkfolio_columns::{Column, Table, Values};

use super::fault::Fault;

/// Numbers of another build may differ by this, relative to their size and at least to 1.
const OTHER_BUILD: f64 = 1e-6;
/// What another build may do with more or less effort, or say in other words.
const EFFORT: [&str; 8] =
    ["micros", "iterations", "pivots", "nodes", "solver", "message", "bound", "gap"];

/// How alike two files must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// To the byte: the same build wrote them.
    Exactly,
    /// In their numbers, up to what rounding and the solver's path explain.
    Nearly,
}

/// The differences of a file from the one made again; of a table one for each column.
pub fn differences(file: &str, stated: &[u8], again: &[u8], alike: Alike) -> Vec<Fault> {
    if stated == again {
        return Vec::new();
    }
    let extension = file.rsplit('.').next().unwrap_or_default();
    let found = match extension {
        "parquet" => tables(file, stated, again, alike),
        "json" => values(file, stated, again, alike),
        _ => Vec::new(),
    };
    if found.is_empty() && alike == Alike::Exactly {
        let what = match extension {
            "parquet" | "json" => "its values are those made again, its bytes are not",
            _ => "it is not the one made again",
        };
        return vec![Fault::new(file, None, "", what)];
    }
    found
}

fn tables(file: &str, stated: &[u8], again: &[u8], alike: Alike) -> Vec<Fault> {
    let (stated, again) = match (columns(stated), columns(again)) {
        (Ok(stated), Ok(again)) => (stated, again),
        (Err(error), _) | (_, Err(error)) => {
            return vec![Fault::new(file, None, "", error.to_string())];
        }
    };
    let mut found = Vec::new();
    for column in &stated {
        if !again.iter().any(|other| other.name == column.name) {
            found.push(Fault::new(
                file,
                None,
                &column.name,
                "a run of this study has no such column",
            ));
        }
    }
    for made in &again {
        let Some(column) = stated.iter().find(|column| column.name == made.name) else {
            found.push(Fault::new(file, None, &made.name, "the column is missing"));
            continue;
        };
        if alike == Alike::Nearly && EFFORT.contains(&made.name.as_str()) {
            continue;
        }
        found.extend(column_differs(file, column, made, alike));
    }
    found
}

fn columns(bytes: &[u8]) -> walkfolio_columns::Result<Vec<Column>> {
    Table::open(bytes::Bytes::copy_from_slice(bytes))?.whole()
}

fn column_differs(file: &str, stated: &Column, again: &Column, alike: Alike) -> Option<Fault> {
    let fault = |row, what: String| Some(Fault::new(file, row, &stated.name, what));
    if stated.kind != again.kind {
        return fault(None, format!("it holds {}, a run {}", stated.kind, again.kind));
    }
    let rows = stated.values.len().max(again.values.len());
    let row = (0..rows).find(|row| !same(stated, again, *row, alike))?;
    let shown = |column: &Column| {
        if row < column.values.len() { shown(column, row) } else { "no such row".to_owned() }
    };
    fault(Some(row), format!("it is {}, made again {}", shown(stated), shown(again)))
}

fn same(stated: &Column, again: &Column, row: usize, alike: Alike) -> bool {
    if row >= stated.values.len() || row >= again.values.len() {
        return false;
    }
    match (&stated.values, &again.values) {
        (Values::Numbers(a), Values::Numbers(b)) => match (a[row], b[row]) {
            (Some(a), Some(b)) => close(a, b, alike),
            (a, b) => a.is_none() && b.is_none(),
        },
        (Values::Flags(a), Values::Flags(b)) => a[row] == b[row],
        (Values::Integers(a), Values::Integers(b)) => a[row] == b[row],
        (Values::Bytes(a), Values::Bytes(b)) => a[row] == b[row],
        (Values::Missing(_), Values::Missing(_)) => true,
        _ => false,
    }
}

fn close(a: f64, b: f64, alike: Alike) -> bool {
    let near = alike == Alike::Nearly && (a - b).abs() <= OTHER_BUILD * b.abs().max(1.0);
    near || a.to_bits() == b.to_bits()
}

fn shown(column: &Column, row: usize) -> String {
    if !column.values.is_present(row) {
        return "empty".to_owned();
    }
    let number = column.number(row).map(|number| number.to_string());
    let text = column.text(row).map(|text| format!("{text:?}"));
    let date = column.date(row).map(|date| date.to_string());
    let whole = column.integer(row).map(|whole| whole.to_string());
    let flag = column.flag(row).map(|flag| flag.to_string());
    number.or(text).or(date).or(whole).or(flag).unwrap_or_else(|| "other bytes".to_owned())
}

fn values(file: &str, stated: &[u8], again: &[u8], alike: Alike) -> Vec<Fault> {
    match (serde_json::from_slice(stated), serde_json::from_slice(again)) {
        (Ok(stated), Ok(again)) => {
            let mut found = Vec::new();
            walk(file, ("", &stated), &again, alike, &mut found);
            found
        }
        (Err(error), _) | (_, Err(error)) => vec![Fault::new(file, None, "", error.to_string())],
    }
}

/// Every key under which two values differ.
fn walk(
    file: &str,
    (key, stated): (&str, &Value),
    again: &Value,
    alike: Alike,
    found: &mut Vec<Fault>,
) {
    let entries = |value: &Value| -> Option<BTreeMap<String, Value>> {
        Some(match value {
            Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            Value::Array(all) => {
                all.iter().enumerate().map(|(k, v)| (format!("{k:06}"), v.clone())).collect()
            }
            _ => return None,
        })
    };
    if let (Some(a), Some(b)) = (entries(stated), entries(again)) {
        let none = Value::String("nothing".to_owned());
        for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
            let short = if stated.is_array() { name.trim_start_matches('0') } else { name };
            let short = if short.is_empty() { "0" } else { short };
            let inner = if key.is_empty() { short.to_owned() } else { format!("{key}.{short}") };
            let (a, b) = (a.get(name).unwrap_or(&none), b.get(name).unwrap_or(&none));
            walk(file, (&inner, a), b, alike, found);
        }
        return;
    }
    let same = match (stated.as_f64(), again.as_f64()) {
        (Some(a), Some(b)) => close(a, b, alike),
        _ => stated == again,
    };
    if !same {
        let what = format!("it is {stated}, made again {again}");
        found.push(Fault::new(file, None, key, what));
    }
}
