//! What can go wrong with the files of runs.

use std::io;
use std::path::PathBuf;

use walkfolio_record::Status;

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a full disk leaves.
const RESUME: &str =
    "; what is there already is whole, and `run --resume` goes on from the last checkpoint";

/// A run that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be written or read.
    #[error("cannot {action} {}: {reason}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why it failed.
        reason: String,
        /// What the operating system calls it; none where the content is at fault.
        kind: Option<io::ErrorKind>,
    },
    /// A file of a run does not fit the others.
    #[error("{} is damaged: {}column {column}: {reason}", path.display(), at(*row))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The row of the table, from 0 on; none in a file that is not a table.
        row: Option<usize>,
        /// The column of the table, or the key of the file.
        column: String,
        /// What does not fit.
        reason: String,
    },
    /// There is a run where a new one is to be written.
    #[error("{} holds a run already{}", path.display(), ended(*status))]
    Exists {
        /// The folder.
        path: PathBuf,
        /// How that run ended; none if its manifest cannot be read.
        status: Option<Status>,
    },
    /// There is no run to resume.
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
    Filter(#[from] crate::filter_error::FilterError),
    /// A folder of other files is in the way.
    #[error("{} is not empty and has no {main}", path.display())]
    NotABundle {
        /// The folder.
        path: PathBuf,
        /// The file that a folder of the kind has.
        main: &'static str,
    },
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
            Self::NothingToResume { .. } => {
                Some("run it without --resume, or name the folder of the run with --out".to_owned())
            }
            Self::Catalogue { hint, .. } => Some(hint.clone()),
            Self::Filter(error) => error.hint.clone(),
            Self::Damaged { .. } => Some("run the study again".to_owned()),
            Self::Exists { status: None | Some(Status::Complete), .. } => Some(
                "name another folder, or replace the run with --replace once the new one is complete"
                    .to_owned(),
            ),
            Self::Exists { .. } => Some(
                "go on with it with --resume, or replace it with --replace once the new one is complete"
                    .to_owned(),
            ),
            Self::NotARun { .. } | Self::NotABundle { .. } => Some("name a new folder, or an empty one".to_owned()),
            Self::File { kind, .. } => {
                let hint = kind.and_then(walkfolio_core::io::hint)?;
                let full = matches!(kind, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded));
                let more = if full { RESUME } else { "" };
                Some(format!("{hint}{more}"))
            }
        }
    }

    /// A file or folder that the operating system does not read, write or remove.
    pub fn io(action: &'static str, path: impl Into<PathBuf>, error: &io::Error) -> Self {
        let kind = Some(error.kind());
        Self::File { action, path: path.into(), reason: error.to_string(), kind }
    }

    /// A file whose content cannot be read or written.
    pub fn file(
        action: &'static str,
        path: impl Into<PathBuf>,
        reason: &dyn std::fmt::Display,
    ) -> Self {
        Self::File { action, path: path.into(), reason: reason.to_string(), kind: None }
    }
}

fn at(row: Option<usize>) -> String {
    row.map_or_else(String::new, |row| format!("row {row}, "))
}

fn ended(status: Option<Status>) -> String {
    status.map_or_else(String::new, |status| format!(" ({})", status.as_str()))
}
