//! Where a catalogue is.

use std::path::{Path, PathBuf};

/// The catalogue's file, next to the run folders.
pub const FILE: &str = "catalogue.db";

/// The folder around another; the working folder around a bare name.
pub(super) fn parent(folder: &Path) -> Option<PathBuf> {
    match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        Some(parent) => Some(parent.to_path_buf()),
        None => None,
    }
}
