//! Co-movements that are counted, not multiplied.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use super::window::{no_asset_is_constant, several_rows, squares};
use crate::means::centred;
use crate::{Needs, Result, Scale};

/// Correlations from counts of large moves, in the same direction and in opposite ones (Gerber).
///
/// A return counts as up from `threshold` standard deviations on, and down alike; no mean is subtracted from
/// it. `Sigma_ij = G_ij s_i s_j` with the standard deviations `s` (`ddof = 0`) and
/// `G_ij = (same - opposite) / count`. Large moves weigh no more than others, so that a crash does not make
/// the correlation.
///
/// Either count leaves a positive semidefinite matrix: the counts are a product of rows, and so is every power
/// of the shared quiet rows `N_ij` in `1 / (T - N_ij) = sum_k N_ij^k / T^(k+1)` (Schur).
///
/// Source: Gerber, Markowitz, Ernst, Miao, Javid & Sargen (2022), The Gerber statistic, Journal of
/// Portfolio Management 48.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gerber {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// From where a move counts.
    ///
    /// Unit: standard deviations.
    #[serde(default = "half")]
    pub threshold: f64,
    /// What the counts are divided by.
    #[serde(default)]
    pub count: GerberCount,
}

/// What counts of co-movements are divided by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GerberCount {
    /// The rows on which either of the two moves (the paper of 2022).
    #[default]
    Union,
    /// The geometric mean of the rows on which each of them moves (the working paper of 2019).
    Geometric,
}

fn half() -> f64 {
    0.5
}

impl CovarianceEstimator for Gerber {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        let hint = "the paper takes 0.5; above 1 an asset may never move";
        faults.above_zero("threshold", self.threshold, hint);
        if self.threshold > 1.0 {
            faults.fraction("threshold", self.threshold, hint);
        }
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let returns = past.returns(assets, self.window as usize)?;
        several_rows(&returns, "a correlation")?;
        let y = centred(&returns);
        no_asset_is_constant(&returns, &y, (past, assets))?;
        let rows = returns.rows() as f64;
        let deviation: Vec<f64> = squares(&y).iter().map(|square| (square / rows).sqrt()).collect();
        let mut sigma = self.correlation(&returns, &deviation);
        for (i, own) in deviation.iter().enumerate() {
            for (value, other) in sigma.row_mut(i).iter_mut().zip(&deviation) {
                *value *= own * other * scale.of_session();
            }
        }
        Ok(Covariance::dense(sigma)?)
    }
}

impl Gerber {
    fn correlation(&self, returns: &Matrix, deviation: &[f64]) -> Matrix {
        let mut direction = returns.clone();
        for t in 0..returns.rows() {
            for (value, s) in direction.row_mut(t).iter_mut().zip(deviation) {
                let moved = value.abs() >= self.threshold * s;
                *value = if moved { value.signum() } else { 0.0 };
            }
        }
        // Ups and downs that agree less those that do not; whole numbers, so that no sum is rounded.
        let mut out = direction.gram();
        let moved = |value: &f64| value.abs();
        let moves = direction.values().iter().map(moved).collect();
        let both = Matrix::from_rows(returns.rows(), returns.cols(), moves).gram();
        for i in 0..out.rows() {
            for j in 0..out.rows() {
                out[(i, j)] /= match self.count {
                    GerberCount::Union => both[(i, i)] + both[(j, j)] - both[(i, j)],
                    GerberCount::Geometric => (both[(i, i)] * both[(j, j)]).sqrt(),
                };
            }
        }
        out
    }
}
