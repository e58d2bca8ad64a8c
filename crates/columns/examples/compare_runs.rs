//! Compares two run folders by content, bit for bit; `.ci/compare-runs` calls it.
//!
//! Tables are compared by the names and kinds of their columns and by every value, not by their
//! bytes: what a writer says of itself in a file is not a number. The first difference ends it.
//! Measures in `NEW` may be in the new run alone, as a key or as a column behind any prefix.

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

/// The last part of keys and columns that were renamed: as it was, as it is.
const RENAMED: [(&str, &str); 4] = [
    ("execution_lag_days", "execution_lag"),
    ("split_gaps_over_days", "max_gap"),
    ("stay_near", "ridge_to_holdings"),
    ("window_days", "window"),
];

/// Words of messages that were changed: as they were, as they are.
const REWORDED: [(&str, &str); 1] = [(" by clean.", " as ")];

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

fn renamed(name: &str) -> String {
    let (path, last) = name.rsplit_once('.').map_or(("", name), |(path, last)| (path, last));
    let is = RENAMED.iter().find(|(was, _)| *was == last).map_or(last, |(_, is)| is);
    if path.is_empty() { is.to_owned() } else { format!("{path}.{is}") }
}

/// Whether a column holds a measure that is new: of the whole sample (`ulcer_index`), of a period
/// (`late.ulcer_index`), or gross of costs (`without_costs.ulcer_index`).
fn is_new(column: &str) -> bool {
    NEW.iter().any(|key| {
        column.strip_suffix(key).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
    })
}

fn same_table(old: &Path, new: &Path) -> Outcome<String> {
    let (old, mut new) = (columns(old)?, columns(new)?);
    new.retain(|column| {
        !is_new(&column.name) || old.iter().any(|was| renamed(&was.name) == column.name)
    });
    let heads = |columns: &[Column]| -> Vec<String> {
        let head = |column: &Column| format!("{}: {}", renamed(&column.name), kind(column));
        columns.iter().map(head).collect()
    };
    let (was, is) = (heads(&old), heads(&new));
    if let Some(place) = (0..was.len().max(is.len())).find(|at| was.get(*at) != is.get(*at)) {
        let head = |heads: &[String]| heads.get(place).map_or("none".to_owned(), Clone::clone);
        return Err(format!("column {}: {} became {}", place + 1, head(&was), head(&is)).into());
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

fn columns(path: &Path) -> Outcome<Vec<Column>> {
    Ok(Table::open(File::open(path)?)?.whole()?)
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
            all.iter().map(|one| one.as_ref().map(|one| reworded(one.data()))).collect()
        }
        other => vec![None; other.len()],
    }
}

/// A text as it would be written today.
fn reworded(text: &[u8]) -> Vec<u8> {
    let Ok(text) = str::from_utf8(text) else { return text.to_vec() };
    REWORDED.iter().fold(text.to_owned(), |text, (was, is)| text.replace(was, is)).into_bytes()
}

/// The kind of a column; sessions were days before they were midnights.
fn kind(column: &Column) -> &Kind {
    if column.kind == Column::SESSION { &Kind::Date } else { &column.kind }
}

fn shown(column: &Column, row: usize) -> String {
    let none = || "none".to_owned();
    match column.kind {
        Kind::Date | Kind::Timestamp { .. } => {
            column.date(row).map_or_else(none, |date| date.to_string())
        }
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
        let after = is.get(&key).ok_or_else(|| format!("{place}.{key} is gone"))?;
        same_json(value, after, &format!("{place}.{key}"))?;
    }
    let known = |key: &str| was.keys().any(|was| renamed(was) == key) || NEW.contains(&key);
    match is.keys().find(|key| !known(key)) {
        Some(key) => Err(format!("{place}.{key} is new").into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that holds a grid with these columns of one row.
    fn grid(columns: &[(&str, f64)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let columns: Vec<Column> =
            columns.iter().map(|(name, value)| Column::numbers(name, [Some(*value)])).collect();
        let bytes = walkfolio_columns::write(&columns, "a test").unwrap();
        fs::write(folder.path().join("grid.parquet"), bytes).unwrap();
        folder
    }

    fn compared(old: &[(&str, f64)], new: &[(&str, f64)]) -> Result<String, String> {
        let (old, new) = (grid(old), grid(new));
        compare(old.path(), new.path()).map_err(|difference| difference.to_string())
    }

    #[test]
    fn a_new_measure_may_be_in_any_period_of_a_grid() {
        let old = [("return", 0.1), ("late.return", 0.2), ("without_costs.return", 0.3)];
        let new = [
            ("return", 0.1),
            ("ulcer_index", 0.4),
            ("late.return", 0.2),
            ("late.ulcer_index", 0.5),
            ("without_costs.return", 0.3),
            ("without_costs.ulcer_index", 0.6),
            ("without_costs.late.ulcer_index", 0.7),
        ];
        assert_eq!(compared(&old, &new).unwrap(), "grid.parquet (1 rows by 3 columns)");
        // Once it is there it must stay, with its values.
        assert_eq!(compared(&new, &new).unwrap(), "grid.parquet (1 rows by 7 columns)");
        let moved = new.map(|(name, value)| (name, value + f64::from(name == "late.ulcer_index")));
        let told = compared(&new, &moved).unwrap_err();
        assert_eq!(told, "grid.parquet: row 1, column late.ulcer_index: 0.5 became 1.5");
        assert!(compared(&new, &old).is_err());
    }

    #[test]
    fn a_column_may_have_the_new_name_of_its_key() {
        let told = compared(&[("a.window_days", 1.0)], &[("a.window", 1.0)]).unwrap();
        assert_eq!(told, "grid.parquet (1 rows by 1 columns)");
        let told = compared(&[("a.window_days", 1.0)], &[("b.window", 1.0)]).unwrap_err();
        assert_eq!(told, "grid.parquet: column 1: a.window: Float64 became b.window: Float64");
    }

    #[test]
    fn no_other_column_may_come_or_go() {
        let old = [("return", 0.1)];
        assert!(compared(&old, &[("return", 0.1), ("late.return", 0.2)]).is_err());
        assert!(compared(&old, &[("return", 0.1), ("not_ulcer_index", 0.2)]).is_err());
        assert!(compared(&old, &[("ulcer_index", 0.1)]).is_err());
        let told = compared(&old, &[("return", 0.2)]).unwrap_err();
        assert_eq!(told, "grid.parquet: row 1, column return: 0.1 became 0.2");
    }
}
