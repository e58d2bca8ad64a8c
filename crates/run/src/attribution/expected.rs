//! What each asset was expected to add to risk when a decision was made.

use walkfolio_core::Past;

use crate::Result;
use crate::risk::ROWS;

/// Contributions to the risk that was expected at a decision, annualized, by universe index.
pub(super) struct Expected {
    pub volatility: Vec<f64>,
    /// The last value is that of a benchmark that is not an asset. None without a benchmark.
    pub tracking_error: Option<Vec<f64>>,
}

/// From the sample covariance of the last 252 rows, or of as many as everything held has; `None` where these
/// are fewer than two.
///
/// `c_i = w_i cov(r_i, R w) / sd(R w)`: the covariance matrix itself is not needed.
pub(super) fn expected(past: &Past<'_>, target: &[f64], year: f64) -> Result<Option<Expected>> {
    let benchmark = past.benchmark_asset();
    let is_used = |&asset: &usize| target[asset] != 0.0 || benchmark == Some(asset);
    let assets: Vec<usize> = (0..target.len()).filter(is_used).collect();
    let shortest = assets.iter().map(|&asset| past.returns_known(asset)).min().unwrap_or(0);
    let known = if past.benchmark_name().is_some() { past.benchmark_returns_known() } else { ROWS };
    let window = ROWS.min(known).min(shortest);
    if window < 2 {
        return Ok(None);
    }
    let returns = past.returns(&assets, window)?;
    let weights: Vec<f64> = assets.iter().map(|&asset| target[asset]).collect();
    let own = returns.times(&weights);
    // By universe index, each asset's part of the deviation of a series.
    let parts = |weights: &[f64], series: &[f64]| -> Vec<f64> {
        let (centred, deviation) = centred(series);
        let scale = year.sqrt() / ((window - 1) as f64 * deviation);
        let mut all = vec![0.0; target.len()];
        if deviation > 0.0 {
            let along = returns.transpose_times(&centred);
            let each = assets.iter().zip(weights).zip(along);
            each.for_each(|((&asset, weight), along)| all[asset] = weight * along * scale);
        }
        all
    };
    let tracking_error = match (past.benchmark_name(), benchmark) {
        (None, _) => None,
        (Some(_), Some(benchmark)) => {
            let less =
                |(&asset, weight): (&usize, &f64)| weight - f64::from(u8::from(asset == benchmark));
            let active: Vec<f64> = assets.iter().zip(&weights).map(less).collect();
            let mut all = parts(&active, &returns.times(&active));
            all.push(0.0);
            Some(all)
        }
        (Some(_), None) => {
            let other = past.benchmark(window)?;
            let active: Vec<f64> = own.iter().zip(other).map(|(own, other)| own - other).collect();
            let mut all = parts(&weights, &active);
            let (centred, deviation) = centred(&active);
            let along: f64 = centred.iter().zip(other).map(|(a, b)| a * b).sum();
            let scale = year.sqrt() / ((window - 1) as f64 * deviation);
            all.push(if deviation > 0.0 { -along * scale } else { 0.0 });
            Some(all)
        }
    };
    Ok(Some(Expected { volatility: parts(&weights, &own), tracking_error }))
}

/// A series less its mean, and its standard deviation (`n - 1`).
fn centred(series: &[f64]) -> (Vec<f64>, f64) {
    let n = series.len() as f64;
    let mean = series.iter().sum::<f64>() / n;
    let centred: Vec<f64> = series.iter().map(|value| value - mean).collect();
    let squares: f64 = centred.iter().map(|value| value * value).sum();
    (centred, (squares / (n - 1.0)).sqrt())
}
