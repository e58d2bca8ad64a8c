//! What all detectors say of a panel.

use walkfolio_core::Date;

use super::finding::{Finding, Severity};
use super::levels::Coverage;

/// What the detectors say of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct DataReport {
    /// The file's name.
    pub name: String,
    /// Its rows.
    pub rows: usize,
    /// Its first and last date, if it has rows.
    pub range: Option<(Date, Date)>,
    /// The part of it that each asset covers, in the order of the columns.
    pub coverage: Vec<Coverage>,
    /// What was found: the worst first, then by kind, asset and date.
    pub findings: Vec<Finding>,
    /// How its files were read, and what of them was not.
    pub notes: Vec<String>,
}

impl DataReport {
    /// The worst severity; nothing if there is no finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}
