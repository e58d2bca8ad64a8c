//! What an estimator of the covariance does.

use walkfolio_core::{Covariance, Faults, Past};

use crate::{Needs, Result, Scale};

/// An estimator of the covariance of asset returns, as a study states it.
pub trait CovarianceEstimator {
    /// Whether its settings obey their rules.
    fn validate(&self, faults: &mut Faults);

    /// What it needs of a past; betas are estimated from the same rows.
    fn needs(&self) -> Needs;

    /// Why it says nothing of the risk of a portfolio, if it is made only to tell assets apart.
    fn only_for_clustering(&self) -> Option<&'static str> {
        None
    }

    /// What a reader must know of its settings for a number of assets, which are allowed.
    fn warning(&self, _assets: usize) -> Option<String> {
        None
    }

    /// The covariance of some assets, from the rows before the decision.
    ///
    /// # Shape and units
    /// `N x N` for the `N` assets, squared fractions of the unit of `scale`.
    /// # Errors
    /// Those of [`Past::returns`] and [`Past::factors`] where a window is not full, and those of the
    /// estimator.
    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance>;
}

/// Whether a covariance inside another choice obeys its rules; one that only tells assets apart says nothing of their
/// risk there.
pub(crate) fn validate_inside(own: &dyn CovarianceEstimator, faults: &mut Faults) {
    own.validate(faults);
    if let Some(why) = own.only_for_clustering() {
        faults.push("kind", why, "choose denoised, which keeps all components");
    }
}
