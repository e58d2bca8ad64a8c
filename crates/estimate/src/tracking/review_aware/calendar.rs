//! Reviews that follow a jump of volatility.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Faults, Past, Row};

use super::named::column;
use crate::Result;

/// Reviews that follow a jump of market volatility.
///
/// The volatility `v` of an equal-weighted portfolio is taken at each month-end. When its change
/// since the month before exceeds a quantile of all its earlier changes, a review takes effect at
/// the next month-end. Assets without returns for a whole window are left out of the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "Reviews that follow a jump of market volatility: one month-end after a monthly change above a quantile of all earlier ones."
)]
pub struct AdHoc {
    /// The assets whose equal-weighted portfolio stands for the market.
    ///
    /// Example: `assets = ["XLE", "XLF", "XLK"]`
    pub assets: Vec<String>,
    /// Rows of the volatility's window.
    #[serde(default = "volatility_days")]
    pub volatility_days: u32,
    /// The quantile.
    ///
    /// Unit: probability.
    #[serde(default = "quantile")]
    pub quantile: f64,
    /// Earlier changes that are needed.
    ///
    /// Unit: monthly changes.
    #[serde(default = "least_changes")]
    pub least_changes: u32,
    /// No month-end before this date counts.
    ///
    /// Example: `since = 2014-01-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub since: Option<Date>,
    /// Months, 1 to 12, in which no such review takes effect.
    ///
    /// Unit: months of a year.
    ///
    /// Example: `quiet_months = [5, 11]`
    #[serde(default)]
    pub quiet_months: Vec<u32>,
}

impl AdHoc {
    pub(super) fn validate(&self, faults: &mut Faults) {
        if self.assets.is_empty() {
            faults.push("assets", "names no asset", "name some of market.assets");
        }
        faults.window("volatility_days", self.volatility_days, 2, "a volatility");
        faults.fraction("quantile", self.quantile, "0.95 is the largest twentieth");
        check_months("quiet_months", &self.quiet_months, faults);
    }

    /// By month-end: whether a review takes effect at it because of a jump one month before.
    pub(super) fn months_after_jumps(&self, past: &Past<'_>, ends: &[Row]) -> Result<Vec<bool>> {
        let assets: Vec<usize> =
            self.assets.iter().map(|name| column(past, name)).collect::<Result<_>>()?;
        let mut effective = vec![false; ends.len()];
        let volatility: Vec<Option<f64>> =
            ends.iter().map(|&row| self.volatility(past, &assets, row)).collect();
        let mut earlier: Vec<f64> = Vec::new();
        for k in 1..ends.len() {
            let (Some(before), Some(now)) = (volatility[k - 1], volatility[k]) else { continue };
            let change = now - before;
            let jumped = earlier.len() >= self.least_changes.max(1) as usize
                && change > quantile_of_sorted(&earlier, self.quantile);
            if jumped && k + 1 < ends.len() {
                effective[k + 1] = !self.quiet_months.contains(&month(past, ends[k + 1]));
            }
            let place = earlier.partition_point(|other| *other < change);
            earlier.insert(place, change);
        }
        Ok(effective)
    }

    /// Standard deviation (`ddof = 1`) of the portfolio's returns up to a row.
    fn volatility(&self, past: &Past<'_>, assets: &[usize], row: Row) -> Option<f64> {
        if self.since.is_some_and(|since| past.dates()[row] < since) {
            return None;
        }
        let then = past.before(row + 1).ok()?;
        // Assets that list later, or have ended, are left out of the portfolio.
        let rows = self.volatility_days as usize;
        let there = |asset: &usize| then.has_returns(*asset, rows);
        let assets: Vec<usize> = assets.iter().copied().filter(there).collect();
        let n = assets.len() as f64;
        if assets.is_empty() {
            return None;
        }
        let window = then.returns(&assets, rows).ok()?;
        let portfolio: Vec<f64> = window.iter_rows().map(|x| x.iter().sum::<f64>() / n).collect();
        standard_deviation(&portfolio, 1)
    }
}

/// The month of a row, 1 to 12.
pub(super) fn month(past: &Past<'_>, row: Row) -> u32 {
    u32::from(past.dates()[row].month().unsigned_abs())
}

pub(super) fn check_months(key: &str, months: &[u32], faults: &mut Faults) {
    for _ in months.iter().filter(|month| !(1..=12).contains(*month)) {
        faults.push(key, "a month is a number from 1 to 12", "5 is May");
    }
}

fn volatility_days() -> u32 {
    63
}

fn quantile() -> f64 {
    0.95
}

fn least_changes() -> u32 {
    24
}

/// Standard deviation with `n - ddof`; `None` where that is not positive.
pub(crate) fn standard_deviation(values: &[f64], ddof: usize) -> Option<f64> {
    let n = values.len();
    if n <= ddof {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((square / (n - ddof) as f64).sqrt())
}

/// The `q`-quantile of ascending values, by linear interpolation between order statistics.
///
/// # Source
/// Hyndman & Fan (1996), Sample quantiles in statistical packages, type 7.
pub(crate) fn quantile_of_sorted(values: &[f64], q: f64) -> f64 {
    let place = q * (values.len() - 1) as f64;
    let below = place.floor();
    // `place` lies between 0 and the last index.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (below as usize).min(values.len() - 1);
    let next = values[(index + 1).min(values.len() - 1)];
    values[index] + (place - below) * (next - values[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_between_two_values() {
        // 0.95 * 4 = 3.8: four fifths of the way from the fourth to the fifth.
        let value = quantile_of_sorted(&[1.0, 2.0, 3.0, 4.0, 9.0], 0.95);
        assert!((value - 8.0).abs() < 1e-12);
        assert_eq!(quantile_of_sorted(&[7.0], 0.95), 7.0);
    }
}
