//! What means that are shrunk have in common: deviations measured in their own covariance.

use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_core::{Covariance, Matrix, Past};

use crate::covariance::CovarianceChoice;
use crate::means::column_means;
use crate::{Error, Result, Scale, Units, sample_covariance};

/// The means of a window and a factor of a covariance of it, both a session.
pub(super) struct Window {
    pub(super) mean: Vec<f64>,
    pub(super) covariance: Covariance,
    lower: Matrix,
}

impl Window {
    /// Of the last `rows` rows; the sample covariance unless another one is given.
    ///
    /// # Errors
    /// Those of [`Past::returns`] and of the covariance; [`Error::NoInverse`] unless the sample covariance
    /// has `least` rows, [`Error::DependentAsset`] where a covariance has no inverse all the same.
    pub(super) fn of(
        past: &Past<'_>,
        assets: &[usize],
        rows: usize,
        (covariance, least): (Option<&CovarianceChoice>, usize),
    ) -> Result<Self> {
        let returns = past.returns(assets, rows)?;
        if covariance.is_none() && rows < least {
            return Err(Error::NoInverse { assets: assets.len(), rows, least });
        }
        let daily = Scale { units: Units::Daily, periods_per_year: 1.0 };
        let covariance = match covariance {
            None => sample_covariance(&returns, 1.0)?,
            Some(choice) => choice.estimate(past, assets, daily)?,
        };
        let lower = inverse_root(&covariance.to_dense()).map_err(|place| {
            let asset = past.universe().tickers()[assets[place]].clone();
            Error::DependentAsset { asset, rows }
        })?;
        Ok(Self { mean: column_means(&returns), covariance, lower })
    }

    /// `S^-1 x`.
    pub(super) fn solve(&self, x: &[f64]) -> Vec<f64> {
        solve(&self.lower, x)
    }

    /// The means less a target, and `d' S^-1 d`.
    pub(super) fn away(&self, target: f64) -> (Vec<f64>, f64) {
        let away: Vec<f64> = self.mean.iter().map(|value| value - target).collect();
        let distance = dot(&away, &self.solve(&away));
        (away, distance)
    }
}
