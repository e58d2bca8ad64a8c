//! The detectors on real data, on faults that vendors shipped, and on faults put in by hand.
#![allow(clippy::unwrap_used, clippy::panic)] // only tests are here

#[path = "../common/mod.rs"]
mod common;

mod clean;
mod injected;
mod messy;
mod read;

use std::collections::BTreeMap;

use walkfolio_data::quality::{DataReport, Severity};

/// Findings by severity and kind, a line each.
fn counts(report: &DataReport) -> String {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry((finding.severity, finding.kind.as_str())).or_default() += 1;
    }
    let lines = counts.iter().rev();
    let lines = lines.map(|((severity, kind), n)| format!("{} {kind} {n}", severity.as_str()));
    lines.collect::<Vec<String>>().join("\n")
}
