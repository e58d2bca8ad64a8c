//! A fault that tests put back: verdicts that act and know the whole file.

use std::cell::Cell;

use walkfolio_core::Date;

use super::{Cleaning, Kind, Panel, Policy, Verdict};
use crate::quality::{Finding, inspect};

thread_local! {
    static IS_BACK: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread cleans by whole files.
pub(crate) fn is_back() -> bool {
    IS_BACK.get()
}

/// Does something with the fault.
pub(crate) fn put_back<T>(body: impl FnOnce() -> T) -> T {
    IS_BACK.set(true);
    let done = body();
    IS_BACK.set(false);
    done
}

/// What [`inspect`] finds, for the policies that change prices.
pub(crate) fn verdicts(panel: &Panel, cleaning: &Cleaning) -> Vec<Verdict> {
    let moving = [Kind::UnitError, Kind::Reversal, Kind::StalePrice, Kind::Jump];
    let acts = |finding: &&Finding| {
        moving.contains(&finding.kind)
            && !matches!(cleaning.policy(finding.kind), Policy::Report | Policy::Fail)
    };
    let findings = inspect(panel).findings;
    let verdict = |finding: &Finding| {
        let ticker = finding.asset.as_ref()?;
        let column = panel.columns.iter().position(|column| column.ticker == *ticker)?;
        let rows = row(panel, finding.first)..row(panel, finding.last) + 1;
        Some(Verdict { column, kind: finding.kind, rows })
    };
    findings.iter().filter(acts).filter_map(verdict).collect()
}

/// The sparse sessions that [`inspect`] finds.
pub(crate) fn sparse_rows(panel: &Panel) -> Vec<usize> {
    let findings = inspect(panel).findings;
    let sparse = findings.iter().filter(|finding| finding.kind == Kind::SparseSession);
    sparse.map(|finding| row(panel, finding.first)).collect()
}

fn row(panel: &Panel, date: Date) -> usize {
    panel.dates.partition_point(|own| *own < date)
}
