//! Enters a run that has ended.

use std::path::{Path, PathBuf};

use super::database::Catalogue;
use super::entry::Entry;
use super::place::{FILE, parent};
use crate::{Error, Result};

/// Enters a finished run into the catalogue that it belongs to, and says which one that is.
///
/// A run in a folder that the program named belongs to the catalogue beside that folder, which is
/// made if need be. A run whose folder the user named (`chosen`) does so only if that place is a
/// folder of runs: it is called `runs` or holds a catalogue already.
///
/// # Errors
/// [`Error::Catalogue`], [`Error::File`]; the run itself is not touched by either.
pub fn record(folder: &Path, chosen: bool) -> Result<Option<PathBuf>> {
    // `.` and `..` have a name only once they are looked up.
    let named =
        if folder.file_name().is_some() { Ok(folder.into()) } else { folder.canonicalize() };
    let folder: PathBuf = named.map_err(|error| Error::file("read", folder, &error))?;
    let Some(runs) = parent(&folder) else { return Ok(None) };
    let called_runs = || {
        let whole = runs.canonicalize().unwrap_or_else(|_| runs.clone());
        whole.file_name().is_some_and(|name| name == "runs")
    };
    if chosen && !runs.join(FILE).exists() && !called_runs() {
        return Ok(None);
    }
    let entry = Entry::read(&folder)?;
    let mut catalogue = Catalogue::create(&runs)?;
    catalogue.record(&entry)?;
    Ok(Some(catalogue.path))
}
