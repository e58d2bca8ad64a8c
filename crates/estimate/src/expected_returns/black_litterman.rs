//! Equilibrium returns, tilted by views.

use std::ops::DerefMut;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_core::{Covariance, Faults, Matrix, Note, Past};

use super::equilibrium::Equilibrium;
use super::model::{ExpectedReturnsModel, InputFile};
use super::model_views::ModelViewsOf;
use super::views::{Held, MarketView, held};
use crate::covariance::CovarianceChoice;
use crate::{Error, Needs, Result, Scale};

/// Equilibrium returns, tilted by views (Black-Litterman).
///
/// `mu = pi + tau Sigma P' (P tau Sigma P' + Omega)^-1 (Q - P pi)` with the views `P`, `Q` that are known. A confidence `c`
/// is `Omega_kk = tau (1 - c)/c p_k Sigma p_k'`: with one view alone the weights move by the share `c` of what full
/// certainty would move them (Idzorek); 0.5 is the `Omega = diag(tau P Sigma P')` of He and Litterman.
///
/// The covariance `Sigma + tau Sigma - tau Sigma P' (P tau Sigma P' + Omega)^-1 P tau Sigma` takes the place of
/// `[estimate.covariance]`. A view on an asset that is not eligible is left out at that decision, with a note.
///
/// Riskfolio fixes `tau` at 1/T and skfolio `delta` at 1; for a confidence of 0, which drops a view here,
/// `PyPortfolioOpt` writes a variance of 1e6.
///
/// Sources: Black & Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48; He &
/// Litterman (1999), The intuition behind Black-Litterman model portfolios; Idzorek (2005), A step-by-step guide;
/// Walters (2014), The Black-Litterman model in detail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "BlackLitterman")]
pub struct BlackLittermanOf<M> {
    /// The equilibrium that views tilt.
    pub prior: Equilibrium,
    /// How uncertain the equilibrium is.
    ///
    /// Unit: share of the covariance.
    pub tau: f64,
    /// What is expected of assets, or of some against others.
    pub views: Vec<MarketView>,
    /// Further views, CSV below the folder of the prices: `date, view, return, confidence`, and `until` if you like. The
    /// view is a combination such as `XLK - XLF` or `0.5 XLK + 0.5 SMH - SPY`, the return a fraction per year. A view is
    /// known from its date on and holds until a later row of the same combination, whose empty return withdraws it.
    ///
    /// Example: `views_file = "views.csv"`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views_file: Option<String>,
    /// Other models of expected returns as views of each asset.
    ///
    /// Example: `model_views = [{ of = { kind = "momentum" }, confidence = 0.2 }]`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub model_views: Vec<ModelViewsOf<M>>,
    /// Whether the covariance with the uncertainty of the mean takes the place of `[estimate.covariance]`.
    pub posterior_covariance: bool,
}

impl<M> Default for BlackLittermanOf<M> {
    fn default() -> Self {
        Self {
            prior: Equilibrium::default(),
            tau: 0.05,
            views: Vec::new(),
            views_file: None,
            model_views: Vec::new(),
            posterior_covariance: true,
        }
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

impl<M: DerefMut<Target = dyn ExpectedReturnsModel>> BlackLittermanOf<M> {
    fn held(&self, past: &Past<'_>) -> Result<Vec<Held>> {
        held(&self.views, self.views_file.as_deref(), past)
    }

    fn posterior(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Posterior> {
        let sigma = self.prior.sigma(past, assets, scale)?;
        let mut mean = self.prior.prior(past, assets, &sigma)?;
        let mut held = self.held(past)?;
        for (k, model) in self.model_views.iter().enumerate() {
            held.extend(model.held(past, assets, (k + 1, scale))?);
        }
        let rows = held.iter().map(|view| Some((view, view.row(past, assets).ok()?)));
        let views: Vec<(&Held, Vec<f64>)> = rows.flatten().collect();
        let scaled = |row: &[f64]| sigma.times(row).into_iter().map(|value| self.tau * value);
        let cross = views.iter().flat_map(|(_, row)| scaled(row)).collect();
        let cross = Matrix::from_rows(views.len(), assets.len(), cross);
        let mut inner = Matrix::zeros(views.len(), views.len());
        for (k, (view, row)) in views.iter().enumerate() {
            for (l, cross) in cross.iter_rows().enumerate() {
                inner[(k, l)] = dot(row, cross);
            }
            inner[(k, k)] += (1.0 - view.confidence) / view.confidence * inner[(k, k)];
        }
        let lower = inverse_root(&inner)
            .map_err(|place| Error::DependentView { view: views[place].0.label.clone() })?;
        let surprise: Vec<f64> =
            views.iter().map(|(view, row)| view.expected - dot(row, &mean)).collect();
        let tilt = cross.transpose_times(&solve(&lower, &surprise));
        mean.iter_mut().zip(tilt).for_each(|(mean, tilt)| *mean += tilt);
        Ok(Posterior { mean, sigma, cross, lower })
    }
}

impl<M: DerefMut<Target = dyn ExpectedReturnsModel>> ExpectedReturnsModel for BlackLittermanOf<M> {
    fn validate(&self, faults: &mut Faults) {
        faults.part("prior", |faults| self.prior.validate(faults));
        faults.above_zero("tau", self.tau, "0.05 is usual");
        for (k, view) in self.views.iter().enumerate() {
            faults.part(&format!("views[{k}]"), |faults| view.validate(faults));
        }
        for (k, model) in self.model_views.iter().enumerate() {
            faults.part(&format!("model_views[{k}]"), |faults| {
                faults.fraction("confidence", model.confidence, "1 holds exactly, 0 is no view");
                faults.part("of", |faults| model.of.validate(faults));
            });
        }
    }

    fn needs(&self) -> Needs {
        let models = self.model_views.iter().map(|model| model.of.needs());
        models.fold(self.prior.needs(), Needs::and)
    }

    fn complete(&mut self, covariance: &CovarianceChoice) {
        self.prior.complete(covariance);
        self.model_views.iter_mut().for_each(|model| model.of.complete(covariance));
    }

    fn named(&self) -> Vec<(String, &str)> {
        let views = self.views.iter().enumerate().flat_map(|(k, view)| {
            let path = move |name: &String| format!("views[{k}].assets.{name}");
            view.assets.keys().map(move |name| (path(name), name.as_str()))
        });
        let prior = self.prior.named().into_iter();
        let prior = prior.map(|(path, name)| (format!("prior.{path}"), name));
        let models = self.model_views.iter().enumerate().flat_map(|(k, model)| {
            let named = model.of.named().into_iter();
            named.map(move |(path, name)| (format!("model_views[{k}].of.{path}"), name))
        });
        prior.chain(views).chain(models).collect()
    }

    fn files(&self) -> Vec<InputFile<'_>> {
        let key = || "views_file".to_owned();
        let own = self.views_file.iter().map(|file| InputFile::Views { key: key(), file });
        let models = self.model_views.iter().enumerate().flat_map(|(k, model)| {
            let files = model.of.files().into_iter();
            files.map(move |file| file.below(&format!("model_views[{k}].of")))
        });
        own.chain(models).collect()
    }

    fn notes(&self, past: &Past<'_>, assets: &[usize]) -> Vec<Note> {
        let held = self.held(past).unwrap_or_default();
        let left_out = |view: &Held| {
            let name = view.row(past, assets).err()?;
            let label = &view.label;
            Some(Note::info(format!("{label} is left out: {name} is not eligible")))
        };
        held.iter().filter_map(left_out).collect()
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
