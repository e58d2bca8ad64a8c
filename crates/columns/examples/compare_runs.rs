//! Compares two run folders by content, bit for bit; `.ci/compare-runs` calls it.
//!
//! Tables are compared by the names and kinds of their columns and by every value, not by their
//! bytes: what a writer says of itself in a file is not a number. The first difference ends it.

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;
use walkfolio_columns::{Column, Kind, Table, Values};

/// What a run and a grid leave, and what must not move.
const TABLES: [&str; 4] =
    ["decisions.parquet", "returns.parquet", "ledger.parquet", "grid.parquet"];
const JSON: [&str; 2] = ["measures.json", "luck.json"];

/// Keys and columns that were renamed: as they were, as they are.
const RENAMED: [(&str, &str); 0] = [];

/// Measures that are new since; all others must have been there before.
const NEW: [&str; 1] = ["ulcer_index"];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [old, new] = &arguments[..] else {
        eprintln!("usage: compare_runs OLD_RUN_FOLDER NEW_RUN_FOLDER");
        return ExitCode::from(2);
    };
    match compare(Path::new(old), Path::new(new)) {
        Ok(compared) => {
            println!("the same: {compared}");
            ExitCode::SUCCESS
        }
        Err(difference) => {
            println!("DIFFERENT: {difference}");
            ExitCode::FAILURE
        }
    }
}

fn compare(old: &Path, new: &Path) -> Outcome<String> {
    let mut compared = Vec::new();
    for name in TABLES.into_iter().chain(JSON) {
        let (before, after) = (old.join(name), new.join(name));
        match (before.is_file(), after.is_file()) {
            (false, false) => {}
            (true, true) if TABLES.contains(&name) => {
                let told = same_table(&before, &after).map_err(|what| format!("{name}: {what}"))?;
                compared.push(format!("{name} ({told})"));
            }
            (true, true) => {
                same_json(&json(&before)?, &json(&after)?, "")
                    .map_err(|what| format!("{name}: {what}"))?;
                compared.push(name.to_owned());
            }
            (was, _) => {
                let side = if was { "old" } else { "new" };
                return Err(format!("{name} is in the {side} run only").into());
            }
        }
    }
    if compared.is_empty() {
        return Err("neither folder holds a run".into());
    }
    Ok(compared.join(", "))
}

fn renamed(name: &str) -> &str {
    RENAMED.iter().find(|(was, _)| *was == name).map_or(name, |(_, is)| is)
}

fn same_table(old: &Path, new: &Path) -> Outcome<String> {
    let (old, new) = (columns(old)?, columns(new)?);
    let heads = |columns: &[Column]| -> Vec<String> {
        let head = |column: &Column| format!("{}: {}", renamed(&column.name), column.kind);
        columns.iter().map(head).collect()
    };
    if heads(&old) != heads(&new) {
        return Err(format!("columns {:?} became {:?}", heads(&old), heads(&new)).into());
    }
    for (old, new) in old.iter().zip(&new) {
        let (before, after) = (bits(&old.values), bits(&new.values));
        if before.len() != after.len() {
            return Err(format!("{} rows became {}", before.len(), after.len()).into());
        }
        let row = (0..before.len()).find(|row| before[*row] != after[*row]);
        if let Some(row) = row {
            let (was, is) = (shown(old, row), shown(new, row));
            return Err(format!("row {}, column {}: {was} became {is}", row + 1, new.name).into());
        }
    }
    let rows = old.first().map_or(0, |column| column.values.len());
    Ok(format!("{rows} rows by {} columns", old.len()))
}

/// All rows of a table.
fn columns(path: &Path) -> Outcome<Vec<Column>> {
    let table = Table::open(File::open(path)?)?;
    let places: Vec<usize> = (0..table.names().count()).collect();
    let mut all: Vec<Column> = Vec::new();
    for piece in table.pieces(&places) {
        let piece = piece?;
        if all.is_empty() {
            all = piece;
            continue;
        }
        for (column, more) in all.iter_mut().zip(piece) {
            match (&mut column.values, more.values) {
                (Values::Flags(all), Values::Flags(more)) => all.extend(more),
                (Values::Integers(all), Values::Integers(more)) => all.extend(more),
                (Values::Numbers(all), Values::Numbers(more)) => all.extend(more),
                (Values::Bytes(all), Values::Bytes(more)) => all.extend(more),
                _ => return Err(format!("column {} changes its kind", column.name).into()),
            }
        }
    }
    Ok(all)
}

/// The bits of each value; numbers that are equal and not the same differ here.
fn bits(values: &Values) -> Vec<Option<Vec<u8>>> {
    match values {
        Values::Flags(all) => all.iter().map(|one| one.map(|one| vec![u8::from(one)])).collect(),
        Values::Integers(all) => {
            all.iter().map(|one| one.map(|one| one.to_be_bytes().to_vec())).collect()
        }
        Values::Numbers(all) => {
            all.iter().map(|one| one.map(|one| one.to_bits().to_be_bytes().to_vec())).collect()
        }
        Values::Bytes(all) => {
            all.iter().map(|one| one.as_ref().map(|one| one.data().to_vec())).collect()
        }
        other => vec![None; other.len()],
    }
}

fn shown(column: &Column, row: usize) -> String {
    let none = || "none".to_owned();
    match column.kind {
        Kind::Date => column.date(row).map_or_else(none, |date| date.to_string()),
        Kind::Float64 => column.number(row).map_or_else(none, |number| format!("{number:?}")),
        Kind::Boolean => column.flag(row).map_or_else(none, |flag| flag.to_string()),
        Kind::Text => column.text(row).map_or_else(none, |text| format!("{text:?}")),
        _ => column.integer(row).map_or_else(none, |number| number.to_string()),
    }
}

fn json(path: &Path) -> Outcome<Value> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// Numbers are read to their bits, so that equal texts and equal numbers are the same thing.
fn same_json(old: &Value, new: &Value, place: &str) -> Outcome<()> {
    let (Value::Object(was), Value::Object(is)) = (old, new) else {
        let same = old == new;
        let told = || format!("{place}: {old} became {new}").into();
        return if same { Ok(()) } else { Err(told()) };
    };
    for (key, value) in was {
        let key = renamed(key);
        let after = is.get(key).ok_or_else(|| format!("{place}.{key} is gone"))?;
        same_json(value, after, &format!("{place}.{key}"))?;
    }
    let known = |key: &str| was.keys().any(|was| renamed(was) == key) || NEW.contains(&key);
    match is.keys().find(|key| !known(key)) {
        Some(key) => Err(format!("{place}.{key} is new").into()),
        None => Ok(()),
    }
}
