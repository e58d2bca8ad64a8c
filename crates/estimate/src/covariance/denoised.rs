//! Correlations without the eigenvalues that noise explains.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use super::window::{Standardized, spectrum};
use crate::{Needs, Result, Scale};

/// The sample correlation without the eigenvalues that noise explains (Marchenko-Pastur).
///
/// Eigenvalues of the correlation above `noise_variance (1 + sqrt(n/T))^2` stay, the others become their
/// mean; the result is rescaled to a unit diagonal and multiplied by the sample standard deviations
/// (`ddof = 1`). Where all are noise, no correlation is left.
///
/// The book, skfolio and Riskfolio fit the variance of the noise to a smoothed density; in 8 of 9 real
/// and made-up windows their fit ends at its upper limit, which is the default here, and the same
/// eigenvalues stay in all 9.
///
/// Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2 (constant residual
/// eigenvalue); Marchenko & Pastur (1967).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Denoised {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// The variance of the noise.
    ///
    /// Unit: share of all variance.
    #[serde(default = "one")]
    pub noise_variance: f64,
}

pub(super) fn one() -> f64 {
    1.0
}

impl CovarianceEstimator for Denoised {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        check_noise(self.noise_variance, faults);
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let window = Standardized::of(past, assets, self.window as usize)?;
        let root = scale.of_session().sqrt();
        let deviation: Vec<f64> = window.deviation.iter().map(|s| s * root).collect();
        denoised(&window.z, self.noise_variance, &deviation)
    }
}

/// The variance of the noise is a share.
pub(super) fn check_noise(variance: f64, faults: &mut Faults) {
    faults.above_zero("noise_variance", variance, "1 is all of it");
    if variance > 1.0 {
        faults.fraction("noise_variance", variance, "1 is all of it");
    }
}

/// `Z'Z` denoised, times standard deviations: loadings on the eigenvectors that stay.
pub(super) fn denoised(z: &Matrix, noise: f64, deviation: &[f64]) -> Result<Covariance> {
    let (rows, n) = (z.rows(), z.cols());
    let eigen = spectrum(z);
    let edge = 1.0 + (n as f64 / rows as f64).sqrt();
    let kept = eigen.values.iter().take_while(|value| **value > noise * edge * edge).count();
    if kept == 0 {
        let mut diagonal = Matrix::zeros(n, n);
        (0..n).for_each(|i| diagonal[(i, i)] = deviation[i] * deviation[i]);
        return Ok(Covariance::dense(diagonal)?);
    }
    let rest = eigen.values[kept..].iter().sum::<f64>().max(0.0) / (n - kept).max(1) as f64;
    let mut above = Matrix::zeros(kept, kept);
    (0..kept).for_each(|k| above[(k, k)] = eigen.values[k] - rest);
    let (mut loadings, mut specific) = (Matrix::zeros(n, kept), Vec::with_capacity(n));
    for (i, s) in deviation.iter().enumerate() {
        let load = |k: usize| eigen.vectors[(k, i)];
        let own = rest + (0..kept).map(|k| load(k) * load(k) * above[(k, k)]).sum::<f64>();
        let size = s / own.sqrt();
        (0..kept).for_each(|k| loadings[(i, k)] = size * load(k));
        specific.push(size * size * rest);
    }
    Ok(Covariance::factor(loadings, above, specific)?)
}
