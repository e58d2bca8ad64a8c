//! What is optimized: one objective a file.
//!
//! Each file holds an objective's checked data, sense, value and form for the solvers. To add one:
//! its file and a line in the list below.

mod ensemble;
mod equal_weight;
pub(crate) mod form;
pub(crate) mod given;
mod hierarchical_equal_risk_contribution;
mod hierarchical_risk_parity;
mod information_ratio;
mod inverse_volatility;
mod maximum_diversification;
mod maximum_sharpe;
mod mean_cvar;
mod mean_variance;
mod minimum_cdar;
mod minimum_cvar;
mod minimum_variance;
mod nearest;
mod one_portfolio;
mod risk_parity;
mod robust_mean_variance;
mod robust_utility;
mod tail;
mod tracking_error;

use walkfolio_core::{Covariance, Matrix};

use crate::Result;
use crate::choices::choices;
pub use equal_weight::EqualWeight;
use form::{AsForm, Form, Kernel};
pub use hierarchical_equal_risk_contribution::HierarchicalEqualRiskContribution;
pub use hierarchical_risk_parity::HierarchicalRiskParity;
pub use information_ratio::InformationRatio;
pub use inverse_volatility::InverseVolatility;
pub use maximum_diversification::MaximumDiversification;
pub use maximum_sharpe::MaximumSharpe;
pub use mean_cvar::MeanCvar;
pub use mean_variance::MeanVariance;
pub use minimum_cdar::MinimumCdar;
pub use minimum_cvar::MinimumCvar;
pub use minimum_variance::MinimumVariance;
pub use nearest::Nearest;
pub use risk_parity::{RiskParity, risk_shares};
pub use robust_mean_variance::RobustMeanVariance;
pub use robust_utility::RobustUtility;
pub use tracking_error::TrackingError;

/// The mean of the portfolios of several objectives.
pub type Ensemble = ensemble::EnsembleOf<Objective>;

impl Ensemble {
    /// Of objectives with their shares.
    ///
    /// # Errors
    /// [`Error::Invalid`] without members, for members of different numbers of assets, or unless every share is
    /// a number above 0.
    pub fn new(members: Vec<(Objective, f64)>) -> Result<Self> {
        Self::of(members)
    }
}

impl AsForm for Objective {
    fn as_form(&self) -> &dyn Form {
        self.as_dyn()
    }
}

choices! {
    /// What is optimized.
    ///
    /// Every one is checked when it is made: owning one proves that its moments are of the same
    /// assets and its numbers usable.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::Objective;
    ///
    /// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
    /// let objective = Objective::tracking_error(&returns, &[0.01, -0.01, 0.03])?;
    /// assert!(objective.is_minimized() && objective.assets() == 2);
    /// assert_eq!(objective.value(&[1.0, 0.0]), 0.0);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    Objective: Form {
        /// Squared differences from a benchmark's returns.
        TrackingError,
        /// Risk less expected return.
        MeanVariance,
        /// Risk alone.
        MinimumVariance,
        /// Expected return less risk.
        RobustUtility,
        /// Expected excess return for each unit of risk.
        MaximumSharpe,
        /// Weighted volatility for each unit of risk.
        MaximumDiversification,
        /// Expected return in its worst case, less risk.
        RobustMeanVariance,
        /// The mean of the worst losses.
        MinimumCvar,
        /// Expected return less the mean of the worst losses.
        MeanCvar,
        /// The mean of the worst drawdowns.
        MinimumCdar,
        /// Return for each unit of tracking error.
        InformationRatio,
        /// Given shares of risk.
        RiskParity,
        /// The same weight of every asset.
        EqualWeight,
        /// Weights in proportion to one over risk.
        InverseVolatility,
        /// Risk split between the branches of a tree of clusters.
        HierarchicalRiskParity,
        /// Risk split between clusters along their tree, and evenly within each.
        HierarchicalEqualRiskContribution,
        /// The mean of several objectives' portfolios.
        Ensemble,
        /// The portfolio nearest to a given one.
        Nearest,
    }
}

impl Objective {
    /// Squared differences from a benchmark's returns: [`TrackingError::new`].
    ///
    /// # Errors
    /// As [`TrackingError::new`].
    pub fn tracking_error(returns: &Matrix, benchmark: &[f64]) -> Result<Self> {
        TrackingError::new(returns, benchmark).map(Self::from)
    }

    /// Risk less expected return: [`MeanVariance::new`].
    ///
    /// # Errors
    /// As [`MeanVariance::new`].
    pub fn mean_variance(
        expected_returns: Vec<f64>,
        covariance: Covariance,
        risk_aversion: f64,
    ) -> Result<Self> {
        MeanVariance::new(expected_returns, covariance, risk_aversion).map(Self::from)
    }

    /// Expected return less risk: [`RobustUtility::new`].
    ///
    /// # Errors
    /// As [`RobustUtility::new`].
    pub fn robust_utility(
        expected_returns: Vec<f64>,
        covariance: Covariance,
        lambda: f64,
    ) -> Result<Self> {
        RobustUtility::new(expected_returns, covariance, lambda).map(Self::from)
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        self.as_dyn().assets()
    }

    /// Whether smaller is better.
    pub fn is_minimized(&self) -> bool {
        self.as_dyn().is_minimized()
    }

    /// Whether it is a cone program, which Clarabel solves; an information ratio is none.
    pub fn is_cone(&self) -> bool {
        self.as_dyn().is_cone()
    }

    /// Whether it is quadratic: only then may a mandate have rules about holdings.
    pub fn is_quadratic(&self) -> bool {
        self.as_dyn().quadratic().is_some()
    }

    /// The value at a portfolio, in its own sense and unit, without penalties.
    ///
    /// # Panics
    /// If there is not one weight for each asset.
    pub fn value(&self, w: &[f64]) -> f64 {
        assert_eq!(w.len(), self.assets(), "one weight for each asset");
        self.as_dyn().value(w)
    }

    /// What each asset adds to the mean of the worst losses, or drawdowns, that it measures; none if it measures none.
    ///
    /// # Shape and units
    /// One value for each asset, fractions; they add up to the mean.
    /// # Panics
    /// If there is not one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_optimize::{MinimumCvar, Objective};
    ///
    /// // The worse half of two rows loses 2 % of the first asset and gains 1 % of the second.
    /// let returns = Matrix::from_rows(2, 2, vec![-0.02, 0.01, 0.04, 0.01]);
    /// let objective = Objective::from(MinimumCvar::new(returns, 0.5)?);
    /// assert_eq!(objective.tail_contributions(&[0.5, 0.5]), Some(vec![0.01, -0.005]));
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn tail_contributions(&self, w: &[f64]) -> Option<Vec<f64>> {
        assert_eq!(w.len(), self.assets(), "one weight for each asset");
        self.as_dyn().tail().map(|tailed| tailed.tail.contributions(w))
    }

    /// It as the mean of others' portfolios, if it is such a mean.
    pub(crate) fn as_ensemble(&self) -> Option<&Ensemble> {
        if let Self::Ensemble(ensemble) = self { Some(ensemble) } else { None }
    }

    /// The form that the kernel solves, if it has one.
    pub(crate) fn kernel(&self) -> Option<Kernel<'_>> {
        self.as_dyn().kernel()
    }
}
