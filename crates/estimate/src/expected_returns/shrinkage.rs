//! Means shrunk towards each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use crate::means::column_means;
use crate::{Error, Needs, Result, Scale, sample_covariance};

/// What [`james_stein`] makes of the means of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrunk {
    /// The shrunk means, a fraction a session.
    pub mean: Vec<f64>,
    /// 0 keeps the sample means, 1 gives all assets the same.
    pub intensity: f64,
}

/// Means shrunk towards their common mean (James-Stein).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Shrinkage {
    /// Rows of the window.
    pub window: u32,
}

impl Default for Shrinkage {
    fn default() -> Self {
        Self { window: 252 }
    }
}

impl ExpectedReturnsModel for Shrinkage {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "shrinkage");
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.window as usize)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let shrunk = james_stein(past, assets, self.window as usize)?;
        let (year, units) = (scale.periods_per_year, scale.of_year());
        Ok(shrunk.mean.into_iter().map(|value| value * year * units).collect())
    }
}

/// Means of the last `rows` returns, shrunk towards their mean across the assets.
///
/// The intensity is `min(1, (n - 2) / (T d' S^-1 d))` with `d` the means less the target and `S`
/// the sample covariance (`ddof = 1`), all a session. Fewer than three assets are not shrunk: their
/// sample means are admissible.
///
/// A covariance without an inverse is refused. With no more rows than assets it says nothing of the
/// directions it leaves out; a pseudo-inverse would take the means to be certain there. An asset
/// counts as dependent when the ones before it explain all but 1e-10 of its variance.
///
/// # Shape and units
/// One mean for each of `assets`, a fraction a session.
/// # Errors
/// Those of [`Past::returns`]; from three assets on [`Error::TooFewRows`] unless there are more rows
/// than assets, and [`Error::DependentAsset`] where one is constant or a mixture of the others.
/// # Source
/// James & Stein (1961), Estimation with quadratic loss; Jorion (1986), Bayes-Stein estimation for
/// portfolio analysis.
pub fn james_stein(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Shrunk> {
    let returns = past.returns(assets, rows)?;
    let mut mean = column_means(&returns);
    let n = mean.len();
    if n < 3 {
        return Ok(Shrunk { mean, intensity: 0.0 });
    }
    if rows <= n {
        return Err(Error::TooFewRows { what: "the James-Stein estimator", rows, least: n + 1 });
    }
    let target = mean.iter().sum::<f64>() / n as f64;
    let away: Vec<f64> = mean.iter().map(|value| value - target).collect();
    let lower = inverse_root(&sample_covariance(&returns, 1.0)?.to_dense())
        .map_err(|place| dependent(past, assets[place], rows))?;
    let distance = rows as f64 * dot(&away, &solve(&lower, &away));
    // Equal means are at distance 0 and wholly shrunk.
    let intensity = ((n - 2) as f64 / distance).min(1.0);
    for (value, away) in mean.iter_mut().zip(away) {
        *value = target + (1.0 - intensity) * away;
    }
    Ok(Shrunk { mean, intensity })
}

fn dependent(past: &Past<'_>, asset: usize, rows: usize) -> Error {
    Error::DependentAsset { asset: past.universe().tickers()[asset].clone(), rows }
}
