//! Every detector, one after the other.

use super::finding::Finding;
use super::panel::Panel;
use super::report::DataReport;
use super::rounding::rounded;
use super::{alignment, alike, content, dividends, jumps, levels, moves, sessions};
use crate::calendar::Rhythm;

/// Runs every detector.
///
/// The order of dates is judged as the file has it, everything else in the order of time. A file of
/// returns is reported as such; no detector of prices looks at it.
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
    let rhythm = sorted.rhythm();
    findings.extend(sessions::calendar(&sorted, &rhythm));
    findings.extend(levels::empty(&sorted));
    findings.extend(rounded_risk_free(&sorted));
    match content::returns(&sorted) {
        Some(finding) => findings.push(finding),
        None => findings.extend(prices(&sorted, &rhythm)),
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
        notes: panel.notes.iter().map(|note| note.message.clone()).collect(),
    }
}

/// The detectors that need prices.
fn prices(sorted: &Panel, rhythm: &Rhythm) -> Vec<Finding> {
    let mut findings = levels::gaps(sorted, rhythm);
    let (constant, equal) = alike::find(sorted);
    findings.extend(equal);
    findings.extend(levels::bad_prices(sorted));
    findings.extend(levels::idle(sorted));
    findings.extend(dividends::find(sorted));
    let (days, all) = (moves::cross_section(sorted), levels::valid_prices(sorted));
    let mut habits = Vec::with_capacity(sorted.columns.len());
    for column in &sorted.columns {
        let (path, habit) = moves::path(column, &days);
        // What never changes is one finding, not also a run of stale prices.
        if !constant.iter().any(|found| found.asset.as_ref() == Some(&column.ticker)) {
            findings.extend(levels::stale(sorted, column, &path, all));
        }
        findings.extend(jumps::find(sorted, column, &path, &days));
        habits.push(habit);
    }
    findings.extend(alignment::find(sorted, &habits));
    findings.extend(constant);
    findings
}

/// A risk-free rate of fewer than three decimals: a warning; the value counts them.
fn rounded_risk_free(panel: &Panel) -> Option<Finding> {
    rounded(&panel.name, panel.risk_free_decimals?, panel.range()?)
}
