//! Where the real data are, and files made for a test.
#![allow(dead_code)] // each test file uses its part
#![allow(clippy::unwrap_used, clippy::panic)] // only tests use it

use std::path::{Path, PathBuf};

use walkfolio_core::{Note, Ticker, Universe};
use walkfolio_data::{Error, FileRequest, Loaded, load};

/// A file of the real data, if they are there.
pub fn data(file: &str) -> Option<PathBuf> {
    shared("data", "WALKFOLIO_DATA", file)
}

/// A small input as users have them, if they are there.
pub fn field(file: &str) -> Option<PathBuf> {
    shared("field", "WALKFOLIO_FIELD", file)
}

fn shared(folder: &str, variable: &str, file: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    let path = std::env::var_os(variable).map_or(default, PathBuf::from).join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", path.display());
    println!("skipped: {folder} not found");
    None
}

/// A request for assets alone.
pub fn request(prices: PathBuf, assets: &[&str]) -> FileRequest {
    FileRequest::new(prices, Universe::new(assets).unwrap())
}

pub fn ticker(name: &str) -> Ticker {
    Ticker::new(name).unwrap()
}

pub fn messages(notes: &[Note]) -> String {
    let lines: Vec<String> =
        notes.iter().map(|note| format!("{}: {}", note.kind.as_str(), note.message)).collect();
    lines.join("\n")
}

/// A folder of files made for a test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Message and hint of a failed load, without the folder.
    pub fn fault(&self, request: &FileRequest) -> String {
        self.told(&load(request).unwrap_err())
    }

    pub fn told(&self, error: &Error) -> String {
        let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
        let folder = format!("{}/", self.0.path().display());
        format!("{error}{hint}").replace(&folder, "")
    }
}

/// Loads a request that must be sound.
pub fn sound(request: &FileRequest) -> Loaded {
    load(request).unwrap_or_else(|error| panic!("{error}"))
}
