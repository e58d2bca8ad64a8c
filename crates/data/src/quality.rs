//! Is this file what it should be? Detectors of faults, and what may be done about them.
//!
//! [`inspect`] looks at a [`Panel`], the unchecked table of a file, and returns a [`DataReport`].
//! Detectors know nothing of vendors: each has a definition, its thresholds beside it, and a
//! [`Kind`].

mod alignment;
mod clean;
mod content;
mod dividends;
mod finding;
mod json;
mod jumps;
mod levels;
mod moves;
mod panel;
mod read;
mod sessions;
mod stats;

use walkfolio_core::Date;

pub use clean::{Cleaned, Cleaning, Policy, clean};
pub use finding::{Finding, Kind, Severity};
pub use levels::Coverage;
pub use panel::{Column, Panel};
pub use read::{read_from, read_prices, read_request};

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
}

impl DataReport {
    /// The gravest severity; nothing if there is no finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Runs every detector.
///
/// The order of dates is judged as the file has it, everything else in the order of time. A file of
/// returns is told as such; no detector of prices looks at it.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, Ticker, calendar};
/// use walkfolio_data::quality::{Column, Kind, Panel, Severity, inspect};
///
/// let dates = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 3, 28));
/// let wave = |row: usize| 10.0 + (row % 7) as f64 / 10.0;
/// let mut prices: Vec<Option<f64>> = (0..dates.len()).map(|row| Some(wave(row))).collect();
/// prices[30] = prices[30].map(|price| 100.0 * price);
/// let vod = Column::new(Ticker::new("VOD.L")?, prices);
/// let report = inspect(&Panel::new("prices.csv", dates, vec![vod]));
/// assert_eq!(report.findings[0].kind, Kind::UnitError);
/// assert_eq!(report.worst(), Some(Severity::Error));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
pub fn inspect(panel: &Panel) -> DataReport {
    let mut findings = sessions::order(panel);
    let sorted = panel.ordered();
    findings.extend(sessions::calendar(&sorted));
    findings.extend(levels::empty(&sorted));
    findings.extend(rounded_risk_free(&sorted));
    match content::returns(&sorted) {
        Some(finding) => findings.push(finding),
        None => findings.extend(prices(&sorted)),
    }
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.kind);
        let name = |finding: &Finding| finding.asset.as_ref().map(ToString::to_string);
        key(a).cmp(&key(b)).then_with(|| name(a).cmp(&name(b))).then(a.first.cmp(&b.first))
    });
    DataReport {
        name: panel.name.clone(),
        rows: panel.dates.len(),
        range: panel.range(),
        coverage: levels::coverage(&sorted),
        findings,
    }
}

/// The detectors that need prices.
fn prices(sorted: &Panel) -> Vec<Finding> {
    let paths = moves::paths(sorted);
    let mut findings = levels::gaps(sorted);
    findings.extend(levels::bad_prices(sorted));
    findings.extend(levels::stale(sorted, &paths));
    findings.extend(levels::idle(sorted));
    findings.extend(jumps::find(sorted, &paths));
    findings.extend(alignment::find(sorted, &paths));
    findings.extend(dividends::find(sorted));
    findings
}

/// A risk-free rate of fewer than three decimals: a warning; the value counts them.
fn rounded_risk_free(panel: &Panel) -> Option<Finding> {
    rounded(&panel.name, panel.risk_free_decimals?, panel.range()?)
}

/// The finding of a risk-free rate with so many decimals, if they are too few.
pub(crate) fn rounded(name: &str, decimals: usize, range: (Date, Date)) -> Option<Finding> {
    let message = rounding(name, decimals);
    let finding = Finding::new(Kind::RoundedRiskFree, Severity::Warning, range, message);
    (decimals < 3).then(|| finding.sized(decimals as f64))
}

/// What a risk-free rate of few decimals means.
pub(crate) fn rounding(name: &str, decimals: usize) -> String {
    format!(
        "{name} gives the risk-free rate with {decimals} decimals of a percent a day: rounding may move it by more than 1 % a year; vintages up to 202503 have three"
    )
}
