//! Files of a folder, by the tickers that their names begin with.

use std::path::{Path, PathBuf};

use walkfolio_core::{Note, Ticker};

use crate::source::stem;
use crate::{Error, Result};

/// The files of a folder that can hold prices, and the names of the others.
pub(super) struct Listing {
    pub(super) files: Vec<PathBuf>,
    others: Vec<String>,
}

impl Listing {
    pub(super) fn of(folder: &Path) -> Result<Self> {
        const EXTENSIONS: [&str; 8] = ["csv", "txt", "tsv", "json", "parquet", "pq", "gz", "xlsx"];
        let io = |source| Error::Io { path: folder.to_path_buf(), source };
        let (mut files, mut others) = (Vec::new(), Vec::new());
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if !path.is_file() {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            // Hidden files, and the lock files of Excel.
            let hidden = name.starts_with(['.', '~']);
            if !hidden && EXTENSIONS.contains(&extension.as_str()) {
                files.push(path);
            } else {
                others.push(name);
            }
        }
        files.sort();
        others.sort();
        Ok(Self { files, others })
    }

    /// What is not read, named once.
    pub(super) fn note(&self, folder: &Path) -> Option<Note> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let others = self.others.join(", ");
        (!self.others.is_empty()).then(|| Note::info(format!("{name}: {others} not read")))
    }
}

/// The ticker at the head of a file's name.
pub(super) fn stem_ticker(path: &Path) -> Option<Ticker> {
    Ticker::of_file_name(stem(path)?)
}

/// How well a file's name names a ticker: `SPY.csv` before `spy.us.txt` before `spy_us_d.csv`.
pub(super) fn rank(path: &Path, ticker: &Ticker) -> Option<usize> {
    let stem = stem_ticker(path)?.as_str().to_ascii_lowercase();
    let name = ticker.as_str().to_ascii_lowercase();
    let head = stem.split(['_', ' ']).next().unwrap_or_default();
    [stem.as_str(), stem.strip_suffix(".us").unwrap_or_default(), head]
        .into_iter()
        .position(|form| form == name)
}

/// The file of a ticker: among those that state it, or else among those that are named after it, the one
/// whose name says so best.
pub(super) fn file_of<'a>(
    folder: &str,
    (files, stating): (&'a [PathBuf], &[&'a Path]),
    ticker: &Ticker,
) -> Result<&'a Path> {
    let mut ranked: Vec<(usize, &Path)> = if stating.is_empty() {
        let named = |path: &'a PathBuf| Some((rank(path, ticker)?, path.as_path()));
        files.iter().filter_map(named).collect()
    } else {
        stating.iter().map(|path| (rank(path, ticker).unwrap_or(usize::MAX), *path)).collect()
    };
    ranked.sort();
    match ranked.as_slice() {
        [] => {
            let known = files.iter().filter_map(|path| stem_ticker(path)).collect();
            let (asset, place) = (ticker.clone(), folder.to_owned());
            Err(walkfolio_core::Error::UnknownAsset { asset, place, known }.into())
        }
        [(best, first), (second_best, second), ..] if best == second_best => {
            let name = |path: &Path| path.file_name().unwrap_or_default().display().to_string();
            let (first, second) = (name(first), name(second));
            let folder = folder.to_owned();
            Err(Error::TwoFiles { folder, ticker: ticker.clone(), first, second })
        }
        [(_, best), ..] => Ok(best),
    }
}
