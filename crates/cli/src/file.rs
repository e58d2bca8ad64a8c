//! Files that a command writes beside those of a run.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// Writes a file whole: beside its name, then renamed. Its folder is made if need be; what is
/// half-written does not stay.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".partial");
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&beside, bytes))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        let hint = "free some space, or name a place that can be written".to_owned();
        Failure::plain(format!("cannot write {}: {error}", path.display()), Some(hint))
    })
}
