//! Where the library is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The variable that names a library.
const VARIABLE: &str = "WALKFOLIO_XGBOOST";
/// The library within the cache folder, as `make xgboost` unpacks the wheel.
const CACHED: &str = "walkfolio/xgboost-3.2.0/xgboost/lib/libxgboost.so";

/// The library's file: the one given, else the one of the environment, else the one in the cache.
pub(super) fn locate(given: Option<&Path>) -> Result<PathBuf> {
    let named = given.map(Path::to_path_buf).or_else(|| variable(VARIABLE).map(PathBuf::from));
    let looked = named.map_or_else(cached, |path| vec![path]);
    // Absolute, because the loader seeks a bare name among the system's libraries.
    let found = looked.iter().find(|path| path.is_file());
    let found = found.and_then(|path| std::path::absolute(path).ok());
    found.ok_or(Error::LibraryMissing { looked })
}

fn cached() -> Vec<PathBuf> {
    let xdg = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || variable("HOME").map(|home| Path::new(&home).join(".cache"));
    xdg.or_else(home).into_iter().map(|cache| cache.join(CACHED)).collect()
}

/// An environment variable; an empty one is as good as none.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
