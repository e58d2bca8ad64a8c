//! Where a run is written: into its folder, or next to the run that it replaces.
//!
//! A replacement of `out` is written to `.out.replacing`. Once it is complete, `out` is renamed to
//! `.out.replaced`, the replacement to `out`, files in the old folder that are not of a run move along,
//! and the old run is removed. A kill at any moment leaves one of the two whole: between the two
//! renames neither has the name, and whoever looks next ([`recover`]) finishes the swap.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkfolio_core::io::sync_folder;

use super::json::read_manifest;
use super::names::{MANIFEST, is_half_written, is_ours};
use crate::{Error, Result};

/// What becomes of a run that is in the folder already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new run is refused.
    #[default]
    Refuse,
    /// It stays until the new run is complete, and is then replaced as a whole.
    Replace,
}

/// The folder of a run, and the one that its files are written to until the run is complete.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder of the run.
    pub path: PathBuf,
    /// Where its files are now: the same folder, or the one next to a run that it replaces.
    pub working: PathBuf,
}

impl Place {
    /// A run that is written into its own folder.
    pub fn direct(path: PathBuf) -> Self {
        Self { working: path.clone(), path }
    }

    /// A folder that a user named, for a new run.
    ///
    /// # Errors
    /// [`Error::NotARun`], [`Error::Exists`], [`Error::File`].
    pub fn named(path: &Path, existing: Existing) -> Result<Self> {
        recover(path)?;
        let place = Self::direct(path.to_path_buf());
        if is_free(path) {
            return Ok(place);
        }
        if !path.join(MANIFEST).is_file() {
            return Err(Error::NotARun { path: place.path });
        }
        match existing {
            Existing::Replace => Self::replacing(path),
            Existing::Refuse => {
                let status = read_manifest(path).map(|found| found.status).ok();
                Err(Error::Exists { path: place.path, status })
            }
        }
    }

    /// A run that replaces the one in a folder.
    pub fn replacing(path: &Path) -> Result<Self> {
        Ok(Self { path: path.to_path_buf(), working: next_to(path, "replacing")? })
    }

    /// Puts a complete replacement into the place of the old run.
    ///
    /// # Errors
    /// [`Error::File`]; the old run is then where it was, and the new one in its working folder.
    pub fn swap(&mut self) -> Result<()> {
        if self.working == self.path {
            return Ok(());
        }
        let failed = |error: io::Error| Error::io("replace", &self.path, &error);
        let old = next_to(&self.path, "replaced")?;
        // A link to a folder stays a link: what it leads to is replaced.
        let place = fs::canonicalize(&self.path).map_err(failed)?;
        fs::rename(&place, &old).map_err(failed)?;
        if let Err(error) = fs::rename(&self.working, &place) {
            let _ = fs::rename(&old, &place);
            return Err(failed(error));
        }
        place.parent().map_or(Ok(()), sync_folder).map_err(failed)?;
        clear(&old, &place)?;
        self.working.clone_from(&self.path);
        Ok(())
    }
}

/// Finishes a swap that was interrupted; nothing is done where there was none.
///
/// # Errors
/// [`Error::File`].
pub(super) fn recover(path: &Path) -> Result<()> {
    let Ok(old) = next_to(path, "replaced") else { return Ok(()) };
    if !old.join(MANIFEST).is_file() {
        return Ok(());
    }
    if path.exists() {
        return clear(&old, path);
    }
    let new = next_to(path, "replacing")?;
    let whole = if new.join(MANIFEST).is_file() { &new } else { &old };
    fs::rename(whole, path).map_err(|error| Error::io("replace", path, &error))?;
    if whole == &new { clear(&old, path) } else { Ok(()) }
}

/// Moves what is not of a run from a replaced folder to its successor, and removes the rest.
fn clear(old: &Path, new: &Path) -> Result<()> {
    let failed = |error: io::Error| Error::io("remove", old, &error);
    for entry in fs::read_dir(old).map_err(failed)?.flatten() {
        let name = entry.file_name();
        let target = new.join(&name);
        if !is_ours(&name.to_string_lossy()) && !target.exists() {
            fs::rename(entry.path(), target).map_err(failed)?;
        }
    }
    fs::remove_dir_all(old).map_err(failed)
}

/// Whether a new run may begin in a folder: it is not there, or holds nothing but half-written files.
fn is_free(path: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(path) else { return true };
    entries
        .all(|entry| entry.is_ok_and(|entry| is_half_written(&entry.file_name().to_string_lossy())))
}

/// The hidden folder next to another: `.<name>.<what>`.
fn next_to(path: &Path, what: &str) -> Result<PathBuf> {
    // `.`, `..` and links have a name of their own only once they are looked up.
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = whole.file_name().ok_or_else(|| {
        Error::file("replace", path, &"it has no folder around it; name another one")
    })?;
    Ok(whole.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with an old run and a user's file in it, and a new run next to it.
    fn replacement(folder: &Path) -> Place {
        let place = Place::replacing(&folder.join("out")).unwrap();
        for (folder, text) in [(&place.path, "old"), (&place.working, "new")] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(MANIFEST), text).unwrap();
        }
        fs::write(place.path.join("returns.parquet"), "old").unwrap();
        fs::write(place.path.join("notes.txt"), "mine").unwrap();
        // The name of the working folder is that of a folder that exists.
        Place::replacing(&place.path).unwrap()
    }

    /// The files of the new run and of the user, and nothing else.
    fn check(folder: &Path) {
        let read = |name: &str| fs::read_to_string(folder.join("out").join(name)).unwrap();
        assert_eq!((read(MANIFEST).as_str(), read("notes.txt").as_str()), ("new", "mine"));
        assert_eq!(fs::read_dir(folder.join("out")).unwrap().count(), 2);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }

    #[test]
    fn a_replacement_takes_the_place_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let mut place = replacement(folder.path());
        place.swap().unwrap();
        assert_eq!(place.working, place.path);
        check(folder.path());
    }

    #[test]
    fn a_swap_that_was_killed_is_finished() {
        for renames in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let place = replacement(folder.path());
            let old = folder.path().canonicalize().unwrap().join(".out.replaced");
            if renames > 0 {
                fs::rename(&place.path, &old).unwrap();
            }
            if renames > 1 {
                fs::rename(&place.working, &place.path).unwrap();
            }
            recover(&place.path).unwrap();
            if renames == 0 {
                assert_eq!(fs::read_to_string(place.path.join(MANIFEST)).unwrap(), "old");
                assert!(place.working.exists());
            } else {
                check(folder.path());
            }
        }
    }

    #[test]
    fn a_run_is_refused_unless_it_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let place = replacement(folder.path());
        let refused = Place::named(&place.path, Existing::Refuse).unwrap_err();
        assert!(matches!(refused, Error::Exists { .. }), "{refused}");
        let replaced = Place::named(&place.path, Existing::Replace).unwrap();
        assert_ne!(replaced.working, replaced.path);
        let half = folder.path().join("half");
        fs::create_dir(&half).unwrap();
        fs::write(half.join(".run.json.tmp"), "{").unwrap();
        assert_eq!(Place::named(&half, Existing::Refuse).unwrap().working, half);
        fs::write(half.join("mine.txt"), "x").unwrap();
        let refused = Place::named(&half, Existing::Replace).unwrap_err();
        assert!(matches!(refused, Error::NotARun { .. }), "{refused}");
    }
}
