//! What a reader of the figures must know.

use walkfolio_core::Note;

use super::concentration::holdings;
use super::period::Period;
use super::record::Record;
use super::tail::CornishFisher;

/// Adds what is missing from a record and how its figures were taken.
pub(super) fn annotate(record: &Record<'_>, period: &Period<'_>, notes: &mut Vec<Note>) {
    gaps(record, notes);
    conventions(record, period, notes);
}

fn gaps(record: &Record<'_>, notes: &mut Vec<Note>) {
    let rows = record.portfolio.len();
    if record.dates.len() != rows {
        let dates = record.dates.len();
        notes.push(Note::warning(format!(
            "there are {dates} dates for {rows} returns: monthly measures are left out"
        )));
    }
    if rows < 2 {
        let sessions = if rows == 1 { "1 session" } else { "no session" };
        notes.push(Note::warning(format!(
            "the period has {sessions}: measures that need two are left out"
        )));
    }
    if let Some(date) = record.wiped_out {
        notes
            .push(Note::warning(format!("equity fell to zero on {date}; the backtest ends there")));
    }
}

fn conventions(record: &Record<'_>, period: &Period<'_>, notes: &mut Vec<Note>) {
    if period.cash.is_none() {
        notes.push(Note::info("no cash series: r_f = 0"));
    }
    let empty = record.rebalances.iter().filter(|r| holdings(r.target) == 0).count();
    if empty > 0 {
        notes.push(Note::info(format!(
            "effective_holdings leaves out {empty} of {} decisions: nothing was held",
            record.rebalances.len()
        )));
    }
    if let Some(fisher) = CornishFisher::of(record.portfolio).filter(|fisher| !fisher.is_valid()) {
        let (skewness, kurtosis) = (fisher.skewness, fisher.excess_kurtosis);
        notes.push(Note::info(format!(
            "modified_var_95 is left out: skewness {skewness:.2} and excess kurtosis \
             {kurtosis:.2} lie outside the domain of the Cornish-Fisher expansion"
        )));
    }
}
