//! Files that hold something other than prices.

use super::finding::{Finding, Kind, Severity};
use super::panel::{Column, Panel};
use super::stats::{correlation, median, quantile};

/// Values without which a column is not judged.
const LEAST_VALUES: usize = 20;
/// Returns are negative at least so often.
const NEGATIVE_SHARE: f64 = 0.2;
/// The largest autocorrelation of returns; that of a price is near 1.
const LARGEST_MEMORY: f64 = 0.5;
/// A daily deviation above this is not a fraction: 100 % a year and twice as much.
const FRACTION: f64 = 0.1;
/// A daily deviation above this is not a percentage: between that of a share fund in percent, 1.1, and
/// the same times 252 as a fraction, 2.8, at their geometric mean.
const PERCENT: f64 = 1.75;

/// Whether a column, and then the file, holds returns.
///
/// A column does if a fifth or more of its values is negative and they have no memory: an
/// autocorrelation below 0.5. Negative prices have that of prices. If most columns do, one error
/// names the unit by the median deviation `s` of a column: fractions up to 0.1, percent up to 1.75,
/// fractions times 252 above. The value is `s`.
pub(crate) fn returns(panel: &Panel) -> Option<Finding> {
    let range = panel.range()?;
    let (mut judged, mut deviations) = (0, Vec::new());
    for values in panel.columns.iter().filter_map(values) {
        judged += 1;
        if are_returns(&values) {
            deviations.push(deviation(&values));
        }
    }
    if deviations.is_empty() || 2 * deviations.len() <= judged {
        return None;
    }
    let deviation = median(deviations);
    let (kind, unit) = if deviation <= FRACTION {
        (Kind::ReturnsNotPrices, "as fractions")
    } else if deviation <= PERCENT {
        (Kind::ReturnsNotPrices, "in percent")
    } else {
        (Kind::ScaledReturns, "multiplied by 252")
    };
    let message = format!(
        "{} holds returns, not prices, {unit} by their daily deviation of {deviation:.4}",
        panel.name
    );
    Some(Finding::new(kind, Severity::Error, range, message).sized(deviation))
}

/// The values of a column, if there are enough to tell.
fn values(column: &Column) -> Option<Vec<f64>> {
    let values: Vec<f64> = column.prices.iter().flatten().copied().collect();
    (values.len() >= LEAST_VALUES && values.iter().all(|value| value.is_finite())).then_some(values)
}

fn are_returns(values: &[f64]) -> bool {
    let negative = values.iter().filter(|value| **value < 0.0).count() as f64;
    let pairs: Vec<(f64, f64)> = values.windows(2).map(|pair| (pair[0], pair[1])).collect();
    negative / values.len() as f64 >= NEGATIVE_SHARE && correlation(&pairs).abs() < LARGEST_MEMORY
}

fn deviation(values: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    // Two thirds of a normal sample lie within one deviation.
    quantile(&mut sizes, 0.6827)
}
