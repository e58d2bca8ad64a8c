//! The runs of a folder as they are now, without writing anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use super::database::Catalogue;
use super::entry::Entry;
use super::query::{Listed, Query};
use super::tables::{insert, remove};
use crate::folder::is_hidden;
use crate::{Error, Result};

/// The runs of a folder as they are now: a catalogue in memory.
///
/// Nothing is written, neither into the folder nor next to it. A folder is read again when its `run.json` or its
/// `measures.json` has changed; runs that are under way are in it, too.
///
/// # Examples
/// ```
/// use walkfolio_store::catalogue::{LiveCatalogue, Query};
///
/// let runs = std::env::temp_dir().join(format!("walkfolio-live-{}", std::process::id()));
/// std::fs::create_dir_all(runs.join("damaged"))?;
/// std::fs::write(runs.join("damaged/run.json"), "{")?;
/// let mut live = LiveCatalogue::new(&runs)?;
/// live.refresh()?;
/// assert_eq!(live.runs(&Query::default())?.total, 0);
/// assert_eq!(live.unreadable()[0].folder, "damaged");
/// # std::fs::remove_dir_all(&runs)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LiveCatalogue {
    folder: PathBuf,
    catalogue: Catalogue,
    known: BTreeMap<String, Known>,
    version: u64,
}

/// A folder that should be a run and cannot be read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name.
    pub folder: String,
    /// Why not.
    pub reason: String,
}

/// What was read of a folder.
#[derive(Debug)]
struct Known {
    stamp: Stamp,
    /// Why it could not be read.
    reason: Option<String>,
}

/// Changes with the files that a row is read from.
type Stamp = [Option<(u64, SystemTime)>; 2];

impl LiveCatalogue {
    /// That of a folder of runs; it is empty until [`LiveCatalogue::refresh`].
    ///
    /// # Errors
    /// [`Error::File`] if the folder cannot be read.
    pub fn new(folder: &Path) -> Result<Self> {
        let whole = fs::canonicalize(folder).map_err(|error| Error::io("read", folder, &error))?;
        let catalogue = Catalogue::in_memory()?;
        Ok(Self { folder: whole, catalogue, known: BTreeMap::new(), version: 0 })
    }

    /// The folder, absolute and without links.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads what has changed since the last time.
    ///
    /// # Errors
    /// [`Error::File`] if the folder cannot be read; [`Error::Catalogue`].
    pub fn refresh(&mut self) -> Result<()> {
        let found = self.stamps()?;
        let gone: Vec<String> =
            self.known.keys().filter(|name| !found.contains_key(*name)).cloned().collect();
        let is_new = |(name, stamp): &(&String, &Stamp)| {
            self.known.get(*name).is_none_or(|known| known.stamp != **stamp)
        };
        let changed: Vec<(String, Stamp)> =
            found.iter().filter(is_new).map(|(name, stamp)| (name.clone(), *stamp)).collect();
        if gone.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let read = read_all(&self.folder, &changed);
        let path = self.catalogue.path().to_path_buf();
        let entered = self.catalogue.change(|transaction| {
            for name in gone.iter().chain(changed.iter().map(|(name, _)| name)) {
                remove(transaction, name)?;
            }
            read.iter().flatten().try_for_each(|entry| insert(transaction, entry))
        });
        entered.map_err(|error| Error::catalogue(&path, &error))?;
        self.known.retain(|name, _| found.contains_key(name));
        for ((name, stamp), read) in changed.into_iter().zip(read) {
            self.known.insert(name, Known { stamp, reason: read.err() });
        }
        self.version += 1;
        Ok(())
    }

    /// Another number after each change of what is listed.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The runs that a query asks for, as of the last [`LiveCatalogue::refresh`].
    ///
    /// # Errors
    /// As [`Catalogue::runs`].
    pub fn runs(&self, query: &Query) -> Result<Listed> {
        self.catalogue.runs(query)
    }

    /// Folders with a `run.json` that cannot be read, by name.
    pub fn unreadable(&self) -> Vec<Unreadable> {
        let damaged = |(folder, known): (&String, &Known)| {
            let reason = known.reason.clone()?;
            Some(Unreadable { folder: folder.clone(), reason })
        };
        self.known.iter().filter_map(damaged).collect()
    }

    /// The run folders that there are now.
    fn stamps(&self) -> Result<BTreeMap<String, Stamp>> {
        let entries =
            fs::read_dir(&self.folder).map_err(|error| Error::io("read", &self.folder, &error))?;
        let paths = entries.flatten().map(|entry| entry.path()).filter(|path| !is_hidden(path));
        let stamp = |path: PathBuf| {
            let stamp = ["run.json", "measures.json"].map(|name| {
                let found = fs::metadata(path.join(name)).ok().filter(fs::Metadata::is_file)?;
                Some((found.len(), found.modified().ok()?))
            });
            stamp[0]?;
            Some((path.file_name()?.to_str()?.to_owned(), stamp))
        };
        Ok(paths.filter_map(stamp).collect())
    }
}

/// The rows of some folders, each a file or two: read by all processors.
fn read_all(runs: &Path, names: &[(String, Stamp)]) -> Vec<Result<Entry, String>> {
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = names.len().div_ceil(workers).max(16);
    let read_part = |names: &[(String, Stamp)]| -> Vec<Result<Entry, String>> {
        names.iter().map(|(name, _)| read_one(runs, name)).collect()
    };
    thread::scope(|scope| {
        let begun: Vec<_> = names
            .chunks(part)
            .map(|names| (names, scope.spawn(move || read_part(names))))
            .collect();
        let lost = |names: &[_]| vec![Err("it cannot be read".to_owned()); names.len()];
        let ended =
            begun.into_iter().map(|(names, read)| read.join().unwrap_or_else(|_| lost(names)));
        ended.flatten().collect()
    })
}

/// The row of one folder, unless its files are elsewhere.
fn read_one(runs: &Path, name: &str) -> Result<Entry, String> {
    let path = runs.join(name);
    for file in ["run.json", "measures.json"].map(|file| path.join(file)) {
        if file.exists() && !fs::canonicalize(&file).is_ok_and(|whole| whole.starts_with(runs)) {
            let file = file.file_name().unwrap_or_default().display();
            return Err(format!("{file} is a link to a place outside of the folder of runs"));
        }
    }
    Entry::read(&path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(runs: &Path, name: &str, text: &str) {
        fs::create_dir_all(runs.join(name)).unwrap();
        fs::write(runs.join(name).join("run.json"), text).unwrap();
    }

    #[test]
    fn damaged_folders_are_told_and_forgotten_with_their_folder() {
        let place = tempfile::tempdir().unwrap();
        let runs = place.path().join("runs");
        written(&runs, "half", "{ \"format\": 1");
        written(&runs, ".hidden", "{");
        fs::create_dir(runs.join("no-run")).unwrap();
        let mut live = LiveCatalogue::new(&runs).unwrap();
        live.refresh().unwrap();
        let first = live.version();
        assert_eq!(live.unreadable().len(), 1);
        assert!(live.unreadable()[0].reason.contains("run.json"), "{:?}", live.unreadable());
        live.refresh().unwrap();
        assert_eq!(live.version(), first, "nothing has changed");
        fs::remove_dir_all(runs.join("half")).unwrap();
        live.refresh().unwrap();
        assert_ne!(live.version(), first);
        assert!(live.unreadable().is_empty());
        assert_eq!(fs::read_dir(&runs).unwrap().count(), 2, "nothing was written");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let (runs, outside) = (place.path().join("runs"), place.path().join("outside"));
        fs::create_dir(&runs).unwrap();
        written(place.path(), "outside", "{}");
        std::os::unix::fs::symlink(&outside, runs.join("link")).unwrap();
        let mut live = LiveCatalogue::new(&runs).unwrap();
        live.refresh().unwrap();
        assert!(live.unreadable()[0].reason.contains("is a link to a place outside"));
    }
}
