//! Snapshots: a folder of Parquet files, one a ticker, and the manifest that names them.
//!
//! ```text
//! data/manifest.json
//! data/SPY.3f9a1c20b7d4.parquet
//! ```
//!
//! A file's name contains the head of its hash, files are written under another name and renamed, and the
//! manifest last: whoever opens a snapshot sees the state before an update or the one after it,
//! whenever the update was killed. Files that no manifest names are removed after it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use walkfolio_core::{Date, Ticker};

use crate::series::{Basis, Series};
use crate::{Error, Result};

mod parquet;

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";

/// The version of the format.
const FORMAT: u32 = 1;

/// A file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name in the folder.
    pub file: String,
    /// What it supplies: `prices` or `factors`.
    pub role: String,
    /// Who supplied it: `yahoo`, `stooq`, `french`.
    pub source: String,
    /// When it was fetched (UTC).
    pub fetched: Timestamp,
    /// Rows.
    pub rows: usize,
    /// Date of the first row.
    pub first: Date,
    /// Date of the last row.
    pub last: Date,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its vintage: the CRSP vintage of factors; of prices the day they were fetched, because each
    /// dividend changes all adjusted closes before it.
    pub vintage: Option<String>,
    /// The currency of prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What closes contain: `raw`, `split_adjusted`, `total_return` or `unstated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    /// By ticker, or by the name of a factor file.
    entries: BTreeMap<String, Entry>,
}

/// A snapshot that has been opened.
#[derive(Debug)]
pub struct Snapshot {
    folder: PathBuf,
    manifest: Manifest,
}

impl Snapshot {
    /// Whether a folder holds a snapshot.
    pub fn is_at(folder: &Path) -> bool {
        folder.join(MANIFEST).is_file()
    }

    /// Opens a snapshot by its manifest.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read, [`Error::Manifest`] if it is of another format or names
    /// a file outside the folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let bytes =
            std::fs::read(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let bad = |reason: String| Error::Manifest { file: path.display().to_string(), reason };
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(bad(format!("its format is {}, not {FORMAT}", manifest.format)));
        }
        if let Some(entry) = manifest.entries.values().find(|entry| !is_plain(&entry.file)) {
            return Err(bad(format!("{:?} is not the name of a file in its folder", entry.file)));
        }
        Ok(Self { folder: folder.to_path_buf(), manifest })
    }

    /// Opens a snapshot, or begins one in a folder that need not exist.
    ///
    /// # Errors
    /// As [`Snapshot::open`]; [`Error::Io`] if the folder cannot be made.
    pub fn open_or_new(folder: &Path) -> Result<Self> {
        if Self::is_at(folder) {
            return Self::open(folder);
        }
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::Io { path: folder.to_path_buf(), source })?;
        let manifest = Manifest { format: FORMAT, entries: BTreeMap::new() };
        Ok(Self { folder: folder.to_path_buf(), manifest })
    }

    /// The entries by ticker, or by the name of a factor file.
    pub fn entries(&self) -> &BTreeMap<String, Entry> {
        &self.manifest.entries
    }

    /// The tickers that have prices, sorted.
    pub fn tickers(&self) -> Vec<Ticker> {
        let prices = self.manifest.entries.iter().filter(|(_, entry)| entry.role == "prices");
        prices.filter_map(|(name, _)| Ticker::new(name).ok()).collect()
    }

    /// The series of a ticker, and its entry.
    ///
    /// # Errors
    /// An unknown asset, [`Error::Changed`] if the file is not the one that was written,
    /// [`Error::Io`] or [`Error::Damaged`].
    pub fn series(&self, ticker: &Ticker) -> Result<(&Entry, Series)> {
        let prices = |entry: &&Entry| entry.role == "prices";
        let entry = self.manifest.entries.get(ticker.as_str()).filter(prices).ok_or_else(|| {
            walkfolio_core::Error::UnknownAsset {
                asset: ticker.clone(),
                place: self.folder.display().to_string(),
                known: self.tickers(),
            }
        })?;
        let bytes = self.bytes(entry)?;
        let basis = entry.basis.as_deref().and_then(Basis::from_word).unwrap_or(Basis::Unstated);
        let mut series = parquet::read(&entry.file, bytes, ticker)?;
        series.basis = basis;
        series.currency.clone_from(&entry.currency);
        Ok((entry, series))
    }

    /// The path of a factor file, after its hash was checked.
    ///
    /// # Errors
    /// [`Error::Changed`] or [`Error::Io`].
    pub fn factors(&self) -> Result<Option<PathBuf>> {
        let Some(entry) = self.manifest.entries.values().find(|entry| entry.role == "factors")
        else {
            return Ok(None);
        };
        self.bytes(entry)?;
        Ok(Some(self.folder.join(&entry.file)))
    }

    fn bytes(&self, entry: &Entry) -> Result<Vec<u8>> {
        let path = self.folder.join(&entry.file);
        let bytes =
            std::fs::read(&path).map_err(|source| Error::Io { path: path.clone(), source })?;
        let found = hash(&bytes);
        if found != entry.sha256 {
            let (file, expected) = (path.display().to_string(), entry.sha256.clone());
            return Err(Error::Changed { file, expected, found });
        }
        Ok(bytes)
    }

    /// Adds or replaces series and files, all or none of them: one manifest is written at the end.
    ///
    /// # Errors
    /// [`Error::Io`] with the file; what was there before stays readable.
    pub fn update(&mut self, additions: Vec<Addition>) -> Result<()> {
        let lock = self.folder.join(".lock");
        let io = |path: &Path, source| Error::Io { path: path.to_path_buf(), source };
        let guard = File::create(&lock).map_err(|source| io(&lock, source))?;
        guard.lock().map_err(|source| io(&lock, source))?;
        // Another process may have written since this one opened the folder.
        if Self::is_at(&self.folder) {
            self.manifest = Self::open(&self.folder)?.manifest;
        }
        for addition in additions {
            let (name, entry, bytes) = addition.encode()?;
            write(&self.folder.join(&entry.file), &bytes)?;
            self.manifest.entries.insert(name, entry);
        }
        let path = self.folder.join(MANIFEST);
        let mut text = serde_json::to_vec_pretty(&self.manifest).map_err(|error| {
            Error::Manifest { file: path.display().to_string(), reason: error.to_string() }
        })?;
        text.push(b'\n');
        write(&path, &text)?;
        self.sweep();
        Ok(())
    }

    /// Removes files of former states; one that stays does no harm.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let named = self.manifest.entries.values().any(|entry| entry.file == name);
            if is_ours(name) && !named {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

/// What is put into a snapshot.
#[derive(Debug, Clone)]
pub struct Addition {
    /// Who supplied it.
    pub source: String,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// What it is.
    pub content: Content,
}

/// The content of an [`Addition`].
#[derive(Debug, Clone)]
pub enum Content {
    /// The series of a ticker.
    Prices(Box<Series>),
    /// A file of factor returns, kept as it was fetched.
    Factors {
        /// Its name at the vendor, without a folder.
        name: Ticker,
        /// Its bytes.
        bytes: Vec<u8>,
        /// `zip` or `csv`.
        extension: &'static str,
        /// Rows, first and last date.
        span: (usize, Date, Date),
        /// The vintage that it states.
        vintage: Option<String>,
    },
}

impl Addition {
    fn encode(self) -> Result<(String, Entry, Vec<u8>)> {
        let Self { source, fetched, content } = self;
        let (name, stem, extension, bytes, blank) = match content {
            Content::Prices(series) => {
                let bytes = parquet::write(&series)?;
                let (rows, last) = (series.dates.len(), series.dates.last().copied());
                let span = (rows, series.dates[0], last.unwrap_or_default());
                let vintage = fetched.to_string().chars().take(10).collect();
                let extra =
                    (Some(vintage), series.currency, Some(series.basis.as_str().to_owned()));
                let (name, stem) = (series.ticker.to_string(), series.ticker.file_name());
                (name, stem, "parquet", bytes, ("prices", span, extra))
            }
            Content::Factors { name, bytes, extension, span, vintage } => {
                let blank = ("factors", span, (vintage, None, None));
                (name.to_string(), name.file_name(), extension, bytes, blank)
            }
        };
        let (role, (rows, first, last), (vintage, currency, basis)) = blank;
        let sha256 = hash(&bytes);
        let file = format!("{stem}.{}.{extension}", &sha256[..12]);
        let role = role.to_owned();
        let entry = Entry {
            file,
            role,
            source,
            fetched,
            rows,
            first,
            last,
            sha256,
            vintage,
            currency,
            basis,
        };
        Ok((name, entry, bytes))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    walkfolio_core::io::write(path, bytes)
        .map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

fn hash(bytes: &[u8]) -> String {
    walkfolio_core::hex(&Sha256::digest(bytes))
}

/// A name without a folder: a manifest cannot lead out of its own.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
        && !name.contains(['/', '\\'])
}

/// `SPY.3f9a1c20b7d4.parquet`, or such a file half-written.
fn is_ours(name: &str) -> bool {
    let half = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
    let name = half.unwrap_or(name);
    let mut parts = name.rsplit('.');
    let (extension, digits) = (parts.next(), parts.next());
    matches!(extension, Some("parquet" | "zip" | "csv"))
        && digits.is_some_and(|digits| {
            digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
        && parts.next().is_some()
}
