//! Runs that have not ended, found in their folders: the catalogue learns of a run when it ends.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use walkfolio_record::{Kind, Manifest, Status};

use crate::folder::{CHECKPOINTS, read_manifest};
use crate::progress::{AtWork, Progress};
use crate::{Error, Result};

/// A run that has not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderWay {
    /// Name of its folder; of a run that replaces another, the name of that one.
    pub folder: String,
    /// Where its files are.
    pub working: PathBuf,
    /// Name of its study.
    pub study: String,
    /// One backtest or a grid.
    pub kind: Kind,
    /// When it began.
    pub started: Timestamp,
    /// Whether a process is at work on it.
    pub at_work: AtWork,
    /// How far it has come, where its folder tells.
    pub progress: Option<Progress>,
}

impl UnderWay {
    /// That of one folder, if it holds a run that has not ended.
    ///
    /// # Examples
    /// ```no_run
    /// use std::path::Path;
    /// use walkfolio_store::UnderWay;
    ///
    /// let run = UnderWay::read(Path::new("runs/mtum-replica-20261128T120000Z-1a2b3c4d"));
    /// if let Some(progress) = run.and_then(|run| run.progress) {
    ///     println!("{} of {} {}", progress.done, progress.total, progress.unit);
    /// }
    /// ```
    pub fn read(working: &Path) -> Option<Self> {
        let manifest =
            read_manifest(working).ok().filter(|found| found.status == Status::Running)?;
        let name = working.file_name()?.to_string_lossy().into_owned();
        let replaced = name.strip_prefix('.').and_then(|name| name.strip_suffix(".replacing"));
        Some(Self {
            folder: replaced.map_or_else(|| name.clone(), str::to_owned),
            working: working.to_path_buf(),
            at_work: AtWork::on(working),
            progress: Progress::read(working).or_else(|| saved_cells(working, &manifest)),
            study: manifest.study,
            kind: manifest.kind,
            started: manifest.started,
        })
    }

    /// Those of a folder of runs, by name.
    ///
    /// # Errors
    /// [`Error::File`] if the folder cannot be read.
    ///
    /// # Examples
    /// ```
    /// let place = std::env::temp_dir().join(format!("walkfolio-way-{}", std::process::id()));
    /// std::fs::create_dir_all(&place)?;
    /// assert!(walkfolio_store::UnderWay::in_folder(&place)?.is_empty());
    /// # std::fs::remove_dir_all(&place)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_folder(runs: &Path) -> Result<Vec<Self>> {
        let entries = fs::read_dir(runs).map_err(|error| Error::io("read", runs, &error))?;
        let paths = entries.flatten().map(|entry| entry.path());
        let mut found: Vec<Self> = paths
            .filter(|path| path.join(CHECKPOINTS).is_dir())
            .filter_map(|path| Self::read(&path))
            .collect();
        found.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(found)
    }
}

/// What the checkpoint of a grid says by itself, as one has it whose cells are made on other machines.
fn saved_cells(working: &Path, manifest: &Manifest) -> Option<Progress> {
    let swept = manifest.resolved.grid.values();
    let total = swept.map(Vec::len).try_fold(1_usize, usize::checked_mul)?;
    let entries = fs::read_dir(working.join(CHECKPOINTS)).ok()?.flatten();
    // Half-written ones begin with a dot.
    let saved = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("cell-");
    let done = entries.filter(saved).count();
    let began = manifest.started;
    (manifest.kind == Kind::Grid && done > 0).then(|| Progress {
        unit: "backtests".to_owned(),
        total,
        done,
        began,
        updated: began,
        since: began,
        since_done: done,
    })
}
