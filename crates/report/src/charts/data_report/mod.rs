//! What is wrong with the data: the report that `walkfolio check` writes, where the run keeps one.

use serde::Serialize;
use serde_json::Value;
use walkfolio_analysis::format::{UNDEFINED, count, counted};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("data_report.html");

/// The section.
pub(crate) const CHART: RunChart = Chart { id: "data-report", title: "Data", script: "", draw };

/// The section.
pub(crate) const GRID: GridChart =
    Chart { id: "data-report", title: "Data", script: "", draw: draw_grid };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.run.data_report.as_ref(), section)
}

fn draw_grid(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.grid.data_report.as_ref(), section)
}

/// Rows of the table; the worst come first.
const ROWS: usize = 200;

#[derive(Serialize)]
struct Body {
    sentence: String,
    name: String,
    findings: Vec<Finding>,
    left_out: usize,
    coverage: Vec<Coverage>,
}

#[derive(Serialize)]
struct Finding {
    severity: String,
    kind: String,
    asset: String,
    dates: String,
    message: String,
    remedy: String,
}

#[derive(Serialize)]
struct Coverage {
    asset: String,
    dates: String,
    prices: String,
    missing: String,
}

/// Writes the section of a `data-report.json`.
fn section(report: &Value) -> Result<Drawn> {
    let all = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let coverage = report["coverage"].as_array().map_or(&[][..], Vec::as_slice);
    let number = |severity: &str| {
        let known = report["counts"][severity].as_u64();
        known.and_then(|known| usize::try_from(known).ok()).unwrap_or(0)
    };
    let counts = ["error", "warning", "note"]
        .map(|severity| (number(severity), severity))
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, severity)| counted(number, severity));
    let found: Vec<String> = counts.collect();
    let sentence = if found.is_empty() {
        "The data check found nothing.".to_owned()
    } else {
        format!("The data check found {}.", found.join(", "))
    };
    let body = Body {
        sentence,
        name: text(&report["name"]),
        findings: all.iter().take(ROWS).map(finding).collect(),
        left_out: all.len().saturating_sub(ROWS),
        coverage: coverage.iter().map(covered).collect(),
    };
    Ok(Drawn::section(part(TEMPLATE, body)?))
}

fn finding(value: &Value) -> Finding {
    Finding {
        severity: text(&value["severity"]),
        kind: text(&value["kind"]).replace('_', " "),
        asset: text(&value["asset"]),
        dates: dates(value),
        message: text(&value["message"]),
        remedy: text(&value["hint"]),
    }
}

fn covered(value: &Value) -> Coverage {
    let number = |key: &str| value[key].as_f64().map_or_else(|| UNDEFINED.to_owned(), count);
    Coverage {
        asset: text(&value["asset"]),
        dates: dates(value),
        prices: number("prices"),
        missing: number("missing"),
    }
}

fn dates(value: &Value) -> String {
    let (first, last) = (text(&value["first"]), text(&value["last"]));
    if first == last { first } else { format!("{first} to {last}") }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_and_coverage_are_shown_and_escaped() {
        let report = serde_json::json!({
            "name": "prices.csv",
            "counts": { "error": 0, "warning": 1, "note": 2 },
            "findings": [{
                "kind": "unit_error", "severity": "warning", "asset": "<b>", "first": "2020-01-02",
                "last": "2020-01-02", "message": "a jump & back", "hint": "divide it",
            }],
            "coverage": [{ "asset": "XLE", "first": "2018-01-02", "last": "2020-01-02", "prices": 1500, "missing": 3 }],
        });
        let html = section(&report).unwrap().html;
        assert!(html.contains("The data check found 1 warning, 2 notes."));
        assert!(html.contains("unit error") && html.contains("a jump &amp; back"));
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>"));
        assert!(html.contains("1500"));
        let clean = section(&serde_json::json!({ "findings": [] })).unwrap().html;
        assert!(clean.contains("The data check found nothing."));
    }
}
