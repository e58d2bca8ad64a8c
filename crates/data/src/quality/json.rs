//! A data report as other programs read it.

use serde_json::{Value, json};

use super::finding::{Finding, Severity};
use super::levels::Coverage;
use super::report::DataReport;

impl DataReport {
    /// What `data-report.json` holds: counts by severity, how the file was read, each finding with its hint as `hint`
    /// puts it, and what the file covers of each asset.
    pub fn json(&self, hint: impl Fn(&Finding) -> String) -> Value {
        let (first, last) = self.range.unzip();
        json!({
            "name": self.name,
            "rows": self.rows,
            "first": first,
            "last": last,
            "counts": {
                "error": self.count(Severity::Error),
                "warning": self.count(Severity::Warning),
                "note": self.count(Severity::Note),
            },
            "notes": self.notes,
            "findings": self.findings.iter().map(|one| finding(one, &hint(one))).collect::<Vec<Value>>(),
            "coverage": self.coverage.iter().map(coverage).collect::<Vec<Value>>(),
        })
    }
}

fn finding(finding: &Finding, hint: &str) -> Value {
    json!({
        "kind": finding.kind.as_str(),
        "severity": finding.severity.as_str(),
        "asset": finding.asset.as_ref().map(ToString::to_string),
        "first": finding.first,
        "last": finding.last,
        "value": finding.value,
        "message": finding.message,
        "hint": hint,
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
