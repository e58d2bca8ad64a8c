//! What can go wrong between a study and its run.

use std::path::PathBuf;

use walkfolio_core::Date;
use walkfolio_study::StudyError;

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
    /// A cell of a grid, or a variant of a run, was asked for that the study does not have.
    #[error("there is no cell {cell} from 0 on: the study has {all}")]
    NoCell {
        /// Its number.
        cell: usize,
        /// How many there are.
        all: usize,
    },
    /// A cell of a grid has no returns to look at.
    #[error("cell {cell} has no returns: {reason}")]
    EmptyCell {
        /// Its number, from 1 on.
        cell: usize,
        /// Why not.
        reason: String,
    },
    /// The run was stopped before its first decision.
    #[error("stopped before the first decision was made")]
    Interrupted,
    /// A run could not be written or read.
    #[error(transparent)]
    Store(#[from] walkfolio_store::Error),
    /// A run is to be verified that has not come to its end.
    #[error("the run is not complete: only a complete run can be made again and compared")]
    Unfinished,
    /// A run is to be verified on other data than it was made with.
    #[error("the data are not those that the run was made with: {what}")]
    OtherData {
        /// Which of its files differs, and how.
        what: String,
    },
    /// A decision is asked for a date on which nothing is traded.
    #[error("{date} is no session")]
    NoSession {
        /// The date.
        date: Date,
        /// The first session of the data.
        first: Date,
        /// The next session.
        next: Date,
    },
    /// An account cannot be brought to the target of a study.
    #[error("{what}")]
    Account {
        /// Why not.
        what: String,
        /// What to do about it.
        hint: String,
    },
    /// The data end too long before the session that is decided for.
    #[error(
        "the prices end on {last}: {age} sessions lie between them and {until}, the most allowed is {max_age}"
    )]
    Stale {
        /// Their last session.
        last: Date,
        /// Until which day.
        until: Date,
        /// How many sessions are not in them.
        age: usize,
        /// How many may be missing.
        max_age: usize,
    },
    /// The folder that a run was made from is not there.
    #[error("the folder that the run read its data from is gone: {}", folder.display())]
    DataGone {
        /// That folder.
        folder: PathBuf,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Market(error) => walkfolio_study::data_hint(error),
            Self::Core(error) => error.hint(),
            Self::Unfinished => Some("complete it with `walkfolio run --resume`".to_owned()),
            Self::Backtest(error) => error.hint(),
            Self::NoSession { date, first, next } if date < first => {
                Some(format!("the data begin on {first}; the first session after it is {next}"))
            }
            Self::NoSession { next, .. } => Some(format!("the next one is {next}: --on {next}")),
            Self::Stale { last, .. } => Some(format!(
                "fetch newer prices; to decide on old ones, raise --max-age, or name the session: --on DATE (the data end on {last})"
            )),
            Self::Account { hint, .. } => Some(hint.clone()).filter(|hint| !hint.is_empty()),
            Self::NoFiles => Some("add files = { prices = \"...\" } to [market]".to_owned()),
            Self::NoFactorFile => {
                Some("add factors = \"...\" to market.files, or remove market.factors".to_owned())
            }
            Self::NoSnapshotFactors { .. } => {
                Some("add them with `walkfolio fetch STUDY --from french --into DIR`".to_owned())
            }
            Self::IsGrid => Some("run it as a grid, or set each swept key".to_owned()),
            Self::OtherData { .. } => Some("name the run's own data folder with --data".to_owned()),
            Self::DataGone { .. } => Some("say where its files are now, with --data".to_owned()),
            Self::Store(error) => error.hint(),
            Self::Study(_) | Self::Interrupted | Self::NoCell { .. } | Self::EmptyCell { .. } => {
                None
            }
        }
    }
}
