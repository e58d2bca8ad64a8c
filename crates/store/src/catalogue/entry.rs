//! A run as the catalogue has it, read from its folder.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use walkfolio_core::Date;

use crate::folder::{is_hidden, read_manifest};
use crate::{Error, Result};
use walkfolio_core::hex;
use walkfolio_record::{ACCOUNT, Kind, Manifest, WITHOUT_COSTS};

/// A run as the catalogue has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Name of its folder, beside the catalogue.
    pub folder: String,
    /// Name of its study.
    pub study: String,
    /// How it ended: `complete`, `interrupted`, `failed` or `running`; `missing` if its folder is
    /// gone.
    pub status: String,
    /// `run` or `grid`.
    pub kind: String,
    /// When it began: UTC, with microseconds.
    pub created: String,
    /// The version of the program.
    pub version: String,
    /// SHA-256 of the resolved study as the manifest has it.
    pub study_hash: String,
    /// SHA-256 of the hashes of its data files.
    pub data_hash: String,
    /// The vintages that its data files state.
    pub vintage: Option<String>,
    /// Whether its prices are simulated.
    pub synthetic: bool,
    /// First session on which the weights earn; none for a grid.
    pub first: Option<Date>,
    /// Last session; none for a grid.
    pub last: Option<Date>,
    /// Number of backtests: 1, or the cells of a grid.
    pub cells: usize,
    /// Number of decisions; none for a grid.
    pub decisions: Option<usize>,
    /// Every measure that is defined: the full sample's by its key, a regime's as `regime.key`, as if
    /// trading were free with `without_costs.` before either. A grid has none of its own.
    #[serde(serialize_with = "as_map")]
    pub measures: Vec<(String, f64)>,
}

fn as_map<S: serde::Serializer>(
    measures: &[(String, f64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(measures.iter().map(|(key, value)| (key, value)))
}

impl Entry {
    /// Reads a run from its folder.
    ///
    /// # Errors
    /// [`Error::File`] with the file that is missing or not what it should be.
    pub fn read(path: &Path) -> Result<Self> {
        let folder = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let manifest = read_manifest(path)?;
        let measures = path.join("measures.json");
        let measures = if manifest.kind == Kind::Backtest && measures.is_file() {
            read_measures(&measures)?
        } else {
            Vec::new()
        };
        Ok(Self::new(folder, manifest, measures))
    }

    fn new(folder: String, manifest: Manifest, measures: Vec<(String, f64)>) -> Self {
        let grid = manifest.kind == Kind::Grid;
        let vintages: Vec<&str> =
            manifest.sources.iter().filter_map(|source| source.vintage.as_deref()).collect();
        Self {
            folder,
            status: manifest.status.as_str().to_owned(),
            kind: if grid { "grid" } else { "run" }.to_owned(),
            created: manifest.started.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
            study_hash: manifest.resolved.hash(),
            data_hash: data_hash(&manifest),
            vintage: (!vintages.is_empty()).then(|| vintages.join(", ")),
            synthetic: manifest.synthetic,
            first: manifest.first,
            last: manifest.last,
            cells: if grid { manifest.decisions } else { 1 },
            decisions: (!grid).then_some(manifest.decisions),
            measures,
            study: manifest.study,
            version: manifest.version,
        }
    }

    /// The value of a measure, if it is defined.
    pub fn measure(&self, key: &str) -> Option<f64> {
        self.measures.iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }
}

fn data_hash(manifest: &Manifest) -> String {
    let mut hash = Sha256::new();
    for source in &manifest.sources {
        hash.update(&source.sha256);
    }
    hex(&hash.finalize())
}

/// The measures in a file, in the order of their keys.
fn read_measures(path: &Path) -> Result<Vec<(String, f64)>> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
    let all: Value =
        serde_json::from_str(&text).map_err(|error| Error::file("read", path, &error))?;
    let mut measures = Vec::new();
    collect(&all, "", &mut measures);
    if let Some(free) = all.get("without_costs") {
        collect(free, WITHOUT_COSTS, &mut measures);
    }
    if let Some(account) = all.get("account") {
        collect(account, ACCOUNT, &mut measures);
    }
    measures.sort_by(|a, b| a.0.cmp(&b.0));
    measures.dedup_by(|a, b| a.0 == b.0);
    Ok(measures)
}

fn collect(set: &Value, before: &str, measures: &mut Vec<(String, f64)>) {
    let mut table = |table: &Value, before: &str| {
        for (key, value) in table.as_object().into_iter().flatten() {
            measures.extend(value.as_f64().map(|value| (format!("{before}{key}"), value)));
        }
    };
    table(&set["full"], before);
    for (name, regime) in set["regimes"].as_object().into_iter().flatten() {
        table(regime, &format!("{before}{name}."));
    }
}

/// Folders with a manifest that cannot be read, each with the reason.
type Unreadable = Vec<(PathBuf, String)>;

/// Every run in a folder of runs, by name.
pub(super) fn read_all(runs: &Path) -> Result<(Vec<Entry>, Unreadable)> {
    let entries = fs::read_dir(runs).map_err(|error| Error::io("read", runs, &error))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| !is_hidden(path) && path.join("run.json").is_file())
        .collect();
    paths.sort();
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for path in paths {
        match Entry::read(&path) {
            Ok(entry) => found.push(entry),
            Err(error) => unreadable.push((path, error.to_string())),
        }
    }
    Ok((found, unreadable))
}
