//! Files that are whole or absent.
//!
//! It is here because `data` (snapshots), `store` (run folders) and the program all write files, and
//! this is the only crate below the three.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that its name never holds half of it, also after a crash of the machine.
///
/// The bytes go to `.<name>.tmp` in the same folder and to the disk; then the file gets its name, and
/// the folder goes to the disk too. Until then the name holds what it held before. On an error the
/// temporary file is removed.
///
/// # Errors
/// The operating system's, for instance where the folder does not exist or the disk is full.
///
/// # Examples
/// ```
/// let folder = std::env::temp_dir().join(format!("walkfolio-io-{}", std::process::id()));
/// std::fs::create_dir_all(&folder)?;
/// let file = folder.join("run.json");
/// walkfolio_core::io::write(&file, b"{}\n")?;
/// assert_eq!(std::fs::read(&file)?, b"{}\n");
/// assert_eq!(std::fs::read_dir(&folder)?.count(), 1);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary(path)?;
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // The first error matters more than one of this.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    sync_folder(folder_of(path))
}

/// What a user can do where a file or folder could not be read or written.
///
/// # Examples
/// ```
/// use std::io::ErrorKind;
/// use walkfolio_core::io::hint;
///
/// assert_eq!(hint(ErrorKind::StorageFull), Some("free some space"));
/// assert!(hint(ErrorKind::PermissionDenied).is_some_and(|hint| hint.contains("permission")));
/// assert_eq!(hint(ErrorKind::TimedOut), None);
/// ```
pub fn hint(kind: io::ErrorKind) -> Option<&'static str> {
    use io::ErrorKind;
    Some(match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space",
        ErrorKind::FileTooLarge => "free some space, or raise the limit on the size of files",
        ErrorKind::PermissionDenied => "change its permissions, or name a place that you may use",
        ErrorKind::ReadOnlyFilesystem => "name a place on a file system that can be written",
        ErrorKind::NotFound => "check the path",
        ErrorKind::NotADirectory => "a part of the path is a file: name another place",
        ErrorKind::IsADirectory => "it is a folder: name a file",
        ErrorKind::AlreadyExists => "something of that name is in the way: name another place",
        _ => return None,
    })
}

/// Where [`write()`] puts bytes before they have their name: `.<name>.tmp` in the same folder.
fn temporary(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| {
        let reason = format!("{} does not name a file", path.display());
        io::Error::new(io::ErrorKind::InvalidInput, reason)
    })?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(".tmp");
    Ok(path.with_file_name(temporary))
}

/// Writes the names in a folder to the disk, so that a rename survives a crash of the machine.
///
/// File systems that cannot do this (and Windows, where a folder cannot be opened) are left alone.
///
/// # Errors
/// The operating system's.
/// # Examples
/// ```
/// assert!(walkfolio_core::io::sync_folder(&std::env::temp_dir()).is_ok());
/// ```
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if not_offered(error.kind()) => Ok(()),
        outcome => outcome,
    }
}

fn not_offered(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// The folder of a file; the working folder for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test alone, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path =
                std::env::temp_dir().join(format!("walkfolio-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = Folder::new("replaced");
        let file = folder.0.join("a.json");
        write(&file, b"old, and longer").unwrap();
        write(&file, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(folder.names(), ["a.json"]);
    }

    #[test]
    fn what_fails_leaves_the_old_file_and_nothing_else() {
        let folder = Folder::new("fails");
        let file = folder.0.join("taken");
        // A folder has the name, so the rename fails after the bytes are written.
        fs::create_dir(&file).unwrap();
        fs::write(file.join("inside"), "x").unwrap();
        assert!(write(&file, b"new").is_err());
        assert_eq!(folder.names(), ["taken"]);
        assert!(write(&folder.0.join("absent/a.json"), b"new").is_err());
        assert!(write(Path::new(""), b"new").is_err());
    }
}
