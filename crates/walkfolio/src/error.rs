//! What can go wrong between a study and its run.

use std::path::PathBuf;

use crate::study::StudyError;

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A study that could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The study file is not valid.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// The data could not be read.
    #[error(transparent)]
    Market(#[from] walkfolio_data::Error),
    /// The data is there, but does not fit the study.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
    /// The walk stopped.
    #[error(transparent)]
    Backtest(#[from] walkfolio_backtest::Error),
    /// A data folder is given and the study names no files in it.
    #[error("a data folder is given, and the study does not say which files of it to read")]
    NoFiles,
    /// Factors are wanted and no file holds them.
    #[error("market.factors is set, and market.files has no `factors`")]
    NoFactorFile,
    /// Factors are wanted and the snapshot has none.
    #[error("market.factors is set, and the snapshot {} has no factor returns", path.display())]
    NoSnapshotFactors {
        /// The snapshot's folder.
        path: PathBuf,
    },
    /// A grid was given where one backtest was expected.
    #[error("the study has a [grid]: it is many backtests, not one")]
    IsGrid,
    /// The run was stopped before its first decision.
    #[error("stopped before the first decision was made")]
    Interrupted,
    /// A file could not be written or read.
    #[error("cannot {action} {}: {reason}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        reason: String,
    },
    /// A run is to be verified on other data than it was made with.
    #[error("the data are not those that the run was made with: {what}")]
    OtherData {
        /// Which of its files differs, and how.
        what: String,
    },
    /// There is no run to take up again.
    #[error("cannot resume in {}: {reason}", path.display())]
    NothingToResume {
        /// The folder.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The catalogue of runs cannot be used; the runs are not affected.
    #[error("cannot use the catalogue {}: {reason}", path.display())]
    Catalogue {
        /// Its file.
        path: PathBuf,
        /// Why not.
        reason: String,
        /// What to do about it.
        hint: String,
        /// Whether the file itself is at fault, so that only a new one helps.
        broken: bool,
    },
    /// A filter of runs cannot be understood.
    #[error(transparent)]
    Filter(#[from] crate::catalogue::FilterError),
    /// A folder that is not a run is in the way.
    #[error("{} is not empty and holds no run", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Market(error) => error.hint(),
            Self::Core(error) => error.hint(),
            Self::Backtest(error) => error.hint(),
            Self::NoFiles => Some("add files = { prices = \"...\" } to [market]".to_owned()),
            Self::NoFactorFile => {
                Some("add factors = \"...\" to market.files, or remove market.factors".to_owned())
            }
            Self::NoSnapshotFactors { .. } => {
                Some("add them with `walkfolio fetch STUDY --from french --into DIR`".to_owned())
            }
            Self::IsGrid => Some("run it as a grid, or set each swept key".to_owned()),
            Self::OtherData { .. } => Some("name the run's own data folder with --data".to_owned()),
            Self::NothingToResume { .. } => {
                Some("run it without --resume, or name the folder of the run with --out".to_owned())
            }
            Self::Catalogue { hint, .. } => Some(hint.clone()),
            Self::Filter(error) => error.hint.clone(),
            Self::NotARun { .. } => Some("name a new folder, or an empty one".to_owned()),
            Self::File { action: "write" | "create", .. } => Some(
                "free some space, or name a folder that can be written; what is there already is whole, and `run --resume` takes up what a run has kept"
                    .to_owned(),
            ),
            Self::Study(_) | Self::File { .. } | Self::Interrupted => None,
        }
    }

    pub(crate) fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
        reason: &dyn std::fmt::Display,
    ) -> Self {
        Self::File { action, path: path.into(), reason: reason.to_string() }
    }
}
