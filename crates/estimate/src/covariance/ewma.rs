//! Newer rows weigh more than older ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use super::window::of_rows;
use crate::means::centre;
use crate::tracking::weights_to_one;
use crate::{Error, Needs, Result, Scale};

/// Exponentially weighted returns (`RiskMetrics`).
///
/// `Sigma = sum_t w_t x_t x_t'` with weights that halve every `half_life` rows and sum to 1 over the
/// window, so that there is no start value.
///
/// As skfolio; `PyPortfolioOpt` subtracts the equally weighted mean, and names the decay by its span
/// (0.6 % to 40 % apart). pandas `ewm.cov()` and Riskfolio are `mean = "weighted_unbiased"`.
///
/// Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ewma {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// Rows after which a return weighs half as much.
    ///
    /// Unit: periods.
    #[serde(default = "sixty")]
    pub half_life: f64,
    /// The mean that is subtracted.
    #[serde(default)]
    pub mean: EwmaMean,
}

/// What is subtracted from exponentially weighted returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EwmaMean {
    /// Nothing.
    #[default]
    Zero,
    /// The mean by the same weights.
    Weighted,
    /// The same, and the result is divided by `1 - sum w_t^2`.
    WeightedUnbiased,
}

fn sixty() -> f64 {
    60.0
}

impl CovarianceEstimator for Ewma {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        faults.above_zero("half_life", self.half_life, "63 is a quarter of a year");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let rows = self.window as usize;
        let mut returns = past.returns(assets, rows)?;
        let weights = weights_to_one(rows, self.half_life);
        let mut periods = scale.of_session();
        if self.mean != EwmaMean::Zero {
            let mean = returns.transpose_times(&weights);
            centre(&mut returns, &mean);
        }
        if self.mean == EwmaMean::WeightedUnbiased {
            let freedom = 1.0 - weights.iter().map(|w| w * w).sum::<f64>();
            if freedom <= 0.0 {
                return Err(Error::TooFewRows { what: "an unbiased covariance", rows, least: 2 });
            }
            periods /= freedom;
        }
        of_rows(rows_scaled(returns, &weights, periods))
    }
}

/// `X` with `X'X = periods sum_t w_t x_t x_t'`.
pub(super) fn rows_scaled(mut returns: Matrix, weights: &[f64], periods: f64) -> Matrix {
    for (t, weight) in weights.iter().enumerate() {
        let root = (weight * periods).sqrt();
        returns.row_mut(t).iter_mut().for_each(|value| *value *= root);
    }
    returns
}
