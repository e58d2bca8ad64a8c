//! The files that a day's decision is made from.

use std::fs;
use std::path::{Path, PathBuf};

use walkfolio::{Study, data_folder, sha256};

use super::options::DailyOptions;
use crate::failure::Failure;

/// A file, and its name in the day's folder, with `/` between its parts.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub path: PathBuf,
    pub sha256: String,
}

/// Where the files of the data are in a day's folder.
pub const DATA: &str = "inputs/data";
pub const STUDY: &str = "inputs/study.toml";
const SNAPSHOT: &str = "manifest.json";

/// The study, its data and the files of the account.
pub fn of(options: &DailyOptions, study: &Study) -> Result<Vec<Input>, Failure> {
    let mut inputs = vec![input(STUDY, &options.study.study)?];
    let account = &options.account;
    let files =
        [("holdings", &account.holdings), ("prices", &account.prices), ("lots", &account.lots)];
    for (name, path) in files {
        if let Some(path) = path {
            inputs.push(input(&of_account(name, path), path)?);
        }
    }
    let data = options.study.data.as_deref();
    if let Some(folder) = data_folder(study, data) {
        let sources = study.market(data)?.sources;
        for path in files_below(&folder).map_err(|error| unreadable(&folder, &error))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let below = path.strip_prefix(&folder).unwrap_or(&path);
            let mut own = sources.iter().filter(|source| source.name == name).peekable();
            let is_manifest = below == Path::new(SNAPSHOT);
            if own.peek().is_none() && !is_manifest {
                continue;
            }
            let parts: Vec<_> =
                below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let found = input(&format!("{DATA}/{}", parts.join("/")), &path)?;
            if is_manifest || own.any(|source| source.sha256 == found.sha256) {
                inputs.push(found);
            }
        }
    }
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inputs)
}

/// The name of an account's file: what it is, by its own ending.
pub fn of_account(name: &str, path: &Path) -> String {
    let end =
        path.extension().map_or_else(|| "csv".to_owned(), |end| end.to_string_lossy().into_owned());
    format!("inputs/{name}.{end}")
}

fn input(name: &str, path: &Path) -> Result<Input, Failure> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok(Input { name: name.to_owned(), path: path.to_path_buf(), sha256: sha256(&bytes) })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let hint = walkfolio::file_hint(error.kind()).map(str::to_owned);
    Failure::plain(format!("{} cannot be read: {error}", path.display()), hint)
}

/// All files below a folder.
pub fn files_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
