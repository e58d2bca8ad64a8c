//! What a model of expected returns does.

use walkfolio_core::{Covariance, Faults, Note, Past};

use crate::covariance::CovarianceChoice;
use crate::{Needs, Result, Scale};

/// A file of a user's own that a model reads, and the key that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputFile<'a> {
    /// Forecasts by date and asset.
    Forecasts {
        /// The path of its key, below that of the model.
        key: String,
        /// Its name.
        file: &'a str,
    },
    /// Views by date.
    Views {
        /// The path of its key, below that of the model.
        key: String,
        /// Its name.
        file: &'a str,
    },
}

impl InputFile<'_> {
    /// The path of its key.
    pub fn key(&self) -> &str {
        match self {
            Self::Forecasts { key, .. } | Self::Views { key, .. } => key,
        }
    }

    /// Its name.
    pub fn file(&self) -> &str {
        match self {
            Self::Forecasts { file, .. } | Self::Views { file, .. } => file,
        }
    }

    /// The same file of a model inside another one.
    pub(super) fn below(mut self, path: &str) -> Self {
        let (Self::Forecasts { key, .. } | Self::Views { key, .. }) = &mut self;
        *key = format!("{path}.{key}");
        self
    }
}

/// A model of expected returns, as a study states it.
pub trait ExpectedReturnsModel {
    /// Whether its settings obey their rules.
    fn validate(&self, faults: &mut Faults);

    /// What it needs of a past.
    fn needs(&self) -> Needs;

    /// The expected returns of some assets, from the rows before the decision.
    ///
    /// # Shape and units
    /// One fraction of the unit of `scale` for each of `assets`.
    /// # Errors
    /// Those of [`Past::returns`] and [`Past::factors`] where a window is not full, and those of the
    /// model.
    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>>;

    /// The covariance that belongs to these returns and takes the place of the study's, if there is one.
    ///
    /// # Errors
    /// As [`estimate`](Self::estimate).
    fn covariance(
        &self,
        _past: &Past<'_>,
        _assets: &[usize],
        _scale: Scale,
    ) -> Result<Option<Covariance>> {
        Ok(None)
    }

    /// Writes out what it takes from the covariance of the study.
    fn complete(&mut self, _covariance: &CovarianceChoice) {}

    /// The assets that its keys name, each with the path of its key.
    fn named(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    /// The files that it reads; the market has what is in them.
    fn files(&self) -> Vec<InputFile<'_>> {
        Vec::new()
    }

    /// What a reader must know of an estimate.
    fn notes(&self, _past: &Past<'_>, _assets: &[usize]) -> Vec<Note> {
        Vec::new()
    }

    /// Whether it can be estimated where its needs are met.
    fn is_ready(&self, past: &Past<'_>, assets: &[usize]) -> bool {
        self.estimate(past, assets, Scale::annual(1.0)).is_ok()
    }
}
