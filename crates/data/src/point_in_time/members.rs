//! Who belonged to an index, from a user's file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use walkfolio_core::{Date, Membership, Note, Spell, Ticker, Universe};

use super::named::Named;
use crate::cells::{self, Cells};
use crate::dialect::CsvForm;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::series::Delisting;
use crate::source::{Accepts, Content, Source};
use crate::{Error, Result};

/// The format of a file that lists all members of a day.
pub(super) const LISTS: &str = "lists CSV";

/// The members of an index, and where they come from.
#[derive(Debug)]
pub(crate) struct Members {
    pub(crate) membership: Membership,
    pub(crate) delistings: Vec<(Ticker, Delisting)>,
    pub(crate) record: SourceRecord,
    pub(crate) notes: Vec<Note>,
}

/// Stays by ticker, as a file states them.
#[derive(Default)]
struct Stated {
    spells: BTreeMap<String, Vec<Spell>>,
    delistings: Vec<(Ticker, Delisting)>,
    rows: usize,
    dates: BTreeSet<Date>,
}

/// Reads the members for the assets of a market.
///
/// Two layouts are recognized by the header. `date, ticker`: each day of the file lists all members, and
/// the list holds until the file's next day; a cell may list several tickers (`tickers`), divided by
/// commas or blanks. `ticker, start, end`: a row a stay, both days included, no end while it lasts;
/// `delisting_return` is what a holder got after the last close.
///
/// # Errors
/// Those of a text file, a missing column, a cell that is not a day or not a return, stays of one ticker
/// that overlap, each with file and line; [`Error::NoSignal`] if no asset is ever a member.
pub(crate) fn read(
    path: &Path,
    named: &[Named],
    csv: &CsvForm,
    horizon: Option<&Horizon>,
) -> Result<Members> {
    let accepts = Accepts { role: "members", kinds: &[Content::Text], described: "CSV" };
    let source = Source::read(path, accepts)?;
    let file = source.file.clone();
    let text = source.text()?;
    let ((mut stated, format), inferred) = cells::read(&file, &text, csv, |cells| {
        Ok(if cells.has("start") { (stays(cells)?, "stays CSV") } else { (lists(cells)?, LISTS) })
    })?;
    if let Some(horizon) = horizon {
        stated.cut(horizon.known);
    }
    let own = |named: &Named| stated.spells.get(named.ticker.as_str()).cloned().unwrap_or_default();
    let spells: Vec<Vec<Spell>> = named.iter().map(own).collect();
    let (Some(&first), Some(&last)) = (stated.dates.first(), stated.dates.last()) else {
        return Err(Error::NoRows { file });
    };
    if spells.iter().all(Vec::is_empty) {
        return Err(Error::NoSignal { file });
    }
    let mut notes = notes(&source.name, &stated, named);
    notes.extend(inferred);
    let universe = Universe::from_tickers(named.iter().map(|own| own.asset.clone()).collect())?;
    let members = Membership::new(&universe, spells)
        .map_err(|source| Error::Market { file: file.clone(), source })?;
    let record = SourceRecord {
        role: "members",
        name: source.name.clone(),
        format,
        sha256: source.sha256.clone(),
        rows: stated.rows,
        first: Some(first),
        last: Some(last),
        vintage: None,
    };
    Ok(Members { membership: members, delistings: stated.delistings, record, notes })
}

impl Stated {
    /// Forgets the entries after a day, and the exits and what they paid.
    fn cut(&mut self, known: Date) {
        for spells in self.spells.values_mut() {
            spells.retain(|spell| spell.first <= known);
            for spell in spells {
                spell.last = spell.last.filter(|last| *last <= known);
            }
        }
        self.delistings.retain(|(_, delisting)| delisting.date <= known);
    }
}

fn stays(cells: &mut Cells<'_>) -> Result<Stated> {
    cells.require(&["ticker", "start"])?;
    let mut stated = Stated::default();
    while cells.next()? {
        let first = cells.day("start")?.ok_or_else(|| cells.bad_date(cells.text("start")))?;
        let last = cells.day("end")?;
        let ticker = Ticker::new(cells.text("ticker"))?;
        stated.dates.extend([first, last.unwrap_or(first)]);
        stated.rows += 1;
        stated.spells.entry(ticker.to_string()).or_default().push(Spell { first, last });
        if let Some(value) = cells.number("delisting_return")? {
            let Some(date) = last else {
                return Err(Error::BadCell {
                    file: cells.file.to_owned(),
                    line: cells.line,
                    column: "delisting_return".to_owned(),
                    value: value.to_string(),
                    rule: "a delisting return needs an `end`",
                });
            };
            stated.delistings.push((ticker, Delisting { date, value }));
        }
    }
    Ok(stated)
}

fn lists(cells: &mut Cells<'_>) -> Result<Stated> {
    let column = if cells.has("tickers") { "tickers" } else { "ticker" };
    cells.require(&["date", column])?;
    let mut days: BTreeMap<Date, BTreeSet<String>> = BTreeMap::new();
    let mut rows = 0;
    while cells.next()? {
        let date = cells.date()?;
        let cell = cells.text(column);
        // A single name may have a blank in it.
        let names: Vec<&str> =
            if column == "ticker" { vec![cell] } else { cell.split([',', ' ', ';']).collect() };
        let names = names.into_iter().filter(|name| !name.is_empty());
        let day = days.entry(date).or_default();
        for name in names {
            day.insert(Ticker::new(name)?.to_string());
        }
        rows += 1;
    }
    let dates: Vec<Date> = days.keys().copied().collect();
    let mut spells: BTreeMap<String, Vec<Spell>> = BTreeMap::new();
    for (at, names) in days.values().enumerate() {
        // The last list holds on; the others to the day before the next.
        let last = dates.get(at + 1).and_then(|next| next.yesterday().ok());
        for name in names {
            let own = spells.entry(name.clone()).or_default();
            let before = at.checked_sub(1).and_then(|_| dates[at].yesterday().ok());
            match own.last_mut() {
                Some(spell) if before.is_some() && spell.last == before => spell.last = last,
                _ => own.push(Spell { first: dates[at], last }),
            }
        }
    }
    Ok(Stated { spells, delistings: Vec::new(), rows, dates: dates.into_iter().collect() })
}

/// Members without prices are what a survivorship bias is made of: they are counted.
fn notes(file: &str, stated: &Stated, named: &[Named]) -> Vec<Note> {
    const SHOWN: usize = 5;
    let priced: BTreeSet<&str> = named.iter().map(|own| own.ticker.as_str()).collect();
    let some = |names: &[&str]| {
        let shown = names[..names.len().min(SHOWN)].join(", ");
        let more = names.len().saturating_sub(SHOWN);
        if more == 0 { shown } else { format!("{shown} and {more} more") }
    };
    let mut notes = Vec::new();
    let lacking: Vec<&str> =
        stated.spells.keys().map(String::as_str).filter(|name| !priced.contains(name)).collect();
    if !lacking.is_empty() {
        notes.push(Note::warning(format!(
            "{file} names {} members, {} of them without prices here: {}",
            stated.spells.len(),
            lacking.len(),
            some(&lacking)
        )));
    }
    let never: Vec<&str> =
        priced.into_iter().filter(|name| !stated.spells.contains_key(*name)).collect();
    if !never.is_empty() {
        let message = format!("{file} never names {}: never held", some(&never));
        notes.push(Note::warning(message));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(name: &str, content: &str) -> Result<Members> {
        let path = std::env::temp_dir().join(format!("walkfolio-members-{name}.csv"));
        std::fs::write(&path, content).unwrap();
        let named = |asset: &str, ticker: &str| Named {
            asset: Ticker::new(asset).unwrap(),
            ticker: Ticker::new(ticker).unwrap(),
        };
        let named = [named("AMD", "AMD"), named("AMD_2", "AMD"), named("XLE", "XLE")];
        read(&path, &named, &CsvForm::default(), None)
    }

    fn stay(first: (i8, i8), last: Option<(i8, i8)>) -> Spell {
        let day = |(month, day)| Date::constant(2024, month, day);
        Spell { first: day(first), last: last.map(day) }
    }

    #[test]
    fn stays_and_lists_say_the_same() {
        let stays = "ticker,start,end\nAMD,2024-01-31,2024-02-28\nAMD,2024-04-30,\n\
            ZZZ,2024-01-31,2024-04-29\n";
        let lists = "Date,Ticker\n2024-01-31,AMD\n2024-01-31,ZZZ\n2024-02-29,ZZZ\n\
            2024-03-29,ZZZ\n2024-04-30,AMD\n";
        let several = "date,tickers\n2024-01-31,\"AMD,ZZZ\"\n2024-02-29,ZZZ\n2024-04-30,AMD\n";
        for (name, content) in [("stays", stays), ("lists", lists), ("several", several)] {
            let read = members(name, content).unwrap();
            let expected = [stay((1, 31), Some((2, 28))), stay((4, 30), None)];
            for asset in [0, 1] {
                assert_eq!(read.membership.spells(asset), expected, "{name}");
            }
            assert_eq!(read.membership.spells(2), []);
            let notes: Vec<&str> = read.notes.iter().map(|note| note.message.as_str()).collect();
            assert!(notes[0].ends_with("names 2 members, 1 of them without prices here: ZZZ"));
            assert!(notes[1].ends_with("never names XLE: never held"), "{notes:?}");
        }
    }

    #[test]
    fn a_stay_may_state_what_its_end_paid() {
        let text = "ticker,start,end,delisting_return\nXLE,2024-01-31,2024-02-28,-0.25\n";
        let read = members("delisting", text).unwrap();
        let expected = Delisting { date: Date::constant(2024, 2, 28), value: -0.25 };
        assert_eq!(read.delistings, [(Ticker::new("XLE").unwrap(), expected)]);
    }

    #[test]
    fn each_error_names_its_place() {
        let cases = [
            ("a", "ticker,from\nAMD,2024-01-31\n"),
            ("b", "ticker,start,end\nAMD,,2024-01-31\n"),
            ("c", "ticker,start,end\nAMD,2024-01-31,soon\n"),
            ("d", "ticker,start,end\nAMD,2024-01-31,2024-03-01\nAMD,2024-03-01,\n"),
            ("e", "ticker,start,end\nAMD,2024-01-31,2024-01-30\n"),
            ("f", "date,ticker\n2024-01-31,ZZZ\n"),
            ("g", "ticker,start,end,delisting_return\nAMD,2024-01-31,,-0.5\n"),
        ];
        let messages = cases.map(|(name, content)| {
            let text = members(name, content).unwrap_err().to_string();
            text.replace(&std::env::temp_dir().display().to_string(), "")
        });
        insta::assert_snapshot!(messages.join("\n"), @r#"
        /walkfolio-members-a.csv has no column date; it has from, ticker
        /walkfolio-members-b.csv line 2 has date ""; a date must be a day such as 2024-03-28
        /walkfolio-members-c.csv line 2 has date "soon"; a date must be a day such as 2024-03-28
        /walkfolio-members-d.csv: the membership of AMD from 2024-03-01 is not valid: it begins before the one before it has ended
        /walkfolio-members-e.csv: the membership of AMD from 2024-01-31 is not valid: it ends before it begins
        /walkfolio-members-f.csv has no value of any asset
        /walkfolio-members-g.csv line 2, column delisting_return, has "-0.5"; a delisting return needs an `end`
        "#);
    }
}
