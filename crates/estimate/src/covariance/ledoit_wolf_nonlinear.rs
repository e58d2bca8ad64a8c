//! Every eigenvalue shrunk by an amount of its own.

use std::f64::consts::PI;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::inverse_root;
use walkfolio_core::{Covariance, Eigen, Faults, Matrix, Past};

use super::estimator::CovarianceEstimator;
use crate::means::{centred, scaled};
use crate::{Error, Needs, Result, Scale};

/// Nonlinear shrinkage of the eigenvalues, the analytical formula of Ledoit and Wolf.
///
/// With the eigenvalues `l` of `Y'Y / N`, `N = T - 1`, `c = n / N`: each becomes
/// `l_i / ((pi c l_i f_i)^2 + (1 - c - pi c l_i H_i)^2)`, `f` the density of the eigenvalues by the
/// Epanechnikov kernel of bandwidth `N^(-1/3) l_j` and `H` its Hilbert transform. The window must have
/// at least two rows more than there are assets.
///
/// The closed form of `H` cancels far from an eigenvalue, by up to 1.5 % of the result where volatilities
/// are far apart (as nonlinshrink does); a series takes its place there.
///
/// Source: Ledoit & Wolf (2020), Analytical nonlinear shrinkage of large-dimensional covariance
/// matrices, Annals of Statistics 48, equations 4.3 and 4.7 to 4.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedoitWolfNonlinear {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
}

impl CovarianceEstimator for LedoitWolfNonlinear {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 3, "the covariance");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let (rows, n) = (self.window as usize, assets.len());
        let returns = past.returns(assets, rows)?;
        if rows < n + 2 {
            return Err(Error::TooFewRows { what: "nonlinear shrinkage", rows, least: n + 2 });
        }
        let sample = scaled(&centred(&returns).gram(), 1.0 / (rows - 1) as f64);
        inverse_root(&sample).map_err(|place| Error::DependentAsset {
            asset: past.universe().tickers()[assets[place]].clone(),
            rows,
        })?;
        let eigen = Eigen::of(&sample);
        let shrunk = shrunk(&eigen.values, (rows - 1) as f64);
        let mut root: Matrix = eigen.vectors;
        for (i, value) in shrunk.iter().enumerate() {
            let size = (value * scale.of_session()).sqrt();
            root.row_mut(i).iter_mut().for_each(|entry| *entry *= size);
        }
        Ok(Covariance::gram(&root)?)
    }
}

/// The shrunk eigenvalues of a sample with `freedom` degrees of freedom.
fn shrunk(values: &[f64], freedom: f64) -> Vec<f64> {
    let n = values.len() as f64;
    let (c, width) = (n / freedom, 1.0 / libm::cbrt(freedom));
    let one = |l: &f64| {
        let (mut density, mut hilbert) = (0.0, 0.0);
        for other in values {
            let bandwidth = width * other;
            let x = (l - other) / bandwidth;
            density += epanechnikov(x) / bandwidth;
            hilbert += transform(x) / bandwidth;
        }
        let (f, h) = (density / n, hilbert / n);
        let (imaginary, real) = (PI * c * l * f, 1.0 - c - PI * c * l * h);
        l / (imaginary * imaginary + real * real)
    };
    values.iter().map(one).collect()
}

/// The kernel: a parabola of variance 1 that ends at the root of 5.
fn epanechnikov(x: f64) -> f64 {
    3.0 / (4.0 * 5f64.sqrt()) * (1.0 - x * x / 5.0).max(0.0)
}

/// Its Hilbert transform.
fn transform(x: f64) -> f64 {
    let root = 5f64.sqrt();
    if x.abs() > 4.0 {
        return far(root / x);
    }
    let inside = 1.0 - x * x / 5.0;
    let first = -3.0 * x / (10.0 * PI);
    if inside == 0.0 || x.abs() == root {
        return first;
    }
    let logarithm = libm::log(((root - x) / (root + x)).abs());
    first + 3.0 / (4.0 * root * PI) * inside * logarithm
}

/// Far away, in powers of `u = sqrt(5) / x`: `-3 / (sqrt(5) pi) sum_k u^(2k+1) / ((2k+1) (2k+3))`.
fn far(u: f64) -> f64 {
    let (mut sum, mut power, mut odd) = (0.0, u, 1.0);
    loop {
        let next = sum + power / (odd * (odd + 2.0));
        if next == sum {
            return -3.0 / (5f64.sqrt() * PI) * sum;
        }
        (sum, power, odd) = (next, power * u * u, odd + 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 50 digits by mpmath: the closed form at 4.5 and 30.
    #[test]
    fn the_series_is_the_closed_form() {
        let closed = |x: f64| {
            let root = 5f64.sqrt();
            let logarithm = libm::log(((root - x) / (root + x)).abs());
            -3.0 * x / (10.0 * PI) + 3.0 / (4.0 * root * PI) * (1.0 - x * x / 5.0) * logarithm
        };
        for x in [4.001, -4.5, 6.0] {
            assert!((transform(x) - closed(x)).abs() < 1e-14, "{x}");
        }
        // Odd, and 1 / (-pi x) far away: the transform of a point.
        assert_eq!(transform(-30.0), -transform(30.0));
        assert!((transform(1e6) * -PI * 1e6 - 1.0).abs() < 1e-11);
    }
}
