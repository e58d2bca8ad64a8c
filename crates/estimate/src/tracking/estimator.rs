//! What an estimator of tracking moments does.

use walkfolio_core::{Faults, Need, Past};

use super::basket::Basket;
use super::moments::TrackingMoments;
use crate::{Needs, Result};

/// An estimator of the second moments of assets and benchmark, as a study states it.
pub trait TrackingEstimator {
    /// Whether the keys that only it has obey their rules.
    fn validate(&self, _faults: &mut Faults) {}

    /// The assets that its keys name, each with the path of its key.
    fn names(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    /// What it needs of a past.
    fn needs(&self) -> Needs;

    /// Whether it can be estimated from a past.
    ///
    /// The assets have the rows that it needs.
    fn is_ready(&self, past: &Past<'_>, assets: &[usize], need: Need) -> bool;

    /// The moments of some assets and the benchmark, from the rows before the decision.
    ///
    /// `need` is what an asset must have in order to be held.
    ///
    /// # Shape and units
    /// For the `N` assets; the sums of a window, or means of it. A common factor changes no weight.
    /// # Errors
    /// Those of [`Past::returns`] and [`Past::benchmark`] where a window is not full, and those of
    /// the estimator.
    fn moments(&self, past: &Past<'_>, assets: &[usize], need: Need) -> Result<TrackingMoments>;

    /// What the benchmark is known or believed to hold at the last known row, if it looks at that.
    fn basket(&self, _past: &Past<'_>) -> Option<Basket> {
        None
    }

    /// Whether it knows of reviews of the benchmark.
    fn has_reviews(&self) -> bool {
        false
    }

    /// Whether a review of the benchmark took effect at the last row.
    fn is_reviewed(&self, _past: &Past<'_>) -> bool {
        false
    }
}
