//! Equilibrium returns, tilted by views.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_core::{Covariance, Date, Faults, Matrix, Past};

use super::equilibrium::Equilibrium;
use super::model::ExpectedReturnsModel;
use crate::covariance::CovarianceChoice;
use crate::{Error, Needs, Result, Scale};

/// Equilibrium returns, tilted by views (Black-Litterman).
///
/// `mu = pi + tau Sigma P' (P tau Sigma P' + Omega)^-1 (Q - P pi)` with the views `P`, `Q` that are known. A confidence `c`
/// is `Omega_kk = tau (1 - c)/c p_k Sigma p_k'`: with one view alone the weights move by the share `c` of what full
/// certainty would move them (Idzorek); 0.5 is the `Omega = diag(tau P Sigma P')` of He and Litterman.
///
/// The covariance `Sigma + tau Sigma - tau Sigma P' (P tau Sigma P' + Omega)^-1 P tau Sigma` takes the place of
/// `[estimate.covariance]`. A view on an asset that is not eligible is left out at that decision.
///
/// Riskfolio fixes `tau` at 1/T and skfolio `delta` at 1; for a confidence of 0, which drops a view here,
/// `PyPortfolioOpt` writes a variance of 1e6.
///
/// Sources: Black & Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48; He &
/// Litterman (1999), The intuition behind Black-Litterman model portfolios; Idzorek (2005), A step-by-step guide;
/// Walters (2014), The Black-Litterman model in detail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BlackLitterman {
    /// The equilibrium that views tilt.
    pub prior: Equilibrium,
    /// How uncertain the equilibrium is.
    ///
    /// Unit: share of the covariance.
    pub tau: f64,
    /// What is expected of assets, or of some against others.
    pub views: Vec<MarketView>,
    /// Whether the covariance with the uncertainty of the mean takes the place of `[estimate.covariance]`.
    pub posterior_covariance: bool,
}

impl Default for BlackLitterman {
    fn default() -> Self {
        Self {
            prior: Equilibrium::default(),
            tau: 0.05,
            views: Vec::new(),
            posterior_covariance: true,
        }
    }
}

/// What is expected of a combination of assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketView {
    /// The assets with their weights: one of 1 is an absolute view, 1 and -1 are a relative one.
    ///
    /// Example: `assets = { XLK = 1.0, XLF = -1.0 }`
    pub assets: BTreeMap<String, f64>,
    /// The expected return of the combination.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `return = 0.02`
    #[serde(rename = "return")]
    pub expected: f64,
    /// How certain it is: 1 holds exactly, 0 is no view.
    ///
    /// Unit: share.
    #[serde(default = "half")]
    pub confidence: f64,
    /// The day from which on it is known.
    ///
    /// Example: `from = 2020-01-02`
    #[schemars(schema_with = "day")]
    pub from: Date,
    /// The last day on which it is held.
    ///
    /// Example: `until = 2020-12-31`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "day")]
    pub until: Option<Date>,
}

fn day(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "format": "date" })
}

fn half() -> f64 {
    0.5
}

impl MarketView {
    fn validate(&self, faults: &mut Faults) {
        if !self.assets.values().any(|weight| *weight != 0.0) {
            faults.push("assets", "names no asset", "write { XLK = 1.0 }");
        }
        faults.fraction("confidence", self.confidence, "1 holds exactly, 0 is no view");
        if let Some(until) = self.until.filter(|until| *until < self.from) {
            let message = format!("{until} is before from, {}", self.from);
            faults.push("until", message, "swap the two");
        }
    }

    /// Its row of `P`, if it is known, of some weight, and all of its assets are there.
    fn row(&self, past: &Past<'_>, assets: &[usize]) -> Result<Option<Vec<f64>>> {
        let mut row = vec![0.0; assets.len()];
        for (name, weight) in &self.assets {
            let asset = past.universe().position(name);
            let asset = asset.ok_or_else(|| Error::UnknownAsset { name: name.clone() })?;
            match assets.iter().position(|&other| other == asset) {
                Some(at) => row[at] = *weight,
                None => return Ok(None),
            }
        }
        let last = past.dates().last();
        let is_known = last.is_some_and(|last| {
            self.from <= *last && self.until.is_none_or(|until| *last <= until)
        });
        Ok((is_known && self.confidence > 0.0).then_some(row))
    }
}

/// What is made of a prior and its views; a year.
struct Posterior {
    mean: Vec<f64>,
    sigma: Covariance,
    /// `P tau Sigma`.
    cross: Matrix,
    /// The lower factor of `P tau Sigma P' + Omega`.
    lower: Matrix,
}

impl BlackLitterman {
    fn posterior(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Posterior> {
        let sigma = self.prior.sigma(past, assets, scale)?;
        let mut mean = self.prior.prior(past, assets, &sigma)?;
        let mut views = Vec::new();
        for (number, view) in self.views.iter().enumerate() {
            if let Some(row) = view.row(past, assets)? {
                views.push((number, view, row));
            }
        }
        let scaled = |row: &[f64]| sigma.times(row).into_iter().map(|value| self.tau * value);
        let cross = views.iter().flat_map(|(_, _, row)| scaled(row)).collect();
        let cross = Matrix::from_rows(views.len(), assets.len(), cross);
        let mut inner = Matrix::zeros(views.len(), views.len());
        for (k, (_, view, row)) in views.iter().enumerate() {
            for (l, cross) in cross.iter_rows().enumerate() {
                inner[(k, l)] = dot(row, cross);
            }
            inner[(k, k)] += (1.0 - view.confidence) / view.confidence * inner[(k, k)];
        }
        let lower = inverse_root(&inner)
            .map_err(|place| Error::DependentView { number: views[place].0 + 1 })?;
        let surprise: Vec<f64> =
            views.iter().map(|(_, view, row)| view.expected - dot(row, &mean)).collect();
        let tilt = cross.transpose_times(&solve(&lower, &surprise));
        mean.iter_mut().zip(tilt).for_each(|(mean, tilt)| *mean += tilt);
        Ok(Posterior { mean, sigma, cross, lower })
    }
}

impl ExpectedReturnsModel for BlackLitterman {
    fn validate(&self, faults: &mut Faults) {
        faults.part("prior", |faults| self.prior.validate(faults));
        faults.above_zero("tau", self.tau, "0.05 is usual");
        for (k, view) in self.views.iter().enumerate() {
            faults.part(&format!("views[{k}]"), |faults| view.validate(faults));
        }
    }

    fn needs(&self) -> Needs {
        self.prior.needs()
    }

    fn complete(&mut self, covariance: &CovarianceChoice) {
        self.prior.complete(covariance);
    }

    fn named(&self) -> Vec<(String, &str)> {
        let views = self.views.iter().enumerate().flat_map(|(k, view)| {
            let path = move |name: &String| format!("views[{k}].assets.{name}");
            view.assets.keys().map(move |name| (path(name), name.as_str()))
        });
        let prior = self.prior.named().into_iter();
        prior.map(|(path, name)| (format!("prior.{path}"), name)).chain(views).collect()
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let posterior = self.posterior(past, assets, scale)?;
        Ok(posterior.mean.into_iter().map(|value| value * scale.of_year()).collect())
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
        let Posterior { sigma, cross, lower, .. } = self.posterior(past, assets, scale)?;
        let mut out = sigma.to_dense();
        let columns = cross.transposed();
        let solved: Vec<Vec<f64>> =
            columns.iter_rows().map(|column| solve(&lower, column)).collect();
        for i in 0..out.rows() {
            for j in i..out.rows() {
                let known = if lower.rows() > 0 { dot(columns.row(i), &solved[j]) } else { 0.0 };
                out[(i, j)] = ((1.0 + self.tau) * out[(i, j)] - known) * scale.of_year();
            }
        }
        out.mirror();
        Ok(Some(Covariance::dense(out)?))
    }
}
