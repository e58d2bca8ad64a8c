//! Models that read the returns of the last weeks and months.

use walkfolio_core::{Error as CoreError, Past};

use super::{MeanWindow, historical};
use crate::Result;

/// The weight of one compounded return in a blend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon {
    /// The last so many rows.
    pub rows: usize,
    /// The weight of their compounded return.
    pub weight: f64,
}

/// The settings of [`momentum`].
#[derive(Debug, Clone, PartialEq)]
pub struct Momentum {
    /// The window of the mean.
    pub window: MeanWindow,
    /// The weight of the mean: 0.3.
    pub historical_weight: f64,
    /// The weight of the momentum: 0.7.
    pub momentum_weight: f64,
    /// How much of past momentum is expected to go on: 0.5.
    pub persistence: f64,
    /// 0.4, 0.3, 0.2 and 0.1 of 21, 63, 126 and 252 rows.
    pub horizons: Vec<Horizon>,
}

impl Default for Momentum {
    fn default() -> Self {
        Self {
            window: MeanWindow::default(),
            historical_weight: 0.3,
            momentum_weight: 0.7,
            persistence: 0.5,
            horizons: horizons(&[(21, 0.4), (63, 0.3), (126, 0.2), (252, 0.1)]),
        }
    }
}

impl Momentum {
    /// Returns that each asset must have.
    pub fn rows(&self) -> usize {
        longest(&self.horizons).max(self.window.rows)
    }
}

/// The settings of [`mean_reversion`].
#[derive(Debug, Clone, PartialEq)]
pub struct MeanReversion {
    /// The window of the mean.
    pub window: MeanWindow,
    /// How much of past returns is expected to revert: 0.3.
    pub strength: f64,
    /// 0.6 and 0.4 of 21 and 63 rows.
    pub horizons: Vec<Horizon>,
}

impl Default for MeanReversion {
    fn default() -> Self {
        Self {
            window: MeanWindow::default(),
            strength: 0.3,
            horizons: horizons(&[(21, 0.6), (63, 0.4)]),
        }
    }
}

impl MeanReversion {
    /// Returns that each asset must have.
    pub fn rows(&self) -> usize {
        longest(&self.horizons).max(self.window.rows)
    }
}

/// Expected returns that go on: `historical_weight * m + momentum_weight * persistence * sum w_h R_h`.
///
/// # Shape and units
/// One fraction a year for each of `assets`.
/// # Errors
/// Those of [`Past::returns`] for the longest window.
/// # Source
/// Jegadeesh & Titman (1993), Returns to buying winners and selling losers, for the effect; the
/// weights are those of the replica study.
pub fn momentum(past: &Past<'_>, assets: &[usize], model: &Momentum) -> Result<Vec<f64>> {
    let mut expected = historical(past, assets, &model.window)?;
    for (value, &asset) in expected.iter_mut().zip(assets) {
        let going_on = model.persistence * blend(past, asset, &model.horizons)?;
        *value = model.historical_weight * *value + model.momentum_weight * going_on;
    }
    Ok(expected)
}

/// Expected returns that revert: `m + strength * sum w_h (-R_h)`.
///
/// # Shape and units
/// One fraction a year for each of `assets`.
/// # Errors
/// Those of [`Past::returns`] for the longest window.
/// # Source
/// Jegadeesh (1990), Evidence of predictable behavior of security returns, for the effect; the
/// weights are those of the replica study.
pub fn mean_reversion(
    past: &Past<'_>,
    assets: &[usize],
    model: &MeanReversion,
) -> Result<Vec<f64>> {
    let mut expected = historical(past, assets, &model.window)?;
    for (value, &asset) in expected.iter_mut().zip(assets) {
        *value -= model.strength * blend(past, asset, &model.horizons)?;
    }
    Ok(expected)
}

/// `sum w_h R_h` of one asset.
fn blend(past: &Past<'_>, asset: usize, horizons: &[Horizon]) -> Result<f64> {
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

fn horizons(pairs: &[(usize, f64)]) -> Vec<Horizon> {
    pairs.iter().map(|&(rows, weight)| Horizon { rows, weight }).collect()
}

fn longest(horizons: &[Horizon]) -> usize {
    horizons.iter().map(|horizon| horizon.rows).max().unwrap_or_default()
}
