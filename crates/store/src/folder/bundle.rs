//! A folder whose files belong together: all of them are there, or those that were there before.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkfolio_core::io::{sync_folder, write};

use crate::{Error, Result};

/// Files that are written into a folder as a whole.
///
/// They are written to a hidden folder next to it, which is then renamed. A folder of the same kind that is
/// there is renamed out of the way before and removed after, what else is in it moves along. A kill at any
/// moment leaves the old files or the new ones; whoever writes or looks next finishes what was begun.
///
/// # Examples
/// ```
/// use walkfolio_store::Bundle;
/// # let place = tempfile::tempdir()?;
/// # let folder = place.path().join("today");
///
/// let bundle = Bundle::named("decision.json");
/// let files = |text: &str| vec![("decision.json".to_owned(), text.as_bytes().to_vec())];
/// bundle.write(&folder, &files("buy"))?;
/// bundle.write(&folder, &files("sell"))?;
/// assert_eq!(std::fs::read_to_string(folder.join("decision.json"))?, "sell");
/// // Another's folder is not touched.
/// assert!(Bundle::named("run.json").write(&folder, &files("hold")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Bundle {
    /// The file that each such folder has.
    main: &'static str,
}

impl Bundle {
    /// Folders that have a file of this name.
    pub fn named(main: &'static str) -> Self {
        Self { main }
    }

    /// Writes all files, among them the main one; the same files are not written again.
    ///
    /// # Errors
    /// [`Error::NotABundle`] for a folder with other files only; [`Error::File`].
    pub fn write(&self, path: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
        self.check(path)?;
        let exists = path.is_dir();
        if exists && files.iter().all(|(name, bytes)| is_same(&path.join(name), bytes)) {
            return Ok(());
        }
        let failed = |error: io::Error| Error::io("write", path, &error);
        let new = next_to(path, "new")?;
        let _ = fs::remove_dir_all(&new);
        fs::create_dir_all(&new).map_err(failed)?;
        // The main file is the last: a folder that has it is whole.
        let is_main = |(name, _): &&(String, Vec<u8>)| name == self.main;
        let others = files.iter().filter(|file| !is_main(file));
        for (name, bytes) in others.chain(files.iter().filter(is_main)) {
            write(&new.join(name), bytes).map_err(failed)?;
        }
        swap(path, &new)
    }

    /// Finishes what a kill has interrupted, and refuses a folder that has other files only.
    ///
    /// # Errors
    /// [`Error::NotABundle`], [`Error::File`].
    pub fn check(&self, path: &Path) -> Result<()> {
        self.recover(path)?;
        if path.is_dir() && !self.is_in(path) && !is_empty(path) {
            return Err(Error::NotABundle { path: path.to_path_buf(), main: self.main });
        }
        Ok(())
    }

    /// Finishes what a kill has interrupted; nothing is done where nothing was.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn recover(&self, path: &Path) -> Result<()> {
        let Ok(old) = next_to(path, "old") else { return Ok(()) };
        if !self.is_in(&old) {
            return Ok(());
        }
        if !path.exists() {
            let new = next_to(path, "new")?;
            let whole = if self.is_in(&new) { &new } else { &old };
            fs::rename(whole, path).map_err(|error| Error::io("replace", path, &error))?;
        }
        clear(&old, path)
    }

    fn is_in(&self, path: &Path) -> bool {
        path.join(self.main).is_file()
    }
}

/// Puts the new folder into the place of the old one.
fn swap(path: &Path, new: &Path) -> Result<()> {
    let failed = |error: io::Error| Error::io("replace", path, &error);
    if path.exists() {
        let old = next_to(path, "old")?;
        let _ = fs::remove_dir_all(&old);
        fs::rename(path, &old).map_err(failed)?;
        fs::rename(new, path).map_err(failed)?;
        clear(&old, path)?;
    } else {
        fs::rename(new, path).map_err(failed)?;
    }
    let around = path.parent().filter(|around| !around.as_os_str().is_empty());
    sync_folder(around.unwrap_or(Path::new("."))).map_err(failed)
}

/// Moves what the new folder lacks from the old one, and removes the rest.
fn clear(old: &Path, new: &Path) -> Result<()> {
    let failed = |error: io::Error| Error::io("remove", old, &error);
    let Ok(entries) = fs::read_dir(old) else { return Ok(()) };
    for entry in entries.flatten() {
        let target = new.join(entry.file_name());
        if !target.exists() {
            fs::rename(entry.path(), target).map_err(failed)?;
        }
    }
    fs::remove_dir_all(old).map_err(failed)
}

fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn is_same(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|found| found == bytes)
}

/// The hidden folder next to another: `.<name>.<what>`.
pub(crate) fn next_to(path: &Path, what: &str) -> Result<PathBuf> {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let name = whole.file_name().ok_or_else(|| {
        Error::file("write", path, &"it has no folder around it; name another one")
    })?;
    Ok(whole.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "decision.json";

    fn files(text: &str) -> Vec<(String, Vec<u8>)> {
        let file = |name: &str| (name.to_owned(), text.as_bytes().to_vec());
        vec![file(MAIN), file("orders.csv")]
    }

    fn read(path: &Path) -> (String, String) {
        let of = |name: &str| fs::read_to_string(path.join(name)).unwrap();
        (of(MAIN), of("orders.csv"))
    }

    #[test]
    fn a_kill_between_any_two_steps_leaves_one_whole_set() {
        // 0: before the first rename, 1: between the two, 2: before the old one is removed.
        for step in 0..3 {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("out");
            let bundle = Bundle::named(MAIN);
            bundle.write(&path, &files("old")).unwrap();
            fs::write(path.join("mine.txt"), "x").unwrap();
            let (new, old) = (next_to(&path, "new").unwrap(), next_to(&path, "old").unwrap());
            fs::create_dir(&new).unwrap();
            for (name, bytes) in files("new") {
                fs::write(new.join(name), bytes).unwrap();
            }
            if step > 0 {
                fs::rename(&path, &old).unwrap();
            }
            if step > 1 {
                fs::rename(&new, &path).unwrap();
            }
            bundle.recover(&path).unwrap();
            let expected = if step == 0 { "old" } else { "new" };
            assert_eq!(read(&path), (expected.to_owned(), expected.to_owned()));
            bundle.write(&path, &files("third")).unwrap();
            assert_eq!(read(&path).0, "third");
            assert!(path.join("mine.txt").is_file());
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_half_written_set_is_nothing() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("out");
        let bundle = Bundle::named(MAIN);
        bundle.write(&path, &files("old")).unwrap();
        let (new, old) = (next_to(&path, "new").unwrap(), next_to(&path, "old").unwrap());
        fs::create_dir(&new).unwrap();
        fs::write(new.join("orders.csv"), "new").unwrap();
        fs::rename(&path, &old).unwrap();
        bundle.recover(&path).unwrap();
        assert_eq!(read(&path).0, "old");
    }

    #[test]
    fn the_folder_of_another_is_refused_and_an_empty_one_is_not() {
        let place = tempfile::tempdir().unwrap();
        let bundle = Bundle::named(MAIN);
        bundle.write(place.path(), &files("new")).unwrap();
        let other = place.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("a.txt"), "x").unwrap();
        let refused = bundle.write(&other, &files("new")).unwrap_err();
        assert!(
            refused.to_string().ends_with("is not empty and has no decision.json"),
            "{refused}"
        );
        assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
    }
}
