//! Moments of any trailing window, from the sums that a [`Past`] hands out.
//!
//! A window is a difference of two rows of sums, so all look-backs of a grid cost one pass over the
//! market. The results agree with [`FactorRegression::fit`], [`capm_beta`](crate::capm_beta()),
//! [`sample_mean`](crate::sample_mean()), [`sample_covariance`](crate::sample_covariance()) and
//! [`TrackingMoments::of_window`] to 1e-10 of the standard deviations involved, and so do the errors.
//!
//! A window is estimated from its rows, with the answer of the estimators above and in their time,
//! where
//! - the sums would take more than 64 MiB (see [`WindowSums`](walkfolio_core::WindowSums));
//! - subtracting the mean would cancel more than three digits (an asset that hardly moves, a
//!   constant market), the factors are close to dependent, or they explain an asset but for 1e-6;
//! - for second moments, there are no more rows than assets.
//!
//! ```
//! use walkfolio_core::{Date, Market, Prices, Universe};
//! use walkfolio_estimate::windows;
//!
//! let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
//! let prices = [100.0, 110.0, 99.0, 120.0].map(Some).to_vec();
//! let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
//! // The two returns known at row 3 are 10 % and -10 %.
//! let mean = windows::sample_mean(&market.before(3)?, &[0], 2, 252.0)?;
//! assert!(mean[0].abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod moments;

use walkfolio_core::{Covariance, Past};

use crate::tracking::TrackingMoments;
use crate::{FactorRegression, Result};

/// The regressions of [`FactorRegression::fit`] over the last `rows` rows.
///
/// # Errors
/// Those of [`Past::returns`], [`Past::factors`] and [`FactorRegression::fit`].
pub fn factor_model(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<FactorRegression> {
    let sums = past.sums(assets, rows)?;
    let factors = past.factors(rows)?;
    let sums = if rows > factors.k + 1 { sums.factors() } else { None };
    sums.and_then(|sums| moments::factor_model(&sums, rows))
        .map_or_else(|| FactorRegression::fit(&past.returns(assets, rows)?, &factors), Ok)
}

/// The betas of [`capm_beta`](crate::capm_beta()) over the last `rows` rows.
///
/// # Errors
/// Those of [`Past::returns`], [`Past::factors`] and [`capm_beta`](crate::capm_beta()).
pub fn capm_beta(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Vec<f64>> {
    let sums = past.sums(assets, rows)?;
    let factors = past.factors(rows)?;
    let sums = if rows > 1 { sums.market() } else { None };
    sums.and_then(|sums| moments::capm_beta(&sums, rows))
        .map_or_else(|| crate::capm_beta(&past.returns(assets, rows)?, &factors), Ok)
}

/// The means of [`sample_mean`](crate::sample_mean()) over the last `rows` rows, times
/// `periods_per_year`.
///
/// # Errors
/// Those of [`Past::returns`].
pub fn sample_mean(
    past: &Past<'_>,
    assets: &[usize],
    rows: usize,
    periods_per_year: f64,
) -> Result<Vec<f64>> {
    let Some(mut mean) = past.sums(assets, rows)?.returns() else {
        return crate::sample_mean(&past.returns(assets, rows)?, periods_per_year);
    };
    for sum in &mut mean {
        *sum = *sum / rows as f64 * periods_per_year;
    }
    Ok(mean)
}

/// The covariance of [`sample_covariance`](crate::sample_covariance()) over the last `rows` rows,
/// times `periods_per_year`.
///
/// # Errors
/// Those of [`Past::returns`] and [`sample_covariance`](crate::sample_covariance()).
pub fn sample_covariance(
    past: &Past<'_>,
    assets: &[usize],
    rows: usize,
    periods_per_year: f64,
) -> Result<Covariance> {
    let sums = past.sums(assets, rows)?;
    let dense = || {
        if !is_dense(assets, rows) {
            return None;
        }
        let (sums, products) = sums.returns().zip(sums.products())?;
        moments::covariance(&sums, products, rows, periods_per_year / (rows - 1) as f64)
    };
    // What rounding left no covariance is estimated from its rows.
    dense().and_then(|matrix| Covariance::dense(matrix).ok()).map_or_else(
        || crate::sample_covariance(&past.returns(assets, rows)?, periods_per_year),
        Ok,
    )
}

/// The moments of [`TrackingMoments::of_window`] over the last `rows` rows.
///
/// # Errors
/// Those of [`Past::returns`], [`Past::benchmark`] and [`TrackingMoments::of_window`].
pub fn tracking(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<TrackingMoments> {
    let sums = past.sums(assets, rows)?;
    let benchmark = past.benchmark(rows)?;
    let of_sums = || {
        if !is_dense(assets, rows) {
            return None;
        }
        Covariance::dense(sums.products()?).ok().zip(sums.benchmark())
    };
    let Some((second_moment, with_benchmark)) = of_sums() else {
        return TrackingMoments::of_window(&past.returns(assets, rows)?, benchmark);
    };
    Ok(TrackingMoments {
        second_moment,
        cross: with_benchmark.cross,
        benchmark_square: with_benchmark.square,
    })
}

/// Whether a window has more rows than assets, so that a full matrix is the smaller form.
fn is_dense(assets: &[usize], rows: usize) -> bool {
    rows > assets.len() && rows >= 2
}
