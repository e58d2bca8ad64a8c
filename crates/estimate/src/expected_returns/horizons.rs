//! Returns of the last weeks and months, blended.

use walkfolio_core::{Error as CoreError, Past};

use crate::{Result, sample_mean};

/// The weight of one compounded return in a blend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon {
    /// The last so many rows.
    pub rows: usize,
    /// The weight of their compounded return.
    pub weight: f64,
}

/// The mean return a year of the last `rows` rows.
///
/// # Errors
/// Those of [`Past::returns`].
pub(super) fn annual_mean(
    past: &Past<'_>,
    assets: &[usize],
    rows: usize,
    periods_per_year: f64,
) -> Result<Vec<f64>> {
    sample_mean(&past.returns(assets, rows)?, periods_per_year)
}

/// `sum w_h R_h` of one asset.
pub(super) fn blend(past: &Past<'_>, asset: usize, horizons: &[Horizon]) -> Result<f64> {
    horizons.iter().map(|horizon| Ok(horizon.weight * compounded(past, asset, horizon.rows)?)).sum()
}

/// The compounded return of the last rows, as a ratio of two prices.
fn compounded(past: &Past<'_>, asset: usize, rows: usize) -> Result<f64> {
    growth(past, asset, rows, 0).ok_or_else(|| too_short(past, asset, rows).into())
}

/// The compounded return of the last `rows` rows without the last `skipped`; `None` if a return of
/// the `rows` is missing.
pub(super) fn growth(past: &Past<'_>, asset: usize, rows: usize, skipped: usize) -> Option<f64> {
    if !past.has_returns(asset, rows) {
        return None;
    }
    let last = past.rows().checked_sub(1)?;
    let price = |back: usize| past.price(last.checked_sub(back)?, asset);
    Some(price(skipped)? / price(rows)? - 1.0)
}

/// What [`Past::returns`] says of an asset that lacks returns.
pub(super) fn too_short(past: &Past<'_>, asset: usize, needed: usize) -> CoreError {
    CoreError::TooShort {
        what: past.universe().tickers()[asset].to_string(),
        date: past.decision_date(),
        needed,
        found: past.returns_known(asset),
    }
}

pub(super) fn horizons(pairs: &[(usize, f64)]) -> Vec<Horizon> {
    pairs.iter().map(|&(rows, weight)| Horizon { rows, weight }).collect()
}

pub(super) fn longest(horizons: &[Horizon]) -> usize {
    horizons.iter().map(|horizon| horizon.rows).max().unwrap_or_default()
}
