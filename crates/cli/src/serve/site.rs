//! What is served: a folder of runs, and the pages that were made last.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use hyper::body::Bytes;
use walkfolio::GridRun;
use walkfolio::analysis::format::counted;
use walkfolio::catalogue::{LiveCatalogue, Query};

use super::request::Hosts;
use crate::failure::Failure;

/// Pages of runs that are kept; a page has 2 MB.
const KEPT: usize = 8;

/// A folder of runs, as it is served.
pub struct Site {
    /// The hosts that it may be asked for by.
    pub hosts: Hosts,
    /// The folder as it was named; whole where that says no name, as `.`.
    pub shown: String,
    /// The same, absolute and without links.
    pub folder: PathBuf,
    live: Mutex<LiveCatalogue>,
    pages: Mutex<Vec<(Key, Bytes)>>,
    grids: Mutex<Vec<(Key, Arc<GridRun>)>>,
}

/// What a page was made of: a folder, which page, and the state of its manifest.
type Key = (PathBuf, String, Option<(u64, SystemTime)>);

impl Site {
    /// That of a folder.
    pub fn open(folder: &Path, hosts: Hosts) -> Result<Self, Failure> {
        let live = LiveCatalogue::new(folder)?;
        Ok(Self {
            hosts,
            shown: folder.file_name().map_or(live.folder(), |_| folder).display().to_string(),
            folder: live.folder().to_path_buf(),
            live: Mutex::new(live),
            pages: Mutex::default(),
            grids: Mutex::default(),
        })
    }

    /// How many runs there are, read for the first time.
    pub fn count(&self) -> Result<String, Failure> {
        let query = Query { limit: Some(0), ..Query::default() };
        let total = self.live()?.runs(&query)?.total;
        Ok(counted(total, "run"))
    }

    /// The catalogue as the folder is now.
    pub fn live(&self) -> Result<MutexGuard<'_, LiveCatalogue>, Failure> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.refresh()?;
        Ok(live)
    }

    /// A page that was made from a folder already, or is made now.
    pub fn kept(
        &self,
        folder: &Path,
        page: &str,
        make: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<Bytes, Failure> {
        kept(&self.pages, key(folder, page), KEPT, || make().map(Bytes::from))
    }

    /// A grid, read from its folder once.
    pub fn grid(&self, folder: &Path) -> Result<Arc<GridRun>, Failure> {
        kept(&self.grids, key(folder, "grid"), 2, || Ok(Arc::new(walkfolio::read_grid(folder)?)))
    }
}

fn key(folder: &Path, page: &str) -> Key {
    let found = std::fs::metadata(folder.join("run.json")).ok();
    let stamp = found.and_then(|found| Some((found.len(), found.modified().ok()?)));
    (folder.to_path_buf(), page.to_owned(), stamp)
}

/// One of the things made last, the latest at the end; nothing is held while one is made.
fn kept<T: Clone>(
    all: &Mutex<Vec<(Key, T)>>,
    key: Key,
    most: usize,
    make: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let known = || all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = known().iter().find(|(other, _)| *other == key) {
        return Ok(found.clone());
    }
    let made = make()?;
    let mut all = known();
    all.retain(|(other, _)| *other != key);
    if all.len() >= most {
        all.remove(0);
    }
    all.push((key, made.clone()));
    Ok(made)
}
