//! The files of a user's own that estimators and constraints read.

use walkfolio_estimate::expected_returns::InputFile;

use crate::axes::combinations;
use crate::study::Study;
use crate::switches;

/// A file that an estimator or a constraint of a study reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EstimatorFile {
    /// What is in it.
    pub content: FileContent,
    /// Its name below the folder of the prices.
    pub file: String,
    /// The path of the key that names it.
    pub key: String,
}

/// What is in such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileContent {
    /// Forecasts of expected returns by date and asset.
    Forecasts,
    /// Views by date.
    Views,
    /// Loadings on a factor by date and asset.
    Loadings,
}

impl Study {
    /// The files that the estimators and constraints of the study read, each once; those of settings to choose from and of
    /// regimes count too.
    ///
    /// # Examples
    /// ```
    /// let study = walkfolio_study::Study::parse("x.toml", r#"
    /// name = "x"
    /// market = { assets = ["XLK", "XLF"] }
    /// walk_forward = { every = "month" }
    ///
    /// [estimate]
    /// covariance = { kind = "sample", window = 60 }
    /// expected_returns = { kind = "file", file = "mu.csv", unit = "percent" }
    ///
    /// [allocate]
    /// objective = { kind = "mean_variance" }
    /// bounds = { min = 0.0, max = 1.0 }
    /// "#, &[])?;
    /// let files = study.estimator_files();
    /// assert_eq!(files[0].file, "mu.csv");
    /// assert_eq!(files[0].key, "estimate.expected_returns.file");
    /// # Ok::<(), walkfolio_study::StudyError>(())
    /// ```
    pub fn estimator_files(&self) -> Vec<EstimatorFile> {
        let mut files = self.own_files();
        let tuned = self.config().spec().tune.iter().flat_map(|tune| combinations(&tune.keys));
        for candidate in tuned.filter_map(|settings| self.with_settings(&settings).ok()) {
            files.extend(candidate.own_files());
        }
        let rules = self.config().rules();
        let regimes = &self.config().spec().regime;
        for active in switches::branches(rules, regimes).unwrap_or_default() {
            let branch = self.branch(&switches::settings(rules, &active));
            files.extend(branch.map(|branch| branch.own_files()).unwrap_or_default());
        }
        files.sort();
        files.dedup_by(|one, other| (one.content, &one.file) == (other.content, &other.file));
        files
    }

    fn own_files(&self) -> Vec<EstimatorFile> {
        let estimators = self.config().setting().estimators.as_ref();
        let files = estimators.map(walkfolio_estimate::Estimators::files).unwrap_or_default();
        let owned = |file: InputFile<'_>| EstimatorFile {
            content: match file {
                InputFile::Forecasts { .. } => FileContent::Forecasts,
                InputFile::Views { .. } => FileContent::Views,
            },
            file: file.file().to_owned(),
            key: format!("estimate.expected_returns.{}", file.key()),
        };
        let exposures = self.config().spec().allocate.factor_exposure.iter().enumerate();
        let loadings = exposures.filter_map(|(index, exposure)| {
            Some(EstimatorFile {
                content: FileContent::Loadings,
                file: exposure.loadings.clone()?,
                key: format!("allocate.factor_exposure[{index}].loadings"),
            })
        });
        files.into_iter().map(owned).chain(loadings).collect()
    }
}
