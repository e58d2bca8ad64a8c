//! Correlations without what all assets have in common.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Eigen, Faults, Matrix, Past};

use super::denoised::{check_noise, denoised, one};
use super::estimator::CovarianceEstimator;
use super::window::{Standardized, of_rows, spectrum, squares};
use crate::means::columns_scaled;
use crate::{Error, Needs, Result, Scale};

/// A correlation without its first principal component, the market.
///
/// `C - l_1 v_1 v_1'`, rescaled to a unit diagonal and multiplied by the sample standard deviations
/// (`ddof = 1`). It is singular: made to compare and group assets, it says that a portfolio along the
/// market has no risk. Riskfolio does not rescale the diagonal.
///
/// Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2.6.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detoned {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// What the component is taken from.
    #[serde(default)]
    pub of: DetonedFrom,
    /// The variance of the noise, where the correlation is denoised first.
    ///
    /// Unit: share of all variance.
    #[serde(default = "one")]
    pub noise_variance: f64,
}

/// What a first principal component is taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetonedFrom {
    /// The correlation of `denoised`.
    #[default]
    Denoised,
    /// The sample correlation.
    Sample,
}

impl CovarianceEstimator for Detoned {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        check_noise(self.noise_variance, faults);
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn only_for_clustering(&self) -> Option<&'static str> {
        Some(
            "leaves out what all assets have in common and is singular: it tells assets apart, and gives a portfolio along the market no risk",
        )
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let window = Standardized::of(past, assets, self.window as usize)?;
        let left = match self.of {
            DetonedFrom::Sample => without_first(window.z),
            DetonedFrom::Denoised => {
                let ones = vec![1.0; assets.len()];
                without_largest(&denoised(&window.z, self.noise_variance, &ones)?.to_dense())
            }
        };
        let root = scale.of_session().sqrt();
        let mut size = Vec::with_capacity(assets.len());
        for ((square, s), &asset) in squares(&left).iter().zip(&window.deviation).zip(assets) {
            // Of a variance of 1.
            if *square < 1e-12 {
                let asset = past.universe().tickers()[asset].clone();
                return Err(Error::NothingLeft { asset });
            }
            size.push(s / square.sqrt() * root);
        }
        of_rows(columns_scaled(&left, &size))
    }
}

/// The rows of a window less their first principal component.
fn without_first(mut z: Matrix) -> Matrix {
    let first = spectrum(&z).vectors.row(0).to_vec();
    for t in 0..z.rows() {
        let along = dot(z.row(t), &first);
        z.row_mut(t).iter_mut().zip(&first).for_each(|(value, v)| *value -= along * v);
    }
    z
}

/// A root of a correlation less its largest eigenvalue.
fn without_largest(correlation: &Matrix) -> Matrix {
    let eigen = Eigen::of(correlation);
    let (n, rest) = (correlation.rows(), 1..correlation.rows());
    let mut root = Matrix::zeros(n.max(2) - 1, n);
    for k in rest {
        let size = eigen.values[k].max(0.0).sqrt();
        let row = root.row_mut(k - 1).iter_mut().zip(eigen.vectors.row(k));
        row.for_each(|(to, v)| *to = size * v);
    }
    root
}
