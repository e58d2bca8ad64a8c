//! A study, and everything that can be done with it.

use std::ops::Deref;
use std::path::Path;

use walkfolio_backtest::Observer;
use walkfolio_data::Loaded;
use walkfolio_data::quality::DataReport;
use walkfolio_record::{GridRun, Manifest, Run, Status};
use walkfolio_run::{Audit, Result, Session, Verification};
pub use walkfolio_study::*;

/// A valid study: its settings, and what can be done with it.
///
/// What it says is read through the [`walkfolio_study::Study`] that it stands for.
#[derive(Debug, Clone)]
pub struct Study(walkfolio_study::Study);

impl Deref for Study {
    type Target = walkfolio_study::Study;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Study {
    /// Reads a study file and applies overrides (`key=value`, the value in TOML).
    ///
    /// # Errors
    /// [`StudyError`] with every error of the file and the overrides.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Self, StudyError> {
        walkfolio_study::Study::load(path, overrides).map(Self)
    }

    /// As [`Study::load`], from text; `name` stands for the file, in errors and as the place that
    /// other files are relative to.
    ///
    /// # Errors
    /// [`StudyError`] with every error.
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self, StudyError> {
        walkfolio_study::Study::parse(name, text, overrides).map(Self)
    }

    /// The study that a run was made with.
    ///
    /// # Errors
    /// If the manifest's study is not valid.
    pub fn of_manifest(manifest: &Manifest) -> Result<Self> {
        walkfolio_run::of_manifest(manifest).map(Self)
    }

    /// Loads the market that the study names; `data` is a folder that takes the place of its source.
    ///
    /// # Errors
    /// With the file and the position in it.
    pub fn market(&self, data: Option<&Path>) -> Result<Loaded> {
        walkfolio_run::market(&self.0, data)
    }

    /// What is wrong with the data that the study reads, before anything is cleaned.
    ///
    /// # Errors
    /// As [`Study::market`] for files that cannot be read.
    pub fn check(&self, data: Option<&Path>) -> Result<DataReport> {
        walkfolio_run::check(&self.0, data)
    }

    /// The manifest of a run of the study that begins now.
    pub fn manifest(&self, loaded: &Loaded, status: Status) -> Manifest {
        walkfolio_run::manifest(&self.0, loaded, status)
    }

    /// Runs the study as one backtest.
    ///
    /// # Errors
    /// If the study has a grid, the data does not fit it, or a decision fails without a fallback.
    pub fn run(&self, loaded: &Loaded, observer: &dyn Observer) -> Result<Run> {
        walkfolio_run::run(&self.0, loaded, observer)
    }

    /// As [`Study::run`], with a manifest that is there already and with checkpoints: what they hold
    /// is not computed again.
    ///
    /// # Errors
    /// As [`Study::run`], and if a checkpoint cannot be written.
    pub fn run_session(&self, loaded: &Loaded, session: Session<'_>) -> Result<Run> {
        walkfolio_run::run_session(&self.0, loaded, session)
    }

    /// Runs every cell of the study's grid, in parallel.
    ///
    /// # Errors
    /// None of a single cell's; if no cell was run.
    pub fn run_grid(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<GridRun> {
        walkfolio_run::run_grid(&self.0, loaded, data, observer)
    }

    /// As [`Study::run_grid`], with a manifest that is there already and with checkpoints.
    ///
    /// # Errors
    /// As [`Study::run_grid`], and if a checkpoint cannot be written.
    pub fn run_grid_session(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        session: Session<'_>,
    ) -> Result<GridRun> {
        walkfolio_run::run_grid_session(&self.0, loaded, data, session)
    }

    /// Proves that no decision of the study looks ahead.
    ///
    /// # Errors
    /// As [`Study::run`].
    pub fn audit(&self, loaded: &Loaded, observer: &dyn Observer) -> Result<Audit> {
        walkfolio_run::audit(&self.0, loaded, observer)
    }

    /// Checks every decision of a run of this study on the data it was made with.
    ///
    /// # Errors
    /// If the data differ from those of the run.
    pub fn verify(
        &self,
        run: &Run,
        loaded: &Loaded,
        observer: &dyn Observer,
    ) -> Result<Verification> {
        walkfolio_run::verify(&self.0, run, loaded, observer)
    }
}
