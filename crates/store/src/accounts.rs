//! The results of many accounts, part by part, until all of them become one folder.

mod columns;

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use walkfolio_columns::{Column, Table, Writer};
use walkfolio_core::io::write;
use walkfolio_record::{AccountDone, AccountStatus};

use crate::folder::next_to;
use crate::{Error, Result};

/// Accounts of a group of rows of the tables.
const GROUP: usize = 4_096;
/// Failed accounts that are told.
const TOLD: usize = 10;
const IDENTITY: &str = "identity";

/// The parts of an output folder, in the hidden folder `.<name>.parts` next to it.
///
/// A part is written whole and synced. Parts of another identity are removed when these are opened, so that what is
/// found is a beginning of the same results.
///
/// # Examples
/// ```
/// use walkfolio_record::{AccountDone, AccountRow, AccountStatus};
/// use walkfolio_store::AccountParts;
/// # let place = tempfile::tempdir()?;
/// # let out = place.path().join("today");
///
/// let done = |account: &str| AccountDone {
///     row: AccountRow {
///         account: account.to_owned(),
///         status: AccountStatus::Failed,
///         reason: Some("no price".to_owned()),
///         hint: None,
///         figures: None,
///         notes: None,
///     },
///     orders: Vec::new(),
/// };
/// let parts = AccountParts::open(&out, "a hash")?;
/// parts.save(0, &[done("A"), done("B")])?;
/// // A later run of the same identity goes on from here.
/// let parts = AccountParts::open(&out, "a hash")?;
/// assert_eq!(parts.done(), 2);
/// let tables = parts.tables()?;
/// assert_eq!((tables.failed, tables.failures[1].0.as_str()), (2, "B"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AccountParts {
    folder: PathBuf,
}

/// The tables of all accounts as files, and what they come to.
///
/// # Examples
/// See [`AccountParts`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountTables {
    /// `accounts.parquet`.
    pub accounts: Vec<u8>,
    /// `orders.parquet`.
    pub orders: Vec<u8>,
    /// Accounts with orders.
    pub trades: usize,
    /// Accounts that failed.
    pub failed: usize,
    /// Orders of all.
    pub order_count: usize,
    /// What all accounts are worth that did not fail.
    pub equity: f64,
    /// What is bought and sold.
    pub traded: f64,
    /// What it costs.
    pub cost: f64,
    /// The first accounts that failed: their names, why, and what to do about it.
    pub failures: Vec<(String, String, String)>,
}

impl AccountParts {
    /// The parts of an output folder with an identity; those of another are removed.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn open(out: &Path, identity: &str) -> Result<Self> {
        let folder = next_to(out, "parts")?;
        let failed = |error: std::io::Error| Error::io("write", &folder, &error);
        let own = folder.join(IDENTITY);
        if !fs::read_to_string(&own).is_ok_and(|found| found == identity) {
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(failed)?;
            }
            fs::create_dir_all(&folder).map_err(failed)?;
            write(&own, identity.as_bytes()).map_err(failed)?;
        }
        Ok(Self { folder })
    }

    /// How many accounts are done, from the first on.
    pub fn done(&self) -> usize {
        self.ranges().last().map_or(0, |(_, end)| *end)
    }

    /// How many accounts there may be in a part that begins with an account.
    pub fn room(first: usize) -> usize {
        GROUP - first % GROUP
    }

    /// Writes the results of accounts from one on; no more than there is [room](Self::room) for.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn save(&self, first: usize, done: &[AccountDone]) -> Result<()> {
        let range = (first, first + done.len());
        // The accounts are the last: a part that has them is whole.
        self.put("orders", range, &columns::orders(done))?;
        self.put("accounts", range, &columns::accounts(done))
    }

    /// All accounts as two tables, the same bytes whatever the parts are.
    ///
    /// # Errors
    /// [`Error::File`] if a part cannot be read.
    pub fn tables(&self) -> Result<AccountTables> {
        let mut tables = AccountTables::default();
        let (mut accounts, mut orders) =
            (writer(&columns::accounts(&[]))?, writer(&columns::orders(&[]))?);
        let ranges = self.ranges();
        for group in ranges.chunk_by(|a, b| a.0 / GROUP == b.0 / GROUP) {
            let rows = self.group("accounts", group)?;
            tables.add(&rows);
            accounts.group(&rows).map_err(|error| self.broken(&error))?;
            let rows = self.group("orders", group)?;
            tables.add_orders(&rows);
            orders.group(&rows).map_err(|error| self.broken(&error))?;
        }
        tables.accounts = accounts.finish().map_err(|error| self.broken(&error))?;
        tables.orders = orders.finish().map_err(|error| self.broken(&error))?;
        Ok(tables)
    }

    /// Removes the parts: their folder is written.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(|error| Error::io("remove", &self.folder, &error))
    }

    /// The parts that follow one another from the first account on.
    fn ranges(&self) -> Vec<(usize, usize)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let range = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let (first, end) =
                name.strip_prefix("accounts-")?.strip_suffix(".parquet")?.split_once('-')?;
            Some((first.parse().ok()?, end.parse().ok()?))
        };
        let mut found: Vec<(usize, usize)> = entries.filter_map(range).collect();
        found.sort_unstable();
        let mut next = 0;
        found.retain(|&(first, end)| {
            let follows = first == next;
            next = if follows { end } else { next };
            follows
        });
        found
    }

    fn place(&self, table: &str, (first, end): (usize, usize)) -> PathBuf {
        self.folder.join(format!("{table}-{first:09}-{end:09}.parquet"))
    }

    fn put(&self, table: &str, range: (usize, usize), rows: &[Column]) -> Result<()> {
        let path = self.place(table, range);
        let bytes = walkfolio_columns::write(rows, columns::CREATED_BY)
            .map_err(|error| Error::file("write", &path, &error))?;
        write(&path, &bytes).map_err(|error| Error::io("write", &path, &error))
    }

    /// The rows of some parts of a table.
    fn group(&self, table: &str, ranges: &[(usize, usize)]) -> Result<Vec<Column>> {
        let mut all: Vec<Column> = Vec::new();
        for range in ranges {
            let path = self.place(table, *range);
            let bytes = fs::read(&path).map_err(|error| Error::io("read", &path, &error))?;
            let rows = Table::open(Bytes::from(bytes)).and_then(|table| table.whole());
            let rows = rows.map_err(|error| Error::file("read", &path, &error))?;
            if all.is_empty() {
                all = rows;
            } else {
                all.iter_mut().zip(rows).for_each(|(column, more)| column.append(more));
            }
        }
        Ok(all)
    }

    fn broken(&self, error: &walkfolio_columns::Error) -> Error {
        Error::file("write", &self.folder, error)
    }
}

fn writer(like: &[Column]) -> Result<Writer<Vec<u8>>> {
    Writer::new(Vec::new(), like, columns::CREATED_BY)
        .map_err(|error| Error::file("write", Path::new("accounts.parquet"), &error))
}

impl AccountTables {
    fn add(&mut self, rows: &[Column]) {
        let of = |name: &str| rows.iter().find(|column| column.name == name);
        let text = |name: &str, row: usize| of(name).and_then(|column| column.text(row));
        let count = rows.first().map_or(0, |column| column.values.len());
        for row in 0..count {
            match text("status", row).and_then(AccountStatus::of) {
                Some(AccountStatus::Trades) => self.trades += 1,
                Some(AccountStatus::Failed) => {
                    self.failed += 1;
                    if self.failures.len() < TOLD {
                        let own = ["account", "reason", "hint"]
                            .map(|name| text(name, row).unwrap_or_default().to_owned());
                        self.failures.push(own.into());
                    }
                }
                _ => {}
            }
            let number = |name: &str| of(name).and_then(|column| column.number(row)).unwrap_or(0.0);
            self.equity += number("equity");
            self.cost += number("cost");
        }
    }

    fn add_orders(&mut self, rows: &[Column]) {
        self.order_count += rows.first().map_or(0, |column| column.values.len());
        if let Some(values) = rows.iter().find(|column| column.name == "value") {
            let all = (0..values.values.len()).filter_map(|row| values.number(row));
            self.traded += all.sum::<f64>();
        }
    }
}

#[cfg(test)]
mod tests;
