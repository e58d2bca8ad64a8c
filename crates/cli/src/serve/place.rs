//! Folders and files of a folder of runs, and nothing outside of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder of a run, by its name: next to the others, and with nothing in it that leads out of the folder of runs.
///
/// `runs` is absolute and without links.
pub fn run(runs: &Path, name: &str) -> Result<PathBuf, Failure> {
    let missing = || {
        let hint = "its folder was removed or renamed: look at the table of runs";
        Failure::plain(format!("there is no run `{name}`"), Some(hint.to_owned()))
    };
    let path = inside(runs, name).filter(|_| !name.starts_with('.')).ok_or_else(missing)?;
    if !path.is_dir() || !path.join("run.json").exists() {
        return Err(missing());
    }
    for entry in fs::read_dir(&path).map_err(|_| missing())?.flatten() {
        let file = entry.file_name();
        let kind = fs::metadata(entry.path()).map(|found| found.is_file() || found.is_dir());
        if !kind.unwrap_or(false) || inside(&path, &file.to_string_lossy()).is_none() {
            let hint = "copy what it leads to into the folder";
            return Err(Failure::plain(
                format!("{} of the run `{name}` is no file of its folder", file.display()),
                Some(hint.to_owned()),
            ));
        }
    }
    Ok(path)
}

/// The files of a run's folder by name, with their sizes; hidden ones are nobody's.
pub fn files(folder: &Path) -> Vec<(String, u64)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(String, u64)> = entries
        .filter_map(|entry| {
            let name =
                entry.file_name().into_string().ok().filter(|name| !name.starts_with('.'))?;
            let path = inside(folder, &name)?;
            let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
            Some((name, found.len()))
        })
        .collect();
    files.sort();
    files
}

/// The bytes of one of [`files`].
pub fn file(folder: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let known = files(folder).iter().any(|(known, _)| known == name);
    let path = inside(folder, name).filter(|_| known);
    let read = path.and_then(|path| fs::read(path).ok());
    read.ok_or_else(|| Failure::plain(format!("there is no file `{name}`"), None))
}

/// What has a name in a folder, if it is there and no link leads out.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    if ["", ".", ".."].contains(&name) || name.contains(['/', '\\', '\0']) {
        return None;
    }
    fs::canonicalize(folder.join(name)).ok().filter(|path| path.starts_with(folder))
}
