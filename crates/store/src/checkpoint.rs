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
pub use cell::SavedCell;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub use state::Part;

/// Where a run saves what it has done.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    folder: PathBuf,
    interval: usize,
}

impl Checkpoints {
    /// In a folder, which is made if need be; `interval` is the number of decisions after which a part
    /// is saved, at least 1.
    pub fn new(folder: PathBuf, interval: usize) -> Self {
        Self { folder, interval: interval.max(1) }
    }

    /// The folder that they are in; it may not be there yet.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one part whole, to the disk: a part that has a name survives a crash of the machine.
    fn write(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let path = self.folder.join(name);
        let bytes =
            serde_json::to_vec(value).map_err(|error| Error::file("write", &path, &error))?;
        fs::create_dir_all(&self.folder)
            .and_then(|()| walkfolio_core::io::write(&path, &bytes))
            .map_err(|error| Error::io("write", &path, &error))
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

    /// Saves decisions with the models that were fitted for them.
    ///
    /// # Errors
    /// [`Error::File`] if the part cannot be written.
    pub fn save<L: Serialize>(&self, part: &Part<L>) -> Result<()> {
        self.write(&format!("decisions-{:06}.json", part.first), part)
    }

    /// The number of decisions after which a part is saved.
    pub fn interval(&self) -> usize {
        self.interval
    }

    /// The cell of a grid, if it was saved with the same settings.
    pub fn cell(&self, index: usize, settings: &[serde_json::Value]) -> Option<SavedCell> {
        let saved: SavedCell = Self::read(&self.folder.join(cell_name(index)))?;
        (saved.cell.settings == settings).then_some(saved)
    }

    /// Saves the cell of a grid.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn save_cell(&self, index: usize, cell: &SavedCell) -> Result<()> {
        if cell.is_finite() { self.write(&cell_name(index), cell) } else { Ok(()) }
    }
}

fn cell_name(index: usize) -> String {
    format!("cell-{index:06}.json")
}
