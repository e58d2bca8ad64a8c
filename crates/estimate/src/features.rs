//! What a classifier is told of each asset at a month-end.
//!
//! A [`Feature`] is one number of one asset at the close of a month: momentum, volatility,
//! correlation with the benchmark, or what a user's file says. It sees a [`MonthEnd`], which reaches
//! no later row. A [`History`] finds the month-ends of a past and its log returns once, so that the
//! features of all its month-ends cost little more than those of one:
//!
//! - `history`: month-ends and log returns of a past;
//! - `price`, `signal`: the features;
//! - `standardize`: comparison across the assets of one month-end.
//!
//! ```
//! use walkfolio_core::{Date, Market, Prices, Universe};
//! use walkfolio_estimate::features::{Feature, History, Momentum};
//!
//! let dates = vec![
//!     Date::constant(2024, 1, 31),
//!     Date::constant(2024, 2, 29),
//!     Date::constant(2024, 3, 28),
//!     Date::constant(2024, 4, 1),
//! ];
//! let prices = [100.0, 110.0, 99.0, 120.0].map(Some).to_vec();
//! let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
//! let past = market.before(3)?;
//! let history = History::new(&past);
//! // At the end of March the last month is skipped: ln(110 / 100).
//! let march = history.last()?;
//! let momentum = Momentum { months: 1 }.value(&march, 0)?.unwrap_or_default();
//! assert!((momentum - 0.095_310_179_804).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod history;
mod price;
mod signal;
mod standardize;

use std::fmt::Debug;

use walkfolio_core::{Need, Past};

pub use history::{History, MonthEnd};
pub use price::{Correlation, Momentum, Volatility};
pub use signal::{Signal, Transform};
pub use standardize::Standardize;
pub(crate) use standardize::z_scores;

use crate::Result;

/// One number of an asset at a month-end.
pub trait Feature: Send + Sync + Debug {
    /// Its name in tables, with the unit of its window: `momentum_12m`, `volatility_20d`.
    fn name(&self) -> String;

    /// Returns needed up to the month-end.
    fn rows(&self) -> usize;

    /// Month-ends needed before the last one.
    fn months(&self) -> u32;

    /// The value of an asset, `None` where it is missing; never `NaN`.
    ///
    /// # Errors
    /// [`walkfolio_core::Error::Absent`] if the market lacks the benchmark or the signal that the
    /// feature is made of.
    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>>;
}

/// What an asset must have at a month-end so that none of the features is missing for want of prices.
///
/// # Examples
/// ```
/// use walkfolio_estimate::features::{Feature, Momentum, Volatility, need};
///
/// let features: [Box<dyn Feature>; 2] = [
///     Box::new(Momentum { months: 12 }),
///     Box::new(Volatility { days: 60, periods_per_year: 252.0 }),
/// ];
/// let need = need(&features);
/// assert_eq!((need.rows, need.history_months), (60, Some(13)));
/// ```
pub fn need(features: &[Box<dyn Feature>]) -> Need {
    let rows = features.iter().map(|feature| feature.rows()).max().unwrap_or_default();
    let months = features.iter().map(|feature| feature.months()).max().unwrap_or_default();
    Need { rows, history_months: (months > 0).then_some(months) }
}

/// The features of some assets at the last month-end of a past.
///
/// For the features of several month-ends take [`MonthEnd::features`] from one [`History`].
///
/// # Shape and units
/// `assets.len() x features.len()`, `None` where a value is missing; not standardized.
/// # Errors
/// [`Error::TooFewMonths`](crate::Error::TooFewMonths) if no month-end is known, and those of
/// [`Feature::value`].
pub fn cross_section(
    past: &Past<'_>,
    assets: &[usize],
    features: &[Box<dyn Feature>],
) -> Result<Vec<Vec<Option<f64>>>> {
    History::new(past).last()?.features(assets, features)
}
