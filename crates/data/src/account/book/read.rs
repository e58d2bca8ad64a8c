//! The two files of a book.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_core::Note;

use super::details::{Detail, Details};
use super::records::{Record, Wanted, each, source};
use super::table::{AccountBook, BookEntry, Held};
use crate::source::Source;
use crate::{Error, Result};

/// Names of unknown accounts that are told.
const TOLD: usize = 5;
const CORRECT: &str = "correct the cell, or leave it empty where the column is optional";
const ID: &[&str] = &["account", "account_id", "account id", "account number", "clientaccountid"];

const ACCOUNTS: [Wanted; 6] = [
    Wanted { names: ID, needed: true },
    Wanted { names: &["cash"], needed: false },
    Wanted { names: &["as_of", "as of"], needed: false },
    Wanted { names: &["exclude", "exclusions"], needed: false },
    Wanted { names: &["max_turnover"], needed: false },
    Wanted { names: &["max_gains"], needed: false },
];

const POSITIONS: [Wanted; 8] = [
    Wanted { names: ID, needed: true },
    Wanted { names: &["ticker", "symbol", "asset"], needed: true },
    Wanted { names: &["shares", "quantity"], needed: true },
    Wanted { names: &["price"], needed: false },
    Wanted { names: &["cost_basis", "cost basis"], needed: false },
    Wanted { names: &["date", "acquired"], needed: false },
    Wanted { names: &["min"], needed: false },
    Wanted { names: &["max"], needed: false },
];

pub(super) fn book(accounts: &Path, positions: &Path) -> Result<AccountBook> {
    let (of_accounts, of_positions) =
        (source(accounts, "accounts")?, source(positions, "positions")?);
    let entries = entries(&of_accounts)?;
    let file = |source: &Source| (source.name.clone(), source.sha256.clone());
    let files = [file(&of_accounts), file(&of_positions)];
    let mut book = AccountBook {
        entries,
        files,
        notes: Vec::new(),
        held: Vec::new(),
        details: Details::default(),
        tickers: Vec::new(),
    };
    hold(&mut book, &of_positions)?;
    Ok(book)
}

/// The accounts in the order of their names.
fn entries(source: &Source) -> Result<Vec<BookEntry>> {
    let mut entries: Vec<BookEntry> = Vec::new();
    each(source, &ACCOUNTS, |record| {
        let mut faults = Faults { file: &source.name, line: record.line, first: None };
        let rate = |value: f64| (value >= 0.0).then_some(value).ok_or("must be at least 0");
        let entry = BookEntry {
            id: id(source, record)?,
            line: record.line,
            cash: faults.number(record, 1, "cash", Ok),
            as_of: faults.day(record, 2, "as_of"),
            exclude: listed(&record.text(3)),
            max_turnover: faults.number(record, 4, "max_turnover", rate),
            max_gains: faults.number(record, 5, "max_gains", Ok),
            fault: faults.first,
            positions: 0..0,
        };
        entries.push(entry);
        Ok(())
    })?;
    entries.sort_by(|a, b| a.id.cmp(&b.id).then(a.line.cmp(&b.line)));
    if let Some(two) = entries.windows(2).find(|two| two[0].id == two[1].id) {
        return Err(bad_id(source, two[1].line, &two[1].id, "each account has one line"));
    }
    Ok(entries)
}

/// Tickers with semicolons, commas or blanks between them.
fn listed(text: &str) -> Vec<String> {
    let names = text.split([';', ',', ' ', '|']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn id(source: &Source, record: &Record<'_>) -> Result<String> {
    let id = record.text(0);
    if id.is_empty() {
        return Err(bad_id(source, record.line, "", "every line needs the name of its account"));
    }
    Ok(id)
}

fn bad_id(source: &Source, line: usize, value: &str, rule: &'static str) -> Error {
    let (file, value) = (source.file.clone(), value.to_owned());
    Error::BadCell { file, line, column: "account".to_owned(), value, rule }
}

/// Gives each account its positions.
fn hold(book: &mut AccountBook, source: &Source) -> Result<()> {
    let mut intake =
        Intake { book, source, tickers: BTreeMap::new(), unknown: BTreeMap::new(), last: None };
    each(source, &POSITIONS, |record| intake.take(record))?;
    let note = note(source, &intake.unknown);
    book.held.sort_by_key(|held| held.account);
    let mut first = 0;
    for (at, entry) in book.entries.iter_mut().enumerate() {
        let own = book.held[first..].partition_point(|held| held.account as usize <= at);
        entry.positions = first..first + own;
        first += own;
    }
    book.notes.extend(note);
    Ok(())
}

/// The lines of positions as they come.
struct Intake<'a> {
    book: &'a mut AccountBook,
    source: &'a Source,
    /// Places of tickers.
    tickers: BTreeMap<String, u32>,
    /// Lines of accounts that the book does not have.
    unknown: BTreeMap<String, usize>,
    /// The account of the last line.
    last: Option<usize>,
}

impl Intake<'_> {
    fn take(&mut self, record: &Record<'_>) -> Result<()> {
        let id = id(self.source, record)?;
        let entries = &self.book.entries;
        // Most files have the lines of an account one after the other.
        let same = self.last.filter(|&at| entries[at].id == id);
        let place = same.or_else(|| entries.binary_search_by(|entry| entry.id.cmp(&id)).ok());
        let Some(place) = place else {
            *self.unknown.entry(id).or_default() += 1;
            return Ok(());
        };
        self.last = Some(place);
        let name = record.text(1);
        let mut faults = Faults { file: &self.source.name, line: record.line, first: None };
        if name.is_empty() {
            faults.add("ticker", "", "must name an asset");
        }
        let detail = detail(record, &mut faults);
        let is_bound = detail.min.is_some() || detail.max.is_some();
        let shares = faults.number(record, 2, "shares", Ok);
        if shares.is_none() && !is_bound {
            faults.add("shares", "", "must be a number");
        }
        let entry = &mut self.book.entries[place];
        entry.fault = entry.fault.take().or(faults.first);
        let line = number(record.line);
        let (account, ticker) = (number(place), self.ticker(name));
        self.book.held.push(Held { account, ticker, line, shares: shares.unwrap_or(0.0) });
        self.book.details.push(line, detail);
        Ok(())
    }

    /// The place of a ticker among all.
    fn ticker(&mut self, name: String) -> u32 {
        if let Some(known) = self.tickers.get(&name) {
            return *known;
        }
        let next = number(self.book.tickers.len());
        self.book.tickers.push(name.clone());
        self.tickers.insert(name, next);
        next
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn detail(record: &Record<'_>, faults: &mut Faults<'_>) -> Detail {
    let price = |value: f64| (value > 0.0).then_some(value).ok_or("must be above 0");
    Detail {
        price: faults.number(record, 3, "price", price),
        cost_basis: faults.number(record, 4, "cost_basis", Ok),
        acquired: faults.day(record, 5, "date"),
        min: faults.number(record, 6, "min", Ok),
        max: faults.number(record, 7, "max", Ok),
    }
}

fn note(source: &Source, unknown: &BTreeMap<String, usize>) -> Option<Note> {
    let lines: usize = unknown.values().sum();
    let names: Vec<&str> = unknown.keys().take(TOLD).map(String::as_str).collect();
    let more = if unknown.len() > TOLD { ", .." } else { "" };
    (lines > 0).then(|| {
        Note::warning(format!(
            "{lines} lines of {} are of {} accounts that the file of accounts does not have, and are left alone: {}{more}",
            source.name,
            unknown.len(),
            names.join(", ")
        ))
    })
}

/// The first thing of a line that cannot be read.
struct Faults<'a> {
    file: &'a str,
    line: usize,
    first: Option<(String, String)>,
}

impl Faults<'_> {
    fn add(&mut self, column: &str, value: &str, rule: &str) {
        let (file, line) = (self.file, self.line);
        let what = format!("{file} line {line}, column {column}, has {value:?}: it {rule}");
        self.first.get_or_insert((what, CORRECT.to_owned()));
    }

    fn number(
        &mut self,
        record: &Record<'_>,
        at: usize,
        column: &str,
        rule: impl Fn(f64) -> Result<f64, &'static str>,
    ) -> Option<f64> {
        match record.number(at) {
            Ok(None) => None,
            Ok(Some(value)) => {
                rule(value).map_err(|rule| self.add(column, &value.to_string(), rule)).ok()
            }
            Err(text) => {
                self.add(column, &text, "must be a number");
                None
            }
        }
    }

    fn day(
        &mut self,
        record: &Record<'_>,
        at: usize,
        column: &str,
    ) -> Option<walkfolio_core::Date> {
        record.day(at).unwrap_or_else(|text| {
            self.add(column, &text, "must be a day such as 2025-06-02");
            None
        })
    }
}
