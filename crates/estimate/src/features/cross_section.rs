//! All features of some assets at once.

use walkfolio_core::{Need, Past};

use super::feature::Feature;
use super::history::{History, MonthEnd};
use crate::Result;

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

impl MonthEnd<'_, '_> {
    /// The features of some assets.
    ///
    /// # Shape and units
    /// `assets.len() x features.len()`, `None` where a value is missing; not standardized.
    /// # Errors
    /// Those of [`Feature::value`].
    pub fn features(
        &self,
        assets: &[usize],
        features: &[Box<dyn Feature>],
    ) -> Result<Vec<Vec<Option<f64>>>> {
        let row =
            |&asset: &usize| features.iter().map(|feature| feature.value(self, asset)).collect();
        assets.iter().map(row).collect()
    }
}
