//! The tables of a catalogue.

use rusqlite::{Transaction, params};

use super::entry::Entry;

/// The version of the tables; another one is an error.
pub(super) const FORMAT: i64 = 1;

pub(super) const TABLES: &str = "
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

/// Enters a run, in place of what was known of its folder.
pub(super) fn insert(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<()> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    remove(transaction, &entry.folder)?;
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
        transaction.prepare_cached("INSERT INTO measure (run, key, value) VALUES (?1, ?2, ?3)")?;
    for (key, value) in &entry.measures {
        statement.execute(params![run, key, value])?;
    }
    Ok(())
}

/// Forgets a run, with its measures.
pub(super) fn remove(transaction: &Transaction<'_>, folder: &str) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM measure WHERE run IN (SELECT id FROM run WHERE folder = ?1)",
        [folder],
    )?;
    transaction.execute("DELETE FROM run WHERE folder = ?1", [folder]).map(|_| ())
}
