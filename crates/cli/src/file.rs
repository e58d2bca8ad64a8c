//! Files that a command writes in addition to those of a run.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

/// Writes a file whole, or leaves what was there. Its folder is made if need be.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written =
        folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| walkfolio::write_file(path, bytes));
    written.map_err(|error| {
        let hint = walkfolio::file_hint(error.kind()).map(str::to_owned);
        Failure::plain(format!("cannot write {}: {error}", path.display()), hint)
    })
}
