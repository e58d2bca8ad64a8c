//! Models of expected returns: what the past is taken to say about the next year.
//!
//! All are annual, from simple returns up to the last known row. `m` is the mean return of a window
//! times `periods_per_year`, `R_h` the compounded return of the last `h` rows.
//!
//! | model | expected return |
//! |---|---|
//! | [`historical`] | `m` |
//! | [`shrinkage()`] | `m`, shrunk towards its mean across the assets (James-Stein) |
//! | [`momentum`] | `0.3 m + 0.7 * 0.5 * (0.4 R_21 + 0.3 R_63 + 0.2 R_126 + 0.1 R_252)` |
//! | [`mean_reversion`] | `m - 0.3 * (0.6 R_21 + 0.4 R_63)` |
//! | [`multi_factor`] | `alpha + b_mom MOM + b_rev REV + b_vol VOL` (Fama-MacBeth) |
//!
//! The numbers are the defaults of the settings.

mod fama_macbeth;
mod horizons;
mod shrinkage;

use walkfolio_core::Past;

pub use fama_macbeth::{FamaMacBeth, MultiFactor, multi_factor};
pub use horizons::{Horizon, MeanReversion, Momentum, mean_reversion, momentum};
pub use shrinkage::{Shrunk, james_stein, shrinkage};

use crate::{Result, sample_mean};

/// The window of a mean return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanWindow {
    /// Its rows: 252 by default.
    pub rows: usize,
    /// Sessions a year: 252 by default.
    pub periods_per_year: f64,
}

impl Default for MeanWindow {
    fn default() -> Self {
        Self { rows: 252, periods_per_year: 252.0 }
    }
}

/// A model of expected returns with its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectedReturns {
    /// [`historical`].
    Historical(MeanWindow),
    /// [`shrinkage()`].
    Shrinkage(MeanWindow),
    /// [`momentum`].
    Momentum(Momentum),
    /// [`mean_reversion`].
    MeanReversion(MeanReversion),
    /// [`multi_factor`].
    MultiFactor(MultiFactor),
}

impl Default for ExpectedReturns {
    fn default() -> Self {
        Self::MultiFactor(MultiFactor::default())
    }
}

impl ExpectedReturns {
    /// Returns that each asset must have up to the last known row.
    pub fn rows(&self) -> usize {
        match self {
            Self::Historical(window) | Self::Shrinkage(window) => window.rows,
            Self::Momentum(model) => model.rows(),
            Self::MeanReversion(model) => model.rows(),
            Self::MultiFactor(model) => model.rows(),
        }
    }

    /// The expected returns of some assets.
    ///
    /// # Shape and units
    /// One fraction a year for each of `assets`.
    /// # Errors
    /// Those of the model.
    pub fn estimate(&self, past: &Past<'_>, assets: &[usize]) -> Result<Vec<f64>> {
        match self {
            Self::Historical(window) => historical(past, assets, window),
            Self::Shrinkage(window) => shrinkage(past, assets, window),
            Self::Momentum(model) => momentum(past, assets, model),
            Self::MeanReversion(model) => mean_reversion(past, assets, model),
            Self::MultiFactor(model) => multi_factor(past, assets, model),
        }
    }
}

/// The historical mean return `m`.
///
/// # Shape and units
/// One fraction a year for each of `assets`.
/// # Errors
/// Those of [`Past::returns`].
pub fn historical(past: &Past<'_>, assets: &[usize], window: &MeanWindow) -> Result<Vec<f64>> {
    sample_mean(&past.returns(assets, window.rows)?, window.periods_per_year)
}
