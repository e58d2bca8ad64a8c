//! `walkfolio check`.

mod text;

use std::process::ExitCode;

use serde_json::{Value, json};
use walkfolio::Study;
use walkfolio::quality::{Coverage, DataReport, Finding, Severity, inspect, read_prices};

use crate::args::CheckOptions;
use crate::failure::Failure;
use crate::file;
use crate::layout::width;

pub fn check(options: &CheckOptions) -> Result<ExitCode, Failure> {
    let report = report(options)?;
    let value = value(&report);
    if let Some(folder) = &options.out {
        file::write(&folder.join("data-report.json"), format!("{value:#}\n").as_bytes())?;
    }
    if options.json {
        say!("{value}");
    } else {
        say!("{}", text::text(&report, options.all, width()));
    }
    let wrong = report.worst().is_some_and(|worst| worst > Severity::Note);
    Ok(ExitCode::from(u8::from(wrong)))
}

fn report(options: &CheckOptions) -> Result<DataReport, Failure> {
    match (&options.prices, &options.study) {
        (Some(prices), _) => Ok(inspect(&read_prices(prices).map_err(walkfolio::Error::from)?)),
        (None, Some(study)) => Ok(Study::load(study, &[])?.check(options.data.as_deref())?),
        // Clap asks for one of the two.
        (None, None) => Err(Failure::plain("there is nothing to check".to_owned(), None)),
    }
}

fn value(report: &DataReport) -> Value {
    let (first, last) = report.range.unzip();
    json!({
        "name": report.name,
        "rows": report.rows,
        "first": first,
        "last": last,
        "counts": {
            "error": report.count(Severity::Error),
            "warning": report.count(Severity::Warning),
            "note": report.count(Severity::Note),
        },
        "findings": report.findings.iter().map(finding).collect::<Vec<Value>>(),
        "coverage": report.coverage.iter().map(coverage).collect::<Vec<Value>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "kind": finding.kind.as_str(),
        "severity": finding.severity.as_str(),
        "asset": finding.asset.as_ref().map(ToString::to_string),
        "first": finding.first,
        "last": finding.last,
        "value": finding.value,
        "message": finding.message,
        "remedy": finding.remedy(),
    })
}

fn coverage(coverage: &Coverage) -> Value {
    let (first, last) = coverage.range.unzip();
    json!({
        "asset": coverage.asset.to_string(),
        "first": first,
        "last": last,
        "prices": coverage.prices,
        "missing": coverage.missing,
    })
}
