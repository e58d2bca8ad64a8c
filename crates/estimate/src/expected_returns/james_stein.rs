//! Means shrunk towards their common mean.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::model::ExpectedReturnsModel;
use super::shrunk_means::Window;
use crate::covariance::{CovarianceChoice, any_kind, validate_inside};
use crate::{Needs, Result, Scale};

/// Means shrunk towards their common mean (James-Stein), with any covariance.
///
/// `(1 - a) m + a t`, `t` the mean of the means `m` of the window, `a = min(1, (n - 2) / (T d'S^-1 d))`, `d = m - t`.
/// Fewer than three assets are not shrunk. The sample covariance needs at least two rows more than assets.
///
/// "James-Stein" of skfolio and Riskfolio is `(tr S - 2 l_max) / (T |d|^2)` of Meucci (2005), not limited to
/// 1: up to 28 times the largest mean apart.
///
/// Sources: James & Stein (1961), Estimation with quadratic loss; Jorion (1986), Bayes-Stein estimation
/// for portfolio analysis, Journal of Financial and Quantitative Analysis 21.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JamesStein {
    /// Rows of the window.
    pub window: u32,
    /// The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.
    ///
    /// Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "any_kind")]
    pub covariance: Option<Box<CovarianceChoice>>,
}

impl Default for JamesStein {
    fn default() -> Self {
        Self { window: 252, covariance: None }
    }
}

impl ExpectedReturnsModel for JamesStein {
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
        let (rows, n) = (self.window as usize, assets.len());
        if n < 3 {
            return crate::sample_mean(&past.returns(assets, rows)?, scale.of_session());
        }
        let window = Window::of(past, assets, rows, (self.covariance.as_deref(), n + 2))?;
        let target = window.mean.iter().sum::<f64>() / n as f64;
        let (away, distance) = window.away(target);
        // Equal means are at distance 0 and wholly shrunk.
        let intensity = ((n - 2) as f64 / (rows as f64 * distance)).min(1.0);
        let shrunk = away.iter().map(|away| target + (1.0 - intensity) * away);
        Ok(shrunk.map(|value| value * scale.of_session()).collect())
    }
}
