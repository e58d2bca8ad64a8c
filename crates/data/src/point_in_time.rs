//! The universe as it was on each day: entries, exits, ticker reuse, delistings, the index itself.

use std::path::PathBuf;

use walkfolio_core::{Market, Note, Ticker};

use crate::vendor::Delisting;
use crate::{Result, SourceRecord};

/// The format of a file that lists all members of a day.
pub(crate) const LISTS: &str = "lists CSV";

mod index;
mod members;
mod spells;

pub use index::equal_weighted;
pub(crate) use members::read as read_members;
pub(crate) use spells::split;

/// How the universe of a market depends on time.
///
/// The default is a fixed universe: an asset may be held whenever it has prices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointInTime {
    /// The members of an index by day: `date, ticker` (each day of the file lists all members,
    /// until its next day) or `ticker, start, end` (both days included, no end while it lasts),
    /// with a column `delisting_return` if there is one.
    pub members: Option<PathBuf>,
    /// A series without a price for more than so many rows is another asset from then on: a ticker
    /// that was used again, or an asset that left and came back. Without it a gap is an error.
    pub split_gaps_over: Option<usize>,
    /// An index of the members that takes the place of a benchmark's prices.
    pub index: Option<Index>,
}

/// How an index of members is weighted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Every member alike, every session anew.
    EqualWeight,
}

/// An asset, and the ticker that its files know it by: `AMD` of the asset `AMD_2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) asset: Ticker,
    pub(crate) ticker: Ticker,
}

/// Lists that end long before the prices: who joins or leaves afterwards is not known.
fn stale_lists(market: &Market, record: Option<&SourceRecord>) -> Option<Note> {
    const LONG: i32 = 45;
    let record = record.filter(|record| record.format == LISTS)?;
    let last = *market.dates().last()?;
    let days = record.last.until(last).ok()?.get_days();
    (days > LONG).then(|| {
        Note::warning(format!(
            "the last list of {} is that of {}; it is taken to hold until {last}, {days} days later",
            record.name, record.last
        ))
    })
}

/// Members and delisting returns of a market whose prices are read.
pub(crate) fn apply(
    mut market: Market,
    named: &[Named],
    mut delistings: Vec<(Ticker, Delisting)>,
    request: &PointInTime,
) -> Result<(Market, Vec<SourceRecord>, Vec<Note>)> {
    let (mut records, mut notes) = (Vec::new(), Vec::new());
    if let Some(path) = &request.members {
        let read = read_members(path, named)?;
        market = market.with_members(read.membership)?;
        delistings.extend(read.delistings);
        records.push(read.record);
        notes.extend(read.notes);
        notes.extend(stale_lists(&market, records.last()));
    }
    if !delistings.is_empty() {
        let (values, ignored) = spells::delisting_returns(&market, named, &delistings);
        market = market.with_delisting_returns(&values)?;
        notes.extend(ignored);
    }
    Ok((market, records, notes))
}
