//! What can go wrong with a run into a folder.

use walkfolio_store::{Error as StoreError, RunFolder};

/// A run into a folder that ended with an error.
///
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// # let place = tempfile::tempdir()?;
/// # let place = place.path();
///
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
/// std::fs::write(place.join("mine.txt"), "not a run")?;
/// let failed = study.run_to(place).unwrap_err();
/// assert!(failed.to_string().ends_with("is not empty and holds no run"));
/// assert_eq!(failed.hint().as_deref(), Some("name a new folder, or an empty one"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct RunFailed {
    /// Why.
    #[source]
    pub reason: Box<Reason>,
    /// The run's folder, if it was begun: its `run.json` says how it ended.
    pub folder: Option<RunFolder>,
    /// What went wrong besides.
    pub warnings: Vec<Warning>,
}

/// Why a run into a folder ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The study could not be run, or a table could not be written.
    #[error(transparent)]
    Run(#[from] walkfolio_run::Error),
    /// The report could not be put together.
    #[error(transparent)]
    Report(#[from] walkfolio_report::Error),
    /// Other machines could not make their part.
    #[error(transparent)]
    Elsewhere(#[from] ElsewhereFailed),
}

/// Why other machines could not make their part of a run.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ElsewhereFailed {
    /// What went wrong.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

impl RunFailed {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        self.reason.hint()
    }
}

impl Reason {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Run(error) => error.hint(),
            Self::Report(_) => None,
            Self::Elsewhere(error) => error.hint.clone(),
        }
    }
}

impl From<walkfolio_run::Error> for RunFailed {
    fn from(error: walkfolio_run::Error) -> Self {
        Self { reason: Box::new(error.into()), folder: None, warnings: Vec::new() }
    }
}

impl From<StoreError> for RunFailed {
    fn from(error: StoreError) -> Self {
        walkfolio_run::Error::from(error).into()
    }
}

impl From<StoreError> for Reason {
    fn from(error: StoreError) -> Self {
        Self::Run(error.into())
    }
}

/// What went wrong without an effect on the files of a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// The run failed, and its manifest could not say so.
    #[error("the run still counts as running: {0}")]
    StillRunning(#[source] StoreError),
    /// The catalogue of runs could not be written.
    #[error("the run is complete but not in the catalogue: {0}")]
    NotInCatalogue(#[source] StoreError),
}

impl Warning {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::StillRunning(_) => None,
            Self::NotInCatalogue(error) => error.hint(),
        }
    }
}
