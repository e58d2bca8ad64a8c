//! `walkfolio compare`.

mod column;
mod page;
mod sheet;
mod unlike;

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::args::CompareOptions;
use crate::failure::Failure;
use crate::layout::{Side, lines, width};
use column::Column;

pub fn compare(options: &CompareOptions) -> Result<ExitCode, Failure> {
    let regime = options.regime.as_deref();
    let mut columns = read(options)?;
    name(&mut columns);
    let mut warnings = unlike::differences(&columns);
    if !warnings.is_empty() && !options.force {
        return Err(refusal(&warnings));
    }
    warnings.extend(columns.iter().filter_map(Column::interrupted));
    if let Some(key) = &options.sort {
        sheet::sort(&mut columns, key);
    }
    if let Some(out) = &options.out {
        page::write(&columns, &warnings, out)?;
    }
    if options.json {
        let runs: Vec<Value> = columns.iter().map(Column::json).collect();
        say!("{}", json!({ "regime": regime, "warnings": warnings, "runs": runs }));
        return Ok(ExitCode::SUCCESS);
    }
    for warning in &warnings {
        say!("warning: {warning}");
    }
    say!("{}\n\n{}", heading(&columns, regime), sheet::sheet(&columns, options.all, width()));
    Ok(ExitCode::SUCCESS)
}

/// Reads every run, and says of every folder what is wrong with it.
fn read(options: &CompareOptions) -> Result<Vec<Column>, Failure> {
    let (mut columns, mut failures) = (Vec::new(), Vec::new());
    for path in &options.runs {
        match Column::read(path, options.regime.as_deref()) {
            Ok(column) => columns.push(column),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(columns) } else { Err(Failure::all(&failures)) }
}

/// Names columns by their folders; a folder that the program named is called after its study. What
/// different names begin with is left out, and equal ones are numbered.
fn name(columns: &mut [Column]) {
    let names: Vec<String> = columns.iter().map(called).collect();
    let parts: Vec<Vec<&str>> = names.iter().map(|name| name.split('-').collect()).collect();
    let shortest = parts.iter().map(Vec::len).min().unwrap_or(1);
    let same = |at: &usize| parts.iter().all(|part| part[*at] == parts[0][*at]);
    let shared = (0..shortest.saturating_sub(1)).take_while(same).count();
    let common = if parts.iter().all(|part| *part == parts[0]) { 0 } else { shared };
    let short: Vec<String> = parts.iter().map(|parts| parts[common..].join("-")).collect();
    for (index, column) in columns.iter_mut().enumerate() {
        let equal = |until: usize| short[..until].iter().filter(|s| **s == short[index]).count();
        column.name = match equal(short.len()) {
            1 => short[index].clone(),
            _ => format!("{} {}", short[index], equal(index + 1)),
        };
    }
}

/// The name of a run's folder, or of its study where the folder is `STUDY-UTC-HASH`.
fn called(column: &Column) -> String {
    let path = Path::new(&column.folder);
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let study = &column.manifest.study;
    let folder = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let folder = folder.unwrap_or_else(|| study.clone());
    let rest = folder.strip_prefix(study.as_str()).and_then(|rest| rest.strip_prefix('-'));
    let is_own = rest.and_then(|rest| rest.split_once('-')).is_some_and(|(utc, hash)| {
        utc.len() == 16 && utc.ends_with('Z') && hash.len() >= 8 && !hash.contains('-')
    });
    if is_own { study.clone() } else { folder }
}

/// Every difference, with a hint after the last one.
fn refusal(differences: &[String]) -> Failure {
    let hint = "compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the dates), or add --force";
    let last = differences.len() - 1;
    let failure = |(index, difference): (usize, &String)| {
        Failure::plain(difference.clone(), (index == last).then(|| hint.to_owned()))
    };
    Failure::all(&differences.iter().enumerate().map(failure).collect::<Vec<_>>())
}

/// What is compared, and which column is which run.
fn heading(columns: &[Column], regime: Option<&str>) -> String {
    let one = |value: fn(&Column) -> String| {
        let first = value(&columns[0]);
        columns.iter().all(|column| value(column) == first).then_some(first)
    };
    let mut text = format!("{} runs", columns.len());
    if let Some(label) = one(|column| column.manifest.data_label()) {
        text = format!("{text} on {label}");
    }
    if let Some(regime) = regime {
        text = format!("{text}, regime {regime}");
    }
    if let Some(dates) = one(unlike::dates) {
        text = format!("{text}, {dates}");
    }
    if let Some(simulated) = columns.iter().find_map(|column| column.manifest.simulated()) {
        text = format!("{text}\n{simulated}");
    }
    let row = |column: &Column| {
        vec![column.name.clone(), column.manifest.study.clone(), column.folder.clone()]
    };
    let rows: Vec<Vec<String>> = columns.iter().map(row).collect();
    format!("{text}\n\n{}", lines(&rows, &[Side::Left]).join("\n"))
}
