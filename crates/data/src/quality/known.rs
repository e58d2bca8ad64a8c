//! Verdicts that act: what is done to a row comes from the rows up to it.
//!
//! One cleaned panel serves all decisions, so that a verdict on a row must not know the rows after
//! it. [`inspect`](super::inspect()) looks at whole files: it reports and changes nothing.

use std::ops::Range;

use super::cleaning::{Cleaning, Policy};
use super::finding::Kind;
use super::panel::{Panel, is_price};
use super::{jumps, levels, moves};

/// Rows of a column that are wrong.
pub(crate) struct Verdict {
    pub(crate) column: usize,
    pub(crate) kind: Kind,
    pub(crate) rows: Range<usize>,
}

/// The verdicts of a sorted panel for the policies that change prices, jumps last: a return is cut
/// once wrong prices are gone.
///
/// All but a reversal's depend on rows up to theirs alone; a reversal is known once it is over.
pub(crate) fn verdicts(panel: &Panel, cleaning: &Cleaning) -> Vec<Verdict> {
    #[cfg(test)]
    if whole_file::is_back() {
        return whole_file::verdicts(panel, cleaning);
    }
    let acts = |kind: Kind| !matches!(cleaning.policy(kind), Policy::Report | Policy::Fail);
    let mut found = Vec::new();
    let moving = [Kind::UnitError, Kind::Reversal, Kind::StalePrice, Kind::Jump];
    let days = if moving.into_iter().any(acts) { moves::cross_section(panel) } else { Vec::new() };
    let prices = if acts(Kind::StalePrice) { levels::known_prices(panel) } else { Vec::new() };
    for (at, column) in panel.columns.iter().enumerate() {
        let one = |kind: Kind, row: usize| Verdict { column: at, kind, rows: row..row + 1 };
        let bad = |row: &usize| column.prices[*row].is_some_and(|price| !is_price(price));
        found.extend((0..panel.dates.len()).filter(bad).map(|row| one(Kind::BadPrice, row)));
        found.extend(levels::idle_rows(column).into_iter().map(|row| one(Kind::ZeroVolume, row)));
        if days.is_empty() {
            continue;
        }
        let path = moves::known_path(column, &days);
        if acts(Kind::StalePrice) {
            let stale = levels::known_stale(&path, &prices).into_iter();
            found.extend(stale.map(|row| one(Kind::StalePrice, row)));
        }
        let moved = jumps::known(panel, column, &path).into_iter();
        found.extend(moved.map(|(kind, rows)| Verdict { column: at, kind, rows }));
    }
    found.retain(|verdict| acts(verdict.kind));
    found.sort_by_key(|verdict| (verdict.kind == Kind::Jump, verdict.kind, verdict.column));
    // A limit of filled rows counts a whole run; each jump is cut on its own.
    found.dedup_by(|next, run| {
        let joins = next.kind != Kind::Jump
            && (next.kind, next.column, next.rows.start) == (run.kind, run.column, run.rows.end);
        if joins {
            run.rows.end = next.rows.end;
        }
        joins
    });
    found
}

/// The sessions on which most assets lack a price, each by what is known on it.
pub(crate) fn sparse_rows(panel: &Panel) -> Vec<usize> {
    #[cfg(test)]
    if whole_file::is_back() {
        return whole_file::sparse_rows(panel);
    }
    levels::known_sparse(panel)
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) mod whole_file;
