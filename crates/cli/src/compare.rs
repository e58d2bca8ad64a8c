//! `walkfolio compare`.

pub mod column;
pub mod names;
mod page;
mod sheet;
pub mod unlike;

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::args::CompareOptions;
use crate::failure::Failure;
use crate::layout::{Side, lines, width};
use column::Column;
use names::name;

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
