//! The open catalogue.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::connection::{PATIENCE, immutable, is_read_only, retry};
use super::entry::{self, Entry};
use super::place::{FILE, parent};
use super::tables::{FORMAT, TABLES, insert};
use crate::{Error, Result};

/// The path of a catalogue that has none.
const IN_MEMORY: &str = ":memory:";

/// The open catalogue of a folder of runs.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
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

    /// A catalogue in memory: nothing is written, and whoever fills it knows which folders are gone.
    pub(super) fn in_memory() -> Result<Self> {
        let path = PathBuf::from(IN_MEMORY);
        let opened = Connection::open_in_memory()
            .and_then(|connection| connection.execute_batch(TABLES).map(|()| connection));
        let connection = opened.map_err(|error| Error::catalogue(&path, &error))?;
        Ok(Self { path, connection })
    }

    /// A catalogue in memory of these rows, in which a filter and an order can be tried.
    ///
    /// # Errors
    /// [`Error::Catalogue`].
    /// # Examples
    /// ```
    /// use walkfolio_store::catalogue::{Catalogue, Query};
    ///
    /// let none = Catalogue::of(&[])?;
    /// let query = Query { filter: Some("te < 8%".to_owned()), ..Query::default() };
    /// assert_eq!(none.runs(&query)?.matching, 0);
    /// # Ok::<(), walkfolio_store::Error>(())
    /// ```
    pub fn of(entries: &[Entry]) -> Result<Self> {
        let mut catalogue = Self::in_memory()?;
        let entered = catalogue
            .change(|transaction| entries.iter().try_for_each(|entry| insert(transaction, entry)));
        entered.map_err(|error| Error::catalogue(&catalogue.path, &error))?;
        Ok(catalogue)
    }

    pub(super) fn is_in_memory(&self) -> bool {
        self.path == Path::new(IN_MEMORY)
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
        // After a crash of the machine the last runs may be missing, which a rebuild enters again.
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

    pub(super) fn change(
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
