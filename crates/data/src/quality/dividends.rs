//! Adjusted closes against the dividends that they should contain.

use super::finding::{Finding, Kind, Severity};
use super::panel::{Column, Panel, is_price};

/// An adjustment may miss the dividend by this share of it ..
const RELATIVE: f64 = 0.2;
/// .. and by this share of the price: adjusted closes are rounded.
const ABSOLUTE: f64 = 1e-3;
/// A dividend above this share of the price is reported whatever its adjustment.
const LARGEST_YIELD: f64 = 0.5;

/// Adjusted closes that disagree with closes and dividends.
///
/// Between two rows with prices the adjustment is `a = (A_0 / C_0) / (A_1 / C_1)` and should be
/// `1 - D / C_0` (CRSP's rule), `D` the dividends after the first up to the second, and that over
/// the split's coefficient where closes are raw. A difference above a fifth of the yield and 0.1 %
/// is an error; the value is `a` less what it should be.
pub(crate) fn find(panel: &Panel) -> Vec<Finding> {
    panel.columns.iter().flat_map(|column| column_findings(panel, column)).collect()
}

fn column_findings(panel: &Panel, column: &Column) -> Vec<Finding> {
    let (Some(closes), Some(dividends)) = (&column.closes, &column.dividends) else {
        return Vec::new();
    };
    let priced = |row: &usize| {
        let valid = |value: Option<f64>| value.is_some_and(is_price);
        valid(closes[*row]) && valid(column.prices[*row])
    };
    let rows: Vec<usize> = (0..panel.dates.len()).filter(priced).collect();
    let judge = |pair: &[usize]| {
        let (before, row) = (pair[0], pair[1]);
        let paid: f64 = dividends[before + 1..=row].iter().sum();
        let due = paid / closes[before]?;
        let factor = |row: usize| Some(column.prices[row]? / closes[row]?);
        let change = factor(before)? / factor(row)?;
        let off = difference(change, 1.0 - due, split(column, before + 1..row + 1));
        let wrong = off.abs() > ABSOLUTE + RELATIVE * due.abs() || due.abs() > LARGEST_YIELD;
        wrong.then_some((row, paid, due, off))
    };
    let finding = |(row, paid, due, off): (usize, f64, f64, f64)| {
        let (date, ticker) = (panel.dates[row], &column.ticker);
        let message = format!(
            "{ticker} adjusts by {:.3} % on {date}; its dividend of {paid} is {:.3} % of the price",
            100.0 * (due - off),
            100.0 * due
        );
        let finding = Finding::new(Kind::Dividend, Severity::Error, (date, date), message);
        finding.of(ticker).sized(off)
    };
    rows.windows(2).filter_map(judge).map(finding).collect()
}

/// The product of the splits of some rows.
fn split(column: &Column, rows: std::ops::Range<usize>) -> f64 {
    let splits = column.splits.as_ref().map_or(&[][..], |splits| &splits[rows]);
    splits.iter().filter(|split| **split > 0.0).product()
}

/// How far an adjustment is off, for closes that are adjusted for splits or are not, as it fits.
fn difference(change: f64, due: f64, split: f64) -> f64 {
    let (adjusted, raw) = (change - due, change * split - due);
    if raw.abs() < adjusted.abs() { raw } else { adjusted }
}
