//! JSON files of a run's folder.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use walkfolio_record::Manifest;

use super::names::MANIFEST;
use crate::{Error, Result};

/// Reads the manifest of a run folder.
///
/// # Errors
/// [`Error::File`] if there is none or it cannot be understood: also where its study has keys that
/// this version does not know; [`Error::Damaged`] if it does not state the periods of its year.
pub fn read_manifest(path: &Path) -> Result<Manifest> {
    let path = path.join(MANIFEST);
    let manifest: Manifest = read_json(&path)?;
    if manifest.resolved.periods_per_year.number().is_none() {
        let (row, column) = (None, "resolved.periods_per_year".to_owned());
        let reason = "a run states a number".to_owned();
        return Err(Error::Damaged { path, row, column, reason });
    }
    Ok(manifest)
}

/// The data report of a run folder, if it holds one.
pub(super) fn read_data_report(path: &Path) -> Result<Option<Value>> {
    let path = path.join("data-report.json");
    path.is_file().then(|| read_json(&path)).transpose()
}

pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
    serde_json::from_str(&text).map_err(|error| Error::file("read", path, &error))
}

/// A value as a file holds it: indented, with a line end.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| Error::file("write", path, &error))?;
    bytes.push(b'\n');
    Ok(bytes)
}
