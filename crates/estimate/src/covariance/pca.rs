//! Principal components as factors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use super::window::{several_rows, spectrum, squares};
use crate::means::centred;
use crate::{Needs, Result, Scale};

/// The first principal components of the sample covariance as factors.
///
/// `Sigma = V_k L_k V_k' + diag(S - V_k L_k V_k')` with the `k` largest eigenvalues of the sample covariance
/// `S` (`ddof = 1`): variances are those of the sample, and what the components leave is uncorrelated.
/// With as many factors as assets it is the sample covariance.
///
/// Source: Connor & Korajczyk (1986), Performance measurement with the arbitrage pricing theory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pca {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// Number of components.
    ///
    /// Unit: factors.
    #[serde(default = "three")]
    pub factors: u32,
}

fn three() -> u32 {
    3
}

impl CovarianceEstimator for Pca {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        faults.at_least("factors", self.factors, 1);
    }

    fn warning(&self, assets: usize) -> Option<String> {
        let factors = self.factors as usize;
        (factors > assets).then(|| {
            format!(
                "{factors} factors of {assets} assets are {assets}: it is the sample covariance"
            )
        })
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let returns = past.returns(assets, self.window as usize)?;
        several_rows(&returns, "a principal component")?;
        let y = centred(&returns);
        let (eigen, total) = (spectrum(&y), squares(&y));
        let kept = (self.factors as usize).min(eigen.values.len());
        let size = scale.of_session() / (y.rows() - 1) as f64;
        let (n, mut variance) = (y.cols(), Matrix::zeros(kept, kept));
        (0..kept).for_each(|k| variance[(k, k)] = eigen.values[k].max(0.0) * size);
        let (mut loadings, mut specific) = (Matrix::zeros(n, kept), Vec::with_capacity(n));
        for (i, total) in total.iter().enumerate() {
            (0..kept).for_each(|k| loadings[(i, k)] = eigen.vectors[(k, i)]);
            let common = (0..kept).map(|k| loadings[(i, k)] * loadings[(i, k)] * variance[(k, k)]);
            specific.push((total * size - common.sum::<f64>()).max(0.0));
        }
        Ok(Covariance::factor(loadings, variance, specific)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_factors_than_assets_are_said_to_be_the_sample_covariance() {
        let of = |assets| Pca { window: 60, factors: 5 }.warning(assets);
        assert_eq!(of(5), None);
        let told = "5 factors of 4 assets are 4: it is the sample covariance";
        assert_eq!(of(4).as_deref(), Some(told));
    }
}
