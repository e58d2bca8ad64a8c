//! Shrinkage for normal returns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use super::ledoit_wolf::towards_scaled_identity;
use super::window::several_rows;
use crate::means::centred;
use crate::{Needs, Result, Scale};

/// The sample covariance, shrunk towards a scaled identity by the oracle approximating intensity.
///
/// `Sigma = rho mu I + (1 - rho) S` with `S = Y'Y / T`, `mu = tr S / n`; the intensity that is best for
/// normal returns, approached by iterating the oracle's.
///
/// Source: Chen, Wiesel, Eldar & Hero (2010), Shrinkage algorithms for MMSE covariance estimation, IEEE
/// Transactions on Signal Processing 58.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Oas {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// Which form of the intensity.
    #[serde(default)]
    pub intensity: OasIntensity,
}

/// Forms of the oracle approximating intensity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OasIntensity {
    /// `(a + mu^2) / ((T + 1) (a - mu^2 / n))`, `a` the mean of all `S_ij^2`: without the terms in `2 / n`,
    /// as in scikit-learn, and so in `PyPortfolioOpt`, skfolio and Riskfolio.
    #[default]
    Simplified,
    /// `((1 - 2/n) tr S^2 + tr^2 S) / ((T + 1 - 2/n) (tr S^2 - tr^2 S / n))`, equation (23) as printed.
    Paper,
}

impl CovarianceEstimator for Oas {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let returns = past.returns(assets, self.window as usize)?;
        several_rows(&returns, "a shrunk covariance")?;
        let form = self.intensity;
        towards_scaled_identity(&centred(&returns), scale.of_session(), |y, products| {
            intensity(form, y, products)
        })
    }
}

/// `mu` and the intensity, from `Y'Y / T` or from `Y Y' / T`.
fn intensity(form: OasIntensity, y: &Matrix, products: &Matrix) -> (f64, f64) {
    let (rows, n) = (y.rows() as f64, y.cols() as f64);
    let trace: f64 = (0..products.rows()).map(|i| products[(i, i)]).sum();
    let square: f64 = products.values().iter().map(|value| value * value).sum();
    let (above, below) = match form {
        OasIntensity::Simplified => {
            (square + trace * trace, (rows + 1.0) * (square - trace * trace / n))
        }
        OasIntensity::Paper => (
            (1.0 - 2.0 / n) * square + trace * trace,
            (rows + 1.0 - 2.0 / n) * (square - trace * trace / n),
        ),
    };
    // Nothing below: the sample is the target already.
    let shrinkage = if below > 0.0 { (above / below).min(1.0) } else { 1.0 };
    (trace / n, shrinkage)
}
