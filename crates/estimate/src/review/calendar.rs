//! When a benchmark's holdings are renewed.

use walkfolio_core::{Date, Past, Row, month_end_rows};

/// The reviews of a benchmark; each takes effect at the last session of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviews {
    /// Months of the scheduled reviews, 1 to 12.
    pub months: Vec<i8>,
    /// Reviews in turbulent markets.
    pub ad_hoc: Option<AdHoc>,
}

/// Reviews that follow a jump of market volatility.
///
/// The volatility `v` of an equal-weighted portfolio is taken at each month-end. When its change
/// since the month before exceeds a quantile of all its earlier changes, a review takes effect at
/// the next month-end.
#[derive(Debug, Clone, PartialEq)]
pub struct AdHoc {
    /// The assets of the equal-weighted portfolio, by universe index; those without returns for a
    /// whole window are left out of it.
    pub assets: Vec<usize>,
    /// Rows of the volatility's window.
    pub volatility_rows: usize,
    /// The quantile, by linear interpolation.
    pub quantile: f64,
    /// Earlier changes that are needed for a quantile.
    pub least_changes: usize,
    /// Month-ends before this date do not count.
    pub since: Option<Date>,
    /// Months in which no such review takes effect, 1 to 12.
    pub quiet_months: Vec<i8>,
}

impl Reviews {
    /// The month-end rows at which reviews have taken effect, oldest first.
    pub fn rows(&self, past: &Past<'_>) -> Vec<Row> {
        let ends = month_end_rows(past.dates(), past.decision_date());
        let ad_hoc = self.ad_hoc.as_ref().map(|rule| rule.months_after_jumps(past, &ends));
        let scheduled = |row: Row| self.months.contains(&past.dates()[row].month());
        let extra = |index: usize| ad_hoc.as_ref().is_some_and(|effective| effective[index]);
        let due = |&(index, &row): &(usize, &Row)| scheduled(row) || extra(index);
        ends.iter().enumerate().filter(due).map(|(_, &row)| row).collect()
    }
}

impl AdHoc {
    /// By month-end: whether a review takes effect at it because of a jump one month before.
    fn months_after_jumps(&self, past: &Past<'_>, ends: &[Row]) -> Vec<bool> {
        let mut effective = vec![false; ends.len()];
        let volatility: Vec<Option<f64>> =
            ends.iter().map(|&row| self.volatility(past, row)).collect();
        let mut earlier: Vec<f64> = Vec::new();
        for k in 1..ends.len() {
            let (Some(before), Some(now)) = (volatility[k - 1], volatility[k]) else { continue };
            let change = now - before;
            let jumped = earlier.len() >= self.least_changes.max(1)
                && change > quantile_of_sorted(&earlier, self.quantile);
            if jumped && k + 1 < ends.len() {
                let month = past.dates()[ends[k + 1]].month();
                effective[k + 1] = !self.quiet_months.contains(&month);
            }
            let place = earlier.partition_point(|other| *other < change);
            earlier.insert(place, change);
        }
        effective
    }

    /// Standard deviation (`ddof = 1`) of the portfolio's returns up to a row.
    fn volatility(&self, past: &Past<'_>, row: Row) -> Option<f64> {
        if self.since.is_some_and(|since| past.dates()[row] < since) {
            return None;
        }
        let then = past.before(row + 1).ok()?;
        // Assets that list later, or have ended, are left out of the portfolio.
        let there = |asset: &usize| then.has_returns(*asset, self.volatility_rows);
        let assets: Vec<usize> = self.assets.iter().copied().filter(there).collect();
        let n = assets.len() as f64;
        if assets.is_empty() {
            return None;
        }
        let window = then.returns(&assets, self.volatility_rows).ok()?;
        let portfolio: Vec<f64> = window.iter_rows().map(|x| x.iter().sum::<f64>() / n).collect();
        standard_deviation(&portfolio, 1)
    }
}

/// Standard deviation with `n - ddof`; `None` where that is not positive.
pub(super) fn standard_deviation(values: &[f64], ddof: usize) -> Option<f64> {
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
fn quantile_of_sorted(values: &[f64], q: f64) -> f64 {
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
