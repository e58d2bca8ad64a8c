//! Checkpoints: what a run has done so far, so that it can be resumed after an interruption.
//!
//! Decisions are saved in parts, each written whole, with the models that were fitted for them; a
//! grid saves its cells. Numbers are saved by their bits: a run that is resumed ends with the same
//! files as one that was never interrupted. A part that cannot be read is as if it were not there.

mod cell;
mod state;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Result};
pub use cell::KeptCell;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub use state::Part;

/// Where a run keeps what it has done.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    folder: PathBuf,
    every: usize,
}

impl Checkpoints {
    /// In a folder, after every so many decisions.
    pub fn new(folder: PathBuf, every: usize) -> Self {
        Self { folder, every: every.max(1) }
    }

    /// Writes one part whole, to the disk: a part that has a name survives a crash of the machine.
    fn write(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let path = self.folder.join(name);
        let failed = |error: &dyn std::fmt::Display| Error::file("write", &path, error);
        let bytes = serde_json::to_vec(value).map_err(|error| failed(&error))?;
        fs::create_dir_all(&self.folder)
            .and_then(|()| walkfolio_core::io::write(&path, &bytes))
            .map_err(|error| failed(&error))
    }

    /// A part, if it is there and whole.
    fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// The parts of a walk, in order.
    pub fn parts<L: DeserializeOwned>(&self) -> Vec<Part<L>> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        let is_part = |path: &&PathBuf| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
                name.starts_with("decisions-") && path.extension().is_some_and(|e| e == "json")
            })
        };
        paths.iter().filter(is_part).filter_map(|path| Self::read(path)).collect()
    }

    /// Keeps decisions with what was learned for them.
    ///
    /// # Errors
    /// [`Error::File`] if the part cannot be written.
    pub fn keep<L: Serialize>(&self, part: &Part<L>) -> Result<()> {
        self.write(&format!("decisions-{:06}.json", part.first), part)
    }

    /// After so many decisions a part is kept.
    pub fn every(&self) -> usize {
        self.every
    }

    /// The cell of a grid, if it was kept with the same settings.
    pub fn cell(&self, index: usize, settings: &[serde_json::Value]) -> Option<KeptCell> {
        let kept: KeptCell = Self::read(&self.folder.join(cell_name(index)))?;
        (kept.settings == settings).then_some(kept)
    }

    /// Keeps the cell of a grid.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn keep_cell(&self, index: usize, cell: &KeptCell) -> Result<()> {
        self.write(&cell_name(index), cell)
    }
}

fn cell_name(index: usize) -> String {
    format!("cell-{index:06}.json")
}
