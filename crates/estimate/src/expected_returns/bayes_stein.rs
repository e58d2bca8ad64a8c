//! Means shrunk towards that of the minimum-variance portfolio.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Past};

use super::model::ExpectedReturnsModel;
use super::shrunk_means::Window;
use crate::covariance::{CovarianceChoice, any_kind, validate_inside};
use crate::{Needs, Result, Scale};

/// Means shrunk towards that of the minimum-variance portfolio (Bayes-Stein, Jorion).
///
/// `(1 - a) m + a g` with `g = 1'S^-1 m / 1'S^-1 1`, `a = (n + 2) / (n + 2 + T d'S_J^-1 d)`, `d = m - g` and
/// `S_J = S (T - 1) / (T - n - 2)`: the window needs at least three rows more than assets.
///
/// skfolio (`vol_weighted_target=True`) and Riskfolio (`target="b2"`) leave `S` as it is:
/// `scale_covariance = false`; the default target of both is another one.
///
/// Source: Jorion (1986), Bayes-Stein estimation for portfolio analysis, Journal of Financial and
/// Quantitative Analysis 21.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BayesStein {
    /// Rows of the window.
    pub window: u32,
    /// The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.
    ///
    /// Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_kind")]
    pub covariance: Option<Box<CovarianceChoice>>,
    /// Whether `S` is multiplied by `(T - 1) / (T - n - 2)`, as published.
    pub scale_covariance: bool,
    /// Whether the covariance that belongs to these means takes the place of `[estimate.covariance]`:
    /// `S_J (1 + 1/(T + v)) + v / (T (T + 1 + v)) 11' / (1'S_J^-1 1)`, `v = (n + 2) / (d'S_J^-1 d)`.
    pub posterior_covariance: bool,
}

impl Default for BayesStein {
    fn default() -> Self {
        Self { window: 252, covariance: None, scale_covariance: true, posterior_covariance: false }
    }
}

/// What is shrunk, by how much, and how it varies; a session.
struct Fit {
    window: Window,
    /// `S_J / S`.
    factor: f64,
    target: f64,
    away: Vec<f64>,
    /// `d' S_J^-1 d`.
    distance: f64,
    /// `1' S_J^-1 1`.
    precision: f64,
}

impl BayesStein {
    fn fit(&self, past: &Past<'_>, assets: &[usize]) -> Result<Fit> {
        let (rows, n) = (self.window as usize, assets.len());
        let least = if self.scale_covariance { n + 3 } else { n + 2 };
        let own = self.covariance.as_deref();
        let window = Window::of(past, assets, rows, (own, least))?;
        let factor = if self.scale_covariance {
            if rows < least {
                return Err(crate::Error::NoInverse { assets: n, rows, least });
            }
            (rows - 1) as f64 / (rows - n - 2) as f64
        } else {
            1.0
        };
        let weights = window.solve(&vec![1.0; n]);
        let all: f64 = weights.iter().sum();
        let target = walkfolio_core::linear::dot(&weights, &window.mean) / all;
        let (away, distance) = window.away(target);
        let (distance, precision) = (distance / factor, all / factor);
        Ok(Fit { window, factor, target, away, distance, precision })
    }
}

impl ExpectedReturnsModel for BayesStein {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "shrinkage");
        if let Some(own) = &self.covariance {
            faults.part("covariance", |faults| validate_inside(&***own, faults));
        }
    }

    fn needs(&self) -> Needs {
        let own = self.covariance.as_ref().map(|own| own.needs()).unwrap_or_default();
        Needs::returns(self.window as usize).and(own)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let fit = self.fit(past, assets)?;
        let (rows, prior) = (f64::from(self.window), (assets.len() + 2) as f64);
        let kept = 1.0 - prior / (prior + rows * fit.distance);
        let shrunk = fit.away.iter().map(|away| fit.target + kept * away);
        Ok(shrunk.map(|value| value * scale.of_session()).collect())
    }

    fn covariance(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        scale: Scale,
    ) -> Result<Option<Covariance>> {
        if !self.posterior_covariance {
            return Ok(None);
        }
        let fit = self.fit(past, assets)?;
        let (rows, prior) = (f64::from(self.window), (assets.len() + 2) as f64);
        // With v = prior / distance, written so that a distance of 0 is no division by it.
        let own = fit.factor * (1.0 + fit.distance / (rows * fit.distance + prior));
        let common = prior / (rows * ((rows + 1.0) * fit.distance + prior)) / fit.precision;
        let mut sigma = fit.window.covariance.to_dense();
        for i in 0..sigma.rows() {
            for value in sigma.row_mut(i) {
                *value = (*value * own + common) * scale.of_session();
            }
        }
        Ok(Some(Covariance::dense(sigma)?))
    }
}
