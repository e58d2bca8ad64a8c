//! The universe as it was on each day: entries, exits, ticker reuse, delistings, the index itself.

use walkfolio_core::{Market, Note, Ticker};

use crate::Result;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::series::Delisting;

mod index;
mod late;
mod members;
mod named;
mod spells;
mod universe;

pub use index::equal_weighted;
pub(crate) use late::carried;
use members::LISTS;
pub(crate) use named::Named;
pub(crate) use spells::split;
pub use universe::{Index, PointInTime};

/// Lists that end long before the prices: who joins or leaves afterwards is not known.
fn stale_lists(market: &Market, record: Option<&SourceRecord>) -> Option<Note> {
    const LONG: i32 = 45;
    let record = record.filter(|record| record.format == LISTS)?;
    let last = *market.dates().last()?;
    let listed = record.last?;
    let days = listed.until(last).ok()?.get_days();
    (days > LONG).then(|| {
        Note::warning(format!(
            "the last list of {} is that of {listed}; it is taken to hold until {last}, {days} days later",
            record.name
        ))
    })
}

/// Members and delisting returns of a market whose prices are read.
pub(crate) fn apply(
    mut market: Market,
    named: &[Named],
    mut delistings: Vec<(Ticker, Delisting)>,
    request: &PointInTime,
    horizon: Option<&Horizon>,
) -> Result<(Market, Vec<SourceRecord>, Vec<Note>)> {
    let (mut records, mut notes) = (Vec::new(), Vec::new());
    if let Some(path) = &request.members {
        let read = members::read(path, named, &request.csv, horizon)?;
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
