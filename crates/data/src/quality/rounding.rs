//! A risk-free rate that is rounded too much.

use walkfolio_core::Date;

use super::finding::{Finding, Kind, Severity};

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
