//! Risk-adjusted momentum.

use libm::log;
use walkfolio_core::{Date, Past, Row, month_end_rows};

use super::calendar::standard_deviation;
use crate::{Error, Result};

/// Weekly returns of the volatility in a score: three years.
const WEEKS: usize = 156;

/// Risk-adjusted momentum `z(z(m6 / s) + z(m12 / s))` of some assets at the last known month-end.
///
/// With `k` the last month-end that is known, `m6 = ln(P_{k-1} / P_{k-7})` and
/// `m12 = ln(P_{k-1} / P_{k-13})` from month-end prices, the most recent month skipped; `s` is the
/// standard deviation (`ddof = 1`) of the last at most 156 weekly log returns, weeks ending on
/// Friday, complete weeks only; `z(x) = (x - mean) / std` across the assets, `ddof = 0`.
///
/// # Shape and units
/// One number for each of `assets`, without unit.
/// # Errors
/// [`Error::TooFewRows`] without 14 month-ends or an asset without the prices that are needed.
/// # Source
/// MSCI (2021), Momentum Indexes Methodology, section 2.2.
pub fn momentum_score(past: &Past<'_>, assets: &[usize]) -> Result<Vec<f64>> {
    let ends = month_end_rows(past.dates(), past.decision_date());
    let short = Error::TooFewRows { what: "a momentum score", rows: ends.len(), least: 14 };
    let Some(k) = ends.len().checked_sub(1).filter(|k| *k >= 13) else { return Err(short) };
    let weeks = weeks_until(past, ends[k]);
    let score = |asset: usize| -> Option<(f64, f64)> {
        let price = |months: usize| past.price(ends[k - months], asset);
        let (last, half, year) = (price(1)?, price(7)?, price(13)?);
        let risk = weekly_volatility(past, asset, &weeks).filter(|risk| *risk > 0.0)?;
        Some((log(last / half) / risk, log(last / year) / risk))
    };
    let scores: Option<Vec<(f64, f64)>> = assets.iter().map(|&asset| score(asset)).collect();
    let (six, twelve): (Vec<f64>, Vec<f64>) = scores.ok_or(short)?.into_iter().unzip();
    let sum: Vec<f64> =
        standardized(&six).iter().zip(standardized(&twelve)).map(|(a, b)| a + b).collect();
    Ok(standardized(&sum))
}

/// The last row of each complete week (Saturday to Friday) up to a row, oldest first, of as many
/// weeks as a score needs.
pub(crate) fn weeks_until(past: &Past<'_>, last: Row) -> Vec<Row> {
    let dates = past.dates();
    let first = last.saturating_sub(5 * (WEEKS + 2));
    let ends = |&row: &Row| {
        let friday = friday(dates[row]);
        friday <= dates[last] && (row == last || self::friday(dates[row + 1]) != friday)
    };
    (first..=last).filter(ends).collect()
}

/// The Friday on or after a date.
fn friday(date: Date) -> Date {
    let ahead = (4 - date.weekday().to_monday_zero_offset()).rem_euclid(7);
    date.saturating_add(jiff::Span::new().days(ahead))
}

fn weekly_volatility(past: &Past<'_>, asset: usize, weeks: &[Row]) -> Option<f64> {
    standard_deviation(&weekly_log_returns(past, asset, weeks), 1)
}

/// The log returns of an asset over the last of some weeks, as many as a score looks at.
pub(crate) fn weekly_log_returns(past: &Past<'_>, asset: usize, weeks: &[Row]) -> Vec<f64> {
    let prices: Vec<f64> = weeks.iter().filter_map(|&row| past.price(row, asset)).collect();
    let returns: Vec<f64> = prices.windows(2).map(|pair| log(pair[1] / pair[0])).collect();
    returns[returns.len().saturating_sub(WEEKS)..].to_vec()
}

/// `(x - mean) / std`, `ddof = 0`; zeros where the values do not differ.
pub(crate) fn standardized(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    match standard_deviation(values, 0).filter(|std| *std > 1e-12 * mean.abs()) {
        Some(std) => values.iter().map(|value| (value - mean) / std).collect(),
        None => vec![0.0; values.len()],
    }
}
