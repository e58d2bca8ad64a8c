//! The catalogue of runs: an index of the run folders beside it, in `SQLite`.
//!
//! `runs/catalogue.db` holds one row a run and one row a measure. It is only an index: everything in
//! it was read from the folders, and [`Catalogue::rebuild`] reads it from them again. Several
//! processes may write at once.

mod columns;
mod entry;
mod filter;
mod query;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params};

pub use entry::Entry;
pub use filter::{FilterError, MAX_COMPARISONS};
pub use query::{Listed, Query};

use crate::{Error, Result};

/// The catalogue's file, beside the run folders.
pub const FILE: &str = "catalogue.db";

/// How long a process waits for another one's transaction.
const PATIENCE: Duration = Duration::from_mins(1);

/// The version of the tables; another one is answered with the remedy.
const FORMAT: i64 = 1;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL UNIQUE,
    study TEXT NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    created TEXT NOT NULL,
    version TEXT NOT NULL,
    study_hash TEXT NOT NULL,
    data_hash TEXT NOT NULL,
    vintage TEXT,
    synthetic INTEGER NOT NULL,
    first TEXT,
    last TEXT,
    cells INTEGER NOT NULL,
    decisions INTEGER
);
CREATE TABLE IF NOT EXISTS measure (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// The open catalogue of a folder of runs.
#[derive(Debug)]
pub struct Catalogue {
    path: PathBuf,
    connection: Connection,
}

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Runs that are in the catalogue now.
    pub runs: usize,
    /// Runs that were in it and whose folders are gone.
    pub dropped: usize,
    /// Folders with a manifest that cannot be read, each with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Enters a finished run into the catalogue that it belongs to, and says which one that is.
///
/// A run in a folder that the program named belongs to the catalogue beside that folder, which is
/// made if need be. A run whose folder the user named (`chosen`) does so only if that place is a
/// folder of runs: it is called `runs` or holds a catalogue already.
///
/// # Errors
/// [`Error::Catalogue`], [`Error::File`]; the run itself is not touched by either.
pub fn record(folder: &Path, chosen: bool) -> Result<Option<PathBuf>> {
    // `.` and `..` have a name only once they are looked up.
    let named =
        if folder.file_name().is_some() { Ok(folder.into()) } else { folder.canonicalize() };
    let folder: PathBuf = named.map_err(|error| Error::file("read", folder, &error))?;
    let Some(runs) = parent(&folder) else { return Ok(None) };
    let called_runs = || {
        let whole = runs.canonicalize().unwrap_or_else(|_| runs.clone());
        whole.file_name().is_some_and(|name| name == "runs")
    };
    if chosen && !runs.join(FILE).exists() && !called_runs() {
        return Ok(None);
    }
    let entry = Entry::read(&folder)?;
    let mut catalogue = Catalogue::create(&runs)?;
    catalogue.record(&entry)?;
    Ok(Some(catalogue.path))
}

fn parent(folder: &Path) -> Option<PathBuf> {
    match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        Some(parent) => Some(parent.to_path_buf()),
        None => None,
    }
}

impl Catalogue {
    /// Opens the catalogue of a folder of runs for writing, and makes it if there is none.
    ///
    /// # Errors
    /// [`Error::Catalogue`] with the file and the remedy.
    pub fn create(runs: &Path) -> Result<Self> {
        let path = runs.join(FILE);
        let opened = Connection::open(&path).map_err(|error| Error::catalogue(&path, &error))?;
        let mut catalogue = Self { path, connection: opened };
        catalogue.prepare().map_err(|error| Error::catalogue(&catalogue.path, &error))?;
        catalogue.check_format()?;
        Ok(catalogue)
    }

    /// Opens the catalogue of a folder of runs for reading, in a folder that cannot be written too.
    ///
    /// # Errors
    /// [`Error::Catalogue`] with the file and the remedy, also if there is none.
    pub fn open(runs: &Path) -> Result<Self> {
        let path = runs.join(FILE);
        if !path.exists() {
            return Err(Error::no_catalogue(&path));
        }
        let reading = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let usable = |connection: Connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok(connection)
        };
        let opened = Connection::open_with_flags(&path, reading).and_then(usable);
        let opened = match opened {
            // The files beside a catalogue cannot be made here, so nobody can be writing to it.
            Err(error) if is_read_only(&error) => immutable(&path, reading).and_then(usable),
            opened => opened,
        };
        let connection = opened.map_err(|error| Error::catalogue(&path, &error))?;
        let catalogue = Self { path, connection };
        catalogue.check_format()?;
        Ok(catalogue)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every run folder beside the catalogue again, and drops the runs that are gone. A file
    /// that is no catalogue is replaced.
    ///
    /// # Errors
    /// [`Error::Catalogue`], [`Error::File`] if the folder cannot be read.
    pub fn rebuild(runs: &Path) -> Result<(Self, Rebuilt)> {
        // Read before anything is changed, to tell a wrong folder from an empty one.
        fs::read_dir(runs).map_err(|error| Error::file("read", runs, &error))?;
        match Self::create(runs).and_then(Self::refill) {
            Err(Error::Catalogue { broken: true, path, .. }) => {
                for end in ["", "-wal", "-shm", "-journal"] {
                    let old = PathBuf::from(format!("{}{end}", path.display()));
                    if old.exists() {
                        fs::remove_file(&old)
                            .map_err(|error| Error::file("remove", &old, &error))?;
                    }
                }
                Self::create(runs).and_then(Self::refill)
            }
            outcome => outcome,
        }
    }

    /// Enters a run, in place of what was known of its folder.
    ///
    /// # Errors
    /// [`Error::Catalogue`].
    pub fn record(&mut self, entry: &Entry) -> Result<()> {
        let recorded = self.change(|transaction| insert(transaction, entry));
        recorded.map_err(|error| Error::catalogue(&self.path, &error))
    }

    /// The keys of all measures in it.
    ///
    /// # Errors
    /// [`Error::Catalogue`].
    pub fn measure_keys(&self) -> Result<BTreeSet<String>> {
        let keys = || -> rusqlite::Result<BTreeSet<String>> {
            let mut statement = self.connection.prepare("SELECT DISTINCT key FROM measure")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        keys().map_err(|error| Error::catalogue(&self.path, &error))
    }

    /// Journal, patience and tables. Two processes may do this at the same time.
    fn prepare(&mut self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(PATIENCE)?;
        let journal = "PRAGMA journal_mode";
        let text = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        if self.connection.query_row(journal, [], text)? != "wal" {
            // The one step for which SQLite does not wait by itself.
            retry(|| self.connection.query_row("PRAGMA journal_mode = WAL", [], text))?;
        }
        // After a crash of the machine the last runs may be missing, which a rebuild mends.
        self.connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")?;
        let format: i64 = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if format == 0 {
            self.change(|transaction| transaction.execute_batch(TABLES))?;
        }
        Ok(())
    }

    fn check_format(&self) -> Result<()> {
        let found = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0));
        match found.map_err(|error| Error::catalogue(&self.path, &error))? {
            FORMAT => Ok(()),
            other => Err(Error::another_format(&self.path, other, FORMAT)),
        }
    }

    /// Holds the catalogue while it reads the folders, so that a run that finishes meanwhile is
    /// entered after it.
    fn refill(mut self) -> Result<(Self, Rebuilt)> {
        let path = self.path.clone();
        let runs = parent(&path).unwrap_or_default();
        let failed = |error: rusqlite::Error| Error::catalogue(&path, &error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let (entries, unreadable) = entry::read_all(&runs)?;
        let kept: BTreeSet<&str> = entries.iter().map(|entry| entry.folder.as_str()).collect();
        let known = || -> rusqlite::Result<Vec<String>> {
            let mut statement = transaction.prepare("SELECT folder FROM run")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        let known = known().map_err(failed)?;
        let dropped = known.iter().filter(|folder| !kept.contains(folder.as_str())).count();
        let filled = || -> rusqlite::Result<()> {
            transaction.execute_batch("DELETE FROM measure; DELETE FROM run;")?;
            entries.iter().try_for_each(|entry| insert(&transaction, entry))
        };
        filled().map_err(failed)?;
        transaction.commit().map_err(failed)?;
        let rebuilt = Rebuilt { runs: entries.len(), dropped, unreadable };
        Ok((self, rebuilt))
    }

    fn change(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        // Immediate: whoever reads first and writes later may be refused without a wait.
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change(&transaction)?;
        transaction.commit()
    }
}

fn insert(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<()> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    // Its measures go with it.
    transaction.execute(
        "DELETE FROM measure WHERE run IN (SELECT id FROM run WHERE folder = ?1)",
        [&entry.folder],
    )?;
    transaction.execute("DELETE FROM run WHERE folder = ?1", [&entry.folder])?;
    transaction.execute(
        "INSERT INTO run (folder, study, status, kind, created, version, study_hash, data_hash,
            vintage, synthetic, first, last, cells, decisions)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            entry.folder,
            entry.study,
            entry.status,
            entry.kind,
            entry.created,
            entry.version,
            entry.study_hash,
            entry.data_hash,
            entry.vintage,
            entry.synthetic,
            entry.first.map(|date| date.to_string()),
            entry.last.map(|date| date.to_string()),
            count(entry.cells),
            entry.decisions.map(count),
        ],
    )?;
    let run = transaction.last_insert_rowid();
    let mut statement =
        transaction.prepare("INSERT INTO measure (run, key, value) VALUES (?1, ?2, ?3)")?;
    for (key, value) in &entry.measures {
        statement.execute(params![run, key, value])?;
    }
    Ok(())
}

/// Reads the file as if it could not change: nothing beside it is needed.
fn immutable(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut uri = "file:".to_owned();
    for byte in whole.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri += "?immutable=1";
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

fn retry<T>(mut step: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let pause = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
        match step() {
            Err(error)
                if matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                ) =>
            {
                std::thread::sleep(pause);
            }
            outcome => return outcome,
        }
    }
    step()
}

impl Error {
    fn catalogue(path: &Path, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let broken = matches!(
            code,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown)
        ) || code.is_none();
        let reason = match code {
            Some(ErrorCode::NotADatabase) => "it is no catalogue (not a database)".to_owned(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                format!("other processes have held it for {} seconds", PATIENCE.as_secs())
            }
            _ => error.to_string(),
        };
        let path = path.to_path_buf();
        let hint = if broken {
            rebuild_hint(&path)
        } else {
            "the runs themselves are not affected: once the folder can be written, `walkfolio runs --rebuild` enters them"
                .to_owned()
        };
        Self::Catalogue { path, reason, hint, broken }
    }

    fn no_catalogue(path: &Path) -> Self {
        let hint = rebuild_hint(path);
        let reason = "it does not exist".to_owned();
        Self::Catalogue { path: path.to_path_buf(), reason, hint, broken: false }
    }

    fn another_format(path: &Path, found: i64, known: i64) -> Self {
        let hint = rebuild_hint(path);
        let reason = format!("its format is {found}, and this version knows format {known}");
        Self::Catalogue { path: path.to_path_buf(), reason, hint, broken: true }
    }
}

fn rebuild_hint(path: &Path) -> String {
    let runs = parent(path).unwrap_or_default();
    format!(
        "`walkfolio runs {} --rebuild` makes it from the run folders, which hold everything that is in it",
        runs.display()
    )
}
