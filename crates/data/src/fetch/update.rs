//! What is new in a series, and what was revised.

use walkfolio_core::Date;

use crate::series::Series;

/// Sessions that are asked for again and compared.
pub(super) const OVERLAP: usize = 10;

/// Closes closer than this are equal: vendors send single precision.
const TOLERANCE: f64 = 1e-6;

/// A close that the vendor has changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revision {
    /// The session.
    pub date: Date,
    /// The close before; none if it was missing.
    pub before: Option<f64>,
    /// The close now; none if it is gone.
    pub after: Option<f64>,
}

/// What a fetch has changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// New sessions.
    pub added: usize,
    /// Sessions in all.
    pub rows: usize,
    /// The last session.
    pub last: Date,
    /// Closes that differ from those fetched before, up to one common factor: a split since then
    /// is not a revision.
    pub revisions: Vec<Revision>,
    /// The whole history was fetched again, because a dividend or a split changed it.
    pub again: bool,
}

/// Whether all sessions of both have the same closes and adjusted closes, and both have opens or neither.
pub(super) fn agree(old: &Series, new: &Series) -> bool {
    let Some(&start) = new.dates.first() else { return false };
    let mut common = 0;
    for (row, date) in old.dates.iter().enumerate().filter(|(_, date)| **date >= start) {
        let Ok(other) = new.dates.binary_search(date) else { return false };
        common += 1;
        let adjusted =
            |series: &Series, row: usize| series.adjusted.as_ref().and_then(|own| own[row]);
        if !same(old.close.get(row), new.close.get(other))
            || !same(adjusted(old, row), adjusted(new, other))
        {
            return false;
        }
    }
    let ships = |series: &Series| (series.adjusted.is_some(), series.open.is_some(), series.basis);
    common > 0 && ships(old) == ships(new)
}

/// `old` with the sessions and events of `new` after its last one.
pub(super) fn append(mut old: Series, new: &Series) -> Series {
    let Some(&last) = old.dates.last() else { return new.clone() };
    let from = new.dates.partition_point(|date| *date <= last);
    old.dates.extend(&new.dates[from..]);
    old.close.extend(new.close.iter().skip(from));
    old.lines = (1..=old.dates.len()).collect();
    let columns = [
        (&mut old.adjusted, &new.adjusted),
        (&mut old.volume, &new.volume),
        (&mut old.open, &new.open),
    ];
    for (own, newer) in columns {
        match (own.as_mut(), newer) {
            (Some(own), Some(newer)) => own.extend(&newer[from..]),
            (Some(own), None) => own.resize(old.dates.len(), None),
            _ => {}
        }
    }
    old.dividends.extend(new.dividends.iter().filter(|event| event.date > last));
    old.splits.extend(new.splits.iter().filter(|event| event.date > last));
    old
}

/// Closes of common sessions that differ by more than the factor which most of them share.
pub(super) fn revisions(old: &Series, new: &Series) -> Vec<Revision> {
    let pairs: Vec<(Date, Option<f64>, Option<f64>)> = old
        .dates
        .iter()
        .zip(old.close.iter())
        .map(|(date, before)| {
            let after = new.dates.binary_search(date).ok().and_then(|row| new.close.get(row));
            (*date, before, after)
        })
        .collect();
    let mut ratios: Vec<f64> =
        pairs.iter().filter_map(|(_, before, after)| Some((*after)? / (*before)?)).collect();
    ratios.sort_by(f64::total_cmp);
    let factor = ratios.get(ratios.len() / 2).copied().unwrap_or(1.0);
    pairs
        .into_iter()
        .filter(|(_, before, after)| !same(before.map(|before| before * factor), *after))
        .map(|(date, before, after)| Revision { date, before, after })
        .collect()
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()),
        (a, b) => a.is_none() && b.is_none(),
    }
}
