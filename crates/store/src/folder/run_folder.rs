//! A run's folder while it is written.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use walkfolio_record::{GridRun, Manifest, Run, Status};

use super::json::{json, read_manifest};
use super::names::{CHECKPOINTS, FILES, MANIFEST};
use super::place::{Existing, Place, recover};
use super::tables::{grid_tables, hashes, run_tables};
use crate::checkpoint::Checkpoints;
use crate::{Error, Result};

/// The folder of a run that is being written.
///
/// # Examples
/// ```no_run
/// use std::path::Path;
/// use walkfolio_store::{Existing, RunFolder};
/// # fn example(run: &walkfolio_record::Run) -> walkfolio_store::Result<()> {
///
/// let out = Some(Path::new("out"));
/// let mut folder = RunFolder::create(&run.manifest, Path::new(""), out, Existing::Refuse)?;
/// folder.write_run(run)?;
/// folder.finish(&run.manifest)?;
/// assert_eq!(walkfolio_store::read_run(folder.path())?.returns, run.returns);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RunFolder {
    place: Place,
}

/// A run that is resumed.
#[derive(Debug, Clone)]
pub enum Resumed {
    /// There is more to do. The manifest is that of the run that goes on: it began when the
    /// interrupted run did.
    Open(RunFolder, Box<Manifest>),
    /// It was complete already.
    Complete(RunFolder),
}

/// What becomes of the checkpoints that are in the folder.
#[derive(Clone, Copy)]
enum Saved {
    Keep,
    Remove,
}

impl RunFolder {
    /// Opens a folder for a new run: `out` itself, or `runs/<study>-<utc>-<hash>` below `base`.
    ///
    /// A run that is already in `out` is refused, or stays whole until the new one is complete: its
    /// replacement is written to the hidden folder `.<out>.replacing` next to it.
    ///
    /// # Errors
    /// [`Error::Exists`] for a run in `out` that may not be replaced, [`Error::NotARun`] if `out` holds
    /// files and no run, [`Error::File`].
    pub fn create(
        manifest: &Manifest,
        base: &Path,
        out: Option<&Path>,
        existing: Existing,
    ) -> Result<Self> {
        let place = match out {
            Some(out) => Place::named(out, existing)?,
            None => Place::direct(base.join("runs").join(folder_name(manifest, base))),
        };
        Self::begin(place, manifest, Saved::Remove)
    }

    /// Opens the folder of an interrupted run: `out` itself, or the latest one of the same study, data
    /// and build below `base`. A complete run needs nothing more.
    ///
    /// A replacement of `out` that was interrupted (see [`RunFolder::create`]) goes before the run in
    /// `out`, where it is of the same study, data and build: it goes on next to `out` and replaces it
    /// in the end. Any other run goes on in its own folder.
    ///
    /// # Errors
    /// [`Error::NothingToResume`] with the reason; [`Error::File`].
    pub fn resume(manifest: &Manifest, base: &Path, out: Option<&Path>) -> Result<Resumed> {
        let runs = base.join("runs");
        let path = match out {
            Some(out) => out.to_path_buf(),
            None => latest(&runs, manifest).ok_or_else(|| {
                let reason = "it holds no unfinished run of this study, this data and this build";
                Error::NothingToResume { path: runs, reason: reason.to_owned() }
            })?,
        };
        recover(&path)?;
        let replacing = Place::replacing(&path)?;
        let same = |place: &Place| {
            read_manifest(&place.working).is_ok_and(|found| difference(&found, manifest).is_none())
        };
        let place = if same(&replacing) { replacing } else { Place::direct(path) };
        Self::go_on(place, manifest)
    }

    fn go_on(place: Place, manifest: &Manifest) -> Result<Resumed> {
        let nothing =
            |reason: String| Err(Error::NothingToResume { path: place.path.clone(), reason });
        let Ok(found) = read_manifest(&place.working) else {
            return nothing("it holds no run that this version can read".to_owned());
        };
        if let Some(reason) = difference(&found, manifest) {
            return nothing(reason);
        }
        if found.status == Status::Complete {
            // Killed at its very end, it may have left its checkpoints, or not have its place yet.
            let mut folder = Self { place };
            folder.remove_checkpoints()?;
            folder.place.swap()?;
            return Ok(Resumed::Complete(folder));
        }
        let manifest = Manifest { started: found.started, ..manifest.clone() };
        let folder = Self::begin(place, &manifest, Saved::Keep)?;
        Ok(Resumed::Open(folder, Box::new(manifest)))
    }

    /// The checkpoints of the run, which stay until it is complete; `every` is the number of decisions
    /// after which one is written, at least 1.
    pub fn checkpoints(&self, every: usize) -> Checkpoints {
        Checkpoints::new(self.place.working.join(CHECKPOINTS), every)
    }

    /// Nothing is removed before the new manifest is on the disk. Tables that are then removed are
    /// those of an interrupted run, which its checkpoints hold.
    fn begin(place: Place, manifest: &Manifest, saved: Saved) -> Result<Self> {
        let path = &place.working;
        let failed = |action, error: std::io::Error| Error::io(action, path, &error);
        if place.working != place.path && matches!(saved, Saved::Remove) && path.exists() {
            fs::remove_dir_all(path).map_err(|error| failed("remove", error))?;
        }
        fs::create_dir_all(path).map_err(|error| failed("create", error))?;
        let folder = Self { place };
        folder.write_json(MANIFEST, &Manifest { status: Status::Running, ..manifest.clone() })?;
        if matches!(saved, Saved::Remove) {
            folder.remove_checkpoints()?;
        }
        for name in FILES {
            let old = folder.place.working.join(name);
            if old.exists() {
                fs::remove_file(&old).map_err(|error| Error::io("remove", &old, &error))?;
            }
        }
        Ok(folder)
    }

    /// The folder of a run that is there already.
    ///
    /// # Errors
    /// [`Error::File`] if it holds no manifest.
    pub fn open(path: &Path) -> Result<Self> {
        read_manifest(path)?;
        Ok(Self { place: Place::direct(path.to_path_buf()) })
    }

    /// The folder of the run. While it replaces another, its files are in [`RunFolder::working`].
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Where the files of the run are: its folder, or the one next to a run that it replaces, until it
    /// is complete.
    pub fn working(&self) -> &Path {
        &self.place.working
    }

    /// Writes a backtest; the manifest is left to [`RunFolder::finish`].
    ///
    /// # Errors
    /// [`Error::File`] with the file that could not be written.
    pub fn write_run(&self, run: &Run) -> Result<()> {
        run_tables(run)?.iter().try_for_each(|(name, bytes)| self.write(name, bytes))
    }

    /// Writes a grid; the manifest is left to [`RunFolder::finish`].
    ///
    /// # Errors
    /// [`Error::File`] with the file that could not be written.
    pub fn write_grid(&self, grid: &GridRun) -> Result<()> {
        grid_tables(grid)?.iter().try_for_each(|(name, bytes)| self.write(name, bytes))
    }

    /// Writes the manifest with its final status and the SHA-256 of each file: all other files must be
    /// there. The checkpoints of a complete run are removed, and it takes the place of the run that it
    /// replaces, if there is one; a run that is not complete leaves that one as it is.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn finish(&mut self, manifest: &Manifest) -> Result<()> {
        self.seal(manifest.clone())?;
        if manifest.status == Status::Complete {
            self.remove_checkpoints()?;
            self.place.swap()?;
        }
        Ok(())
    }

    /// States the files of the folder in its manifest as they are now: after a report was written again.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn reseal(&self) -> Result<()> {
        self.seal(read_manifest(&self.place.working)?)
    }

    fn seal(&self, manifest: Manifest) -> Result<()> {
        let files = hashes(&self.place.working)?;
        self.write_json(MANIFEST, &Manifest { files, ..manifest })
    }

    fn remove_checkpoints(&self) -> Result<()> {
        let saved = self.place.working.join(CHECKPOINTS);
        if saved.exists() {
            fs::remove_dir_all(&saved).map_err(|error| Error::io("remove", &saved, &error))?;
        }
        Ok(())
    }

    /// Writes one file whole, or leaves what was there.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.place.working.join(name);
        walkfolio_core::io::write(&path, bytes).map_err(|error| Error::io("write", path, &error))
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        self.write(name, &json(&self.place.working.join(name), value)?)
    }
}

/// Why a run cannot go on as another: it would mix what is not the same.
fn difference(found: &Manifest, manifest: &Manifest) -> Option<String> {
    if found.build != manifest.build {
        return Some(format!(
            "it was begun by another build of the program ({}), and this one ({}) may decide otherwise",
            found.program(),
            manifest.program()
        ));
    }
    let reason = "its run has another study or other data";
    (found.hash != manifest.hash).then(|| reason.to_owned())
}

/// The latest run of a study that is not complete.
fn latest(runs: &Path, manifest: &Manifest) -> Option<PathBuf> {
    let folders = fs::read_dir(runs).ok()?.flatten().map(|entry| entry.path());
    let unfinished = folders.filter(|path| !is_hidden(path)).filter_map(|path| {
        let found = read_manifest(&path).ok()?;
        let same = difference(&found, manifest).is_none() && found.status != Status::Complete;
        same.then_some((found.started, path))
    });
    unfinished.max_by_key(|(started, _)| *started).map(|(_, path)| path)
}

/// Whether a folder is not a run of its own: one that replaces another is next to it.
pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// `<study>-<utc>-<hash>`, with a number behind it where two runs start in one second.
fn folder_name(manifest: &Manifest, base: &Path) -> String {
    let utc = manifest.started.strftime("%Y%m%dT%H%M%SZ");
    let hash: String = manifest.hash.chars().take(8).collect();
    let name = format!("{}-{utc}-{hash}", manifest.study);
    let taken = |name: &str| base.join("runs").join(name).exists();
    if !taken(&name) {
        return name;
    }
    let numbered = |number: u32| format!("{name}-{number}");
    (2..u32::MAX).map(numbered).find(|name| !taken(name)).unwrap_or_else(|| name.clone())
}
