//! The mean block length that suits a series.

use crate::measures::moments::{NEGLIGIBLE, mean};

/// How many autocorrelations in a row must be insignificant.
const RUN: usize = 5;

/// The automatic mean block length of the stationary bootstrap, in rows.
///
/// `(G^2 / s^4)^(1/3) * T^(1/3)` with `G = sum |k| lambda(k / M) R(k)` and the long-run variance
/// `s^2 = sum lambda(k / M) R(k)`, both over `|k| <= M`; `R(k)` are the sample autocovariances,
/// `lambda` is 1 up to 1/2 and falls linearly to 0 at 1. `M = 2 m`, where at `m` the first run of
/// five autocorrelations below `2 sqrt(log10(T) / T)` begins, or where none does, as many lags as
/// are looked at, `ceil(sqrt(T)) + 5`.
///
/// # Shape and units
/// `T` values; at least 1 and at most `ceil(min(3 sqrt(T), T / 3))`. 1, which is the bootstrap of
/// single rows, where nothing can be known: under 8 rows, no variance, a value that is not finite.
/// # Source
/// Politis & White (2004), Automatic Block-Length Selection for the Dependent Bootstrap,
/// Econometric Reviews 23(1), with the constant of its correction, Patton, Politis & White (2009),
/// Econometric Reviews 28(4). `m` is the first lag of the run as in Patton's own program and in the
/// `arch` package; the paper's text has the last lag before it.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::mean_block_length;
///
/// // A wave of 20 rows needs longer blocks than an alternating sequence of the same length.
/// let wave: Vec<f64> = (0..400).map(|t| f64::from((t % 20 - 10_i32).abs())).collect();
/// assert!(mean_block_length(&wave) > 10.0);
/// assert_eq!(mean_block_length(&[0.01; 400]), 1.0);
/// ```
pub fn mean_block_length(series: &[f64]) -> f64 {
    automatic(series).filter(|length| length.is_finite()).unwrap_or(1.0)
}

fn automatic(series: &[f64]) -> Option<f64> {
    let rows = series.len();
    if rows < 8 {
        return None;
    }
    let lags = lags_looked_at(rows);
    let autocovariance = autocovariances(series, lags)?;
    let bandwidth = bandwidth(&autocovariance, rows);
    let (mut g, mut long_run) = (0.0, autocovariance[0]);
    for (k, covariance) in autocovariance.iter().enumerate().skip(1).take(bandwidth) {
        let weight = 2.0 * flat_top(k as f64 / bandwidth as f64) * covariance;
        g += weight * k as f64;
        long_run += weight;
    }
    let ratio = g / long_run;
    let length = libm::cbrt(ratio * ratio * rows as f64);
    Some(length.clamp(1.0, longest(rows)))
}

/// `ceil(sqrt(T)) + 5`, less than `T`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a root of a `usize`
fn lags_looked_at(rows: usize) -> usize {
    ((rows as f64).sqrt().ceil() as usize + RUN).min(rows - 1)
}

fn longest(rows: usize) -> f64 {
    let rows = rows as f64;
    (3.0 * rows.sqrt()).min(rows / 3.0).ceil()
}

/// `R(0), ..., R(lags)` with divisor `T`; `None` if the series does not vary.
fn autocovariances(series: &[f64], lags: usize) -> Option<Vec<f64>> {
    let mean = mean(series)?;
    let deviations: Vec<f64> = series.iter().map(|value| value - mean).collect();
    let covariance = |lag: usize| {
        let products = deviations.iter().zip(&deviations[lag..]).map(|(a, b)| a * b);
        products.sum::<f64>() / series.len() as f64
    };
    let covariances: Vec<f64> = (0..=lags).map(covariance).collect();
    (covariances[0] > NEGLIGIBLE * NEGLIGIBLE).then_some(covariances)
}

/// `M`: twice the lag where the first insignificant run begins.
fn bandwidth(autocovariance: &[f64], rows: usize) -> usize {
    let lags = autocovariance.len() - 1;
    let rows = rows as f64;
    let bound = 2.0 * (libm::log10(rows) / rows).sqrt() * autocovariance[0];
    let insignificant = |run: &[f64]| run.iter().all(|covariance| covariance.abs() < bound);
    let start = autocovariance[1..lags].windows(RUN).position(insignificant);
    start.map_or(lags, |before| (2 * (before + 1)).min(lags))
}

/// The trapezoidal lag window of Politis & Romano (1995).
fn flat_top(share: f64) -> f64 {
    (2.0 * (1.0 - share)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternating_series_by_hand() {
        // Eight rows of 1, -1: R(k) = (-1)^k (8 - k) / 8 and the bound 2 sqrt(log10(8) / 8) = 0.67.
        // 7 lags are looked at, lags 3 to 7 are at most 5/8, but only lags up to 6 count: no run,
        // M = 7. Weights 1, 1, 1, 6/7, 4/7, 2/7, 0 on 7, 6, 5, 4, 3, 2, 1 eighths:
        // G = 2/8 (-7 + 12 - 15 + 96/7 - 60/7 + 24/7) = 2/8 * -10/7,
        // s^2 = 1 + 2/8 (-7 + 6 - 5 + 24/7 - 12/7 + 4/7) = 1 - 2/8 * 26/7 = 1/14.
        // (G / s^2)^2 * 8 = 25 * 8, its cube root 5.85, more than ceil(8 / 3) = 3.
        let series = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        assert_eq!(bandwidth(&autocovariances(&series, 7).unwrap(), 8), 7);
        assert_eq!(mean_block_length(&series), 3.0);
    }

    #[test]
    fn nothing_known_is_single_rows() {
        assert_eq!(mean_block_length(&[]), 1.0);
        assert_eq!(mean_block_length(&[0.1, -0.1, 0.2]), 1.0);
        assert_eq!(mean_block_length(&[0.1; 100]), 1.0);
        assert_eq!(mean_block_length(&[f64::NAN; 100]), 1.0);
    }
}
