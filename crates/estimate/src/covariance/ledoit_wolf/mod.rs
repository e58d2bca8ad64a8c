//! Shrinkage of the sample covariance by the intensities of Ledoit and Wolf.

mod constant_correlation;
mod identity;
mod moments;
mod single_factor;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::estimator::CovarianceEstimator;
use super::window::{no_asset_is_constant, several_rows};
use crate::means::centred;
use crate::{Needs, Result, Scale};

pub(super) use identity::towards_scaled_identity;

/// The sample covariance, shrunk towards a target by the intensity of Ledoit and Wolf.
///
/// `Sigma = delta F + (1 - delta) S` with `S = Y'Y / T` of the centred returns: every moment is divided
/// by `T`, as in the papers, scikit-learn and skfolio. The intensity `delta` between 0 and 1 has the
/// least expected squared error as `T` grows. `PyPortfolioOpt` divides `S` by `T - 1` for the targets
/// `constant_correlation` and `single_factor`, which moves Sigma by up to 7 %.
///
/// Sources: Ledoit & Wolf (2003), Improved estimation of the covariance matrix of stock returns, Journal of
/// Empirical Finance 10 (single factor); (2004), A well-conditioned estimator for large-dimensional covariance
/// matrices, Journal of Multivariate Analysis 88 (identity); (2004), Honey, I shrunk the sample
/// covariance matrix, Journal of Portfolio Management 30 (constant correlation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedoitWolf {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// What the sample covariance is shrunk towards.
    #[serde(default)]
    pub target: ShrinkageTarget,
}

/// What a sample covariance is shrunk towards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShrinkageTarget {
    /// The same variance for all assets, their mean, and no covariances.
    #[default]
    Identity,
    /// Own variances, and the mean of all correlations for each pair.
    ConstantCorrelation,
    /// Own variances, and the covariances that the equally weighted mean of the assets explains.
    SingleFactor,
}

impl CovarianceEstimator for LedoitWolf {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let returns = past.returns(assets, self.window as usize)?;
        several_rows(&returns, "a shrunk covariance")?;
        let (y, periods) = (centred(&returns), scale.of_session());
        match self.target {
            ShrinkageTarget::Identity => identity::towards_identity(&y, periods),
            ShrinkageTarget::ConstantCorrelation => {
                no_asset_is_constant(&returns, &y, (past, assets))?;
                constant_correlation::towards_constant_correlation(&y, periods)
            }
            ShrinkageTarget::SingleFactor => single_factor::towards_single_factor(&y, periods),
        }
    }
}
