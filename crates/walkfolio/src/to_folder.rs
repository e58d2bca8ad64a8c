//! A study that is run into a folder, with tables, report and a place in the catalogue of runs.

mod failed;
mod watched;

use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_analysis::{Findings, GridFindings};
use walkfolio_backtest::{Observer, Silent};
use walkfolio_data::Loaded;
use walkfolio_record::{GridRun, Manifest, Run, Status};
use walkfolio_report as report;
use walkfolio_run::Session;
use walkfolio_store::catalogue::record;
use walkfolio_store::{Existing, Resumed, RunFolder};

use crate::Study;
use watched::Watched;

pub use failed::{ElsewhereFailed, Reason, RunFailed, Warning};

/// A run into a folder that is about to begin: [`Study::to_folder`] or [`Study::to_runs`] makes it,
/// [`ToFolder::run`] carries it out.
///
/// The folder holds `run.json`, the tables (Parquet, `measures.json`), `data-report.json` for prices
/// from files, and `report.html`, `report.md`, `report.xlsx`. Each file is written whole; the manifest
/// says `running` until all others are there. Decisions are saved on the way, so that a run that was
/// interrupted can be resumed, with the same bits.
///
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// # let place = tempfile::tempdir()?;
/// # let place = place.path();
///
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
/// study.run_to(place.join("run"))?;
/// // Again, in place of the first run, with a save after each 6 decisions and no report.
/// let done = study.to_folder(place.join("run")).replace().checkpoint_every(6).bulk().run()?;
/// assert_eq!(done.status(), Status::Complete);
/// assert!(done.path().join("returns.parquet").exists());
/// assert!(!done.path().join("report.html").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is run before `run`"]
#[derive(Clone)]
pub struct ToFolder<'a> {
    study: &'a Study,
    place: Place,
    start: Start,
    data: Option<PathBuf>,
    observer: &'a dyn Observer,
    commit: Option<String>,
    checkpoint_every: Option<usize>,
    extent: Extent,
    elsewhere: Option<&'a Elsewhere<'a>>,
}

/// Makes parts of a run on other machines: is told the folder that it saves them in.
pub type Elsewhere<'a> = dyn Fn(&Path) -> Result<(), ElsewhereFailed> + 'a;

/// Where the folder is.
#[derive(Clone)]
enum Place {
    /// The folder itself.
    Named(PathBuf),
    /// A new folder in `runs` below this one.
    Below(PathBuf),
}

/// What becomes of a run that is there already.
#[derive(Clone, Copy)]
enum Start {
    New(Existing),
    Resume,
}

/// What is written next to the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Report,
    Tables,
}

/// What a run into a folder did.
#[derive(Debug)]
pub struct Done {
    /// The run's folder.
    pub folder: RunFolder,
    /// What was run, as it is in the folder.
    pub outcome: Outcome,
    /// What went wrong without an effect on the run.
    pub warnings: Vec<Warning>,
}

/// What was run into a folder.
#[derive(Debug)]
pub enum Outcome {
    /// One backtest; findings unless it ran in bulk.
    Backtest(Box<Run>, Option<Box<Findings>>),
    /// A grid; findings unless it ran in bulk.
    Grid(Box<GridRun>, Option<Box<GridFindings>>),
    /// Nothing: the run that was to be resumed was complete. [`read_run`](crate::read_run) and
    /// [`read_grid`](crate::read_grid) read it.
    WasComplete,
}

impl Done {
    /// Where the files are: the folder that was named. The replacement of a run that was interrupted is
    /// next to that run, which is as it was.
    pub fn path(&self) -> &Path {
        self.folder.working()
    }

    /// How the run ended: complete, interrupted by the observer, or failed (every cell of a grid).
    pub fn status(&self) -> Status {
        self.manifest().map_or(Status::Complete, |manifest| manifest.status)
    }

    /// The backtest, unless the study has a grid or nothing was left to run.
    pub fn run(&self) -> Option<&Run> {
        if let Outcome::Backtest(run, _) = &self.outcome { Some(run) } else { None }
    }

    /// The grid, if the study has one and something was left to run.
    pub fn grid(&self) -> Option<&GridRun> {
        if let Outcome::Grid(grid, _) = &self.outcome { Some(grid) } else { None }
    }

    fn manifest(&self) -> Option<&Manifest> {
        match &self.outcome {
            Outcome::Backtest(run, _) => Some(&run.manifest),
            Outcome::Grid(grid, _) => Some(&grid.manifest),
            Outcome::WasComplete => None,
        }
    }
}

impl<'a> ToFolder<'a> {
    fn new(study: &'a Study, place: Place) -> Self {
        Self {
            study,
            place,
            start: Start::New(Existing::Refuse),
            data: None,
            observer: &Silent,
            commit: None,
            checkpoint_every: None,
            extent: Extent::Report,
            elsewhere: None,
        }
    }

    /// Reads the files that the study names from this folder, whatever its source is.
    pub fn data(self, folder: impl Into<PathBuf>) -> Self {
        Self { data: Some(folder.into()), ..self }
    }

    /// Replaces a run in the folder, which does not change until the new one is complete. Without this
    /// such a run is an error.
    pub fn replace(self) -> Self {
        Self { start: Start::New(Existing::Replace), ..self }
    }

    /// Resumes the interrupted run in the folder (below [`Study::to_runs`]: the latest one) of the same
    /// study, data and build. The result has the same bits as without the interruption.
    pub fn resume(self) -> Self {
        Self { start: Start::Resume, ..self }
    }

    /// For many runs: tables only, no report, findings or data report.
    pub fn bulk(self) -> Self {
        Self { extent: Extent::Tables, ..self }
    }

    /// Lets other machines make the cells of a grid, or the moved and resampled backtests of a run, before the rest
    /// is made here: `make` is told the folder that [`walkfolio_run::run_cells`] and
    /// [`walkfolio_run::run_variants`] save them in. What it leaves out is made here, with the same bits.
    pub fn elsewhere(self, make: &'a Elsewhere<'a>) -> Self {
        Self { elsewhere: Some(make), ..self }
    }

    /// The number of decisions between checkpoints, at least 1: 12 by default, 24 in bulk. A grid saves
    /// each cell.
    pub fn checkpoint_every(self, decisions: usize) -> Self {
        Self { checkpoint_every: Some(decisions), ..self }
    }

    /// Is told of every decision or cell, and may stop the run, which then ends as interrupted.
    pub fn observer(self, observer: &'a dyn Observer) -> Self {
        Self { observer, ..self }
    }

    /// The commit of the program that runs the study, for `run.json`; `unknown` without it, as a
    /// library does not know into which program it is built.
    pub fn commit(self, commit: impl Into<String>) -> Self {
        Self { commit: Some(commit.into()), ..self }
    }

    /// Loads the market, runs the study and writes the folder.
    ///
    /// # Errors
    /// [`RunFailed`] if the market cannot be loaded, a run is in the way, there is nothing to resume, a
    /// decision fails without a fallback, or a file cannot be written. From the first decision on,
    /// the folder says so in `run.json`, and [`ToFolder::resume`] goes on from the last checkpoint.
    pub fn run(self) -> Result<Done, RunFailed> {
        let loaded = self.study.market(self.data.as_deref())?;
        let began = walkfolio_run::manifest(self.study, &loaded, Status::Running)?;
        let commit = self.commit.clone().unwrap_or_else(|| began.commit.clone());
        let read = walkfolio_run::data_folder(self.study, self.data.as_deref());
        let absolute = read.and_then(|folder| std::path::absolute(folder).ok());
        let data = absolute.map(|folder| folder.display().to_string());
        let (mut folder, manifest) = match self.open(Manifest { commit, data, ..began })? {
            Resumed::Open(folder, manifest) => (folder, *manifest),
            Resumed::Complete(folder) => {
                let outcome = Outcome::WasComplete;
                return Ok(Done { folder, outcome, warnings: Vec::new() });
            }
        };
        let mut warnings = Vec::new();
        let outcome = self.fill(&mut folder, loaded, &manifest);
        if let Err(reason) = &outcome {
            let stopped = self.observer.cancelled();
            let status = if stopped { Status::Interrupted } else { Status::Failed };
            let manifest = Manifest { status, error: Some(reason.to_string()), ..manifest };
            // On a full disk this cannot be written either; why the run ended matters more.
            warnings.extend(folder.finish(&manifest).err().map(Warning::StillRunning));
        }
        let named = matches!(self.place, Place::Named(_));
        warnings.extend(record(folder.path(), named).err().map(Warning::NotInCatalogue));
        match outcome {
            Ok(outcome) => Ok(Done { folder, outcome, warnings }),
            Err(reason) => {
                Err(RunFailed { reason: Box::new(reason), folder: Some(folder), warnings })
            }
        }
    }

    fn open(&self, began: Manifest) -> Result<Resumed, RunFailed> {
        let (base, out) = match &self.place {
            Place::Named(out) => (Path::new(""), Some(out.as_path())),
            Place::Below(base) => (base.as_path(), None),
        };
        Ok(match self.start {
            Start::Resume => RunFolder::resume(&began, base, out)?,
            Start::New(existing) => {
                Resumed::Open(RunFolder::create(&began, base, out, existing)?, Box::new(began))
            }
        })
    }

    /// Runs the study and writes everything; the manifest comes last.
    fn fill(
        &self,
        folder: &mut RunFolder,
        loaded: Loaded,
        manifest: &Manifest,
    ) -> Result<Outcome, Reason> {
        let every = if self.wants_report() { 12 } else { 24 };
        let checkpoints = folder.checkpoints(self.checkpoint_every.unwrap_or(every));
        let watched = Watched::new(self.observer, &checkpoints, manifest.kind);
        if let Some(make) = self.elsewhere {
            make(checkpoints.folder())?;
        }
        let checkpoints = Some(&checkpoints);
        let session = Session { manifest: manifest.clone(), observer: &watched, checkpoints };
        if self.study.config().grid().is_empty() {
            let mut run = walkfolio_run::run_session(self.study, &loaded, session)?;
            run.data_report = self.data_report(loaded)?;
            folder.write_run(&run)?;
            let found = self.wants_report().then(|| Box::new(Findings::of(&run)));
            if let Some(found) = &found {
                write(folder, &report::files(&run, found)?)?;
            }
            folder.finish(&run.manifest)?;
            return Ok(Outcome::Backtest(Box::new(run), found));
        }
        let data = self.data.as_deref();
        let mut grid = walkfolio_run::run_grid_session(self.study, &loaded, data, session)?;
        grid.data_report = self.data_report(loaded)?;
        folder.write_grid(&grid)?;
        let found = self.wants_report().then(|| Box::new(GridFindings::of(&grid)));
        if let Some(found) = &found {
            write(folder, &report::grid_files(&grid, found)?)?;
        }
        folder.finish(&grid.manifest)?;
        Ok(Outcome::Grid(Box::new(grid), found))
    }

    fn wants_report(&self) -> bool {
        self.extent == Extent::Report
    }

    /// What is wrong with the files of a run; nothing of a simulated market, nor in bulk. The files are
    /// read again, as they are, once the market is no longer in memory.
    fn data_report(&self, loaded: Loaded) -> crate::Result<Option<Value>> {
        if loaded.synthetic || !self.wants_report() {
            return Ok(None);
        }
        drop(loaded);
        let report = self.study.check(self.data.as_deref())?;
        Ok(Some(report.json(walkfolio_study::finding_hint)))
    }
}

fn write(folder: &RunFolder, files: &[report::File]) -> crate::Result<()> {
    Ok(files.iter().try_for_each(|(name, bytes)| folder.write(name, bytes))?)
}

impl Study {
    /// Runs the study on its market into a folder, with its report: [`Study::to_folder`] without
    /// options.
    ///
    /// # Errors
    /// As [`ToFolder::run`].
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    /// # let place = tempfile::tempdir()?;
    /// # let place = place.path();
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let done = study.run_to(place.join("run"))?;
    /// assert!(done.path().join("report.html").exists());
    /// let run = read_run(done.path())?; // as `done.run()`, from the folder
    /// assert_eq!(run.manifest.decisions, 73);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_to(&self, folder: impl Into<PathBuf>) -> Result<Done, RunFailed> {
        self.to_folder(folder).run()
    }

    /// A run into this folder, which is made if need be. It is entered into the catalogue next to it
    /// if there is one, or if the folder around it is called `runs`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    /// # let place = tempfile::tempdir()?;
    /// # let place = place.path();
    ///
    /// let study = Study::load("../../studies/mtum-frontier.toml", &[])?;
    /// let done = study.to_folder(place.join("frontier")).run()?;
    /// let grid = done.grid().ok_or("a study with a [grid]")?;
    /// assert!(grid.cells.iter().all(|cell| cell.measure("tracking_error").is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_folder(&self, folder: impl Into<PathBuf>) -> ToFolder<'_> {
        ToFolder::new(self, Place::Named(folder.into()))
    }

    /// A run into a new folder `runs/<study>-<utc>-<hash>` below `base`, and into the catalogue
    /// `runs/catalogue.db`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio::catalogue::{Catalogue, Query};
    /// use walkfolio::prelude::*;
    /// # let place = tempfile::tempdir()?;
    /// # let place = place.path();
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// study.to_runs(place).bulk().run()?;
    /// let query = Query { filter: Some("te < 20%".to_owned()), ..Query::default() };
    /// let found = Catalogue::open(&place.join("runs"))?.runs(&query)?;
    /// assert!(found.runs[0].folder.starts_with("mtum-all-eleven-"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_runs(&self, base: impl Into<PathBuf>) -> ToFolder<'_> {
        ToFolder::new(self, Place::Below(base.into()))
    }
}
