//! A study, and everything that can be done with it.

use std::ops::Deref;
use std::path::Path;

use walkfolio_backtest::Observer;
use walkfolio_core::{Market, Ticker, Universe};
use walkfolio_data::Loaded;
use walkfolio_data::quality::DataReport;
use walkfolio_record::{GridRun, Manifest, Run};
use walkfolio_run::{Audit, FileAudit, Result, Verification};
pub use walkfolio_study::*;

/// A valid study: its settings, and what can be done with it.
///
/// What it says is read through the [`walkfolio_study::Study`] that it stands for. Into a folder with
/// tables and report: [`Study::run_to`].
///
/// # Examples
/// ```
/// use walkfolio::prelude::*;
///
/// let five = ["costs.per_side_bps=5".to_owned()];
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &five)?;
/// let run = study.run(&study.market(None)?, &Silent)?;
/// assert!(run.measures.full.get("cost_annual").is_some_and(|cost| cost > 0.0)); // a fraction a year
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// # Examples
    /// ```
    /// use walkfolio::Study;
    ///
    /// let wrong = ["walk_forward.every=\"moon\"".to_owned()];
    /// let error = Study::load("../../studies/mtum-all-eleven.toml", &wrong).unwrap_err();
    /// assert_eq!(error.faults[0].path, "walk_forward.every");
    /// ```
    pub fn load(
        path: &(impl AsRef<Path> + ?Sized),
        overrides: &[String],
    ) -> Result<Self, StudyError> {
        walkfolio_study::Study::load(path.as_ref(), overrides).map(Self)
    }

    /// As [`Study::load`], from text; `name` stands for the file, in errors and as the place that
    /// other files are relative to.
    ///
    /// # Errors
    /// [`StudyError`] with every error.
    /// # Examples
    /// ```
    /// use walkfolio::Study;
    ///
    /// let text = std::fs::read_to_string("../../studies/mtum-all-eleven.toml")?;
    /// let study = Study::parse("mine.toml", &text, &["name=\"mine\"".to_owned()])?;
    /// assert_eq!(study.config().name(), "mine");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self, StudyError> {
        walkfolio_study::Study::parse(name, text, overrides).map(Self)
    }

    /// The study that a run was made with.
    ///
    /// # Errors
    /// If the manifest's study is not valid.
    /// # Examples
    /// ```
    /// # let study = walkfolio::Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// # let place = tempfile::tempdir()?;
    /// # let done = study.to_folder(place.path()).bulk().run()?;
    /// let run = walkfolio::read_run(done.path())?;
    /// let again = walkfolio::Study::of_manifest(&run.manifest)?;
    /// assert_eq!(again.hash(), study.on(&study.market(None)?.market)?.hash());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_manifest(manifest: &Manifest) -> Result<Self> {
        walkfolio_run::of_manifest(manifest).map(Self)
    }

    /// The study of one cell of the grid, from 1 on as in the column `cell` of `grid.parquet`: an
    /// ordinary study, whose run has the bits of the grid's row.
    ///
    /// # Errors
    /// For a number that no cell has.
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-frontier.toml", &[])?;
    /// let market = study.market(None)?;
    /// let (grid, third) = (study.run_grid(&market, None, &Silent)?, study.cell(3)?);
    /// let alone = third.run(&market, &Silent)?;
    /// assert_eq!(grid.cells[2].measures.as_ref(), Some(&alone.measures));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cell(&self, number: usize) -> Result<Self, StudyError> {
        self.0.cell(number).map(Self)
    }

    /// The study on its market, with what only the market tells: `periods_per_year = "auto"` becomes the
    /// number that the dates of its prices tell. Running a study does it, too.
    ///
    /// # Errors
    /// At `periods_per_year` if a number is written that is more than 10 % away from it.
    /// # Examples
    /// ```
    /// let study = walkfolio::Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let study = study.on(&study.market(None)?.market)?;
    /// assert_eq!(study.config().periods_per_year()?, 252.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on(&self, market: &Market) -> Result<Self, StudyError> {
        self.0.on(market).map(Self)
    }

    /// The tickers whose prices a vendor is asked for: the assets, then the benchmark or the parts of a blend. An
    /// index of members is made of their prices, and `"*"` names none.
    ///
    /// # Examples
    /// ```
    /// let study = walkfolio::Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// assert!(study.quoted().iter().any(|ticker| ticker.as_str() == "MTUM"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quoted(&self) -> Vec<Ticker> {
        let config = self.config();
        let assets = config.universe().map(Universe::tickers).unwrap_or_default();
        let mut tickers = assets.to_vec();
        let quoted = config.spec().market.index.is_none();
        match config.blend() {
            Some(blend) => tickers.extend(blend.tickers().cloned()),
            None => tickers.extend(config.benchmark().filter(|_| quoted).cloned()),
        }
        tickers
    }

    /// Loads the market that the study names; `data` is a folder that takes the place of its source.
    ///
    /// # Errors
    /// With the file and the position in it.
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// assert!(study.market(None)?.synthetic); // its source is the sample market
    /// let error = study.market(Some(Path::new("nowhere"))).unwrap_err();
    /// assert!(error.to_string().contains("prices.csv"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn market(&self, data: Option<&Path>) -> Result<Loaded> {
        walkfolio_run::market(&self.0, data)
    }

    /// What is wrong with the data that the study reads, before anything is cleaned.
    ///
    /// # Errors
    /// As [`Study::market`] for files that cannot be read.
    /// # Examples
    /// ```
    /// let study = walkfolio::Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let report = study.check(None)?;
    /// assert_eq!(report.coverage.len(), 11); // one part a column: the assets
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(&self, data: Option<&Path>) -> Result<DataReport> {
        walkfolio_run::check(&self.0, data)
    }

    /// Runs the study as one backtest: returns from the session after the first decision on, as
    /// fractions a session, after costs.
    ///
    /// # Errors
    /// If the study has a grid, the data does not fit it, or a decision fails without a fallback.
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let run = study.run(&study.market(None)?, &Silent)?;
    /// let grown: f64 = run.returns.iter().map(|row| 1.0 + row.portfolio).product();
    /// assert_eq!((run.manifest.decisions, grown > 0.0), (73, true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(&self, loaded: &Loaded, observer: &dyn Observer) -> Result<Run> {
        walkfolio_run::run(&self.0, loaded, observer)
    }

    /// Runs every cell of the study's grid, in parallel. Cells that change the market load their own,
    /// from `data` where it is given.
    ///
    /// # Errors
    /// None of a single cell's; if no cell was run.
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-frontier.toml", &[])?;
    /// let grid = study.run_grid(&study.market(None)?, None, &Silent)?;
    /// assert_eq!(grid.keys, ["allocate.max_holdings"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_grid(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<GridRun> {
        walkfolio_run::run_grid(&self.0, loaded, data, observer)
    }

    /// Proves that no decision of the study looks ahead: each is made again on perturbed future data
    /// and must have the same bits.
    ///
    /// # Errors
    /// As [`Study::run`].
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let audit = study.audit(&study.market(None)?, &Silent)?;
    /// assert!(audit.complete && audit.leak.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit(&self, loaded: &Loaded, observer: &dyn Observer) -> Result<Audit> {
        walkfolio_run::audit(&self.0, loaded, observer)
    }

    /// The numbers of at most so many cells of the grid, spread evenly: which of them to look at.
    ///
    /// # Examples
    /// ```
    /// let study = walkfolio::Study::load("../../studies/mtum-frontier.toml", &[])?;
    /// assert_eq!(study.some_cells(3), [1, 6, 11]);
    /// # Ok::<(), walkfolio::StudyError>(())
    /// ```
    pub fn some_cells(&self, most: usize) -> Vec<usize> {
        walkfolio_run::some_cells(&self.0, most)
    }

    /// Makes decisions spread over the backtest again from files without the rows after them, and from
    /// files with other ones; `data` is as in [`Study::market`].
    ///
    /// # Errors
    /// As [`Study::market`] and [`Study::run`].
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// // The sample market has no files: nothing is attacked.
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let audit = study.audit_files(&study.market(None)?, None, &Silent)?;
    /// assert_eq!((audit.attacked, audit.leak), (0, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit_files(
        &self,
        loaded: &Loaded,
        data: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<FileAudit> {
        walkfolio_run::audit_files(&self.0, loaded, data, observer)
    }

    /// Checks every decision of a run of this study on the data it was made with, by another method.
    ///
    /// # Errors
    /// If the data differ from those of the run.
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let market = study.market(None)?;
    /// let found = study.verify(&study.run(&market, &Silent)?, &market, &Silent)?;
    /// assert!(found.faults.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(
        &self,
        run: &Run,
        loaded: &Loaded,
        observer: &dyn Observer,
    ) -> Result<Verification> {
        walkfolio_run::verify(&self.0, run, loaded, observer)
    }
}
